package expr

import (
	"context"
	"encoding/json"
	"time"
)

// Result is what one rule says about one subject. The words are those of a finding.
type Result string

// The four results.
const (
	Pass          Result = "pass"
	Fail          Result = "fail"
	NotAssessed   Result = "not_assessed"
	NotApplicable Result = "not_applicable"
)

// Reasons of an Outcome. Where the result is not_assessed without a reason, Gaps say why.
const (
	ReasonRuleError = "rule_error"      // not_assessed: the expression met data that it did not provide for; see Outcome.Error
	ReasonCostLimit = "cost_limit"      // not_assessed: the work that a rule may cause was used up, or the context ended
	ReasonCondition = "condition_false" // not_applicable: when is false
)

// Scope is the reach of a population that an expression looks up.
type Scope string

// The scopes, by the macro that names them.
const (
	ScopeAll  Scope = "all"     // this account, every region that the bundle holds and nobody excluded
	ScopeHere Scope = "here"    // this account and this region
	ScopeOrg  Scope = "all_org" // every account and region that the bundle holds and nobody excluded
)

// Lookup names a population.
type Lookup struct {
	Scope Scope
	Kind  string
}

// Population is all artifacts of a kind within a scope, as far as they were seen.
type Population struct {
	Items    []*Doc
	Complete bool // every artifact of the kind is in Items
}

// Input is what a rule is evaluated on. It is read only.
type Input struct {
	Resource    *Doc // nil for a rule per region or account
	Populations func(Scope, string) *Population
	AsOf        time.Time
	Account     string
	Region      string
}

// Gap is something that a rule needed and that could not be seen.
type Gap struct {
	Lookup Lookup // the incomplete population; zero for a part
	Kind   string // alone: unseen("kind"), nothing of it was collected
	Record Digest // of the artifact whose part it is; zero for a population
	Part   string // empty for a population
	Absent bool   // the record does not hold the part at all
}

// Outcome is the result of one rule on one subject.
type Outcome struct {
	Result    Result
	Reason    string   // see the Reason constants
	Error     string   // for ReasonRuleError and ReasonCostLimit: one English sentence
	Gaps      []Gap    // for not_assessed: what was not seen, in the order in which it was met
	Facts     []Fact   // for the other results: the values that decided; what the other side of a deciding && or || says is left out
	FactsCut  int      // facts beyond MaxFacts in one loop
	Consulted []Lookup // populations that the outcome rests on
}

// Fact is one value that decided. It points into the Doc that it came from: read it before that Doc is Reset.
type Fact struct {
	doc  *Doc
	node uint32
	how  factKind
}

type factKind uint8

const (
	factValue      factKind = iota // the value at node
	factState                      // the state of the part whose object is at node
	factPreset                     // a value of the documented default of an absent part
	factPopulation                 // a population; node is the number of the lookup
)

// Record is the digest of the record that holds the value.
func (f Fact) Record() Digest { return f.source().Digest }

// Doc is the artifact that holds the value.
func (f Fact) Doc() *Doc { return f.source() }

func (f Fact) source() *Doc {
	if f.how == factPreset {
		return f.doc.origin
	}
	return f.doc
}

// Pointer is the RFC 6901 pointer of the value in its record. For a documented default it points to the state of the
// absent part.
func (f Fact) Pointer() string {
	switch f.how {
	case factState:
		return f.doc.pointer(f.node) + "/state"
	case factPreset:
		return "/parts/" + escapePointer(f.doc.name) + "/state"
	}
	return f.doc.pointer(f.node)
}

// Part is the name of the part that the value belongs to.
func (f Fact) Part() string {
	if f.how == factPreset {
		return f.doc.name
	}
	for i := range f.doc.parts {
		if p := &f.doc.parts[i]; p.node <= f.node && f.node < f.doc.nodes[p.node].next {
			return p.name
		}
	}
	return ""
}

// Value is the JSON text of the value.
func (f Fact) Value() json.RawMessage {
	switch f.how {
	case factState:
		if i, ok := f.doc.member(f.node, "state"); ok {
			return json.RawMessage(f.doc.raw(i))
		}
	case factPreset:
		return json.RawMessage(`"` + stateAbsent + `"`)
	}
	return json.RawMessage(f.doc.raw(f.node))
}

// Eval decides one rule on one subject. It is safe for concurrent use.
func (p *Program) Eval(ctx context.Context, in Input) Outcome {
	e := p.states.Get().(*state)
	defer p.states.Put(e)
	e.reset(ctx, p, in)
	if in.Resource == nil && p.rule.Per == PerResource || in.Resource != nil && in.Resource.Kind != p.rule.Kind {
		return Outcome{Result: NotAssessed, Reason: ReasonRuleError, Error: "the rule is about " + p.rule.Kind + " and was given something else"}
	}
	when := p.when(e)
	switch {
	case e.stopped != "":
		return Outcome{Result: NotAssessed, Reason: ReasonCostLimit, Error: e.stopped}
	case when.bad():
		return e.unseen(when, "when", p.whenInfo)
	case !when.isTrue():
		return e.decided(NotApplicable, ReasonCondition)
	}
	expect := p.expect(e)
	switch {
	case e.stopped != "":
		return Outcome{Result: NotAssessed, Reason: ReasonCostLimit, Error: e.stopped}
	case expect.bad():
		return e.unseen(expect, "expect", p.expectInfo)
	case expect.isTrue():
		return e.decided(Pass, "")
	}
	return e.decided(Fail, "")
}

// unseen is the outcome of an expression that came out unknown or in error.
func (e *state) unseen(v value, field string, at positions) Outcome {
	o := Outcome{Result: NotAssessed, Consulted: e.consulted(true)}
	if v.kind == kindUnknown {
		o.Gaps = v.gaps()
		return o
	}
	o.Reason, o.Error = ReasonRuleError, field+at.of(v.num)+": "+v.str
	return o
}

func (e *state) decided(r Result, reason string) Outcome {
	o := Outcome{Result: r, Reason: reason, FactsCut: e.cut, Consulted: e.consulted(false)}
	n := 0
	for _, f := range e.facts {
		if f.how != factPopulation {
			n++
		}
	}
	o.Facts = make([]Fact, 0, n)
	for _, f := range e.facts {
		if f.how != factPopulation && !seen(o.Facts, f) {
			o.Facts = append(o.Facts, f)
		}
	}
	return o
}

// seen says whether f is among the last facts: an expression that reads a value twice does so within a few steps.
func seen(facts []Fact, f Fact) bool {
	for i := len(facts) - 1; i >= 0 && i >= len(facts)-16; i-- {
		if facts[i] == f {
			return true
		}
	}
	return false
}

// consulted returns the populations behind the facts, or (unseen) every population that was looked at.
func (e *state) consulted(all bool) []Lookup {
	var out []Lookup
	for i := range e.pops {
		if all && e.pops[i].used || !all && e.rests(i) {
			out = append(out, e.prog.lookups[i])
		}
	}
	return out
}

func (e *state) rests(lookup int) bool {
	for _, f := range e.facts {
		if f.how == factPopulation && int(f.node) == lookup {
			return true
		}
	}
	return false
}
