package collect

import (
	"context"
	"reflect"

	"github.com/auditpack/auditpack/collect/bundle"
)

// Nested is Listed for artifacts that AWS lists only within another resource: parents names those, parentsOf takes them out of the
// merged answer, in makes the first input of the list within one. The population is complete when the list within each of them
// was read to the end; after a failure the others are still read.
func Nested[PI, PO, P, I, O, S any](k Kind, parents Op[PI, PO], parentsIn PI, parentsOf func(*PO) []P,
	list Op[I, O], in func(P) I, items func(*O) []S, id func(s *Session, item S, from bundle.From) ID, parts ...Part[S]) Kind {
	k.List = []Operation{parents.Operation, list.Operation}
	if k.Item != "" {
		k.Parts = append(k.Parts, PartSpec{Name: k.Item, Type: reflect.TypeFor[S](), Operations: []Operation{list.Operation}})
	}
	for _, p := range parts {
		k.Parts = append(k.Parts, p.PartSpec)
	}
	k.collect = func(ctx context.Context, s *Session, k *Kind) {
		l := newLister(s, k, parts)
		input := parentsIn
		out, calls, failure := Get(ctx, s, parents, &input, k.Empty...)
		if failure != nil {
			l.finish(calls, failure)
			return
		}
		for _, parent := range parentsOf(out) {
			input := in(parent)
			more, f := pages(ctx, s, list, &input, nil, func(page int, call string, out *O) {
				for i, item := range items(out) {
					from := bundle.From{Page: page, Index: i}
					l.add(ctx, list.Operation, item, id(s, item, from), from, call)
				}
			})
			calls = append(calls, more...)
			if failure == nil {
				failure = f
			}
		}
		l.finish(calls, failure)
	}
	return k
}
