package pdf

import (
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// cover draws the title page: who it is for, what it is, how final it is, and the identities that tie it to the evidence.
func (d *document) cover() {
	d.newPage(d.title())
	e := &d.pack.Engagement
	d.coverHead(e)
	d.y = max(78, d.y+18)
	if client := d.in(e.Client); client != "" {
		d.paragraph(style{d.sans, 14, render.Ink, 1.5}, frameLeft, frameWidth, d.t("cover.client", "client", client), 14)
	}
	if title := d.in(e.Title); title != "" {
		d.paragraph(style{d.sans, 13, render.Muted, 1.5}, frameLeft, frameWidth, title, 2)
	}
	d.paragraph(style{d.bold, 30, render.Brand, 1.35}, frameLeft, frameWidth, d.t("title"), 4)
	d.box(frameLeft, d.y, 34, 1.1, render.Brand)
	d.y += 9
	line := render.Day(d.opts.Lang, d.pack.AsOf)
	if e.Version != "" {
		line = d.t("cover.version", "version", e.Version) + "    " + line
	}
	s := style{d.sans, 11, render.Ink, 1.5}
	d.reserve(s.lineHeight())
	w := d.put(s, frameLeft, d.y+s.base(), line)
	if w < frameWidth-40 {
		c := d.statusChip()
		d.drawChip(style{d.bold, 9, render.Ink, 11 * 1.5 / 9}, frameLeft+w+6, d.y, c)
	}
	d.y += s.lineHeight()
	d.coverFacts(e)
}

// coverHead draws the assessor's organisation and the classification at the top.
func (d *document) coverHead(e *pack.Engagement) {
	d.box(0, 0, pageWidth, 3.2, render.Brand)
	d.y = 24
	s := style{d.bold, 10.5, render.Brand, 1.5}
	org := d.in(e.AssessorOrg)
	if org == "" {
		org = e.Assessor
	}
	height := d.badge(d.in(e.Classification))
	clean := s.font.Clean(org)
	y := d.y
	for _, l := range s.wrap(clean, frameWidth-badgeWidth-12) {
		d.drawLine(s, frameLeft, y+s.base(), clean, l)
		y += s.lineHeight()
	}
	d.y = max(y+2, d.y+height) + 2.5
	d.line(frameLeft, d.y, frameRight, d.y, 0.2, render.Rule)
}

// badgeWidth is the width of the text in the frame of the classification.
const badgeWidth = 56.0

// badge draws the classification in a frame at the right, on as many lines as it takes, and returns the height below d.y.
func (d *document) badge(class string) float64 {
	if class == "" {
		return 0
	}
	s := style{d.bold, 9.5, render.Alarm, 1.5}
	t := s.font.Clean(d.t("cover.classification", "class", class))
	lines := s.wrap(t, badgeWidth)
	w := 0.0
	for _, l := range lines {
		w = max(w, float64(l.Width)*s.size*point/1000)
	}
	h := float64(len(lines)) * s.lineHeight()
	left := frameRight - w - 8
	d.frame(left, d.y-1.6, w+8, h+3.2, 0.35, render.Alarm)
	for i, l := range lines {
		d.drawLine(s, left+4, d.y+float64(i)*s.lineHeight()+s.base(), t, l)
	}
	return h + 1.6
}

func (d *document) coverFacts(e *pack.Engagement) {
	b := &d.pack.Bundle
	d.y = max(d.y+12, 172)
	names := make([]string, 0, len(d.pack.Frameworks))
	for i := range d.pack.Frameworks {
		names = append(names, d.full(&d.pack.Frameworks[i]))
	}
	f := d.facts(44)
	f.words(d.t("cover.frameworks"), strings.Join(names, "\n"))
	f.text(d.t("cover.period"), d.period())
	f.words(d.t("cover.window"), render.Moment(d.opts.Lang, b.Start)+d.t("range")+"\n"+render.Moment(d.opts.Lang, b.End))
	f.text(d.t("cover.as_of"), render.Moment(d.opts.Lang, d.pack.AsOf))
	f.text(d.t("cover.assessor"), orDash(strings.TrimSpace(d.in(e.AssessorOrg)+"  "+e.Assessor)))
	f.mono(d.t("cover.pack"), d.pack.ID)
	f.mono(d.t("cover.seal"), b.SealSHA256)
	f.add(d.t("cover.signer"), d.signers())
	f.end()
	d.note(d.t("cover.statement"))
}

// signers lists the signatures over the seal with the word for whether the signer is trusted.
func (d *document) signers() cell {
	var c cell
	for _, s := range d.pack.Trust.Signers {
		c = append(c, block{style: d.code(), text: s.Fingerprint})
		if s.Principal != "" {
			c = append(c, block{style: d.small(), text: s.Principal})
		}
	}
	trusted := chip{render.VerdictStyle(pack.VerdictInherited), d.m("trust." + pack.Trusted)}
	trusted.Mark = render.MarkDisc
	if d.unverified() {
		trusted = chip{render.VerdictStyle(pack.VerdictNotMet), d.m("trust." + pack.UnverifiedSigner)}
	}
	return append(c, block{style: d.smallB(), chip: &trusted})
}

// unverified reports a pack that was made without checking who signed. Every status but "trusted" counts.
func (d *document) unverified() bool { return d.pack.Trust.Status != pack.Trusted }

func (d *document) statusChip() chip {
	if d.pack.Engagement.Status == "final" {
		return chip{render.VerdictStyle(pack.VerdictInherited), d.m("status.final")}
	}
	return chip{render.VerdictStyle(pack.VerdictReview), d.m("status.draft")}
}

// title is the running title: the engagement's and the document's.
func (d *document) title() string {
	if t := d.in(d.pack.Engagement.Title); t != "" {
		return t + "  " + d.t("title")
	}
	return d.t("title")
}

func (d *document) period() string {
	e := &d.pack.Engagement
	if e.PeriodFrom == "" && e.PeriodTo == "" {
		return d.t("period.none")
	}
	return orDash(e.PeriodFrom) + d.t("range") + orDash(e.PeriodTo)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// factList is a table of names and values without a header.
type factList struct {
	d *document
	*table
}

func (d *document) facts(nameWidth float64) factList {
	t := d.table(column{width: nameWidth}, column{width: frameWidth - nameWidth})
	t.bare = true
	return factList{d, t}
}

func (f factList) add(name string, c cell) {
	f.row("", cell{{style: f.d.small().in(render.Muted), text: name}}, c)
}
func (f factList) text(name, value string)  { f.add(name, f.d.txt(value)) }
func (f factList) words(name, value string) { f.add(name, f.d.words(value)) }
func (f factList) mono(name, value string)  { f.add(name, f.d.mono1(value)) }
