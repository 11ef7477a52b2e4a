package expr

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// logic compiles && (decisive false) and || (decisive true). A deciding operand makes the others irrelevant, unknown
// ones and errors included, and their facts are forgotten.
func logic(args []run, decisive bool, id int64) run {
	return func(e *state) value {
		start := len(e.facts)
		var bad value
		for _, a := range args {
			before := len(e.facts)
			v := a(e)
			switch {
			case v.kind == kindBool && (v.num == 1) == decisive:
				e.drop(start, before)
				return v
			case v.bad() && bad.bad():
				bad = worse(bad, v)
			case v.bad():
				bad = v
			case v.kind != kindBool:
				bad = failure(id, "%s is not a condition", v.shape())
			}
		}
		if bad.bad() {
			return bad
		}
		return boolean(!decisive)
	}
}

func conditional(args []run, id int64) run {
	return func(e *state) value {
		v := args[0](e)
		switch {
		case v.isTrue():
			return args[1](e)
		case v.isFalse():
			return args[2](e)
		case v.bad():
			return v
		}
		return failure(id, "%s is not a condition", v.shape())
	}
}

// equality compiles == and !=. Comparing with null asks about the state of a part.
func (c *compiler) equality(id int64, want bool, exprs []celast.Expr, args []run) run {
	for i := range 2 {
		kind, part, ok := c.partOf(exprs[i])
		if !ok || !isNull(exprs[1-i]) {
			continue
		}
		if _, preset := c.env.defaults[[2]string{kind, part}]; preset {
			c.errorf(id, "%s of %s is never null: where nothing is configured AWS's documented default stands in its place", part, kind)
		}
		c.guarded[[2]string{kind, part}] = true
	}
	a, b := args[0], args[1]
	return func(e *state) value {
		x, y := a(e), b(e)
		if x.bad() || y.bad() {
			return worse(x, y)
		}
		return e.equal(x, y, want, id)
	}
}

func isNull(x celast.Expr) bool {
	if x.Kind() != celast.LiteralKind {
		return false
	}
	_, ok := x.AsLiteral().(types.Null)
	return ok
}

// equal compares two known values. Different types are an error and not unequal: "1" == 1 is a mistake.
func (e *state) equal(x, y value, want bool, id int64) value {
	switch {
	case x.kind == kindNull || y.kind == kindNull:
		e.presence(x)
		e.presence(y)
		return boolean((x.kind == y.kind) == want)
	case x.kind == kindString && y.kind == kindString:
		return boolean((x.str == y.str) == want)
	case x.kind == kindBool && y.kind == kindBool:
		return boolean((x.num == y.num) == want)
	case x.isListlike() && y.isListlike():
		return e.equalLists(x, y, want, id)
	}
	order, ok := compare(x, y)
	if !ok {
		return failure(id, "%s cannot be compared with %s", x.shape(), y.shape())
	}
	return boolean((order == same) == want)
}

// presence notes the state of the part that was compared with null.
func (e *state) presence(v value) {
	if v.kind != kindObject {
		return
	}
	for i := range v.doc.parts {
		if p := &v.doc.parts[i]; p.state == stateOK && p.data == v.node {
			e.facts = append(e.facts, Fact{v.doc, p.node, factState})
			return
		}
	}
	e.fact(v.doc, v.node)
}

func (e *state) equalLists(x, y value, want bool, id int64) value {
	xs, xr := e.values(x, id)
	ys, yr := e.values(y, id)
	if xr.bad() || yr.bad() {
		return worse(xr, yr)
	}
	if len(xs) != len(ys) {
		return boolean(!want)
	}
	differ := false
	var bad joiner
	for i := range xs {
		if !e.spend(1) {
			return failure(id, "stopped")
		}
		v := e.equal(xs[i], ys[i], true, id)
		if v.bad() {
			bad.add(v)
		}
		differ = differ || v.isFalse()
	}
	if bad.v.bad() {
		return bad.v
	}
	return boolean(differ != want)
}

// order is the result of a comparison. Not-a-number is unordered; JSON has none, but arithmetic can make one.
type order int

const (
	less order = iota - 1
	same
	greater
	unordered
)

// compare orders two values of the same type; whole numbers and others compare by value.
func compare(x, y value) (order, bool) {
	switch {
	case x.kind == kindInt && y.kind == kindInt, x.kind == kindDuration && y.kind == kindDuration:
		return orderOf(x.num, y.num), true
	case x.kind == kindDouble && y.kind == kindDouble:
		return floats(x.float(), y.float()), true
	case x.kind == kindInt && y.kind == kindDouble:
		return mixed(x.num, y.float()), true
	case x.kind == kindDouble && y.kind == kindInt:
		o := mixed(y.num, x.float())
		if o != unordered {
			o = -o
		}
		return o, true
	case x.kind == kindString && y.kind == kindString:
		return order(strings.Compare(x.str, y.str)), true
	case x.kind == kindTime && y.kind == kindTime:
		if x.num == y.num {
			return orderOf(x.node, y.node), true
		}
		return orderOf(x.num, y.num), true
	case x.kind == kindBool && y.kind == kindBool:
		return orderOf(x.num, y.num), true
	}
	return unordered, false
}

func orderOf[T int64 | uint32 | float64](a, b T) order {
	switch {
	case a < b:
		return less
	case a > b:
		return greater
	}
	return same
}

func floats(a, b float64) order {
	if math.IsNaN(a) || math.IsNaN(b) {
		return unordered
	}
	return orderOf(a, b)
}

// mixed compares without rounding the whole number.
func mixed(i int64, f float64) order {
	switch {
	case math.IsNaN(f):
		return unordered
	case f >= math.MaxInt64:
		return less
	case f < math.MinInt64:
		return greater
	}
	whole := int64(f) // truncated towards zero
	if i != whole {
		return orderOf(i, whole)
	}
	return orderOf(0, f-float64(whole))
}

// comparison compiles < <= > >=.
func comparison(holds func(order) bool) binary {
	return func(_ *state, id int64, x, y value) value {
		o, ok := compare(x, y)
		if !ok {
			return failure(id, "%s cannot be compared with %s", x.shape(), y.shape())
		}
		return boolean(holds(o))
	}
}

// binary is an operation on two known values.
type binary func(e *state, id int64, x, y value) value

func strict2(id int64, a, b run, op binary) run {
	return func(e *state) value {
		x, y := a(e), b(e)
		if x.bad() || y.bad() {
			return worse(x, y)
		}
		return op(e, id, x, y)
	}
}

// binaryNamed returns the operators and functions of two arguments by their names in a checked expression.
func binaryNamed(name string) binary {
	switch name {
	case operators.Less:
		return comparison(func(o order) bool { return o == less })
	case operators.LessEquals:
		return comparison(func(o order) bool { return o == less || o == same })
	case operators.Greater:
		return comparison(func(o order) bool { return o == greater })
	case operators.GreaterEquals:
		return comparison(func(o order) bool { return o == greater || o == same })
	case operators.Add:
		return add
	case operators.Subtract:
		return subtract
	case operators.Multiply, operators.Divide, operators.Modulo:
		return arithmetic(name)
	case "startsWith":
		return onStrings(strings.HasPrefix)
	case "endsWith":
		return onStrings(strings.HasSuffix)
	case "contains":
		return onStrings(strings.Contains)
	}
	return nil
}

func onStrings(f func(s, t string) bool) binary {
	return func(e *state, id int64, x, y value) value {
		if x.kind != kindString || y.kind != kindString {
			return failure(id, "%s where a string is needed", x.shape())
		}
		return boolean(f(x.str, y.str))
	}
}

// unaryNamed returns the operators and conversions of one argument.
func unaryNamed(name string) func(e *state, id int64, v value) value {
	switch name {
	case operators.LogicalNot:
		return func(_ *state, id int64, v value) value {
			if v.kind != kindBool {
				return failure(id, "%s is not a condition", v.shape())
			}
			return boolean(v.num == 0)
		}
	case operators.Negate:
		return func(_ *state, id int64, v value) value {
			switch {
			case v.kind == kindDouble:
				return double(-v.float())
			case v.kind == kindInt && v.num != math.MinInt64:
				return integer(-v.num)
			}
			return overflow(id)
		}
	case "int", "double", "string", "bool", "timestamp", "duration":
		return func(_ *state, id int64, v value) value { return convert(name, id, v) }
	}
	return nil
}

func convert(to string, id int64, v value) value {
	switch {
	case to == "bool" && v.kind == kindBool, to == "int" && v.kind == kindInt, to == "double" && v.kind == kindDouble, to == "string" && v.kind == kindString,
		to == "timestamp" && v.kind == kindTime, to == "duration" && v.kind == kindDuration:
		return v
	case to == "bool" && v.kind == kindString:
		switch v.str {
		case "true", "True", "TRUE", "t", "1":
			return boolean(true)
		case "false", "False", "FALSE", "f", "0":
			return boolean(false)
		}
	case to == "int" && v.kind == kindString:
		if i, err := strconv.ParseInt(v.str, 10, 64); err == nil {
			return integer(i)
		}
	case to == "int" && v.kind == kindDouble:
		if f := v.float(); f > math.MinInt64 && f < math.MaxInt64 {
			return integer(int64(f))
		}
	case to == "double" && v.kind == kindInt:
		return double(float64(v.num))
	case to == "double" && v.kind == kindString:
		if f, err := strconv.ParseFloat(v.str, 64); err == nil {
			return double(f)
		}
	case to == "string" && v.kind == kindInt:
		return text(strconv.FormatInt(v.num, 10))
	case to == "string" && v.kind == kindBool:
		return text(strconv.FormatBool(v.isTrue()))
	case to == "timestamp" && v.kind == kindString:
		if t, err := time.Parse(time.RFC3339Nano, v.str); err == nil && !t.Before(firstMoment) && !t.After(lastMoment) {
			return moment(t)
		}
	case to == "duration" && v.kind == kindString:
		if d, err := time.ParseDuration(v.str); err == nil {
			return span(d)
		}
	}
	if v.kind == kindString {
		return failure(id, "%q is not a valid %s", cutText(v.str), to)
	}
	return failure(id, "%s cannot be made a %s", v.shape(), to)
}

// size compiles size(): of a list that may have more elements it is not known.
func size(id int64, arg run) run {
	return func(e *state) value {
		v := arg(e)
		switch v.kind {
		case kindString:
			return integer(int64(utf8.RuneCountInString(v.str)))
		case kindArray, kindObject:
			if v.kind == kindObject || v.doc.nodes[v.node].count > 0 { // an empty list was noted when it was read
				e.fact(v.doc, v.node)
			}
			return integer(int64(v.doc.nodes[v.node].count))
		case kindList:
			if v.list.rest.bad() {
				return v.list.rest
			}
			e.leanOn(v.list)
			return integer(int64(v.list.len()))
		}
		if v.bad() {
			return v
		}
		return failure(id, "%s has no size", v.shape())
	}
}
