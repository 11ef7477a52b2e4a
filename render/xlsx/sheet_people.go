package xlsx

import (
	"iter"
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
)

// responsibility lists each side's line of every requirement that is not the customer's alone.
func (b *book) responsibility() error {
	t := table{
		key: "xlsx.sheet.responsibility", name: "responsibility", tab: "7FA6DB", frozen: 2,
		columns: []column{
			{key: "framework", width: 20}, {key: "requirement", width: 15}, {key: "title", width: 40}, {key: "party", width: 10}, {key: "side", width: 10}, {key: "verdict", width: 15},
			{key: "expected_evidence", width: 52}, {key: "reports", width: 16}, {key: "reasons", width: 48}, {key: "basis", width: 20},
		},
	}
	return b.stream(t, b.portionRows())
}

func (b *book) portionRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for i := range b.pack.Frameworks {
			f := &b.pack.Frameworks[i]
			for j := range f.Requirements {
				q := &f.Requirements[j]
				if q.Party == pack.PartyCustomer {
					continue
				}
				for _, p := range q.Portions {
					row := []any{
						b.text(b.say.Framework(f.Key())), b.link("requirement:"+f.Key()+"#"+q.ID, q.ID), b.wrapped(q.Title.In(b.lang)), b.text(b.t("party." + string(q.Party))),
						b.text(b.t("party." + string(p.Party))), b.verdict(p.Verdict), b.wrapped(p.Expected.In(b.lang)), b.text(strings.Join(p.Reports, ", ")), b.wrapped(strings.Join(b.say.Reasons(p.Reasons), "\n")), b.wrapped(b.word("basis", q.Basis)),
					}
					if !yield(row, nil) {
						return
					}
				}
			}
		}
	}
}

// inherited lists the reports of AWS that the engagement refers to.
func (b *book) inherited() error {
	t := table{
		key: "xlsx.sheet.inherited", name: "inherited", tab: "7FA6DB", frozen: 1,
		columns: []column{
			{key: "report", width: 16}, {key: "name", width: 34}, {key: "series", width: 20}, {key: "from", width: 12}, {key: "to", width: 12}, {key: "obtained_by", width: 18},
			{key: "frameworks", width: 36}, {key: "covers", width: 12}, {key: "finding_reasons", width: 40}, {key: "digest", width: 66, aside: true},
		},
	}
	return b.stream(t, sliceRows(b.pack.Engagement.Inherited, func(r *pack.InheritedReport) []any {
		return []any{
			b.text(r.ID), b.wrapped(r.Name), b.wrapped(b.word("series", r.Series)), b.text(r.From), b.text(r.To), b.text(r.ObtainedBy),
			b.wrapped(b.say.Frameworks(r.Frameworks)), b.text(b.yesNo(r.Covers)), b.wrapped(b.say.Reason(r.Problem)), b.mono(r.SHA256),
		}
	}))
}

// acceptances lists the accepted risks, also the expired ones.
func (b *book) acceptances() error {
	t := table{
		key: "xlsx.sheet.acceptances", name: "accepted_risks", tab: "C98A1B", frozen: 1,
		columns: []column{
			{key: "acceptance", width: 12}, {key: "rule_title", width: 36}, {key: "resource", width: 40}, {key: "reason", width: 44}, {key: "approver", width: 18},
			{key: "ticket", width: 12}, {key: "expires", width: 12}, {key: "expired", width: 8}, {key: "findings", width: 9}, {key: "rule", width: 32, aside: true},
		},
	}
	return b.stream(t, sliceRows(b.pack.Engagement.Acceptances, func(a *pack.Acceptance) []any {
		return []any{
			b.text(a.ID), b.wrapped(b.ruleTitle(a.Rule)), b.wrapped(a.Resource), b.wrapped(a.Reason.In(b.lang)), b.text(a.Approver),
			b.text(a.Ticket), b.text(a.Expires), b.text(b.yesNo(a.Expired)), b.number(a.Findings), b.link("rule:"+a.Rule, a.Rule),
		}
	}))
}

// ruleTitle is the title of a rule, or its id where the pack does not know it.
func (b *book) ruleTitle(id string) string {
	if r := b.rules[id]; r != nil {
		return r.Title.In(b.lang)
	}
	return id
}

// oneLine joins the lines of an expression, which a cell shows in one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// attestations lists what named persons stated.
func (b *book) attestations() error {
	t := table{
		key: "xlsx.sheet.attestations", name: "attestations", tab: "7FA6DB", frozen: 1,
		columns: []column{
			{key: "attestation", width: 10}, {key: "framework", width: 18}, {key: "requirement", width: 13}, {key: "answer", width: 10}, {key: "statement", width: 48},
			{key: "reference", width: 30}, {key: "signer", width: 18}, {key: "date", width: 12}, {key: "expires", width: 12}, {key: "expired", width: 8}, {key: "digest", width: 66, aside: true},
		},
	}
	return b.stream(t, sliceRows(b.pack.Engagement.Attestations, func(a *pack.Attestation) []any {
		return []any{
			b.text(a.ID), b.text(b.say.Framework(a.Framework)), b.link("requirement:"+a.Framework+"#"+a.Requirement, a.Requirement), b.text(b.word("answer", a.Answer)), b.wrapped(a.Statement.In(b.lang)),
			b.wrapped(a.Evidence), b.wrapped(a.Signer), b.text(a.Date), b.text(a.Expires), b.text(b.yesNo(a.Expired)), b.mono(a.SHA256),
		}
	}))
}

// ruleList lists every rule, also those with no finding.
func (b *book) ruleList() error {
	t := table{
		key: "xlsx.sheet.rules", name: "rules", tab: "6B7280", frozen: 1,
		columns: []column{
			{key: "rule", width: 30}, {key: "title", width: 36}, {key: "severity", width: 9}, {key: "kind", width: 20},
			{key: "fail", width: 8}, {key: "not_assessed", width: 9}, {key: "pass", width: 8}, {key: "not_applicable", width: 9}, {key: "first_finding", width: 12},
			{key: "why", width: 52}, {key: "remediation", width: 70}, {key: "per", width: 20, aside: true}, {key: "layer", width: 24},
			{key: "when", width: 40}, {key: "expected", width: 60}, {key: "references", width: 50}, {key: "rule_version", width: 15}, {key: "requirements", width: 40},
		},
	}
	return b.stream(t, sliceRows(b.pack.Rules, func(r *pack.Rule) []any {
		return []any{
			b.mono(r.ID), b.wrapped(r.Title.In(b.lang)), b.severity(r.Severity), b.wrapped(b.say.Kind(r.Kind)),
			b.number(r.Counts.Fail), b.number(r.Counts.NotAssessed), b.number(r.Counts.Pass), b.number(r.Counts.NotApplicable), b.findingLink(r.First),
			b.wrapped(r.Why.In(b.lang)), b.wrapped(r.Remediation.In(b.lang)), b.text(b.t("per." + r.Per)), b.text(b.t("layer." + r.Layer)),
			b.text(oneLine(r.When)), b.text(oneLine(r.Expect)), b.text(strings.Join(r.References, " ")), b.mono(r.Digest), b.text(b.named(r.Requirement)),
		}
	}))
}
