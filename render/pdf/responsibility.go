package pdf

import (
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// responsibility draws the matrix of AWS's and the customer's portions and the register of the reports of AWS's auditors.
func (d *document) responsibility() {
	d.prose(d.t("responsibility.intro"))
	d.inheritedReports()
	d.expectedEvidence()
	for i := range d.pack.Frameworks {
		d.matrix(&d.pack.Frameworks[i])
	}
}

func (d *document) inheritedReports() {
	d.heading(1, "", d.t("responsibility.reports"))
	t := d.table(column{title: d.t("col.report"), width: 26}, column{title: d.t("col.name"), width: 48}, column{title: d.t("col.kind"), width: 28}, column{title: d.t("col.dates"), width: 26}, column{title: d.t("col.assessment"), width: 42})
	for _, r := range d.pack.Engagement.Inherited {
		judged := d.t("responsibility.covers")
		if !r.Covers {
			judged = d.say.Reason(r.Problem)
		}
		name := cell{{style: d.small(), text: r.Name}, {style: d.caption(), text: d.t("responsibility.obtained", "by", orDash(r.ObtainedBy))}}
		if r.SHA256 != "" {
			name = append(name, block{style: d.code().sized(6), text: "sha256:" + r.SHA256})
		}
		t.row("report:"+r.ID, d.bold1(r.ID), name, cell{{style: d.small(), text: d.m("series." + r.Series)}, {style: d.caption(), text: d.say.Frameworks(r.Frameworks), prose: true}}, d.words(r.From+"\n"+r.To), d.words(judged))
	}
	t.end()
}

// portionKey is what the default evidence of a portion depends on.
type portionKey struct{ party, side pack.Party }

// expectedEvidence prints the evidence that most portions of one kind share once, so that the matrix can leave it out.
func (d *document) expectedEvidence() {
	d.heading(1, "", d.t("responsibility.expected"))
	t := d.table(column{title: d.t("col.party"), width: 26}, column{title: d.t("col.portion"), width: 26}, column{title: d.t("col.expected_evidence"), width: 118})
	seen := map[portionKey]map[string]bool{}
	type entry struct {
		key  portionKey
		text string
	}
	var list []entry
	for fi := range d.pack.Frameworks {
		for qi := range d.pack.Frameworks[fi].Requirements {
			q := &d.pack.Frameworks[fi].Requirements[qi]
			for _, p := range q.Portions {
				k := portionKey{q.Party, p.Party}
				if seen[k] == nil {
					seen[k] = map[string]bool{}
				}
				if s := d.in(p.Expected); s != "" && !seen[k][s] && len(seen[k]) < 5 {
					seen[k][s] = true
					list = append(list, entry{k, s})
				}
			}
		}
	}
	for _, party := range []pack.Party{pack.PartyAWS, pack.PartyShared, pack.PartyCustomer} {
		for _, e := range list {
			if e.key.party == party {
				t.row("", d.txt(d.m("party."+string(e.key.party))), d.txt(d.m("party."+string(e.key.side))), d.words(e.text))
			}
		}
	}
	t.end()
}

// matrix lists the portions of every requirement of one framework. The basis of the split is said once where it is the same
// throughout.
func (d *document) matrix(f *pack.Framework) {
	d.heading(1, "", d.t("responsibility.matrix", "framework", d.short(f)))
	columns := []column{{title: d.t("col.id"), width: d.idWidth(f)}, {title: d.t("col.requirement")}, {title: d.t("col.party"), width: 16}, {title: d.t("col.aws_portion"), width: 25}, {title: d.t("col.reports"), width: 24}, {title: d.t("col.customer_portion"), width: 25}}
	same := oneBasis(f)
	if same != "" {
		d.lead(d.caption(), d.t("responsibility.basis", "basis", d.m("basis."+same)), 2)
	} else {
		columns = append(columns, column{title: d.t("col.basis"), width: 22})
	}
	rest := frameWidth
	for _, c := range columns {
		rest -= c.width
	}
	columns[1].width = rest
	t := d.table(columns...)
	for i := range f.Requirements {
		q := &f.Requirements[i]
		aws, customer, reports := d.portionCells(q)
		cells := []cell{d.ref(q.ID, reqKey(f, q)), d.words(d.in(q.Title)), d.txt(d.m("party." + string(q.Party))), aws, reports, customer}
		if same == "" {
			cells = append(cells, d.txt(d.m("basis."+q.Basis)))
		}
		t.row("", cells...)
	}
	t.end()
}

// oneBasis returns the basis of the split that all requirements of a framework share, or nothing.
func oneBasis(f *pack.Framework) string {
	for i := range f.Requirements {
		if f.Requirements[i].Basis != f.Requirements[0].Basis {
			return ""
		}
	}
	if len(f.Requirements) == 0 {
		return ""
	}
	return f.Requirements[0].Basis
}

// portionCells are the verdict of AWS's portion, the reports that it rests on, and the verdict of the customer's portion.
func (d *document) portionCells(q *pack.Requirement) (aws, customer, reports cell) {
	aws, customer = d.txt("–"), d.txt("–")
	for _, p := range q.Portions {
		if p.Party == pack.PartyAWS {
			aws = d.chipCell(d.verdictChip(p.Verdict))
		} else {
			customer = d.chipCell(d.verdictChip(p.Verdict))
		}
		for _, id := range p.Reports {
			reports = append(reports, block{style: d.small(), text: id, link: d.known("report:" + id)})
		}
		for _, r := range p.Reasons {
			if r.Code == pack.ReasonReportMissing {
				reports = append(reports, block{style: d.smallB().sized(7).in(render.VerdictStyle(pack.VerdictReview).Strong), text: d.t("responsibility.missing")})
			}
		}
	}
	if len(reports) == 0 {
		reports = d.txt("–")
	}
	return aws, customer, reports
}
