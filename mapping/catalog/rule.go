package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

func (l *loader) readRules(f *file) {
	for _, t := range f.root().tables("rule") {
		r := &Rule{
			ID: t.str("id"), Kind: t.str("kind"), Per: expr.Per(t.str("per")), Severity: pack.Severity(t.str("severity")), Layer: t.str("layer"),
			Title: t.text("title"), Why: t.text("why"), Remediation: t.text("remediation"), References: t.strs("references"),
			When: t.str("when"), Expect: t.str("expect"), Custom: f.custom, File: f.name, Line: t.line(), Digest: definitionDigest(t.m),
		}
		if !f.custom && r.ID != "" && !strings.HasPrefix(r.ID, f.base+".") {
			l.problems.add(f.name, t.lineOf("id"), "rule %s does not belong into this file: its id begins with another service", r.ID)
		}
		for _, x := range t.tables("example") {
			r.Examples = append(r.Examples, Example{
				Result: pack.Result(x.str("result")), R: x.str("r"), All: x.str("all"), Here: x.str("here"), AllOrg: x.str("all_org"), AsOf: x.str("as_of"),
				AccountID: x.str("account_id"), Region: x.str("region"), ARN: x.str("arn"), Line: x.line(),
			})
		}
		l.compiling = append(l.compiling, compiling{t, r})
		if r.ID != "" && l.first("rule "+r.ID, f, t.lineOf("id")) {
			l.c.Rules = append(l.c.Rules, r)
			l.c.rules[r.ID] = r
		}
	}
}

// definitionDigest is the version of a rule: over everything but its examples.
func definitionDigest(m map[string]any) string {
	m = maps.Clone(m)
	delete(m, "example")
	b, err := json.Marshal(m) // maps are written with sorted keys
	if err != nil {
		return "" // a value that JSON does not have, which the schema has refused
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])[:12]
}

// compiling is a rule whose expressions are still to be compiled.
type compiling struct {
	table table
	rule  *Rule
}

// compile compiles the expressions of all rules that were read, as many at a time as there are processors.
func (l *loader) compile() {
	found := make([]Problems, len(l.compiling))
	parallel(len(l.compiling), func(i int) {
		c := l.compiling[i]
		c.expressions(l.c.env, &found[i])
		c.examples(l.c.Shapes, &found[i])
	})
	for _, p := range found {
		l.problems = append(l.problems, p...)
	}
	l.compiling = nil
}

// expressions compiles the expressions, with the lines of their mistakes in the file.
func (c compiling) expressions(env *expr.Env, problems *Problems) {
	t, r := c.table, c.rule
	if r.Kind == "" || r.When == "" || r.Expect == "" || !slices.Contains([]expr.Per{expr.PerResource, expr.PerRegion, expr.PerAccount}, r.Per) {
		return // reported by the schema
	}
	p, err := env.Compile(expr.Rule{Kind: r.Kind, Per: r.Per, When: r.When, Expect: r.Expect, Custom: r.Custom})
	var mistakes expr.CompileErrors
	switch {
	case errors.As(err, &mistakes):
		for _, m := range mistakes {
			if m.Field == "" {
				problems.add(r.File, t.lineOf("kind"), "rule %s: %s", r.ID, m.Message)
				continue
			}
			problems.add(r.File, t.valueLine(m.Field)+m.Line-1, "rule %s, %s, column %d: %s", r.ID, m.Field, m.Column, m.Message)
		}
	case err != nil:
		problems.add(r.File, r.Line, "rule %s: %v", r.ID, err)
	}
	r.Program = p
}

// examples asks for an example of each result that a rule must show. Those of custom rules are run.
func (c compiling) examples(shapes *expr.Shapes, problems *Problems) {
	r := c.rule
	for _, want := range []pack.Result{pack.Pass, pack.Fail, pack.NotAssessed} {
		if !slices.ContainsFunc(r.Examples, func(x Example) bool { return x.Result == want }) {
			problems.add(r.File, r.Line, "rule %s has no example with the result %s", r.ID, want)
		}
	}
	if r.Custom && r.Program != nil {
		r.runExamples(shapes, problems)
	}
}
