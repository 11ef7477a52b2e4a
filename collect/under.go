package collect

import (
	"context"

	"github.com/auditpack/auditpack/collect/bundle"
)

// Children is a list that AWS answers for one parent at a time: the permission sets of an instance, the units below a root.
// P is what tells one parent from another.
type Children[P, I, O, S any] struct {
	// Parents finds the parents, with the calls that it took. A Failure that is Absent means that there are none.
	Parents   func(ctx context.Context, s *Session) ([]P, []string, *Failure)
	ParentOps []Operation

	List  Op[I, O]
	Input func(parent P) *I
	Items func(parent P, out *O) []S
}

// ListedUnder is Listed for a kind whose list must be asked once for each of several parents. The population is complete only if
// the parents are known and the list of each was read to its end. When one fails the others are read all the same: what can be
// seen is evidence. An answer in the kind's Empty, instead of the first page, says that this parent has no children.
func ListedUnder[P, I, O, S any](k Kind, c Children[P, I, O, S],
	id func(s *Session, item S, from bundle.From) ID, parts ...Part[S]) Kind {
	k.List = append([]Operation{c.List.Operation}, c.ParentOps...)
	describe(&k, c.List.Operation, parts)
	k.collect = func(ctx context.Context, s *Session, k *Kind, told func()) {
		l := newLister(s, k, parts)
		parents, calls, f := c.Parents(ctx, s)
		if f != nil {
			l.finish(calls, f)
			return
		}
		var first *Failure
		page := 0
		told()
		if len(calls) > 0 {
			s.open.Store(true)
		}
		for _, parent := range parents {
			before := page
			more, f := readList(ctx, s, k, c.List, c.Input(parent), func(_ int, calls []string, out *O) {
				for i, item := range c.Items(parent, out) {
					from := bundle.From{Page: page, Index: i}
					l.add(ctx, c.List.Operation, item, id(s, item, from), from, calls)
				}
				page++
			})
			calls = append(calls, more...)
			if f != nil && !(f.Absent && page == before) {
				first = worse(first, f)
			}
		}
		l.finish(calls, first)
	}
	return k
}

// Nested is ListedUnder for parents that one operation lists: parentsIn is its first input, parentsOf takes the parents out of its
// merged answer.
func Nested[PI, PO, P, I, O, S any](k Kind, parents Op[PI, PO], parentsIn PI, parentsOf func(*PO) []P,
	list Op[I, O], in func(P) I, items func(*O) []S, id func(s *Session, item S, from bundle.From) ID, parts ...Part[S]) Kind {
	empty := k.Empty
	return ListedUnder(k, Children[P, I, O, S]{
		Parents: func(ctx context.Context, s *Session) ([]P, []string, *Failure) {
			input := parentsIn
			out, calls, f := Get(ctx, s, parents, &input, empty...)
			if f != nil {
				return nil, calls, f
			}
			return parentsOf(out), calls, nil
		},
		ParentOps: []Operation{parents.Operation},
		List:      list,
		Input:     func(p P) *I { input := in(p); return &input },
		Items:     func(_ P, out *O) []S { return items(out) },
	}, id, parts...)
}

// Each reads the whole answer of one operation page by page and hands on each page, counted from 0, so that what is only counted is
// never held as a whole. It returns the ids of the calls that were made, also with a failure; the pages before it have been handed
// on. Page 0 can come a second time: then the count begins anew.
func Each[I, O any](ctx context.Context, s *Session, op Op[I, O], in *I, each func(page int, out *O)) ([]string, *Failure) {
	return pages(ctx, s, op, in, nil, func(page int, _ string, out *O) { each(page, out) })
}
