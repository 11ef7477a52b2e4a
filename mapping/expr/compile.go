package expr

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// run computes one expression node.
type run func(*state) value

// compiler turns the two checked expressions of a rule into closures.
type compiler struct {
	env     *Env
	prog    *Program
	field   string
	ast     *celast.AST
	scope   []string // names of the loop variables, innermost last
	errs    CompileErrors
	guarded map[[2]string]bool    // parts that are compared with null
	opened  map[[2]string]opening // parts that may be null and are read
}

type opening struct {
	field string
	at    positions
	id    int64
}

// compiled is one expression.
type compiled struct {
	run run
	ast *celast.AST
	at  positions
}

func (c *compiler) errorf(id int64, format string, args ...any) {
	c.errorAt(c.field, positions{c.ast.SourceInfo()}, id, fmt.Sprintf(format, args...))
}

func (c *compiler) errorAt(field string, at positions, id int64, msg string) {
	l := at.info.GetStartLocation(id)
	c.errs = append(c.errs, &CompileError{field, max(l.Line(), 1), max(l.Column(), 0) + 1, msg})
}

func (c *compiler) compile(env *cel.Env, field, source string) compiled {
	c.field = field
	if strings.TrimSpace(source) == "" {
		c.errs = append(c.errs, &CompileError{field, 1, 1, "there is no expression; write true where it always applies"})
		return compiled{}
	}
	if c.env.provider.record {
		c.env.provider.missed = nil
	}
	checked, issues := env.Compile(source)
	if issues.Err() != nil {
		c.report(issues)
		return compiled{}
	}
	c.ast = checked.NativeRep()
	if n := celast.NodeCount(c.ast); n > maxNodes {
		c.errs = append(c.errs, &CompileError{field, 1, 1, fmt.Sprintf("the expression has %d nodes, more than %d", n, maxNodes)})
		return compiled{}
	}
	root := c.ast.Expr()
	if t := c.ast.GetType(root.ID()); t.Kind() != types.BoolKind {
		c.errorf(root.ID(), "the expression gives %s; it must be true or false", cel.FormatCELType(t))
		return compiled{}
	}
	return compiled{c.node(root), c.ast, positions{c.ast.SourceInfo()}}
}

// node compiles one expression node.
func (c *compiler) node(x celast.Expr) run {
	switch x.Kind() {
	case celast.LiteralKind:
		v, ok := literal(x)
		if !ok {
			c.errorf(x.ID(), "literals of this type are not available in rules")
		}
		return func(*state) value { return v }
	case celast.IdentKind:
		return c.ident(x)
	case celast.SelectKind:
		if x.AsSelect().IsTestOnly() {
			return c.has(x)
		}
		return c.selection(x)
	case celast.ListKind:
		return c.list(x)
	case celast.CallKind:
		return c.call(x)
	case celast.ComprehensionKind:
		return c.loop(x)
	}
	c.errorf(x.ID(), "map and structure literals are not available in rules")
	return never
}

// never stands for a node that could not be compiled; the program is refused.
func never(*state) value { return value{kind: kindError} }

func literal(x celast.Expr) (value, bool) {
	switch l := x.AsLiteral().(type) {
	case types.Bool:
		return boolean(bool(l)), true
	case types.Int:
		return integer(int64(l)), true
	case types.Double:
		return double(float64(l)), true
	case types.String:
		return text(string(l)), true
	case types.Null:
		return value{}, true
	}
	return value{}, false
}

func (c *compiler) ident(x celast.Expr) run {
	name := x.AsIdent()
	for i := len(c.scope) - 1; i >= 0; i-- {
		if c.scope[i] == name {
			return func(e *state) value { return e.locals[i] }
		}
	}
	switch name {
	case "r":
		return func(e *state) value { return value{kind: kindArtifact, doc: e.in.Resource} }
	case "as_of":
		return func(e *state) value { return moment(e.in.AsOf) }
	case "account_id":
		return func(e *state) value { return text(e.in.Account) }
	case "region":
		return func(e *state) value { return text(e.in.Region) }
	}
	l, ok := lookupOf(name)
	if !ok {
		c.errorf(x.ID(), "%s cannot be used as a value", name)
		return never
	}
	i := slices.Index(c.prog.lookups, l)
	if i < 0 {
		i = len(c.prog.lookups)
		c.prog.lookups = append(c.prog.lookups, l)
	}
	return func(e *state) value { return e.population(i) }
}

// population returns the value of a lookup, asked for once in an evaluation.
func (e *state) population(i int) value {
	p := &e.pops[i]
	if p.used {
		return p.v
	}
	p.used = true
	l := e.prog.lookups[i]
	var pop *Population
	if e.in.Populations != nil {
		pop = e.in.Populations(l.Scope, l.Kind)
	}
	made := &list{pop: i + 1}
	if pop != nil {
		made.docs = pop.Items
	}
	if pop == nil || !pop.Complete {
		made.rest = unknown(Gap{Lookup: l, Kind: l.Kind})
	}
	p.v = value{kind: kindList, list: made}
	return p.v
}

// kindOf returns the artifact kind of an expression, "" if it is none.
func (c *compiler) kindOf(x celast.Expr) string { return kindOf(c.ast.GetType(x.ID())) }

func (c *compiler) selection(x celast.Expr) run {
	s := x.AsSelect()
	id, name := x.ID(), s.FieldName()
	operand := c.node(s.Operand())
	if kind := c.kindOf(s.Operand()); kind != "" {
		c.usePart(kind, name)
		return func(e *state) value {
			v := operand(e)
			if v.kind != kindArtifact {
				return notMember(v, name, id)
			}
			return e.part(v.doc, name, id)
		}
	}
	if kind, part, ok := c.partOf(s.Operand()); ok {
		c.opens(kind, part, id)
	}
	want := shapeOf(c.ast.GetType(id))
	return func(e *state) value {
		v := operand(e)
		if v.kind != kindObject {
			return notMember(v, name, id)
		}
		i, ok := v.doc.member(v.node, name)
		if !ok || v.doc.nodes[i].kind == nodeNull && want.kind != types.DynKind {
			return missing(v, name, id)
		}
		return e.load(v.doc, i, want, id)
	}
}

// notMember is the value of a member of something that is not an object.
func notMember(v value, name string, id int64) value {
	if v.bad() {
		return v
	}
	if v.kind == kindNull {
		return failure(id, "%s is a member of null: nothing is configured there", name)
	}
	return failure(id, "%s is a member of %s", name, v.shape())
}

func missing(v value, name string, id int64) value {
	d := v.doc.subject()
	return failure(id, "%s %q has no member %s at %s", d.Kind, d.ID, name, v.doc.pointer(v.node))
}

// partOf returns the part that an expression such as r.Policy names.
func (c *compiler) partOf(x celast.Expr) (kind, part string, ok bool) {
	if x.Kind() != celast.SelectKind || x.AsSelect().IsTestOnly() {
		return "", "", false
	}
	kind = c.kindOf(x.AsSelect().Operand())
	return kind, x.AsSelect().FieldName(), kind != ""
}

func (c *compiler) usePart(kind, part string) {
	if ref := (PartRef{kind, part}); !slices.Contains(c.prog.parts, ref) {
		c.prog.parts = append(c.prog.parts, ref)
	}
}

// has compiles has(x.y): whether a document has the member.
func (c *compiler) has(x celast.Expr) run {
	s := x.AsSelect()
	id, name := x.ID(), s.FieldName()
	if kind := c.kindOf(s.Operand()); kind != "" {
		c.errorf(id, "has() tests members inside documents; %s is a part of %s and is never missing: compare it with null", name, kind)
		return never
	}
	if kind, part, ok := c.partOf(s.Operand()); ok {
		c.opens(kind, part, id)
	}
	operand := c.node(s.Operand())
	return func(e *state) value {
		v := operand(e)
		if v.kind != kindObject {
			return notMember(v, name, id)
		}
		i, ok := v.doc.member(v.node, name)
		if !ok || v.doc.nodes[i].kind == nodeNull {
			e.fact(v.doc, v.node)
			return boolean(false)
		}
		e.fact(v.doc, i)
		return boolean(true)
	}
}

// list compiles a list literal; one of constants is made once.
func (c *compiler) list(x celast.Expr) run {
	var elems []run
	fixed := &list{}
	for _, el := range x.AsList().Elements() {
		elems = append(elems, c.node(el))
		if el.Kind() == celast.LiteralKind {
			v, _ := literal(el)
			fixed.items = append(fixed.items, v)
		}
	}
	if len(fixed.items) == len(elems) {
		v := value{kind: kindList, list: fixed}
		return func(*state) value { return v }
	}
	return func(e *state) value {
		l := &list{items: make([]value, 0, len(elems))}
		var bad joiner
		for _, el := range elems {
			v := el(e)
			if v.bad() {
				bad.add(v)
			}
			l.items = append(l.items, v)
		}
		if bad.v.bad() {
			return bad.v
		}
		return value{kind: kindList, list: l}
	}
}

func (c *compiler) call(x celast.Expr) run {
	call := x.AsCall()
	name := call.FunctionName()
	var exprs []celast.Expr
	if call.IsMemberFunction() {
		exprs = append(exprs, call.Target())
	}
	exprs = append(exprs, call.Args()...)
	args := make([]run, len(exprs))
	for i, a := range exprs {
		args[i] = c.node(a)
	}
	switch name {
	case operators.LogicalAnd:
		return logic(args, false, x.ID())
	case operators.LogicalOr:
		return logic(args, true, x.ID())
	case operators.Conditional:
		return conditional(args, x.ID())
	case operators.Equals, operators.NotEquals:
		return c.equality(x.ID(), name == operators.Equals, exprs, args)
	case operators.In:
		return contains(x.ID(), args)
	case operators.Index:
		return c.index(x.ID(), exprs, args)
	case "size":
		return size(x.ID(), args[0])
	case "matches":
		return c.matches(x.ID(), exprs, args)
	}
	if op := binaryNamed(name); op != nil && len(args) == 2 {
		return strict2(x.ID(), args[0], args[1], op)
	}
	if op := unaryNamed(name); op != nil && len(args) == 1 {
		return strict1(x.ID(), args[0], op)
	}
	if f := c.env.functions[name]; f != nil {
		if f.whole && c.kindOf(exprs[0]) == "" {
			c.errorf(x.ID(), "%s() takes a whole artifact: r, or an element of a population", name)
		}
		if f.check != nil {
			if msg := f.check(exprs); msg != "" {
				c.errorf(x.ID(), "%s", msg)
			}
		}
		return strict(x.ID(), args, func(e *state, id int64, a []value) value {
			if !e.spend(16) {
				return failure(id, "stopped")
			}
			return f.call(e, id, a)
		})
	}
	c.errorf(x.ID(), "function %s is not available in rules%s", name, DidYouMean(name, c.env.functionNames()))
	return never
}

// operation is an operator or function of which every argument must be known.
type operation func(e *state, id int64, args []value) value

func strict1(id int64, arg run, op func(*state, int64, value) value) run {
	return func(e *state) value {
		v := arg(e)
		if v.bad() {
			return v
		}
		return op(e, id, v)
	}
}

// strict evaluates all arguments, so that all that was not seen is named, and then the operation.
func strict(id int64, args []run, op operation) run {
	return func(e *state) value {
		vals := make([]value, len(args))
		var bad joiner
		for i, a := range args {
			if vals[i] = a(e); vals[i].bad() {
				bad.add(vals[i])
			}
		}
		if bad.v.bad() {
			return bad.v
		}
		return op(e, id, vals)
	}
}

// matches compiles the pattern (RE2) once.
func (c *compiler) matches(id int64, exprs []celast.Expr, args []run) run {
	pattern, ok := stringLiteral(exprs[1])
	if !ok {
		c.errorf(id, "matches() takes a pattern in quotes")
		return never
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		c.errorf(exprs[1].ID(), "%v", err)
		return never
	}
	return strict(id, args, func(e *state, id int64, a []value) value {
		if !e.spend(len(a[0].str)) {
			return failure(id, "stopped")
		}
		return boolean(re.MatchString(a[0].str))
	})
}
