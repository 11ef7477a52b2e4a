package pdf

import (
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// results draws the legend and then every requirement of every framework, one line each, in the edition's order.
func (d *document) results() {
	d.heading(1, "legend", d.t("results.legend"))
	t := d.table(column{title: d.t("col.verdict"), width: 34}, column{title: d.t("col.meaning"), width: 136})
	for _, v := range pack.Verdicts() {
		t.row("", d.chipCell(d.verdictChip(v)), d.words(d.m("legend."+string(v))))
	}
	t.end()
	for i := range d.pack.Frameworks {
		d.resultTable(&d.pack.Frameworks[i])
	}
}

func (d *document) resultTable(f *pack.Framework) {
	d.heading(1, "framework:"+f.Key(), d.full(f))
	if f.OwnTitles {
		d.lead(d.caption(), d.t("results.own_titles", "publisher", f.Publisher), 2)
	}
	if f.Questions {
		d.lead(d.caption(), d.t("results.questions"), 2)
	}
	if key := "note." + f.ID; d.msgs.Has(key) {
		d.lead(d.caption(), d.m(key), 2)
	}
	id := d.idWidth(f)
	t := d.table(column{title: d.t("col.id"), width: id}, column{title: d.t("col.requirement"), width: 87 - id}, column{title: d.t("col.party"), width: 15},
		column{title: d.t("col.verdict"), width: 27}, column{title: d.m("result.fail"), width: 12, right: true}, column{title: d.m("result.not_assessed"), width: 17, right: true}, column{title: d.m("result.pass"), width: 12, right: true})
	groups := map[string]*pack.Group{}
	for i := range f.Groups {
		groups[f.Groups[i].ID] = &f.Groups[i]
	}
	group := ""
	for i := range f.Requirements {
		q := &f.Requirements[i]
		if q.Group != group {
			group = q.Group
			t.heading("", d.groupCell(groups[group]))
		}
		key := reqKey(f, q)
		t.row("result:"+key, cell{{style: d.smallB(), text: q.ID, link: key}}, d.words(d.in(q.Title)), d.txt(d.m("party."+string(q.Party))), d.chipCell(d.verdictChip(q.Verdict)),
			d.some(q.Counts.Fail, render.ResultStyle(pack.Fail).Strong), d.some(q.Counts.NotAssessed, render.ResultStyle(pack.NotAssessed).Strong), d.some(q.Counts.Pass, render.Ink))
	}
	t.end()
}

// groupCell is the line above the requirements of a group.
func (d *document) groupCell(g *pack.Group) cell {
	if g == nil {
		return cell{{style: d.smallB(), text: "–"}}
	}
	return cell{{style: d.smallB().in(render.Brand), text: g.ID + "  " + d.in(g.Title)}}
}
