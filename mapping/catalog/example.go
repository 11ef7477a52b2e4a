package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/auditpack/auditpack/mapping/expr"
)

// What an example is about where it does not say so.
const (
	exampleAccount = "111122223333"
	exampleRegion  = "us-east-1"
	exampleTime    = "2026-01-01T00:00:00Z"
	exampleID      = "example"
	exampleLimit   = 10 * time.Second
)

// RunExamples runs the examples of every rule and returns the mistakes as Problems.
func (c *Catalog) RunExamples() error {
	var problems Problems
	for _, r := range c.Rules {
		r.runExamples(c.Shapes, &problems)
	}
	return problems.err()
}

func (r *Rule) runExamples(shapes *expr.Shapes, problems *Problems) {
	for _, x := range r.Examples {
		in, docs, err := r.input(x)
		if err != nil {
			problems.add(r.File, x.Line, "rule %s, example: %v", r.ID, err)
			continue
		}
		for _, d := range docs {
			for _, err := range shapes.CheckDoc(d) {
				problems.add(r.File, x.Line, "rule %s, example: %v", r.ID, err)
			}
		}
		if got := r.eval(in); string(got.Result) != string(x.Result) {
			problems.add(r.File, x.Line, "rule %s: the example is %s, and the rule says %s%s", r.ID, x.Result, got.Result, because(got))
		}
	}
}

// because explains an outcome that surprises the author of a rule.
func because(o expr.Outcome) string {
	var why []string
	if o.Error != "" {
		why = append(why, o.Error)
	}
	for _, g := range o.Gaps {
		switch {
		case g.Part != "":
			why = append(why, fmt.Sprintf("part %s of %s is a gap", g.Part, g.Kind))
		case g.Lookup.Kind != "":
			why = append(why, fmt.Sprintf("the population %s(%q) is incomplete", g.Lookup.Scope, g.Lookup.Kind))
		default:
			why = append(why, fmt.Sprintf("unseen(%q)", g.Kind))
		}
	}
	for _, f := range o.Facts {
		why = append(why, fmt.Sprintf("%s is %s", f.Pointer(), f.Value()))
	}
	if len(why) == 0 {
		return ""
	}
	return ": " + strings.Join(why[:min(len(why), 5)], "; ")
}

// Run evaluates the rule on one example.
func (r *Rule) Run(x Example) (expr.Outcome, error) {
	in, _, err := r.input(x)
	if err != nil {
		return expr.Outcome{}, fmt.Errorf("rule %s, example at %s:%d: %w", r.ID, r.File, x.Line, err)
	}
	return r.eval(in), nil
}

func (r *Rule) eval(in expr.Input) expr.Outcome {
	ctx, cancel := context.WithTimeout(context.Background(), exampleLimit)
	defer cancel()
	return r.Program.Eval(ctx, in)
}

// input makes the artifacts of an example.
func (r *Rule) input(x Example) (in expr.Input, docs []*expr.Doc, err error) {
	in = expr.Input{Account: or(x.AccountID, exampleAccount), Region: or(x.Region, exampleRegion)}
	if in.AsOf, err = time.Parse(time.RFC3339, or(x.AsOf, exampleTime)); err != nil {
		return in, nil, fmt.Errorf("as_of: %w", err)
	}
	switch {
	case r.Per == expr.PerResource:
		self := identity{Account: in.Account, Region: in.Region, ID: exampleID, ARN: x.ARN}
		d, err := artifact(r.Kind, self, json.RawMessage(or(x.R, "{}")), 0)
		if err != nil {
			return in, nil, fmt.Errorf("r: %w", err)
		}
		in.Resource = d
		docs = append(docs, d)
	case x.R != "":
		return in, nil, fmt.Errorf("r: the rule is evaluated per %s and has no r", r.Per)
	}
	pops := map[expr.Lookup]*expr.Population{}
	for _, p := range []struct {
		scope expr.Scope
		text  string
	}{{expr.ScopeAll, x.All}, {expr.ScopeHere, or(x.Here, x.All)}, {expr.ScopeOrg, or(x.AllOrg, x.All)}} {
		made, err := populations(p.text, in, len(docs))
		if err != nil {
			return in, nil, fmt.Errorf("%s: %w", p.scope, err)
		}
		for kind, pop := range made {
			pops[expr.Lookup{Scope: p.scope, Kind: kind}] = pop
			docs = append(docs, pop.Items...)
		}
	}
	in.Populations = func(s expr.Scope, kind string) *expr.Population { return pops[expr.Lookup{Scope: s, Kind: kind}] }
	return in, docs, nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// identity is what an artifact of an example is called.
type identity struct {
	Kind    string          `json:"kind"`
	Account string          `json:"account"`
	Region  string          `json:"region"`
	ID      string          `json:"id"`
	ARN     string          `json:"arn"`
	Parts   json.RawMessage `json:"parts"`
}

// artifact makes the record of an artifact. Its digest is its number.
func artifact(kind string, as identity, parts json.RawMessage, n int) (*expr.Doc, error) {
	as.Kind, as.Parts = kind, parts
	line, err := json.Marshal(as)
	if err != nil {
		return nil, err
	}
	return expr.ParseArtifact(line, expr.Digest{byte(n >> 8), byte(n)})
}

// populations reads the populations of an example: {"kind":{"complete":true,"items":[{parts}]}}. Beside its parts an
// item may name its account, region, arn and id.
func populations(text string, in expr.Input, n int) (map[string]*expr.Population, error) {
	if text == "" {
		return nil, nil
	}
	var raw map[string]struct {
		Complete *bool                        `json:"complete"`
		Items    []map[string]json.RawMessage `json:"items"`
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return nil, err
	}
	out := map[string]*expr.Population{}
	for _, kind := range slices.Sorted(maps.Keys(raw)) {
		p := raw[kind]
		if p.Complete == nil {
			return nil, fmt.Errorf("%s: complete is missing", kind)
		}
		pop := &expr.Population{Complete: *p.Complete}
		for i, item := range p.Items {
			as := identity{Account: in.Account, Region: in.Region, ID: fmt.Sprintf("item-%d", i)}
			for name, to := range map[string]*string{"account": &as.Account, "region": &as.Region, "arn": &as.ARN, "id": &as.ID} {
				if v, ok := item[name]; ok {
					if err := json.Unmarshal(v, to); err != nil {
						return nil, fmt.Errorf("%s, item %d, %s: %w", kind, i, name, err)
					}
					delete(item, name)
				}
			}
			parts, err := json.Marshal(item)
			if err != nil {
				return nil, err
			}
			n++
			doc, err := artifact(kind, as, parts, n)
			if err != nil {
				return nil, fmt.Errorf("item %d: %w", i, err)
			}
			pop.Items = append(pop.Items, doc)
		}
		out[kind] = pop
	}
	if _, err := d.Token(); err == nil {
		return nil, errors.New("data after the object")
	}
	return out, nil
}
