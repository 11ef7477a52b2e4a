package mapping

import (
	"fmt"
	"slices"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping/expr"
)

// lookups holds what rules look up beside their subject. It does not change while artifacts stream.
type lookups struct {
	populations map[lookup]*expr.Population
	places      map[lookup][]*population
	parts       map[part]unseen // parts in a gap of the artifacts that are held
	held        map[string]bool // kinds
}

// lookup is one population as seen from an account and region.
type lookup struct {
	expr.Lookup
	account, region string
}

// part is a part of an artifact record.
type part struct {
	record bundle.Digest
	name   string
}

// from returns the population that an expression sees from an account and region.
func from(l expr.Lookup, account, region string) lookup {
	switch l.Scope {
	case expr.ScopeOrg:
		return lookup{Lookup: l}
	case expr.ScopeAll:
		return lookup{Lookup: l, account: account}
	}
	return lookup{l, account, region}
}

// loadLookups reads the kinds that rules look up and groups them.
func (m *mapper) loadLookups() error {
	m.lookups = lookups{populations: map[lookup]*expr.Population{}, places: map[lookup][]*population{}, parts: map[part]unseen{}, held: map[string]bool{}}
	var wanted []expr.Lookup
	for _, r := range m.rules {
		for _, l := range r.Program.Lookups() {
			m.lookups.held[l.Kind] = true
			if !slices.Contains(wanted, l) {
				wanted = append(wanted, l)
			}
		}
	}
	for _, l := range wanted {
		m.place(l)
	}
	for _, s := range m.shards(func(k string) bool { return m.lookups.held[k] }) {
		if !m.scope.sees(s.Account, s.Region) {
			continue
		}
		for line, err := range m.in.Bundle.Lines(s) {
			if err != nil {
				return err
			}
			d, err := expr.ParseArtifact(line.Raw, expr.Digest(line.Digest))
			if err == nil {
				err = fits(d, s)
			}
			if err != nil {
				return fmt.Errorf("%s line %d: %w", s.Path, line.N, err)
			}
			if err := m.hold(d, wanted); err != nil {
				return err
			}
		}
	}
	return nil
}

// fits checks that a record is what its shard says.
func fits(d artifact, s bundle.Shard) error {
	if d.Kind != s.Kind || d.Account != s.Account || d.Region != s.Region {
		return fmt.Errorf("the record is one of %s in account %s, region %s", d.Kind, d.Account, d.Region)
	}
	return nil
}

// place prepares the populations of one lookup, without their artifacts.
func (m *mapper) place(l expr.Lookup) {
	k := m.kind(l.Kind)
	note := func(at lookup, p *population) {
		pop := m.lookups.populations[at]
		if pop == nil {
			pop = &expr.Population{Complete: true}
			m.lookups.populations[at] = pop
		}
		if p != nil {
			m.lookups.places[at] = append(m.lookups.places[at], p)
			pop.Complete = pop.Complete && p.seen()
		}
	}
	if l.Scope == expr.ScopeOrg {
		note(lookup{Lookup: l}, nil)
	}
	for _, a := range m.scope.reach() {
		if l.Scope == expr.ScopeAll {
			note(lookup{Lookup: l, account: a}, nil)
		}
		for _, region := range m.scope.places(k, a) {
			if !m.scope.sees(a, region) {
				continue
			}
			note(from(l, a, region), m.populations[place{l.Kind, a, region}])
		}
	}
}

// hold keeps an artifact for the lookups that see it.
func (m *mapper) hold(d artifact, wanted []expr.Lookup) error {
	k := m.kind(d.Kind)
	record := bundle.Digest(d.Digest)
	for _, p := range d.Parts() {
		if p.State != string(bundle.StateGap) {
			continue
		}
		u, err := m.partGap(d, k, p, record.String())
		if err != nil {
			return err
		}
		m.lookups.parts[part{record, p.Name}] = u
	}
	for _, l := range wanted {
		if l.Kind != d.Kind {
			continue
		}
		if pop := m.lookups.populations[from(l, d.Account, d.Region)]; pop != nil {
			pop.Items = append(pop.Items, d)
		}
	}
	return nil
}
