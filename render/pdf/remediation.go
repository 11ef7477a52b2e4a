package pdf

import (
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// remediation draws what can be done about each failing rule, worst first, with room for an owner and a date.
func (d *document) remediation() {
	d.prose(d.t("remediation.intro"))
	t := d.table(column{title: d.t("col.severity"), width: 20}, column{title: d.t("col.rule"), width: 42}, column{title: d.t("col.remediation"), width: 72}, column{title: d.t("col.failing"), width: 14, right: true}, column{title: d.t("col.owner_due"), width: 22})
	for _, r := range d.failing() {
		c := d.ruleCell(r)
		if home := d.plan.home[r.ID]; home != nil && len(home.fails) > 0 {
			c = append(c, block{style: d.caption(), text: render.FindingID(home.fails[0].N), link: findingKey(home.fails[0].N)})
		}
		open := cell{{style: d.smallB().in(render.ResultStyle(pack.Fail).Strong), text: render.Number(r.Counts.Fail - r.Counts.Accepted)}}
		t.row("", d.chipCell(d.severityChip(r.Severity)), c, d.words(d.in(r.Remediation)), open, nil)
	}
	t.end()
}
