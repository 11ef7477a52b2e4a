package collect

import (
	"context"
	"reflect"

	"github.com/auditpack/auditpack/collect/bundle"
)

// ListedIn is Listed for resources that can only be listed within an owner, such as the services of a cluster. owners names
// the owners, owned takes them out of a page; list is asked once for each owner, and items takes the items out of a page of its
// answer. The population is complete if the owners and the items of every owner were listed to the end. An owner whose list
// answers with one of k.Empty has none: it went away since it was named. Both operations are read page by page, also when they are
// shared.
func ListedIn[PI, PO, P, I, O, S any](k Kind, owners Op[PI, PO], first PI, owned func(*PO) []P, list Op[I, O], in func(P) *I,
	items func(owner P, out *O) []S, id func(s *Session, item S, from bundle.From) ID, parts ...Part[S]) Kind {
	k.List = []Operation{owners.Operation, list.Operation}
	if k.Item != "" {
		k.Parts = append(k.Parts, PartSpec{Name: k.Item, Type: reflect.TypeFor[S](), Operations: []Operation{list.Operation}})
	}
	for _, p := range parts {
		k.Parts = append(k.Parts, p.PartSpec)
	}
	k.collect = func(ctx context.Context, s *Session, k *Kind) {
		l := newLister(s, k, parts)
		var all []P
		input := first
		calls, failed := pages(ctx, s, owners, &input, k.Empty, func(_ int, _ string, out *PO) { all = append(all, owned(out)...) })
		for _, owner := range all {
			more, f := pages(ctx, s, list, in(owner), k.Empty, func(page int, call string, out *O) {
				for i, item := range items(owner, out) {
					from := bundle.From{Page: page, Index: i}
					l.add(ctx, list.Operation, item, id(s, item, from), from, call)
				}
			})
			calls = append(calls, more...)
			if f != nil && !f.Absent && failed == nil {
				failed = f
			}
		}
		l.finish(calls, failed)
	}
	return k
}
