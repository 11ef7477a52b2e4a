package mapping

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// tagPart is the part that holds the tags of a kind.
func tagPart(k kind) string {
	name, _, _ := strings.Cut(k.tags, ".")
	return name
}

// absentees makes the findings that no artifact leads to: of rules that require something to exist, and of populations
// that are empty or were not seen.
func (m *mapper) absentees(ctx context.Context) error {
	for _, r := range m.rules {
		k := m.kind(r.Kind)
		for _, account := range m.scope.accounts {
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			switch r.Per {
			case expr.PerResource:
				err = m.unlisted(r, k, account)
			case expr.PerAccount:
				if m.scope.covers(account, bundle.Global) {
					err = m.evaluate(ctx, &m.tally, r, &subject{kind: subjectAccount, partition: m.partition(account), account: account, region: bundle.Global, id: account})
				}
			case expr.PerRegion:
				err = m.perRegion(ctx, r, k, account)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *mapper) partition(account string) string {
	for _, a := range m.run.Accounts {
		if a.ID == account {
			return a.Partition
		}
	}
	return ""
}

// perRegion judges every region of an account by a rule that requires something to exist there.
func (m *mapper) perRegion(ctx context.Context, r *rule, k kind, account string) error {
	regional := k
	regional.regional = true // also where the artifacts themselves belong to the account
	for _, region := range m.scope.places(regional, account) {
		if !m.scope.covers(account, region) {
			continue
		}
		s := &subject{kind: subjectRegion, partition: m.partition(account), account: account, region: region, id: region}
		p := m.populations[place{k.name, account, region}]
		var err error
		switch {
		case region == otherRegions:
			b := &builder{f: start(r, s)}
			b.f.Result = pack.NotAssessed
			b.population(cmp.Or(p, m.populations[place{regionKind, account, bundle.Global}]))
			b.done()
			err = m.keep(&m.tally, r, s, b)
		case p != nil && p.status == bundle.StatusNotOffered:
			b := &builder{f: start(r, s)}
			b.f.Result = pack.NotApplicable
			b.reason(pack.Reason{Code: pack.ReasonNotOffered, Args: map[string]string{"kind": k.name, "region": region}})
			b.ref(p.record, "", p.calls)
			b.done()
			err = m.keep(&m.tally, r, s, b)
		default:
			err = m.evaluate(ctx, &m.tally, r, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unlisted makes the findings of a rule about each resource where populations, not resources, speak: one not_assessed for
// each population that is not complete; or one not_applicable for an account that holds no resource in scope.
func (m *mapper) unlisted(r *rule, k kind, account string) error {
	var complete []*population
	open := false
	for _, region := range m.scope.places(k, account) {
		if !m.scope.covers(account, region) {
			continue
		}
		p := m.populations[place{k.name, account, region}]
		if p.seen() {
			complete = append(complete, p)
			continue
		}
		open = true
		s := &subject{kind: subjectPopulation, partition: m.partition(account), account: account, region: region, id: k.name, record: p.record}
		b := &builder{f: start(r, s)}
		b.f.Result = pack.NotAssessed
		b.population(p)
		b.done()
		if err := m.keep(&m.tally, r, s, b); err != nil {
			return err
		}
	}
	if open || len(complete) == 0 || m.tally.subjects[[2]string{k.name, account}] > 0 {
		return nil
	}
	region := "" // all of those in scope
	if len(complete) == 1 {
		region = complete[0].region
	}
	s := &subject{kind: subjectPopulation, partition: m.partition(account), account: account, region: region, id: k.name}
	b := &builder{f: start(r, s)}
	b.f.Result = pack.NotApplicable
	b.reason(pack.Reason{Code: pack.ReasonNoResources, Args: map[string]string{"kind": k.name}})
	for _, p := range complete {
		b.ref(p.record, "", p.calls)
	}
	b.done()
	return m.keep(&m.tally, r, s, b)
}

// population says why a population is not complete.
func (b *builder) population(p *population) {
	if p == nil { // a kind of the account as a whole, and a catalogue that does not know regions
		b.reason(pack.Reason{Code: pack.ReasonNotCollected, Args: map[string]string{"kind": regionKind}})
		return
	}
	for _, u := range p.unseen {
		b.unseen(u)
	}
	b.ref(p.record, "", p.calls)
}

// finish writes gaps, populations and findings, in this order because each refers to the one before.
func (m *mapper) finish(context.Context) error {
	if err := m.gaps.write(m.w); err != nil {
		return err
	}
	for _, p := range m.sortedPopulations() {
		out := pack.Population{
			Record: p.record, Kind: p.kind, Account: p.account, Region: p.region, Scope: p.scope, Status: p.status, Count: p.count,
			InScope: p.inScope, Calls: list(p.calls), Gaps: []int{},
		}
		for _, u := range p.unseen {
			out.Gaps = append(out.Gaps, int(m.gaps.numbers[u.gap]))
		}
		slices.Sort(out.Gaps)
		if err := m.w.Population(&out); err != nil {
			return err
		}
	}
	return m.findings.write(m.w, m.rules, m.gaps.numbers)
}
