package pdf

import (
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// accepted draws the risks that named persons accepted, and the attestations that they gave. An acceptance never hides a finding.
func (d *document) accepted() {
	d.prose(d.t("accepted.intro"))
	d.heading(1, "", d.t("accepted.risks"))
	t := d.table(column{title: d.t("col.acceptance"), width: 22}, column{title: d.t("col.rule_resource"), width: 52}, column{title: d.t("col.reason"), width: 46}, column{title: d.t("col.approver"), width: 24}, column{title: d.t("col.expires"), width: 26})
	for _, a := range d.pack.Engagement.Acceptances {
		expiry := cell{{style: d.small(), text: a.Expires}}
		if a.Expired {
			expiry = append(expiry, block{style: d.smallB().sized(7), chip: &chip{render.VerdictStyle(pack.VerdictNotMet), d.t("accepted.expired")}})
		}
		expiry = append(expiry, block{style: d.caption(), text: d.t("accepted.covers", "count", render.Number(a.Findings))})
		rule := block{style: d.code(), text: a.Rule}
		if d.rules[a.Rule] != nil {
			rule.link = ruleKey(a.Rule)
		}
		id := cell{{style: d.smallB(), text: a.ID}}
		if a.Ticket != "" {
			id = append(id, block{style: d.caption(), text: a.Ticket})
		}
		t.row("acceptance:"+a.ID, id, cell{rule, {style: d.code().in(render.Muted), text: a.Resource}}, d.words(d.in(a.Reason)), d.txt(a.Approver), expiry)
	}
	t.end()
	d.heading(1, "", d.t("accepted.attestations"))
	t = d.table(column{title: d.t("col.attestation"), width: 20}, column{title: d.t("col.requirement"), width: 30}, column{title: d.t("col.answer"), width: 16}, column{title: d.t("col.statement"), width: 62}, column{title: d.t("col.signer"), width: 42})
	for _, a := range d.pack.Engagement.Attestations {
		who := cell{{style: d.small(), text: a.Signer}, {style: d.caption(), text: a.Date + d.t("range") + orDash(a.Expires)}}
		if a.Expired {
			who = append(who, block{style: d.smallB().sized(7), chip: &chip{render.VerdictStyle(pack.VerdictNotMet), d.t("accepted.expired")}})
		}
		what := cell{{style: d.small(), text: d.in(a.Statement), prose: true}, {style: d.caption(), text: d.t("accepted.evidence") + d.t("colon") + orDash(a.Evidence), prose: true}}
		if a.SHA256 != "" {
			what = append(what, block{style: d.code().sized(6), text: "sha256:" + a.SHA256})
		}
		t.row("attestation:"+a.ID, d.bold1(a.ID), d.requirementRef(a.Framework+"#"+a.Requirement), d.txt(d.m("answer."+a.Answer)), what, who)
	}
	t.end()
}

// requirementRef is a cell that leads to a requirement, if the pack has it.
func (d *document) requirementRef(ref string) cell {
	to := "req:" + ref
	if _, known := d.plan.shown[to]; !known {
		to = ""
	}
	return cell{{style: d.small(), text: d.say.Requirement(ref), link: to}}
}
