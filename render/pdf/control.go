package pdf

import (
	"github.com/auditpack/auditpack/render"
)

// control draws the document control page: revisions, distribution and, for people to fill in, who made, checked and
// approved the document.
func (d *document) control() {
	d.section("control", "", d.t("section.control"))
	e := &d.pack.Engagement
	d.label(d.t("control.document"))
	f := d.facts(44)
	f.text(d.t("control.title"), d.title())
	f.add(d.t("control.status"), cell{{style: d.smallB(), chip: ptr(d.statusChip())}})
	f.text(d.t("control.version"), orDash(e.Version))
	f.text(d.t("control.classification"), orDash(d.in(e.Classification)))
	f.mono(d.t("control.engagement"), orDash(e.Digest))
	f.mono(d.t("control.catalog"), d.pack.Catalog.Digest)
	f.text(d.t("control.tool"), d.t("control.tool_value", "tool", d.pack.Tool.Name+" "+d.pack.Tool.Version, "collector", orDash(d.pack.Bundle.Tool)))
	f.end()

	d.label(d.t("control.revisions"))
	t := d.table(column{title: d.t("col.version"), width: 22}, column{title: d.t("col.date"), width: 28}, column{title: d.t("col.author"), width: 40}, column{title: d.t("col.note"), width: 80})
	for _, r := range e.Revisions {
		t.row("", d.txt(r.Version), d.txt(r.Date), d.txt(r.Author), d.words(d.in(r.Note)))
	}
	t.end()

	d.label(d.t("control.distribution"))
	t = d.table(column{title: d.t("col.recipient"), width: 110}, column{title: d.t("col.purpose"), width: 60})
	if client := d.in(e.Client); client != "" {
		t.row("", d.txt(client), d.txt(d.t("control.addressee")))
	}
	if org := d.in(e.AssessorOrg); org != "" {
		t.row("", d.txt(org), d.txt(d.t("control.file_copy")))
	}
	t.end()
	d.signOff()
}

// signOff draws the boxes for names, dates and seals.
func (d *document) signOff() {
	d.label(d.t("control.signoff"))
	const width, height = 46.0, 30.0
	d.reserve(height + 6)
	for i, key := range []string{"prepared", "reviewed", "approved"} {
		x := frameLeft + float64(i)*(width+4)
		s := d.smallB().in(render.Brand)
		d.box(x, d.y, width, 6, render.Wash)
		d.frame(x, d.y, width, height, 0.25, render.Faint)
		d.line(x, d.y+6, x+width, d.y+6, 0.25, render.Faint)
		d.putMiddle(s, x+width/2, d.y+3+s.size*point*0.36, d.t("control."+key))
		c := d.caption()
		d.put(c, x+2, d.y+height-8.4, d.t("control.name"))
		d.put(c, x+2, d.y+height-2.4, d.t("control.date"))
		d.line(x+14, d.y+height-7.8, x+width-2, d.y+height-7.8, 0.15, render.Rule)
		d.line(x+14, d.y+height-1.8, x+width-2, d.y+height-1.8, 0.15, render.Rule)
	}
	d.y += height + 4
}

func ptr[T any](v T) *T { return &v }
