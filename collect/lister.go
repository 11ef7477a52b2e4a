package collect

import (
	"context"
	"crypto/sha256"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/auditpack/auditpack/collect/bundle"
)

// lister collects the artifacts of one listed kind in one session: the list page by page, the items of a page side by side.
type lister[S any] struct {
	s     *Session
	k     *Kind
	parts []Part[S]

	work  errgroup.Group
	count int
	seen  map[[16]byte]struct{} // digests of ids: a list that shifts between two pages can show an item twice
}

func newLister[S any](s *Session, k *Kind, parts []Part[S]) *lister[S] {
	l := &lister[S]{s: s, k: k, parts: parts, seen: map[[16]byte]struct{}{}}
	l.work.SetLimit(itemsAtOnce)
	return l
}

// add takes one list item. Its details are read while the list goes on; add waits when enough items are being read.
func (l *lister[S]) add(ctx context.Context, list Operation, item S, id ID, from bundle.From, calls []string) {
	if id.Skip {
		return
	}
	if id.ID == "" { // AWS named it by nothing: its place in the list does
		id.ID = fmt.Sprintf("#%d.%d", from.Page, from.Index)
	}
	sum := sha256.Sum256([]byte(id.ID + "\x00" + id.ARN))
	key := [16]byte(sum[:16])
	if _, again := l.seen[key]; again {
		return
	}
	l.seen[key] = struct{}{}
	l.count++
	a := l.s.artifact(l.k, id)
	if l.k.Item != "" {
		part := l.s.OK(list, item, calls)
		if part.State == bundle.StateOK {
			part.From = &from
		}
		a.Parts[l.k.Item] = part
	}
	if len(l.parts) == 0 {
		l.s.run.writeArtifact(a)
		return
	}
	l.work.Go(func() error {
		l.details(ctx, item, a)
		return nil
	})
}

// details reads the parts of one item. The artifact is written whatever comes of them: a resource that is known to exist does
// not vanish because nothing more could be seen of it.
func (l *lister[S]) details(ctx context.Context, item S, a bundle.Artifact) {
	s := l.s
	for _, p := range l.parts {
		part := p.read(ctx, s, item)
		a.Parts[p.Name] = part
		if p.region == nil {
			continue
		}
		if region := p.region(item, part); region != "" && region != s.cfg.Region {
			s = l.s.run.session(l.s.account, l.s.service, region)
		}
	}
	l.s.run.writeArtifact(a)
}

// finish waits for the details and writes what the list proves.
func (l *lister[S]) finish(calls []string, f *Failure) {
	_ = l.work.Wait() // the workers return no errors
	calls = distinct(calls)
	switch {
	case f == nil, l.count == 0 && f.Absent:
		l.s.writePopulation(l.k, bundle.Population{Status: bundle.StatusComplete, Count: l.count, Calls: calls})
	case l.count == 0 && l.s.closedTo(l.k, f.Gap, calls):
	default:
		gap := f.Gap
		gap.Calls = calls
		l.s.writePopulation(l.k, bundle.Population{Status: bundle.StatusIncomplete, Count: l.count, Calls: calls, Gaps: []bundle.Gap{gap}})
	}
}
