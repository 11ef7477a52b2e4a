package mapping

import (
	"slices"
	"strings"

	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/engagement"
	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// rule is a rule of the catalogue with its place in the order of the pack.
type rule struct {
	*catalog.Rule
	index    int
	services []string // whose calls it rests on, sorted
	first    int      // numbers of its findings, once written
	last     int
}

// newRules returns the rules of a catalogue sorted by id.
func newRules(c *catalog.Catalog) []*rule {
	sorted := slices.SortedFunc(slices.Values(c.Rules), func(a, b *catalog.Rule) int { return strings.Compare(a.ID, b.ID) })
	out := make([]*rule, len(sorted))
	for i, r := range sorted {
		out[i] = &rule{Rule: r, index: i, services: services(c.Shapes, r)}
	}
	return out
}

// services returns the AWS services whose calls a rule rests on.
func services(s *expr.Shapes, r *catalog.Rule) []string {
	found := map[string]bool{}
	calls := func(calls []string) {
		for _, c := range calls {
			service, _, _ := strings.Cut(c, ":")
			found[service] = true
		}
	}
	kinds := []string{r.Kind}
	for _, l := range r.Program.Lookups() {
		kinds = append(kinds, l.Kind)
	}
	for _, name := range kinds {
		if k := s.Kinds[name]; k != nil {
			found[k.Service] = true
			calls(k.List)
		}
	}
	for _, p := range r.Program.Parts() {
		if k := s.Kinds[p.Kind]; k != nil {
			calls(k.Parts[p.Part].Calls)
		}
	}
	return keys(found)
}

// acceptance returns the accepted risk that covers a failing finding of a rule, or -1: an unexpired one before an expired
// one, else the first of the engagement file. subject is an ARN or id, account/region, or an account.
func (m *mapper) acceptance(r *rule, subject string) int {
	found := -1
	for i, a := range m.eng.Acceptances {
		if a.Rule != r.ID || !engagement.Matches(a.Resource, subject) {
			continue
		}
		if !m.expired(a.Expires) {
			return i
		}
		if found < 0 {
			found = i
		}
	}
	return found
}

// expired reports whether the last day on which something counts is over at as_of.
func (m *mapper) expired(last string) bool { return m.today > last }

// tally counts. Counts are sums, so that the order in which workers finish does not show.
type tally struct {
	cells      map[cell]*counts
	subjects   map[[2]string]int // kind, account → artifacts that rules are about
	artifacts  map[string]int    // kind → artifacts in scope
	outOfScope int
}

// cell is one rule in one account.
type cell struct {
	rule    int
	account string
}

// counts counts the findings of a cell.
type counts struct {
	pack.FindingCounts
	whenFalse int         // of NotApplicable: the condition of the rule does not hold
	covered   map[int]int // failing findings by acceptance, also expired ones
}

func newTally() tally {
	return tally{cells: map[cell]*counts{}, subjects: map[[2]string]int{}, artifacts: map[string]int{}}
}

func (t *tally) cell(rule int, account string) *counts {
	c := t.cells[cell{rule, account}]
	if c == nil {
		c = &counts{}
		t.cells[cell{rule, account}] = c
	}
	return c
}

// note counts a finding. acceptance is -1 or the index of the one that covers it.
func (t *tally) note(r *rule, f *pack.Finding, acceptance int, expired bool) {
	c := t.cell(r.index, f.Account)
	switch f.Result {
	case pack.Pass:
		c.Pass++
	case pack.Fail:
		c.Fail++
		if acceptance >= 0 {
			c.cover(acceptance, 1)
			if !expired {
				c.Accepted++
			}
		}
	case pack.NotAssessed:
		c.NotAssessed++
	case pack.NotApplicable:
		c.NotApplicable++
		if f.Kind == r.Kind || r.Per != expr.PerResource {
			c.whenFalse++
		}
	}
}

// silent reports whether there is no finding at all.
func (c *counts) silent() bool { return c.Pass+c.Fail+c.NotAssessed+c.NotApplicable == 0 }

func (c *counts) cover(acceptance, n int) {
	if c.covered == nil {
		c.covered = map[int]int{}
	}
	c.covered[acceptance] += n
}

// merge adds the counts of another tally.
func (t *tally) merge(o *tally) {
	for at, c := range o.cells {
		t.cell(at.rule, at.account).add(c)
	}
	for k, n := range o.subjects {
		t.subjects[k] += n
	}
	for k, n := range o.artifacts {
		t.artifacts[k] += n
	}
	t.outOfScope += o.outOfScope
}

func (c *counts) add(o *counts) {
	sum(&c.FindingCounts, o.FindingCounts)
	c.whenFalse += o.whenFalse
	for a, n := range o.covered {
		c.cover(a, n)
	}
}

func sum(to *pack.FindingCounts, c pack.FindingCounts) {
	to.Pass += c.Pass
	to.Fail += c.Fail
	to.NotAssessed += c.NotAssessed
	to.NotApplicable += c.NotApplicable
	to.Accepted += c.Accepted
}

// of returns the counts of a rule in some accounts.
func (t *tally) of(rule int, accounts []string) counts {
	var out counts
	for _, a := range accounts {
		if c := t.cells[cell{rule, a}]; c != nil {
			out.add(c)
		}
	}
	return out
}
