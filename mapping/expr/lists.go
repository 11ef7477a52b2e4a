package expr

import (
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

func (l *list) len() int { return len(l.docs) + len(l.items) }

// leanOn notes that the outcome rests on a population as a whole.
func (e *state) leanOn(l *list) {
	if l.pop > 0 {
		e.facts = append(e.facts, Fact{node: uint32(l.pop - 1), how: factPopulation})
	}
}

// each calls yield for every element of a list or key of a map, as far as they are known, and returns what is not
// known of the rest: a bad value, or null.
func (e *state) each(v value, elem *shape, id int64, yield func(value) bool) value {
	switch v.kind {
	case kindArray:
		for i := v.node + 1; i < v.doc.nodes[v.node].next; i = v.doc.nodes[i].next {
			if !yield(e.load(v.doc, i, elem, id)) {
				return value{}
			}
		}
		return value{}
	case kindObject:
		e.fact(v.doc, v.node)
		for i := v.node + 1; i < v.doc.nodes[v.node].next; i = v.doc.nodes[i+1].next {
			if !yield(text(v.doc.str(i))) {
				return value{}
			}
		}
		return value{}
	case kindList:
		for _, d := range v.list.docs {
			if !yield(value{kind: kindArtifact, doc: d}) {
				return value{}
			}
		}
		for _, it := range v.list.items {
			if !yield(it) {
				return value{}
			}
		}
		return v.list.rest
	}
	if v.bad() {
		return v
	}
	return failure(id, "%s is not a list", v.shape())
}

// values returns the elements of a list and what is not known of the rest.
func (e *state) values(v value, id int64) ([]value, value) {
	var out []value
	rest := e.each(v, &shape{kind: types.DynKind, elem: &shape{kind: types.DynKind}}, id, func(x value) bool {
		out = append(out, x)
		return e.spend(1)
	})
	if v.kind == kindList {
		e.leanOn(v.list)
	}
	return out, rest
}

// contains compiles x in list and "key" in map.
func contains(id int64, args []run) run {
	a, b := args[0], args[1]
	return func(e *state) value {
		x, in := a(e), b(e)
		if x.bad() || in.bad() {
			return worse(x, in)
		}
		if in.kind == kindObject {
			if x.kind != kindString {
				return failure(id, "%s is not the key of a map", x.shape())
			}
			i, ok := in.doc.member(in.node, x.str)
			if !ok {
				i = in.node
			}
			e.fact(in.doc, i)
			return boolean(ok)
		}
		return e.find(x, in, id)
	}
}

func (e *state) find(x, in value, id int64) value {
	var bad joiner
	start, found := len(e.facts), false
	rest := e.each(in, &shape{kind: types.DynKind}, id, func(el value) bool {
		before := min(len(e.facts), start)
		if el.kind != kindArtifact && in.kind == kindArray {
			before = max(start, len(e.facts)-1) // the element itself was noted when it was read
		}
		v := el
		if !el.bad() {
			v = e.equal(x, el, true, id)
		}
		if v.bad() {
			bad.add(v)
		}
		if found = v.isTrue(); found {
			e.drop(start, before)
		}
		return !found && e.spend(1)
	})
	if found {
		return boolean(true)
	}
	if rest.bad() {
		bad.add(rest)
	}
	if bad.v.bad() {
		return bad.v
	}
	if in.kind == kindList {
		e.leanOn(in.list)
	}
	if n := len(e.facts) - start; n > MaxFacts {
		e.cut += n - MaxFacts
		e.drop(start+MaxFacts, len(e.facts))
	}
	return boolean(false)
}

func (c *compiler) index(id int64, exprs []celast.Expr, args []run) run {
	t := c.ast.GetType(exprs[0].ID())
	if t.Kind() == types.ListKind && kindOf(t.Parameters()[0]) != "" {
		c.errorf(id, "the artifacts of a population have no order: use exists() or filter() instead of an index")
		return never
	}
	want := shapeOf(c.ast.GetType(id))
	return strict2(id, args[0], args[1], func(e *state, id int64, v, at value) value {
		if v.kind == kindObject && at.kind == kindString {
			i, ok := v.doc.member(v.node, at.str)
			if !ok {
				return missing(v, at.str, id)
			}
			return e.load(v.doc, i, want, id)
		}
		if at.kind != kindInt {
			return failure(id, "%s is not an index of %s", at.shape(), v.shape())
		}
		return e.element(v, at.num, want, id)
	})
}

// element returns list[at]. Where elements may be missing from a list, it has no known order.
func (e *state) element(v value, at int64, want *shape, id int64) value {
	n := int64(0)
	switch {
	case v.kind == kindArray:
		for i := v.node + 1; i < v.doc.nodes[v.node].next; i = v.doc.nodes[i].next {
			if n == at {
				return e.load(v.doc, i, want, id)
			}
			n++
		}
		e.fact(v.doc, v.node)
	case v.kind != kindList:
		return failure(id, "%s has no elements", v.shape())
	case v.list.rest.bad():
		return v.list.rest
	case at >= 0 && at < int64(len(v.list.items)):
		return v.list.items[at]
	}
	return failure(id, "the list has no element %d", at)
}

// loopParts is what the macros exists, all, exists_one, filter and map leave in a checked expression.
type loopParts struct {
	macro     string
	predicate celast.Expr // nil for a map without a filter
	result    celast.Expr // the element of a map or filter
}

// recognise reads the comprehension that a macro was expanded to.
func recognise(x celast.ComprehensionExpr) (loopParts, bool) {
	if x.HasIterVar2() {
		return loopParts{}, false
	}
	step := x.LoopStep()
	if step.Kind() != celast.CallKind {
		return loopParts{}, false
	}
	call := step.AsCall()
	args := call.Args()
	switch init := x.AccuInit(); {
	case init.Kind() == celast.ListKind && call.FunctionName() == operators.Add && len(args) == 2:
		return loopParts{operators.Map, nil, args[1].AsList().Elements()[0]}, true
	case init.Kind() == celast.ListKind && call.FunctionName() == operators.Conditional:
		added := args[1].AsCall().Args()[1]
		return loopParts{operators.Filter, args[0], added.AsList().Elements()[0]}, true
	case init.Kind() != celast.LiteralKind:
		return loopParts{}, false
	case call.FunctionName() == operators.LogicalAnd && init.AsLiteral() == types.True:
		return loopParts{operators.All, args[1], nil}, true
	case call.FunctionName() == operators.LogicalOr && init.AsLiteral() == types.False:
		return loopParts{operators.Exists, args[1], nil}, true
	case call.FunctionName() == operators.Conditional:
		return loopParts{operators.ExistsOne, args[0], nil}, true
	}
	return loopParts{}, false
}

func (c *compiler) loop(x celast.Expr) run {
	comp := x.AsComprehension()
	parts, ok := recognise(comp)
	if !ok {
		c.errorf(x.ID(), "this form of loop is not available in rules")
		return never
	}
	over := c.node(comp.IterRange())
	elem := shapeOf(c.ast.GetType(comp.IterRange().ID()))
	if elem.kind == types.ListKind {
		elem = elem.elem
	} else if elem.kind != types.MapKind {
		elem = &shape{kind: types.DynKind}
	}
	slot := len(c.scope)
	c.scope = append(c.scope, comp.IterVar())
	c.prog.locals = max(c.prog.locals, len(c.scope))
	l := loop{id: x.ID(), over: over, elem: elem, slot: slot}
	if parts.predicate != nil {
		l.predicate = c.node(parts.predicate)
		l.cost = celast.NodeCount(celast.NewAST(parts.predicate, nil))
	}
	if parts.result != nil {
		l.result = c.node(parts.result)
		l.cost += celast.NodeCount(celast.NewAST(parts.result, nil))
	}
	c.scope = c.scope[:slot]
	switch parts.macro {
	case operators.All:
		return l.quantified(false)
	case operators.Exists:
		return l.quantified(true)
	case operators.ExistsOne:
		return l.existsOne()
	}
	return l.transformed()
}

// loop is a compiled macro over a list.
type loop struct {
	id        int64
	over      run
	elem      *shape
	slot      int
	predicate run
	result    run
	cost      int
}

// quantified runs exists (decisive true) and all (decisive false).
func (l loop) quantified(decisive bool) run {
	return func(e *state) value {
		over := l.over(e)
		var bad joiner
		start, cut, decided := len(e.facts), e.cut, false
		rest := e.each(over, l.elem, l.id, func(el value) bool {
			if !e.spend(l.cost) {
				return false
			}
			before := len(e.facts)
			if el.kind < kindObject && over.kind == kindArray && before > start {
				before-- // the element itself was noted when it was read
			}
			e.locals[l.slot] = el
			v := l.predicate(e)
			switch {
			case v.kind == kindBool && v.isTrue() == decisive:
				e.drop(start, before)
				e.cut, decided = cut, true
				return false
			case v.bad():
				bad.add(v)
			case v.kind != kindBool:
				bad.add(failure(l.id, "%s is not a condition", v.shape()))
			}
			e.bound(start)
			return true
		})
		switch {
		case decided:
			return boolean(decisive)
		case e.stopped != "":
			return failure(l.id, "stopped")
		}
		if rest.bad() {
			bad.add(rest)
		}
		if bad.v.bad() {
			return bad.v
		}
		if over.kind == kindList {
			e.leanOn(over.list)
		}
		return boolean(!decisive)
	}
}

// bound keeps the facts of a loop from growing without end.
func (e *state) bound(start int) {
	if n := len(e.facts) - start; n > MaxFacts {
		e.cut += n - MaxFacts
		e.facts = e.facts[:start+MaxFacts]
	}
}

func (l loop) existsOne() run {
	return func(e *state) value {
		over := l.over(e)
		var bad joiner
		start, count := len(e.facts), 0
		rest := e.each(over, l.elem, l.id, func(el value) bool {
			if !e.spend(l.cost) {
				return false
			}
			e.locals[l.slot] = el
			v := l.predicate(e)
			if v.bad() {
				bad.add(v)
			} else if v.isTrue() {
				count++
			}
			e.bound(start)
			return count < 2
		})
		switch {
		case e.stopped != "":
			return failure(l.id, "stopped")
		case count > 1:
			return boolean(false)
		}
		if rest.bad() {
			bad.add(rest)
		}
		if bad.v.bad() {
			return bad.v
		}
		if over.kind == kindList {
			e.leanOn(over.list)
		}
		return boolean(count == 1)
	}
}

// transformed runs filter and map. Elements that could not be judged or computed become the unknown rest of the
// result: there may be more elements than those that are known.
func (l loop) transformed() run {
	return func(e *state) value {
		over := l.over(e)
		if over.bad() {
			return over
		}
		out := &list{}
		var bad joiner
		start := len(e.facts)
		rest := e.each(over, l.elem, l.id, func(el value) bool {
			if !e.spend(l.cost) {
				return false
			}
			e.locals[l.slot] = el
			keep := boolean(true)
			if l.predicate != nil {
				keep = l.predicate(e)
			}
			if keep.isTrue() {
				keep = l.result(e)
			} else if keep.isFalse() {
				e.bound(start)
				return true
			}
			if keep.bad() {
				bad.add(keep)
			} else {
				out.items = append(out.items, keep)
			}
			e.bound(start)
			return true
		})
		if e.stopped != "" {
			return failure(l.id, "stopped")
		}
		if rest.bad() {
			bad.add(rest)
		}
		out.rest = bad.v
		if over.kind == kindList {
			e.leanOn(over.list)
			out.pop = over.list.pop
		}
		return value{kind: kindList, list: out}
	}
}
