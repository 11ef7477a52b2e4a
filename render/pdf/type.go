package pdf

import (
	"fmt"
	"strings"

	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/render/text"
)

// style is how a piece of text looks.
type style struct {
	font   *font
	size   float64 // points
	colour render.Colour
	lead   float64 // distance of base lines, as a multiple of the size
}

func (s style) in(c render.Colour) style { s.colour = c; return s }
func (s style) sized(pt float64) style   { s.size = pt; return s }

// lineHeight is the height of one line in millimetres.
func (s style) lineHeight() float64 { return s.size * point * s.lead }

// base is the distance from the top of a line to its base line: capitals stand in the middle.
func (s style) base() float64 { return s.lineHeight()/2 + s.size*point*0.36 }

// The styles of the document. Japanese needs more air between lines.
func (d *document) leading(en, ja float64) float64 {
	if d.ja() {
		return ja
	}
	return en
}

func (d *document) body() style    { return style{d.sans, 9.2, render.Ink, d.leading(1.55, 1.8)} }
func (d *document) small() style   { return style{d.sans, 7.4, render.Ink, d.leading(1.42, 1.55)} }
func (d *document) smallB() style  { return style{d.bold, 7.4, render.Ink, d.leading(1.42, 1.55)} }
func (d *document) caption() style { return style{d.sans, 7, render.Muted, d.leading(1.42, 1.55)} }
func (d *document) code() style    { return style{d.mono, 6.6, render.Ink, 1.45} }

// width is the width of a one-line string in millimetres.
func (d *document) width(s style, str string) float64 {
	return float64(s.font.Width(s.font.Clean(str).S)) * s.size * point / 1000
}

// wrap breaks a cleaned text to lines of w millimetres.
func (s style) wrap(t text.Text, w float64) []text.Line {
	return s.font.Wrap(t, int(w/(s.size*point)*1000))
}

// drawLine draws one line of t with its base line at base and returns its width.
func (d *document) drawLine(s style, x, base float64, t text.Text, l text.Line) float64 {
	start := x
	s.font.Runs(t, l, func(r text.Run) {
		d.use(s.font.faces[r.Face], s.size)
		if r.Token {
			d.ink(render.Token)
		} else {
			d.ink(s.colour)
		}
		d.file.Text(x, base, r.S)
		x += float64(s.font.Width(r.S)) * s.size * point / 1000
	})
	return x - start
}

func (d *document) use(f faceName, size float64) {
	if d.font.faceName != f || d.font.size != size {
		d.file.SetFont(f.family, f.style, size)
		d.font = fontState{f, size}
	}
}

// put draws a one-line string from x to the right.
func (d *document) put(s style, x, base float64, str string) float64 {
	t := s.font.Clean(str)
	return d.drawLine(s, x, base, t, text.Line{Start: 0, End: len(t.S)})
}

// putRight draws a one-line string that ends at x; putMiddle centres it.
func (d *document) putRight(s style, x, base float64, str string) {
	d.put(s, x-d.width(s, str), base, str)
}

func (d *document) putMiddle(s style, x, base float64, str string) {
	d.put(s, x-d.width(s, str)/2, base, str)
}

// fit shortens a string to w millimetres with an ellipsis. Only for repeats of what stands in full elsewhere.
func (d *document) fit(s style, str string, w float64) string {
	if d.width(s, str) <= w {
		return str
	}
	runes := []rune(str)
	for len(runes) > 0 && d.width(s, string(runes)+"…") > w {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}

// paragraph sets prose between x and x+w and leaves after below it. A page takes at least two lines of a longer paragraph.
func (d *document) paragraph(s style, x, w float64, str string, after float64) {
	t := s.font.CleanProse(str)
	lines := s.wrap(t, w)
	h := s.lineHeight()
	for i, l := range lines {
		need := h
		if i == 0 && len(lines) > 1 || i == len(lines)-2 && i > 0 {
			need = 2 * h
		}
		d.reserve(need)
		d.drawLine(s, x, d.y+s.base(), t, l)
		d.y += h
	}
	d.y += after
}

// beginning is the height that paragraph wants for its first lines: a mark before it must stand on the same page.
func (d *document) beginning(s style, w float64, str string) float64 {
	return float64(min(len(s.wrap(s.font.CleanProse(str), w)), 2)) * s.lineHeight()
}

// prose is a paragraph in the full width of the frame.
func (d *document) prose(str string) { d.paragraph(d.body(), frameLeft, frameWidth, str, 2.6) }

// note is a paragraph of secondary text.
func (d *document) note(str string) { d.paragraph(d.caption(), frameLeft, frameWidth, str, 2) }

// bullet is a paragraph with a hanging mark.
func (d *document) bullet(str string) {
	s := d.body()
	d.reserve(d.beginning(s, frameWidth-5, str))
	d.box(frameLeft+1.2, d.y+s.lineHeight()/2-0.45, 1.1, 1.1, render.Brand)
	d.paragraph(s, frameLeft+5, frameWidth-5, str, 0.8)
}

// ---- headings

// section starts a section on a new page: a title, which holds number, with a line below it.
func (d *document) section(key, number, title string) {
	d.pending = nil
	d.part, d.headings = number, 0
	d.newPage(title)
	s := style{d.bold, 17, render.Brand, 1.4}
	t := s.font.Clean(title)
	d.anchorHere(key)
	d.outline = append(d.outline, heading{0, title, anchor{d.number(), d.y}})
	for _, l := range s.wrap(t, frameWidth) {
		d.drawLine(s, frameLeft, d.y+s.base(), t, l)
		d.y += s.lineHeight()
	}
	d.y += 1.5
	d.line(frameLeft, d.y, frameRight, d.y, 0.5, render.Brand)
	d.y += 6
}

// heading announces a heading of level 1 or 2, which is drawn together with what follows it. key may be empty.
func (d *document) heading(level int, key, title string) {
	s := style{d.bold, 12.5, render.Brand, 1.45}
	before, after := 4.5, 2.2
	if level == 1 && d.part != "" {
		d.headings++
		title = fmt.Sprintf("%s.%d  %s", d.part, d.headings, title)
	}
	if level > 1 {
		s = style{d.bold, 10, render.Ink, 1.5}
		before, after = 3, 1.5
	}
	t := s.font.Clean(title)
	lines := s.wrap(t, frameWidth)
	d.pending = append(d.pending, pending{before + float64(len(lines))*s.lineHeight() + after, func() {
		if d.y > frameTop+0.1 {
			d.y += before
		}
		if key != "" {
			d.anchorHere(key)
		}
		d.outline = append(d.outline, heading{level, title, anchor{d.number(), d.y}})
		for _, l := range lines {
			d.drawLine(s, frameLeft, d.y+s.base(), t, l)
			d.y += s.lineHeight()
		}
		d.y += after
	}})
}

// lead announces a paragraph that is drawn together with what follows it.
func (d *document) lead(s style, str string, after float64) {
	t := s.font.CleanProse(str)
	lines := s.wrap(t, frameWidth)
	d.pending = append(d.pending, pending{float64(len(lines))*s.lineHeight() + after, func() {
		for _, l := range lines {
			if d.y+s.lineHeight() > frameEnd {
				d.page()
			}
			d.drawLine(s, frameLeft, d.y+s.base(), t, l)
			d.y += s.lineHeight()
		}
		d.y += after
	}})
}

// label announces a small heading that is in no table of contents.
func (d *document) label(title string) {
	s := style{d.bold, 8, render.Brand, 1.5}
	d.pending = append(d.pending, pending{1.6 + s.lineHeight() + 0.6, func() {
		d.space(1.6)
		d.put(s, frameLeft, d.y+s.base(), title)
		d.y += s.lineHeight() + 0.6
	}})
}
