package pdf

import (
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// ruleList draws every rule of the catalogue with its version, its condition and its outcome.
func (d *document) ruleList() {
	d.prose(d.t("rules.intro", "digest", d.pack.Catalog.Digest))
	t := d.table(column{title: d.t("col.rule"), width: 54}, column{title: d.t("col.test"), width: 68}, column{title: d.t("col.outcome"), width: 48})
	for i := range d.pack.Rules {
		r := &d.pack.Rules[i]
		id := cell{{style: d.code(), text: r.ID}, {style: d.smallB(), text: d.in(r.Title)}, {style: d.caption(), text: d.t("rules.version", "digest", r.Digest)}}
		if r.Custom {
			id = append(id, block{style: d.smallB().sized(7), chip: &chip{render.VerdictStyle(pack.VerdictReview), d.t("rules.custom")}})
		}
		test := cell{{style: d.small(), text: d.in(r.Why), prose: true}}
		if r.When != "" && strings.TrimSpace(r.When) != "true" {
			test = append(test, block{style: d.code().in(render.Muted), text: d.t("rules.when") + " " + oneLine(r.When), gap: 0.6})
		}
		test = append(test, block{style: d.code(), text: d.t("rules.expect") + " " + oneLine(r.Expect), gap: 0.6})
		c := r.Counts
		outcome := cell{
			{style: d.smallB().sized(7), chip: ptr(d.severityChip(r.Severity))},
			{style: d.small(), text: d.say.Kind(r.Kind), gap: 0.4},
			{style: d.caption(), text: d.m("per."+r.Per) + " · " + d.m("layer."+r.Layer)},
			{style: d.small(), text: d.t("rules.counts", "fail", render.Number(c.Fail), "not_assessed", render.Number(c.NotAssessed), "pass", render.Number(c.Pass), "not_applicable", render.Number(c.NotApplicable)), gap: 0.4},
		}
		for _, url := range r.References {
			b := block{style: d.caption().sized(6), text: url}
			if strings.HasPrefix(url, "https://") {
				b.link = url
			}
			outcome = append(outcome, b)
		}
		t.row(ruleKey(r.ID), id, test, outcome)
	}
	t.end()
}

// oneLine joins the lines of an expression.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
