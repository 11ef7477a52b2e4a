package mapping

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
)

// pack assembles pack.json from everything that was counted.
func (m *mapper) pack() *pack.Pack {
	trust := pack.Trust{Status: pack.UnverifiedSigner, Signers: []pack.Signer{}}
	if m.in.Report.Trusted {
		trust.Status = pack.Trusted
	}
	for _, s := range m.in.Report.Signatures {
		trust.Signers = append(trust.Signers, pack.Signer{Name: s.Name, Principal: s.Principals, Fingerprint: s.Fingerprint, Trusted: s.Trusted})
	}
	p := &pack.Pack{
		Type: pack.Type, ID: m.id(trust.Status), Tool: m.in.Tool, Bundle: m.run, Trust: trust, AsOf: m.asOf, Engagement: m.packEngagement(), Scope: m.packScope(),
		Frameworks: []pack.Framework{}, Rules: []pack.Rule{}, Kinds: []pack.KindCount{}, Services: m.services(), Totals: m.totals(),
		Catalog: pack.Catalog{Digest: m.in.Catalog.Digest, Rules: len(m.rules)}, Files: []pack.File{},
	}
	for _, f := range m.chosen {
		p.Frameworks = append(p.Frameworks, m.framework(f))
	}
	for _, r := range m.rules {
		p.Rules = append(p.Rules, m.packRule(r))
	}
	for _, k := range m.kinds {
		p.Kinds = append(p.Kinds, pack.KindCount{Kind: k.name, Artifacts: m.tally.artifacts[k.name], Complete: m.complete(k.name)})
	}
	return p
}

func (m *mapper) packRule(r *rule) pack.Rule {
	out := pack.Rule{
		ID: r.ID, Digest: r.Digest, Kind: r.Kind, Per: string(r.Per), Severity: r.Severity, Layer: r.Layer, Title: r.Title, Why: r.Why, Remediation: r.Remediation,
		When: r.When, Expect: r.Expect, References: list(r.References), Custom: r.Custom, Counts: m.tally.of(r.index, m.scope.accounts).FindingCounts,
		First: r.first, Last: r.last, Services: r.services, Requirement: []string{},
	}
	for _, f := range m.chosen {
		for _, q := range f.Requirements {
			for _, l := range q.Links {
				if l.Rule == r.ID {
					out.Requirement = append(out.Requirement, f.Key()+"#"+q.ID)
				}
			}
		}
	}
	slices.Sort(out.Requirement)
	out.Requirement = slices.Compact(out.Requirement)
	return out
}

func (m *mapper) totals() pack.Totals {
	out := pack.Totals{BySeverity: []pack.SeverityCount{}, Gaps: len(m.gaps.findings)}
	for _, s := range pack.Severities() {
		c := pack.SeverityCount{Severity: s}
		for _, r := range m.rules {
			if r.Severity == s {
				sum(&c.Counts, m.tally.of(r.index, m.scope.accounts).FindingCounts)
			}
		}
		sum(&out.Findings, c.Counts)
		out.BySeverity = append(out.BySeverity, c)
	}
	for _, n := range m.tally.artifacts {
		out.Artifacts += n
	}
	return out
}

// services counts findings by the AWS service of the rule's kind and by account.
func (m *mapper) services() []pack.Service {
	at := map[[2]string]*pack.FindingCounts{}
	for c, n := range m.tally.cells {
		key := [2]string{m.kind(m.rules[c.rule].Kind).service, c.account}
		if at[key] == nil {
			at[key] = &pack.FindingCounts{}
		}
		sum(at[key], n.FindingCounts)
	}
	out := []pack.Service{}
	for key, n := range at {
		out = append(out, pack.Service{Service: key[0], Account: key[1], Counts: *n})
	}
	slices.SortFunc(out, func(a, b pack.Service) int {
		return cmp.Or(strings.Compare(a.Service, b.Service), strings.Compare(a.Account, b.Account))
	})
	return out
}
