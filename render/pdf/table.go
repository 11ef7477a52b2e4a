package pdf

import (
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/render/text"
)

// Padding of a table cell and the height above which a row may be torn between two pages.
const (
	padX    = 1.5
	padY    = 1.1
	tornRow = (frameEnd - frameTop) * 0.45
)

// column is one column of a table, its width in millimetres.
type column struct {
	title string
	width float64
	right bool // numbers: aligned to the right
}

// block is a part of a cell that starts on a line of its own.
type block struct {
	style style
	text  string
	prose bool   // line ends in text are kept
	chip  *chip  // instead of text
	link  string // anchor to lead to; empty or unknown: none
	gap   float64
}

// cell is the content of one column in one row.
type cell []block

// table draws rows, repeats its header on each page and keeps rows together where it can.
type table struct {
	d       *document
	columns []column
	x       float64
	bare    bool // no header
	open    bool // the header stands on the current page
	group   *row // a line across the table that waits for its first row
	page    int
}

// row is a row that has been measured.
type row struct {
	cells  [][]line
	height float64
	anchor string
	wash   bool
}

// line is one measured line of a cell.
type line struct {
	block  block
	text   text.Text
	line   text.Line
	height float64
}

func (d *document) table(columns ...column) *table {
	return &table{d: d, columns: columns, x: frameLeft}
}

func (t *table) width() float64 {
	w := 0.0
	for _, c := range t.columns {
		w += c.width
	}
	return w
}

// measure breaks the blocks of a cell to lines.
func (t *table) measure(c cell, width float64) (lines []line, height float64) {
	for _, b := range c {
		if b.chip != nil {
			h := b.style.lineHeight() * 1.12
			lines = append(lines, line{block: b, height: h + b.gap})
			height += h + b.gap
			continue
		}
		clean := b.style.font.Clean(b.text)
		if b.prose {
			clean = b.style.font.CleanProse(b.text)
		}
		for i, l := range b.style.wrap(clean, width-2*padX) {
			h := b.style.lineHeight()
			if i == 0 {
				h += b.gap
			} else {
				b.gap = 0
			}
			lines = append(lines, line{block: b, text: clean, line: l, height: h})
			height += h
		}
	}
	return lines, height
}

// row draws one row. anchor may be empty.
func (t *table) row(anchor string, cells ...cell) {
	r := row{anchor: anchor}
	for i, c := range cells {
		lines, h := t.measure(c, t.columns[i].width)
		r.cells = append(r.cells, lines)
		r.height = max(r.height, h+2*padY)
	}
	t.place(&r)
}

// wide draws a row that is one cell across the table.
func (t *table) wide(c cell) {
	lines, h := t.measure(c, t.width())
	t.place(&row{cells: [][]line{lines}, height: h + 2*padY})
}

// heading announces a line across the table, drawn with the row that follows.
func (t *table) heading(anchor string, c cell) {
	lines, h := t.measure(c, t.width())
	t.group = &row{cells: [][]line{lines}, height: h + 2*padY, anchor: anchor, wash: true}
}

// place finds room for a row and draws it, over several pages if it is high.
func (t *table) place(r *row) {
	d := t.d
	need := r.height
	if need > tornRow {
		need = min(need, 30)
	}
	if t.group != nil {
		need += t.group.height
	}
	t.room(need)
	if t.group != nil {
		t.draw(t.group)
		t.group = nil
	}
	for d.y+r.height > frameEnd {
		head, rest := r.split(frameEnd - d.y)
		if rest == nil {
			break
		}
		t.draw(head)
		t.close()
		d.page()
		t.open = false
		t.room(0)
		r = rest
	}
	t.draw(r)
}

// room makes sure that h millimetres are left below the header.
func (t *table) room(h float64) {
	d := t.d
	if t.open && t.page == d.number() && d.y+h <= frameEnd {
		return
	}
	head := t.header()
	if t.open && t.page == d.number() {
		t.close()
		d.page()
	} else {
		d.reserve(head.height + h)
	}
	t.open, t.page = true, d.number()
	if !t.bare {
		d.box(t.x, d.y, t.width(), head.height, render.Wash)
		d.line(t.x, d.y, t.x+t.width(), d.y, 0.35, render.Brand)
		t.draw(head)
	}
}

func (t *table) header() *row {
	r := &row{}
	if t.bare {
		return r
	}
	s := t.d.smallB().sized(7).in(render.Brand)
	for _, c := range t.columns {
		lines, h := t.measure(cell{{style: s, text: c.title, prose: true}}, c.width)
		r.cells = append(r.cells, lines)
		r.height = max(r.height, h+2*padY)
	}
	return r
}

// draw puts a row that fits at the current height.
func (t *table) draw(r *row) {
	d := t.d
	if r.wash {
		d.box(t.x, d.y, t.width(), r.height, render.Wash)
	}
	if r.anchor != "" {
		d.anchorHere(r.anchor)
	}
	x := t.x
	for i, lines := range r.cells {
		width := t.columns[i].width
		if len(r.cells) == 1 {
			width = t.width()
		}
		t.drawCell(lines, x, d.y+padY, width, t.columns[i].right && len(r.cells) > 1)
		x += width
	}
	d.y += r.height
	d.line(t.x, d.y, t.x+t.width(), d.y, 0.12, render.Rule)
}

func (t *table) drawCell(lines []line, x, y, width float64, right bool) {
	d := t.d
	whole := -1 // last line of an identifier that is marked as one
	for i, l := range lines {
		b := l.block
		if end := t.identifier(lines[i:]); end > 0 {
			whole = i + end
			d.file.RawWriteStr("/Span <</ActualText " + hexText(b.style.font.Real(l.text.S)) + ">> BDC\n")
		}
		y += b.gap
		h := l.height - b.gap
		switch {
		case b.chip != nil:
			d.linkTo(x+padX, y, d.drawChip(b.style, x+padX, y, *b.chip), h, b.link)
		default:
			s := b.style
			if b.link != "" {
				s.colour = linkColour
			}
			w := float64(l.line.Width) * s.size * point / 1000
			left := x + padX
			if right {
				left = x + width - padX - w
			}
			d.drawLine(s, left, y+s.base(), l.text, l.line)
			d.linkTo(left, y, w, h, b.link)
		}
		if i == whole {
			d.file.RawWriteStr("EMC\n")
		}
		y += h
	}
}

// identifier returns the index of the last line of an identifier that starts in the first line and was broken, or 0. Marked
// with its whole text, it is copied and found as one word.
func (t *table) identifier(lines []line) int {
	first := lines[0]
	if first.block.style.font != t.d.mono || first.block.prose || first.line.Start != 0 {
		return 0
	}
	for i, l := range lines {
		if l.text.S != first.text.S || i > 0 && l.line.Start == 0 {
			return 0
		}
		if l.line.End == len(l.text.S) {
			return i
		}
	}
	return 0
}

// linkColour marks what can be followed.
var linkColour = render.Colour{0x1f, 0x4f, 0x94}

// split divides a row at height h. rest is nil if not even one line fits: then the whole row is head.
func (r *row) split(h float64) (head, rest *row) {
	head, rest = &row{anchor: r.anchor, wash: r.wash}, &row{wash: r.wash}
	progress := false
	for _, lines := range r.cells {
		used, n := 2*padY, 0
		for n < len(lines) && used+lines[n].height <= h {
			used += lines[n].height
			n++
		}
		progress = progress || n > 0
		head.cells, rest.cells = append(head.cells, lines[:n]), append(rest.cells, lines[n:])
		head.height = max(head.height, used)
		left := 2 * padY
		for _, l := range lines[n:] {
			left += l.height
		}
		rest.height = max(rest.height, left)
	}
	if !progress {
		return r, nil
	}
	return head, rest
}

// close ends the part of a table that stands on this page.
func (t *table) close() {
	t.d.line(t.x, t.d.y, t.x+t.width(), t.d.y, 0.25, render.Faint)
}

// end ends the table. A table without rows is drawn with the words that say so.
func (t *table) end() {
	if !t.open {
		t.row("", append([]cell{{{style: t.d.caption(), text: t.d.t("none")}}}, make([]cell, len(t.columns)-1)...)...)
	}
	t.close()
	t.d.y += 3.5
}

// ---- cells

func (d *document) txt(s string) cell   { return cell{{style: d.small(), text: s}} }
func (d *document) bold1(s string) cell { return cell{{style: d.smallB(), text: s}} }
func (d *document) words(s string) cell { return cell{{style: d.small(), text: s, prose: true}} }
func (d *document) mono1(s string) cell { return cell{{style: d.code(), text: s}} }
func (d *document) num(n int) cell      { return cell{{style: d.small(), text: render.Number(n)}} }

// some prints a number that is worth a look and leaves a zero faint.
func (d *document) some(n int, c render.Colour) cell {
	if n == 0 {
		return cell{{style: d.small().in(render.Faint), text: "0"}}
	}
	return cell{{style: d.smallB().in(c), text: render.Number(n)}}
}

func (d *document) chipCell(c chip) cell { return cell{{style: d.smallB().sized(7), chip: &c}} }

// ref is a cell that leads to an anchor; without one it is plain.
func (d *document) ref(s, to string) cell {
	return cell{{style: d.small(), text: s, link: to}}
}
