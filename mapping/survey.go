package mapping

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// artifact is the parsed record of an artifact.
type artifact = *expr.Doc

// kind is one kind of artifacts, as the catalogue's shapes describe it, or (shape nil) as the bundle shows it.
type kind struct {
	name     string
	service  string
	tags     string // path below the parts; empty: it cannot carry tags
	regional bool
	shape    *expr.Kind
}

// place is where a population is.
type place struct{ kind, account, region string }

// population is a population record of the bundle, or stands for one that should be there.
type population struct {
	place
	record    string // digest; empty: the bundle has none
	scope     string
	status    string
	count     int
	calls     []string
	gaps      []bundle.Gap
	partition string
	inScope   bool
	unseen    []unseen // why it is not complete
}

// seen reports whether all artifacts of the kind are known there.
func (p *population) seen() bool {
	return p.status == bundle.StatusComplete || p.status == bundle.StatusNotOffered
}

// regionKind is the kind that lists the regions of an account.
const regionKind = "ec2.region"

// survey is the first phase: everything but the artifacts that only rules about themselves need.
func (m *mapper) survey(ctx context.Context) error {
	runs, err := m.readRuns()
	if err != nil {
		return err
	}
	if err := m.readPopulations(); err != nil {
		return err
	}
	accounts, regions := m.visited(runs)
	if m.scope, err = newScope(m.eng, accounts, regions); err != nil {
		return err
	}
	m.describe(runs, accounts)
	if m.asOf.Before(m.run.Start) {
		return fmt.Errorf("%w: the engagement's as_of, %s, lies before the collection, which began at %s: ages and expiries would be judged at a moment of which nothing was seen",
			ErrInput, m.asOf.Format(time.RFC3339), m.run.Start.Format(time.RFC3339))
	}
	m.makeKinds()
	if err := m.readRegions(accounts); err != nil {
		return err
	}
	if err := m.readCalls(ctx); err != nil {
		return err
	}
	if err := m.expect(); err != nil {
		return err
	}
	return m.loadLookups()
}

// records yields the decoded records of all shards of a kind.
func records[T any](b Source, kind string, yield func(*T, bundle.Line) error) error {
	for _, s := range b.Shards() {
		if s.Kind != kind {
			continue
		}
		for line, err := range b.Lines(s) {
			if err != nil {
				return err
			}
			r, err := bundle.DecodeRecord(line.Raw)
			if err != nil {
				return fmt.Errorf("%s line %d: %w", s.Path, line.N, err)
			}
			t, ok := r.(*T)
			if !ok {
				return fmt.Errorf("%s line %d: a %T among %s", s.Path, line.N, r, kind)
			}
			if err := yield(t, line); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *mapper) readRuns() ([]*bundle.Run, error) {
	var runs []*bundle.Run
	err := records(m.in.Bundle, bundle.KindRun, func(r *bundle.Run, _ bundle.Line) error {
		runs = append(runs, r)
		return nil
	})
	if err == nil && len(runs) == 0 {
		err = fmt.Errorf("the bundle has no run record")
	}
	return runs, err
}

func (m *mapper) readPopulations() error {
	return records(m.in.Bundle, bundle.KindPopulations, func(p *bundle.Population, line bundle.Line) error {
		at := place{p.Kind, p.Account, p.Region}
		if m.populations[at] != nil {
			return fmt.Errorf("the bundle has two populations of %s in account %s, region %s", p.Kind, p.Account, p.Region)
		}
		m.populations[at] = &population{
			place: at, record: line.Digest.String(), scope: p.Scope, status: p.Status, count: p.Count, calls: p.Calls, gaps: p.Gaps, partition: p.Partition,
		}
		return nil
	})
}

// visited returns the accounts and regions that the bundle speaks about, sorted.
func (m *mapper) visited(runs []*bundle.Run) (accounts, regions []string) {
	for _, r := range runs {
		for _, a := range r.Accounts {
			accounts = append(accounts, a.ID)
		}
		regions = append(regions, r.Regions...)
	}
	for _, s := range m.in.Bundle.Shards() {
		if s.Kind == bundle.KindRun {
			continue
		}
		accounts, regions = append(accounts, s.Account), append(regions, s.Region)
	}
	slices.Sort(accounts)
	slices.Sort(regions)
	return slices.Compact(accounts), without(slices.Compact(regions), bundle.Global)
}

// describe fills in what the pack says about the bundle.
func (m *mapper) describe(runs []*bundle.Run, accounts []string) {
	man := m.in.Bundle.Manifest()
	b := pack.Bundle{
		ID: man.ID, SealSHA256: m.in.Bundle.SealSHA256().String(), Created: man.Created.UTC(), Start: runs[0].Started.UTC(), Tool: runs[0].Tool,
		Records: man.Records, Regions: []string{}, Requested: []pack.KeyedValue{}, Accounts: []pack.Account{},
	}
	named := map[string]pack.Account{}
	for _, r := range runs {
		if r.Started.Before(b.Start) {
			b.Start = r.Started.UTC()
		}
		if r.Ended.After(b.End) {
			b.End = r.Ended.UTC()
		}
		if abs(r.SkewMillis) > abs(b.SkewMillis) {
			b.SkewMillis = r.SkewMillis
		}
		b.Calls.OK += r.Calls.OK
		b.Calls.Absent += r.Calls.Absent
		b.Calls.Denied += r.Calls.Denied
		b.Calls.Failed += r.Calls.Failed
		b.Regions = append(b.Regions, r.Regions...)
		for _, kv := range r.Requested {
			b.Requested = append(b.Requested, pack.KeyedValue{Key: kv.Key, Value: kv.Value})
		}
		for _, a := range r.Accounts {
			if named[a.ID].Caller == "" {
				named[a.ID] = pack.Account{ID: a.ID, Name: a.Name, Partition: a.Partition, Caller: a.Caller}
			}
		}
	}
	b.Calls.Total = b.Calls.OK + b.Calls.Absent + b.Calls.Denied + b.Calls.Failed
	slices.Sort(b.Regions)
	b.Regions = without(slices.Compact(b.Regions), bundle.Global)
	slices.SortFunc(b.Requested, func(a, b pack.KeyedValue) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), strings.Compare(a.Value, b.Value))
	})
	b.Requested = slices.Compact(b.Requested)
	for _, id := range accounts {
		a, ok := named[id]
		if !ok {
			a = pack.Account{ID: id}
		}
		b.Accounts = append(b.Accounts, a)
	}
	m.run = b
	m.asOf = b.End
	if !m.eng.AsOf.IsZero() {
		m.asOf = m.eng.AsOf.UTC()
	}
	m.today = m.asOf.Format(time.DateOnly)
}

func abs(n int64) int64 { return max(n, -n) }

// makeKinds lists the kinds that the bundle or a rule speaks about. Of the others that the catalogue has shapes of nothing was asked,
// and nothing is owed.
func (m *mapper) makeKinds() {
	found := map[string]kind{}
	known := func(name string) {
		if k := m.in.Catalog.Shapes.Kinds[name]; k != nil {
			found[name] = kind{name: name, service: k.Service, tags: k.Tags, regional: k.Scope == bundle.ScopeRegion, shape: k}
		}
	}
	known(regionKind)
	for _, r := range m.rules {
		known(r.Kind)
		for _, l := range r.Program.Lookups() {
			known(l.Kind)
		}
	}
	held := func(name string, regional bool) {
		known(name)
		if _, ok := found[name]; !ok {
			service, _, _ := strings.Cut(name, ".")
			found[name] = kind{name: name, service: service, regional: regional}
		}
	}
	for at, p := range m.populations {
		held(at.kind, p.scope == bundle.ScopeRegion)
	}
	for _, s := range m.in.Bundle.Shards() {
		if s.Kind != bundle.KindCalls && s.Kind != bundle.KindPopulations && s.Kind != bundle.KindRun {
			held(s.Kind, s.Region != bundle.Global)
		}
	}
	for _, name := range keys(found) {
		m.kinds = append(m.kinds, found[name])
	}
}

func (m *mapper) kind(name string) kind {
	i, _ := slices.BinarySearchFunc(m.kinds, name, func(k kind, n string) int { return strings.Compare(k.name, n) })
	return m.kinds[i]
}

// readRegions finds out in which accounts there are regions that nobody visited, and which regions an account has not opted
// in to. That collect was told to visit some regions only does not settle what is in the others: a scope in the engagement
// does, by a named person.
func (m *mapper) readRegions(accounts []string) error {
	for _, a := range slices.Concat(accounts, m.scope.accounts) {
		p := m.populations[place{regionKind, a, bundle.Global}]
		m.scope.openList[a] = len(m.eng.Scope.Regions) == 0 && (p == nil || !p.seen())
	}
	return records(m.in.Bundle, regionKind, func(a *bundle.Artifact, _ bundle.Line) error {
		var region struct{ RegionName, OptInStatus string }
		if p := a.Parts["Region"]; p.State != bundle.StateOK || json.Unmarshal(p.Data, &region) != nil {
			return nil
		}
		switch {
		case m.lists(a.Account, region.RegionName):
		case region.OptInStatus == "not-opted-in":
			m.scope.disabled[[2]string{a.Account, region.RegionName}] = true
		case len(m.eng.Scope.Regions) == 0 && m.scope.sees(a.Account, region.RegionName):
			m.scope.openList[a.Account] = true
		}
		return nil
	})
}

// lists reports whether the bundle has any population of that account and region.
func (m *mapper) lists(account, region string) bool {
	for _, k := range m.kinds {
		if m.populations[place{k.name, account, region}] != nil {
			return true
		}
	}
	return false
}

// shards returns the shards of some kinds in the order of the bundle.
func (m *mapper) shards(want func(kind string) bool) []bundle.Shard {
	var out []bundle.Shard
	for _, s := range m.in.Bundle.Shards() {
		if want(s.Kind) {
			out = append(out, s)
		}
	}
	return out
}

// expect makes sure that there is a population of every kind in every account and region in scope, and gives those that
// are not complete their gaps.
func (m *mapper) expect() error {
	reach := m.scope.reach()
	for _, k := range m.kinds {
		if k.shape == nil {
			continue // no rule can ask for it; what the bundle says about it stands as it is
		}
		for _, a := range reach {
			for _, region := range m.scope.places(k, a) {
				at := place{k.name, a, region}
				if m.scope.sees(a, region) && m.populations[at] == nil {
					m.populations[at] = &population{place: at, scope: k.shape.Scope, status: bundle.StatusIncomplete}
				}
			}
		}
	}
	// The regions of an account come first: other populations rest on theirs.
	for _, first := range []bool{true, false} {
		for _, p := range m.sortedPopulations() {
			if (p.kind == regionKind) != first {
				continue
			}
			p.inScope = m.scope.covers(p.account, p.region)
			if m.scope.sees(p.account, p.region) && !p.seen() {
				if err := m.openPopulation(p); err != nil {
					return err
				}
			}
		}
	}
	m.whole = m.completeKinds()
	return nil
}

// sortedPopulations returns all populations by kind, account and region.
func (m *mapper) sortedPopulations() []*population {
	out := make([]*population, 0, len(m.populations))
	for _, p := range m.populations {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *population) int {
		return cmp.Or(strings.Compare(a.kind, b.kind), strings.Compare(a.account, b.account), strings.Compare(a.region, b.region))
	})
	return out
}

// openPopulation gives an incomplete population its gaps.
func (m *mapper) openPopulation(p *population) error {
	if p.region == otherRegions {
		if r := m.populations[place{regionKind, p.account, bundle.Global}]; r != nil && len(r.unseen) > 0 {
			p.unseen = r.unseen
			return nil
		}
	}
	k := m.kind(p.kind)
	found := p.gaps
	if len(found) == 0 {
		code := codeNotCollected
		if p.record != "" {
			code = "Unexplained" // the collector said that it is incomplete and not why
		}
		g := bundle.Gap{Service: k.service, Code: code}
		if k.shape != nil {
			g.Service, g.Operation = firstCall(k)
		}
		found = []bundle.Gap{g}
	}
	for i, g := range found {
		gap := pack.Gap{
			Service: g.Service, Operation: g.Operation, Account: p.account, Region: p.region, Kind: p.kind, Code: g.Code, Message: g.Message,
			Action: g.Action, Record: p.record, Calls: g.Calls,
		}
		if p.status == bundle.StatusRegionDenied {
			gap.Code = codeRegionDenied
		}
		handle, err := m.gaps.add(gap, i)
		if err != nil {
			return err
		}
		p.unseen = append(p.unseen, unseen{handle, m.reasonOf(gap)})
	}
	return nil
}

// firstCall is the call by which a kind would be found.
func firstCall(k kind) (service, operation string) {
	calls := k.shape.List
	for _, part := range keys(k.shape.Parts) {
		if len(calls) == 0 {
			calls = k.shape.Parts[part].Calls
		}
	}
	if len(calls) == 0 {
		return k.service, ""
	}
	service, operation, _ = strings.Cut(calls[0], ":")
	return service, operation
}
