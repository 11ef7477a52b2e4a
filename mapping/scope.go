package mapping

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping/engagement"
	"github.com/auditpack/auditpack/mapping/pack"
)

// otherRegions stands for regions that an account may have and that nobody has listed: the list of regions itself was
// not seen to its end.
const otherRegions = "*"

// scope is what the pack speaks about. Pairs of account and region decide; tags and patterns of resources narrow the
// subjects of rules further. What rules look up is only narrowed by exclusions: an untagged trail logs all the same, and so
// does one whose home is a region that is not in scope.
type scope struct {
	eng      *engagement.Engagement
	accounts []string // sorted, with those that the bundle does not hold
	regions  []string // sorted, without global
	visited  []string // regions that the bundle holds, sorted, in scope or not
	missing  []string
	known    map[string]bool // accounts of the bundle
	inScope  map[string]bool // accounts and regions by name

	disabled map[[2]string]bool // account, region: AWS says that the account has not opted in
	openList map[string]bool    // accounts that may have more regions than were visited
}

// newScope works out the scope from what the run records say and the engagement chose.
func newScope(eng *engagement.Engagement, accounts, regions []string) (*scope, error) {
	s := &scope{eng: eng, visited: slices.Sorted(slices.Values(regions)), known: map[string]bool{}, inScope: map[string]bool{}, disabled: map[[2]string]bool{}, openList: map[string]bool{}}
	for _, a := range accounts {
		s.known[a] = true
	}
	s.accounts = s.choose(eng.Scope.Accounts, accounts, func(x engagement.Exclusion, a string) bool { return x.Account == a && x.Region == "" })
	s.regions = s.choose(without(eng.Scope.Regions, bundle.Global), regions, func(x engagement.Exclusion, r string) bool { return x.Region == r && x.Account == "" })
	slices.Sort(s.missing)
	if len(s.accounts) == 0 {
		return nil, fmt.Errorf("%w: the engagement's scope and exclusions leave no account", ErrInput)
	}
	for _, n := range slices.Concat(s.accounts, s.regions) {
		s.inScope[n] = true
	}
	return s, nil
}

// choose returns the named accounts or regions, or all that the bundle has, without those that are excluded altogether.
func (s *scope) choose(named, have []string, excluded func(engagement.Exclusion, string) bool) []string {
	from := named
	if len(named) == 0 {
		from = have
	}
	var out []string
	for _, n := range from {
		if slices.ContainsFunc(s.eng.Exclusions, func(x engagement.Exclusion) bool { return x.Resource == "" && excluded(x, n) }) {
			continue
		}
		if !slices.Contains(have, n) {
			s.missing = append(s.missing, n)
		}
		out = append(out, n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func without(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == name })
}

// covers reports whether an account and region are in scope.
func (s *scope) covers(account, region string) bool {
	return s.inScope[account] && s.reaches(account, region)
}

// reaches reports whether a region of an account is in scope where the choice of accounts is left aside.
func (s *scope) reaches(account, region string) bool {
	return (region == bundle.Global || region == otherRegions || s.inScope[region]) && s.sees(account, region)
}

// sees reports whether rules look things up in an account and region: everywhere in the bundle, but for what is excluded.
func (s *scope) sees(account, region string) bool {
	return !slices.ContainsFunc(s.eng.Exclusions, func(x engagement.Exclusion) bool {
		return x.Resource == "" && (x.Account == "" || x.Account == account) && (x.Region == "" || x.Region == region)
	})
}

// reach returns every account that sees may hold for, sorted: those in scope and those of the bundle.
func (s *scope) reach() []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(s.accounts, keys(s.known)))))
}

// places returns the regions in which artifacts of a kind are expected in an account: those in scope and those of the bundle.
// Whether they are in scope is for covers and reaches to say.
func (s *scope) places(k kind, account string) []string {
	if !k.regional {
		return []string{bundle.Global}
	}
	var out []string
	if s.openList[account] {
		out = append(out, otherRegions)
	}
	for _, r := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(s.regions, s.visited)))) {
		if !s.disabled[[2]string{account, r}] || slices.Contains(s.missing, r) {
			out = append(out, r)
		}
	}
	return out
}

// membership says whether a resource is a subject of rules.
type membership int

const (
	inside membership = iota
	outside
	unsure // its tags could not be seen
)

// member judges one artifact by place, pattern and tags.
func (s *scope) member(d artifact, tags string) membership {
	if !s.covers(d.Account, d.Region) {
		return outside
	}
	for _, x := range s.eng.Exclusions {
		if x.Resource != "" && (x.Account == "" || x.Account == d.Account) && (x.Region == "" || x.Region == d.Region) && engagement.Matches(x.Resource, cmp.Or(d.ARN, d.ID)) {
			return outside
		}
	}
	if len(s.eng.Scope.Tags) == 0 || tags == "" {
		return inside
	}
	part, path, _ := strings.Cut(tags, ".")
	info, ok := d.Part(part)
	switch {
	case !ok || info.State == string(bundle.StateGap):
		return unsure
	case info.State == string(bundle.StateAbsent):
		return outside
	}
	have, ok := readTags(d.Data(part), path)
	if !ok {
		return unsure
	}
	for _, t := range s.eng.Scope.Tags {
		if v, ok := have[t.Key]; ok && (t.Value == nil || *t.Value == v) {
			return inside
		}
	}
	return outside
}

// readTags reads the tags at a path of the JSON data of a part: a list of {Key, Value}, of KMS's {TagKey, TagValue}, or
// an object. A member that is not there means that there are no tags.
func readTags(data, path string) (map[string]string, bool) {
	at := json.RawMessage(data)
	for _, name := range strings.Split(path, ".") {
		if path == "" {
			break
		}
		// On the way to the tags of a trail there is a list with one element for each resource that was asked about.
		var list []map[string]json.RawMessage
		var object map[string]json.RawMessage
		if json.Unmarshal(at, &list) == nil {
			if len(list) != 1 {
				return nil, len(list) == 0
			}
			object = list[0]
		} else if json.Unmarshal(at, &object) != nil {
			return nil, false
		}
		next, ok := object[name]
		if !ok || string(next) == "null" {
			return nil, true
		}
		at = next
	}
	var object map[string]string
	if json.Unmarshal(at, &object) == nil {
		return object, true
	}
	var list []struct{ Key, Value, TagKey, TagValue string }
	if json.Unmarshal(at, &list) != nil {
		return nil, false
	}
	out := make(map[string]string, len(list))
	for _, t := range list {
		out[cmp.Or(t.Key, t.TagKey)] = cmp.Or(t.Value, t.TagValue)
	}
	return out, true
}

// packScope is the scope as the pack states it.
func (m *mapper) packScope() pack.Scope {
	out := pack.Scope{
		Accounts: list(m.scope.accounts), Regions: slices.Sorted(slices.Values(append(slices.Clone(m.scope.regions), bundle.Global))),
		Tags: []string{}, Exclusions: []pack.Exclusion{}, OutOfScope: m.tally.outOfScope, Missing: list(m.scope.missing),
	}
	for _, t := range m.eng.Scope.Tags {
		out.Tags = append(out.Tags, t.String())
	}
	for _, x := range m.eng.Exclusions {
		out.Exclusions = append(out.Exclusions, pack.Exclusion{Account: x.Account, Region: x.Region, Resource: x.Resource, Reason: pack.Text(x.Reason), By: x.By})
	}
	return out
}

// list returns s, never nil.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// keys returns the keys of a set, sorted.
func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
