package collect

import (
	"context"
	"reflect"

	"github.com/auditpack/auditpack/collect/bundle"
)

// Service is one AWS service: the kinds of artifacts that auditpack collects from it.
type Service struct {
	Name  string // "s3"; the part of a kind's name before the dot is the same, but for s3control
	Kinds []Kind

	// Implied is a service that nobody selected: it is there for the kinds that every selection needs.
	Implied bool
}

// Kind is one kind of artifact. Service files make kinds with Listed and Single, which fill in List and Parts.
type Kind struct {
	Name  string // "s3.bucket"
	Scope string // bundle.ScopeRegion or bundle.ScopeAccount
	Tags  string // path below the artifact's parts to its tags; empty where the kind has none
	Item  string // Listed: name of the part that holds the list item; empty if the item is only an identifier

	// Needed kinds are collected whatever is selected: without the list of regions nobody can say that all of them were visited.
	Needed bool

	// Empty holds the errors by which the list call says that there is nothing to list.
	Empty []Says

	List  []Operation // the calls that prove the population
	Parts []PartSpec

	collect func(ctx context.Context, s *Session, k *Kind, told func())
}

// Operations returns the operations of the kind's list and parts, each once.
func (k *Kind) Operations() []Operation {
	var out []Operation
	seen := map[string]bool{}
	add := func(ops []Operation) {
		for _, op := range ops {
			if !seen[op.String()] {
				seen[op.String()] = true
				out = append(out, op)
			}
		}
	}
	add(k.List)
	for _, p := range k.Parts {
		add(p.Operations)
	}
	return out
}

// Says is an error answer of AWS: a code, and a piece of its message where the code alone has several meanings.
type Says struct{ Code, Message string }

// PartSpec describes a part of a kind.
type PartSpec struct {
	Name       string
	Type       reflect.Type // of the part's data
	Operations []Operation
	Absent     []string // error codes by which AWS says that nothing is configured
}

// ID names an artifact. A resource that is only a reflection of one that lives elsewhere is skipped.
type ID struct {
	ID, ARN string
	Skip    bool
}

// Part is a part of a kind whose list items are of type S.
type Part[S any] struct {
	PartSpec
	read func(ctx context.Context, s *Session, item S) bundle.Part
	// region, if set, tells from the part where the artifact's other parts must be read. Such a part stands first.
	region func(item S, p bundle.Part) string
}

// Read is a part that holds the whole output of one operation, pages merged. An error code in absent means that nothing is
// configured.
func Read[I, O, S any](name string, op Op[I, O], in func(S) *I, absent ...string) Part[S] {
	says := make([]Says, 0, len(absent))
	for _, code := range absent {
		says = append(says, Says{Code: code})
	}
	return ReadUnless(name, op, in, says...)
}

// ReadUnless is Read for an operation whose code for "nothing is configured" has other meanings: the message tells.
func ReadUnless[I, O, S any](name string, op Op[I, O], in func(S) *I, says ...Says) Part[S] {
	var absent []string
	for _, s := range says {
		absent = append(absent, s.Code)
	}
	return Part[S]{
		PartSpec: PartSpec{Name: name, Type: reflect.TypeFor[O](), Operations: []Operation{op.Operation}, Absent: absent},
		read: func(ctx context.Context, s *Session, item S) bundle.Part {
			out, calls, f := Get(ctx, s, op, in(item), says...)
			if f != nil {
				return f.Part(calls)
			}
			return s.OK(op.Operation, out, calls)
		},
	}
}

// Locates marks the part that tells in which region the artifact's other parts must be read; an empty region means the
// session's own.
func (p Part[S]) Locates(region func(item S, p bundle.Part) string) Part[S] {
	p.region = region
	return p
}

// Custom is a part whose data D comes from more than one operation.
func Custom[D, S any](name string, ops []Operation, read func(ctx context.Context, s *Session, item S) bundle.Part) Part[S] {
	return Part[S]{PartSpec: PartSpec{Name: name, Type: reflect.TypeFor[D](), Operations: ops}, read: read}
}

// Listed is a kind whose artifacts a list operation names. in is the first input; items takes the items out of a page; id names
// an item, from says where it stood.
func Listed[I, O, S any](k Kind, list Op[I, O], in I,
	items func(*O) []S, id func(s *Session, item S, from bundle.From) ID, parts ...Part[S]) Kind {
	k.List = []Operation{list.Operation}
	describe(&k, list.Operation, parts)
	k.collect = func(ctx context.Context, s *Session, k *Kind, told func()) {
		l := newLister(s, k, parts)
		input := in
		l.finish(readList(ctx, s, k, list, &input, func(page int, calls []string, out *O) {
			told()
			for i, item := range items(out) {
				from := bundle.From{Page: page, Index: i}
				l.add(ctx, list.Operation, item, id(s, item, from), from, calls)
			}
		}))
	}
	return k
}

// describe fills in the parts of a kind whose items list names.
func describe[S any](k *Kind, list Operation, parts []Part[S]) {
	if k.Item != "" {
		k.Parts = append(k.Parts, PartSpec{Name: k.Item, Type: reflect.TypeFor[S](), Operations: []Operation{list}})
	}
	for _, p := range parts {
		k.Parts = append(k.Parts, p.PartSpec)
	}
}

// readList reads a list of a kind and hands each page to each, with the calls that any of its items may come from. A shared list is one
// page: its pages are merged.
func readList[I, O any](ctx context.Context, s *Session, k *Kind, list Op[I, O], in *I,
	each func(page int, calls []string, out *O)) ([]string, *Failure) {
	handOut := func(page int, calls []string, out *O) {
		s.open.Store(true)
		each(page, calls, out)
	}
	if !list.shared {
		return pages(ctx, s, list, in, k.Empty, func(page int, call string, out *O) { handOut(page, []string{call}, out) })
	}
	out, calls, f := Get(ctx, s, list, in, k.Empty...)
	if f == nil {
		handOut(0, distinct(calls), out)
	}
	return calls, f
}

// gapOf is the gap of a part that the operation was to fill.
func gapOf(p bundle.Part, op Operation) bundle.Gap {
	return bundle.Gap{Service: op.Service, Operation: op.Name, Code: p.Code, Message: p.Message, Action: p.Action}
}

// Single is a kind of which there is exactly one artifact in each account or region: a setting. Its parts are read of the
// session itself.
func Single(k Kind, id func(s *Session) ID, parts ...Part[*Session]) Kind {
	for _, p := range parts {
		k.Parts = append(k.Parts, p.PartSpec)
	}
	k.collect = func(ctx context.Context, s *Session, k *Kind, told func()) {
		a := s.artifact(k, id(s))
		var calls []string
		for i, p := range parts {
			part := p.read(ctx, s, s)
			if i == 0 && part.State == bundle.StateGap && s.closedTo(k, gapOf(part, p.Operations[0]), part.Calls) {
				return
			}
			told()
			if part.State != bundle.StateGap {
				s.open.Store(true)
			}
			a.Parts[p.Name] = part
			calls = append(calls, part.Calls...)
		}
		s.run.writeArtifact(a)
		s.writePopulation(k, bundle.Population{Status: bundle.StatusComplete, Count: 1, Calls: distinct(calls)})
	}
	return k
}
