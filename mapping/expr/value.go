package expr

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"cel.dev/cel-go/common/types"
)

// valueKind is what a value is at run time.
type valueKind uint8

const (
	kindNull valueKind = iota
	kindBool
	kindInt
	kindDouble
	kindString
	kindTime     // num is Unix seconds, node the nanoseconds
	kindDuration // num is nanoseconds
	kindObject   // JSON object at node of doc
	kindArray    // JSON array at node of doc
	kindArtifact // doc
	kindList     // computed list or population: list
	kindUnknown  // something was not seen: list holds the gaps
	kindError    // str says what was wrong, num is the expression that met it
)

// value is one value during evaluation. Unknown and error are the two values that decide nothing (bad): whatever an
// operator makes of them holds for everything that could have been there instead. They differ in the explanation
// only, and of the two the unknown is kept.
type value struct {
	kind valueKind
	node uint32
	num  int64 // bool, int, bits of a double
	str  string
	doc  *Doc
	list *list
}

// list is a list that is not a plain JSON array. If rest is bad, there may be more elements than items, of which
// nothing is known: the trailing element of an incomplete population, or an element that a filter could not judge.
type list struct {
	items []value
	docs  []*Doc // of a population, instead of items
	rest  value  // kindNull: the list is whole
	pop   int    // number of the lookup + 1, 0 for a computed list
	gaps  []Gap  // of kindUnknown
}

func boolean(b bool) value {
	if b {
		return value{kind: kindBool, num: 1}
	}
	return value{kind: kindBool}
}

func integer(i int64) value { return value{kind: kindInt, num: i} }

func double(f float64) value { return value{kind: kindDouble, num: int64(math.Float64bits(f))} }

func text(s string) value { return value{kind: kindString, str: s} }

func moment(t time.Time) value {
	return value{kind: kindTime, num: t.Unix(), node: uint32(t.Nanosecond())}
}

func span(d time.Duration) value { return value{kind: kindDuration, num: int64(d)} }

func unknown(g ...Gap) value { return value{kind: kindUnknown, list: &list{gaps: g}} }

func failure(id int64, format string, args ...any) value {
	return value{kind: kindError, num: id, str: fmt.Sprintf(format, args...)}
}

func (v value) bad() bool        { return v.kind >= kindUnknown }
func (v value) isTrue() bool     { return v.kind == kindBool && v.num == 1 }
func (v value) isFalse() bool    { return v.kind == kindBool && v.num == 0 }
func (v value) float() float64   { return math.Float64frombits(uint64(v.num)) }
func (v value) time() time.Time  { return time.Unix(v.num, int64(v.node)).UTC() }
func (v value) gaps() []Gap      { return v.list.gaps }
func (v value) shape() string    { return shapeNames[v.kind] }
func (v value) isListlike() bool { return v.kind == kindArray || v.kind == kindList }

var shapeNames = [...]string{"null", "a truth value", "a whole number", "a number", "a string", "a timestamp", "a duration",
	"an object", "a list", "an artifact", "a list", "unknown", "an error"}

// worse joins two values of which at least one is bad: unknown before error, all gaps together, the first error.
func worse(a, b value) value {
	switch {
	case a.kind == kindUnknown && b.kind == kindUnknown:
		return mergeUnknown(a, b)
	case a.kind == kindUnknown:
		return a
	case b.kind == kindUnknown:
		return b
	case a.kind == kindError:
		return a
	}
	return b
}

func mergeUnknown(a, b value) value {
	if a.list == b.list {
		return a
	}
	merged := slices.Clone(a.list.gaps)
	for _, g := range b.list.gaps {
		if !slices.Contains(merged, g) {
			merged = append(merged, g)
		}
	}
	return value{kind: kindUnknown, list: &list{gaps: merged}}
}

// joiner joins the bad values of a loop in linear time.
type joiner struct {
	v    value // kindNull: none yet
	seen map[Gap]struct{}
}

func (j *joiner) add(v value) {
	if v.kind != kindUnknown {
		if j.v.kind == kindNull {
			j.v = v
		}
		return
	}
	if j.v.kind != kindUnknown {
		j.v = unknown()
		j.seen = map[Gap]struct{}{}
	}
	for _, g := range v.list.gaps {
		if _, ok := j.seen[g]; !ok {
			j.seen[g] = struct{}{}
			j.v.list.gaps = append(j.v.list.gaps, g)
		}
	}
}

// shape is the static type of an expression, as far as loading a JSON value needs it.
type shape struct {
	kind types.Kind
	elem *shape // of a list or map
}

func shapeOf(t *types.Type) *shape {
	s := &shape{kind: t.Kind()}
	switch t.Kind() {
	case types.ListKind:
		s.elem = shapeOf(t.Parameters()[0])
	case types.MapKind:
		s.elem = shapeOf(t.Parameters()[1])
	case types.TypeParamKind:
		s.kind = types.DynKind
	}
	return s
}

// state is one evaluation in progress.
type state struct {
	ctx     context.Context
	prog    *Program
	in      Input
	locals  []value
	facts   []Fact
	cut     int
	pops    []popState
	presets []*Doc
	steps   int64
	stopped string // why the evaluation was given up
	recent  [4]parsedPolicy
	turn    int
}

type popState struct {
	v    value
	used bool
}

func (e *state) reset(ctx context.Context, p *Program, in Input) {
	e.ctx, e.prog, e.in = ctx, p, in
	e.facts, e.cut, e.steps, e.stopped = e.facts[:0], 0, 0, ""
	e.presets = nil
	clear(e.pops)
	clear(e.locals)
}

// How often the context is looked at, and how many facts one loop keeps.
const (
	checkEvery = 1 << 12
	MaxFacts   = 64
)

// spend counts work. It reports false when the evaluation has to stop.
func (e *state) spend(n int) bool {
	before := e.steps
	e.steps += int64(n)
	if e.prog.budget > 0 && e.steps > e.prog.budget {
		e.stopped = fmt.Sprintf("the rule needs more than the %d steps that a custom rule may take", e.prog.budget)
	}
	if before/checkEvery != e.steps/checkEvery && e.stopped == "" {
		if err := e.ctx.Err(); err != nil {
			e.stopped = "the evaluation was stopped: " + err.Error()
		}
	}
	return e.stopped == ""
}

// fact notes that the value at node of doc was read.
func (e *state) fact(d *Doc, node uint32) {
	how := factValue
	if d.origin != nil {
		how = factPreset
	}
	e.facts = append(e.facts, Fact{d, node, how})
}

// drop forgets the facts between two marks.
func (e *state) drop(from, to int) { e.facts = slices.Delete(e.facts, from, to) }

// load reads the JSON value at node, which the API model says is of the given shape, and notes scalars and empty
// containers as facts.
func (e *state) load(d *Doc, node uint32, s *shape, id int64) value {
	n := &d.nodes[node]
	switch n.kind {
	case nodeObject:
		if d.redacted(node) {
			return failure(id, "%s of %s %q was not kept when it was collected, because it may be a secret or personal: only has() can ask for it",
				d.pointer(node), d.subject().Kind, d.subject().ID)
		}
		if s.kind == types.StructKind || s.kind == types.MapKind || s.kind == types.DynKind {
			return value{kind: kindObject, doc: d, node: node}
		}
	case nodeArray:
		if s.kind == types.ListKind || s.kind == types.DynKind {
			if n.count == 0 {
				e.fact(d, node)
			}
			return value{kind: kindArray, doc: d, node: node}
		}
	default:
		if v, ok := scalar(d, node, s.kind); ok {
			e.fact(d, node)
			return v
		}
	}
	return failure(id, "%s of %s %q is not what the API model says: %s", d.pointer(node), d.subject().Kind, d.subject().ID, cutText(d.raw(node)))
}

// subject is the artifact that a Doc is or stands in for.
func (d *Doc) subject() *Doc {
	if d.origin != nil {
		return d.origin
	}
	return d
}

func cutText(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}

// scalar reads a JSON scalar as the wanted type.
func scalar(d *Doc, node uint32, want types.Kind) (value, bool) {
	dyn := want == types.DynKind
	switch d.nodes[node].kind {
	case nodeNull:
		return value{}, dyn
	case nodeTrue, nodeFalse:
		return boolean(d.nodes[node].kind == nodeTrue), dyn || want == types.BoolKind
	case nodeNumber:
		if dyn || want == types.IntKind {
			if i, ok := d.integer(node); ok {
				return integer(i), true
			}
		}
		if dyn || want == types.DoubleKind {
			f, ok := d.float(node)
			return double(f), ok
		}
	case nodeString, nodeEscaped:
		switch want {
		case types.StringKind, types.DynKind:
			return text(d.str(node)), true
		case types.TimestampKind:
			t, err := time.Parse(time.RFC3339Nano, d.str(node))
			return moment(t), err == nil
		}
	}
	return value{}, false
}

// part reads a part of an artifact: its data, unknown where it was not seen, and where it is absent AWS's documented
// default or null.
func (e *state) part(d *Doc, name string, id int64) value {
	p := d.part(name)
	switch {
	case p == nil:
		return unknown(Gap{Kind: d.Kind, Record: d.Digest, Part: name, Absent: true})
	case p.state == stateGap:
		return unknown(Gap{Kind: d.Kind, Record: d.Digest, Part: name})
	case p.state == stateOK:
		if d.nodes[p.data].kind != nodeObject {
			return failure(id, "part %s of %s %q is not an object", name, d.Kind, d.ID)
		}
		return value{kind: kindObject, doc: d, node: p.data}
	}
	t := e.prog.defaults[[2]string{d.Kind, name}]
	if t == nil {
		e.facts = append(e.facts, Fact{d, p.node, factState})
		return value{}
	}
	return value{kind: kindObject, doc: e.preset(d, name, t)}
}

// preset returns the documented default of an absent part. Artifacts are shared between evaluations, so it is kept
// with the evaluation and not with the artifact.
func (e *state) preset(d *Doc, name string, t *tree) *Doc {
	for i := len(e.presets) - 1; i >= 0 && i >= len(e.presets)-4; i-- {
		if p := e.presets[i]; p.origin == d && p.name == name {
			return p
		}
	}
	p := &Doc{tree: *t, origin: d, name: name}
	e.presets = append(e.presets, p)
	return p
}
