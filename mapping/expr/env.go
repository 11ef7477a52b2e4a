// Package expr evaluates the expressions of rules over artifacts: the Common Expression Language (CEL, cel.dev), parsed
// and type-checked by cel-go against the shapes of the AWS API's answers, so that a misspelt member is a load error.
//
// The checked expression is compiled to Go closures instead of being run by cel-go's interpreter, for three things that
// it does not have: the facts that decided a result, lists of which the rest was not seen, and equality that
// refuses to compare different types. On data without gaps both give the same answers; a test holds them together.
//
// Evaluation is monotone: an unknown value, or an error, leads either to an outcome that is not assessed or to the
// outcome that every value in its place would have led to. Nothing that was not seen can therefore make a rule pass
// or fail, and no call that was denied can change one definite outcome into another. A test walks a small model exhaustively.
package expr

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// Per says what a rule is evaluated on.
type Per string

// The subjects of a rule. A rule per region or account requires that something exists.
const (
	PerResource Per = "resource"
	PerRegion   Per = "region"
	PerAccount  Per = "account"
)

// Rule is what the expression engine needs to know of a rule.
type Rule struct {
	Kind   string
	Per    Per
	When   string
	Expect string
	Custom bool // not ours: the work that it may cause is bounded
}

// Limits of an expression. An expression beyond them is refused when it is loaded.
const (
	MaxExpression = 16 << 10 // code points
	maxNodes      = 4000
	maxNesting    = 100

	// CustomSteps bounds the work of one evaluation of a custom rule: elements visited, functions called, text made.
	CustomSteps = 5_000_000
)

// CompileError is a mistake in an expression.
type CompileError struct {
	Field   string // "when", "expect"; empty for the rule as a whole
	Line    int    // 1-based, within the expression
	Column  int    // 1-based, in characters
	Message string
}

func (e *CompileError) Error() string {
	if e.Field == "" {
		return e.Message
	}
	return fmt.Sprintf("%s, line %d, column %d: %s", e.Field, e.Line, e.Column, e.Message)
}

// CompileErrors is every mistake that was found in a rule's expressions.
type CompileErrors []*CompileError

func (e CompileErrors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Env compiles rules. It is safe for concurrent use.
type Env struct {
	shapes   *Shapes
	base     *cel.Env
	provider *provider
	defaults map[[2]string]*tree

	functions map[string]*function

	mu    sync.Mutex
	kinds map[string]*cel.Env // with r of that kind

	diagnosing sync.Mutex
	diagnosis  *Env // compiles again what has mistakes, alone, to find out what its type checker missed
}

// New prepares the expression engine for the given shapes.
func New(s *Shapes) (*Env, error) {
	reg, err := types.NewRegistry()
	if err != nil {
		return nil, fmt.Errorf("preparing the expression engine: %w", err)
	}
	defaults, err := parseDefaults()
	if err != nil {
		return nil, err
	}
	e := &Env{shapes: s, provider: &provider{Provider: reg, shapes: s}, defaults: defaults,
		functions: map[string]*function{}, kinds: map[string]*cel.Env{}}
	opts := []cel.EnvOption{
		cel.CustomTypeProvider(e.provider),
		cel.ParserExpressionSizeLimit(MaxExpression),
		cel.ParserRecursionLimit(maxNesting),
		cel.CrossTypeNumericComparisons(true),
		cel.EnableMacroCallTracking(),
		cel.Variable("as_of", cel.TimestampType),
		cel.Variable("account_id", cel.StringType),
		cel.Variable("region", cel.StringType),
		cel.Macros(e.lookupMacro(ScopeAll), e.lookupMacro(ScopeHere), e.lookupMacro(ScopeOrg)),
	}
	for _, f := range functions() {
		e.functions[f.name] = f
		opts = append(opts, f.declare())
	}
	for _, kind := range s.KindNames() {
		for _, scope := range []Scope{ScopeAll, ScopeHere, ScopeOrg} {
			opts = append(opts, cel.Variable(lookupName(Lookup{scope, kind}), cel.ListType(kindType(kind))))
		}
	}
	if e.base, err = cel.NewEnv(opts...); err != nil {
		return nil, fmt.Errorf("preparing the expression engine: %w", err)
	}
	return e, nil
}

// lookupName is the variable that a population stands for after its macro was expanded. Nobody can write it.
func lookupName(l Lookup) string { return "@" + string(l.Scope) + " " + l.Kind }

func lookupOf(ident string) (Lookup, bool) {
	scope, kind, ok := strings.Cut(ident, " ")
	if !ok || !strings.HasPrefix(scope, "@") {
		return Lookup{}, false
	}
	return Lookup{Scope(scope[1:]), kind}, true
}

// lookupMacro makes all("kind"), here("kind") and all_org("kind") variables, so that their elements have a type.
func (e *Env) lookupMacro(scope Scope) cel.Macro {
	return cel.GlobalMacro(string(scope), 1, func(f cel.MacroExprFactory, _ celast.Expr, args []celast.Expr) (celast.Expr, *common.Error) {
		a := args[0]
		kind, ok := stringLiteral(a)
		if !ok {
			return nil, f.NewError(a.ID(), fmt.Sprintf("%s() takes the name of a kind in quotes", scope))
		}
		k, ok := e.shapes.Kinds[kind]
		if !ok {
			return nil, f.NewError(a.ID(), fmt.Sprintf("there is no kind %q%s", kind, DidYouMean(kind, e.shapes.KindNames())))
		}
		if scope == ScopeHere && k.Scope != "region" {
			return nil, f.NewError(a.ID(), fmt.Sprintf("%s is not kept per region: use all(%q)", kind, kind))
		}
		return f.NewIdent(lookupName(Lookup{scope, kind})), nil
	})
}

func stringLiteral(x celast.Expr) (string, bool) {
	if x.Kind() != celast.LiteralKind {
		return "", false
	}
	s, ok := x.AsLiteral().(types.String)
	return string(s), ok
}

// env returns the CEL environment of a rule.
func (e *Env) env(r Rule) (*cel.Env, error) {
	if r.Per != PerResource {
		return e.base, nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if env, ok := e.kinds[r.Kind]; ok {
		return env, nil
	}
	env, err := e.base.Extend(cel.Variable("r", kindType(r.Kind)))
	if err != nil {
		return nil, fmt.Errorf("preparing the expressions of %s: %w", r.Kind, err)
	}
	e.kinds[r.Kind] = env
	return env, nil
}

// Compile checks the two expressions of a rule. A mistake of the rule's author is a CompileErrors with every mistake found.
func (e *Env) Compile(r Rule) (*Program, error) {
	if _, ok := e.shapes.Kinds[r.Kind]; !ok {
		return nil, CompileErrors{{Message: fmt.Sprintf("there is no kind %q%s", r.Kind, DidYouMean(r.Kind, e.shapes.KindNames()))}}
	}
	env, err := e.env(r)
	if err != nil {
		return nil, err
	}
	p := &Program{rule: r, defaults: e.defaults}
	if r.Custom {
		p.budget = CustomSteps
	}
	c := &compiler{env: e, prog: p, guarded: map[[2]string]bool{}, opened: map[[2]string]opening{}}
	when := c.compile(env, "when", r.When)
	expect := c.compile(env, "expect", r.Expect)
	c.lint(when, expect)
	if len(c.errs) > 0 {
		if e.provider.record {
			return nil, c.errs
		}
		return nil, e.diagnose(r, c.errs)
	}
	p.when, p.whenInfo = when.run, when.at
	p.expect, p.expectInfo = expect.run, expect.at
	p.states.New = func() any {
		return &state{locals: make([]value, p.locals), pops: make([]popState, len(p.lookups))}
	}
	slices.SortFunc(p.parts, func(a, b PartRef) int {
		return strings.Compare(a.Kind+"\x00"+a.Part, b.Kind+"\x00"+b.Part)
	})
	return p, nil
}

// diagnose compiles a rule that has mistakes once more, for messages that name what exists.
func (e *Env) diagnose(r Rule, known CompileErrors) error {
	e.diagnosing.Lock()
	defer e.diagnosing.Unlock()
	if e.diagnosis == nil {
		d, err := New(e.shapes)
		if err != nil {
			return known
		}
		d.provider.record = true
		e.diagnosis = d
	}
	if _, err := e.diagnosis.Compile(r); err != nil {
		return err
	}
	return known
}

// Program is a compiled rule. It is safe for concurrent use.
type Program struct {
	rule       Rule
	when       run
	expect     run
	whenInfo   positions
	expectInfo positions
	lookups    []Lookup
	parts      []PartRef
	locals     int
	budget     int64
	defaults   map[[2]string]*tree
	states     sync.Pool
}

// PartRef names a part of a kind.
type PartRef struct{ Kind, Part string }

// Lookups returns the populations that the rule looks up.
func (p *Program) Lookups() []Lookup { return slices.Clone(p.lookups) }

// Parts returns the parts that the rule reads, of its own kind and of looked-up ones, sorted.
func (p *Program) Parts() []PartRef { return slices.Clone(p.parts) }

// positions finds the place of an expression node in its text.
type positions struct{ info *celast.SourceInfo }

// of returns " (line 1, column 5)".
func (p positions) of(id int64) string {
	if p.info == nil {
		return ""
	}
	l := p.info.GetStartLocation(id)
	if l.Line() <= 0 {
		return ""
	}
	return fmt.Sprintf(" (line %d, column %d)", l.Line(), l.Column()+1)
}

// DidYouMean returns a hint that names what resembles name, or everything there is where that is little.
func DidYouMean(name string, have []string) string {
	type near struct {
		name string
		d    int
	}
	var found []near
	for _, h := range have {
		d := distance(strings.ToLower(name), strings.ToLower(h))
		if d <= 1+utf8.RuneCountInString(name)/3 || len(name) >= 4 && strings.Contains(strings.ToLower(h), strings.ToLower(name)) {
			found = append(found, near{h, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.d - b.d })
	var names []string
	for _, f := range found {
		names = append(names, f.name)
	}
	switch {
	case len(names) > 0:
		return "; did you mean " + strings.Join(names[:min(3, len(names))], " or ") + "?"
	case len(have) == 0:
		return ""
	case len(have) > 15:
		return "; there are " + strings.Join(have[:15], ", ") + ", …"
	}
	return "; there are " + strings.Join(have, ", ")
}

// distance is the Levenshtein distance of two strings in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next := min(row[j]+1, row[j-1]+1, diagonal+cost)
			diagonal, row[j] = row[j], next
		}
	}
	return row[len(b)]
}
