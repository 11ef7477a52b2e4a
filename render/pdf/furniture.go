package pdf

import (
	"strconv"

	"github.com/auditpack/auditpack/render"
)

// contents draws the table of contents on pages of its own at the end; finish moves them behind the document control.
func (d *document) contents() {
	body := d.number()
	s := style{d.bold, 17, render.Brand, 1.4}
	title := d.t("section.contents")
	d.pending = nil
	d.newPage(title)
	d.put(s, frameLeft, d.y+s.base(), title)
	d.y += s.lineHeight() + 1.5
	d.line(frameLeft, d.y, frameRight, d.y, 0.5, render.Brand)
	d.y += 6
	type entry struct {
		h    heading
		page int
		y    float64
	}
	var entries []entry
	scale := d.contentsScale(frameEnd - d.y)
	for _, h := range d.outline {
		if h.level > 1 {
			continue
		}
		step := contentsStep * scale
		if h.level == 0 {
			d.y += 2.2 * scale
		}
		if d.y+step > frameEnd+0.1 {
			d.page()
		}
		entries = append(entries, entry{h, d.number(), d.y})
		d.y += step
	}
	shift := d.number() - body
	for _, e := range entries {
		d.at(e.page)
		d.contentsLine(e.h, e.y, d.final(e.h.page, shift))
	}
	d.at(d.number())
}

// contentsStep is the height of a line of the table of contents.
const contentsStep = 5.4

// contentsScale shrinks the lines a little where that saves a page that would be nearly empty. first is the height that is
// left on the first page.
func (d *document) contentsScale(first float64) float64 {
	total := 0.0
	for _, h := range d.outline {
		switch h.level {
		case 0:
			total += contentsStep + 2.2
		case 1:
			total += contentsStep
		}
	}
	room := first
	for room < total {
		if scale := room / (total + 3); scale > 0.74 {
			return scale
		}
		room += frameEnd - frameTop
	}
	return 1
}

// contentsLine draws one line of the table of contents.
func (d *document) contentsLine(h heading, y float64, page int) {
	s, x := d.small().sized(8.4), frameLeft+6
	if h.level == 0 {
		s, x = style{d.bold, 9.4, render.Ink, 1.5}, frameLeft
	}
	number := strconv.Itoa(page)
	base := y + s.base()
	w := d.put(s, x, base, d.fit(s, h.title, frameRight-x-16))
	d.putRight(s, frameRight, base, number)
	d.file.SetDashPattern([]float64{0.3, 1.1}, 0)
	d.line(x+w+2, base-0.3, frameRight-d.width(s, number)-2, base-0.3, 0.2, render.Faint)
	d.file.SetDashPattern([]float64{}, 0)
	d.links = append(d.links, link{d.file.PageNo(), x, y, frameRight - x, s.lineHeight(), pageAnchor(h.anchor)})
}

// pageAnchor names a position that has no key of its own.
func pageAnchor(a anchor) string {
	return "@" + strconv.Itoa(a.page) + "," + strconv.FormatFloat(a.y, 'f', 2, 64)
}

// at selects a page that was laid out before. fpdf does not remember what was selected there; it leaves out a text colour that
// equals the fill colour that it believes in, so the fill colour is set anew.
func (d *document) at(page int) {
	d.file.SetPage(page)
	d.font = fontState{}
	d.fill(render.White)
}

// final turns the number of a page in the order of layout into its number in the finished document, in which the shift pages of
// contents follow the document control.
func (d *document) final(page, shift int) int {
	total := d.number()
	switch {
	case page <= d.tocAt:
		return page
	case page > total-shift:
		return page - (total - shift) + d.tocAt
	}
	return page + shift
}

// tocPages is the number of pages of contents: those after the last section.
func (d *document) tocPages() int {
	n := 0
	for _, s := range d.pages {
		if s == d.t("section.contents") {
			n++
		}
	}
	return n
}

// furniture draws headers, footers and page references, now that the number of pages is known.
func (d *document) furniture() {
	total, shift := d.number(), d.tocPages()
	for _, l := range d.lateText {
		if a, ok := d.anchors[l.to]; ok {
			d.at(l.page)
			d.putRight(l.style, l.x, l.base, d.t("page_ref", "page", strconv.Itoa(d.final(a.page, shift))))
		}
	}
	for n := 1; n <= total; n++ {
		d.at(n)
		if d.unverified() {
			d.unverifiedMark()
		}
		if n > 1 {
			d.header()
			d.footer(d.pages[n-1], d.final(n, shift), total)
		}
	}
	d.at(total)
}

// unverifiedMark is on every page of a pack whose signer nobody vouched for.
func (d *document) unverifiedMark() {
	s := style{d.bold, 7.4, render.White, 1}
	const height = 6.0
	d.box(0, 0, pageWidth, height, render.Alarm)
	d.putMiddle(s, pageWidth/2, height/2+s.size*point*0.36, d.t("unverified"))
}

func (d *document) header() {
	s := d.caption()
	e := &d.pack.Engagement
	right := d.m("status.draft")
	if e.Status == "final" {
		right = d.m("status.final")
	}
	if class := d.in(e.Classification); class != "" {
		right = d.fit(s, class, 50) + "  |  " + right
	}
	bold := d.smallB().sized(7).in(render.Alarm)
	d.putRight(bold, frameRight, 16.5, right)
	d.put(s, frameLeft, 16.5, d.fit(s, d.title(), frameWidth-d.width(bold, right)-8))
	d.line(frameLeft, 19, frameRight, 19, 0.2, render.Rule)
}

func (d *document) footer(section string, page, total int) {
	s := d.caption()
	d.line(frameLeft, 279, frameRight, 279, 0.2, render.Rule)
	const base = 283.5
	seal := d.pack.Bundle.SealSHA256
	code := d.code().sized(6.2).in(render.Muted)
	d.putMiddle(code, pageWidth/2, base, d.t("footer.seal")+" "+seal[:min(16, len(seal))])
	d.put(s, frameLeft, base, d.fit(s, section, 58))
	d.putRight(s, frameRight, base, d.t("footer.page", "page", strconv.Itoa(page), "total", strconv.Itoa(total)))
}
