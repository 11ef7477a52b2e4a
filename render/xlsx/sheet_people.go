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
			{key: "framework", width: 24}, {key: "requirement", width: 16}, {key: "title", width: 54}, {key: "party", width: 12}, {key: "basis", width: 22},
			{key: "side", width: 12}, {key: "verdict", width: 17}, {key: "expected_evidence", width: 60}, {key: "reports", width: 24}, {key: "reasons", width: 60},
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
						b.text(f.Short.In(b.lang)), b.link("requirement:"+f.Key()+"#"+q.ID, q.ID), b.wrapped(q.Title.In(b.lang)), b.text(b.t("party." + string(q.Party))), b.text(b.word("basis", q.Basis)),
						b.text(b.t("party." + string(p.Party))), b.verdict(p.Verdict), b.wrapped(p.Expected.In(b.lang)), b.text(strings.Join(p.Reports, ", ")), b.wrapped(b.reasons(p.Reasons)),
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
			{key: "report", width: 18}, {key: "name", width: 40}, {key: "series", width: 26}, {key: "from", width: 12}, {key: "to", width: 12}, {key: "obtained_by", width: 24},
			{key: "frameworks", width: 40}, {key: "covers", width: 12}, {key: "reasons", width: 60}, {key: "digest", width: 66},
		},
	}
	return b.stream(t, sliceRows(b.pack.Engagement.Inherited, func(r *pack.InheritedReport) []any {
		return []any{
			b.text(r.ID), b.text(r.Name), b.text(b.word("series", r.Series)), b.text(r.From), b.text(r.To), b.text(r.ObtainedBy),
			b.text(strings.Join(r.Frameworks, ", ")), b.text(b.yesNo(r.Covers)), b.wrapped(b.reason(r.Problem)), b.mono(r.SHA256),
		}
	}))
}

// acceptances lists the accepted risks, also the expired ones.
func (b *book) acceptances() error {
	t := table{
		key: "xlsx.sheet.acceptances", name: "accepted_risks", tab: "C98A1B", frozen: 1,
		columns: []column{
			{key: "acceptance", width: 14}, {key: "rule", width: 32}, {key: "resource", width: 56}, {key: "reason", width: 60}, {key: "approver", width: 22},
			{key: "ticket", width: 16}, {key: "expires", width: 12}, {key: "expired", width: 10}, {key: "findings", width: 10},
		},
	}
	return b.stream(t, sliceRows(b.pack.Engagement.Acceptances, func(a *pack.Acceptance) []any {
		return []any{
			b.text(a.ID), b.link("rule:"+a.Rule, a.Rule), b.text(a.Resource), b.wrapped(a.Reason.In(b.lang)), b.text(a.Approver),
			b.text(a.Ticket), b.text(a.Expires), b.text(b.yesNo(a.Expired)), b.number(a.Findings),
		}
	}))
}

// attestations lists what named persons stated.
func (b *book) attestations() error {
	t := table{
		key: "xlsx.sheet.attestations", name: "attestations", tab: "7FA6DB", frozen: 1,
		columns: []column{
			{key: "attestation", width: 14}, {key: "framework", width: 24}, {key: "requirement", width: 16}, {key: "answer", width: 14}, {key: "statement", width: 70},
			{key: "reference", width: 40}, {key: "signer", width: 24}, {key: "date", width: 12}, {key: "expires", width: 12}, {key: "expired", width: 10}, {key: "digest", width: 66},
		},
	}
	return b.stream(t, sliceRows(b.pack.Engagement.Attestations, func(a *pack.Attestation) []any {
		return []any{
			b.text(a.ID), b.text(a.Framework), b.text(a.Requirement), b.text(b.word("answer", a.Answer)), b.wrapped(a.Statement.In(b.lang)),
			b.text(a.Evidence), b.text(a.Signer), b.text(a.Date), b.text(a.Expires), b.text(b.yesNo(a.Expired)), b.mono(a.SHA256),
		}
	}))
}

// ruleList lists every rule, also those with no finding.
func (b *book) ruleList() error {
	t := table{
		key: "xlsx.sheet.rules", name: "rules", tab: "6B7280", frozen: 1,
		columns: []column{
			{key: "rule", width: 34}, {key: "title", width: 48}, {key: "severity", width: 10}, {key: "kind", width: 28}, {key: "per", width: 20}, {key: "layer", width: 22},
			{key: "fail", width: 9}, {key: "not_assessed", width: 10}, {key: "pass", width: 9}, {key: "not_applicable", width: 10}, {key: "first_finding", width: 14},
			{key: "why", width: 60}, {key: "remediation", width: 70}, {key: "when", width: 40}, {key: "expected", width: 60}, {key: "references", width: 50}, {key: "rule_version", width: 15}, {key: "requirements", width: 30},
		},
	}
	return b.stream(t, sliceRows(b.pack.Rules, func(r *pack.Rule) []any {
		return []any{
			b.mono(r.ID), b.wrapped(r.Title.In(b.lang)), b.severity(r.Severity), b.text(r.Kind), b.text(b.t("per." + r.Per)), b.text(b.t("layer." + r.Layer)),
			b.number(r.Counts.Fail), b.number(r.Counts.NotAssessed), b.number(r.Counts.Pass), b.number(r.Counts.NotApplicable), b.findingLink(r.First),
			b.wrapped(r.Why.In(b.lang)), b.wrapped(r.Remediation.In(b.lang)), b.text(r.When), b.text(r.Expect), b.text(strings.Join(r.References, "\n")), b.mono(r.Digest), b.text(strings.Join(r.Requirement, "\n")),
		}
	}))
}
