package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/sync/errgroup"

	"github.com/auditpack/auditpack/collect/bundle"
)

// lister collects the artifacts of one listed kind in one session: the list page by page, the items of a page side by side.
type lister[C, S any] struct {
	s      *Session
	k      *Kind
	client func(aws.Config) C
	parts  []Part[C, S]

	work    errgroup.Group
	count   int
	seen    map[string]bool // ids; a list that shifts between two pages can show an item twice
	clients map[string]C    // by region, for kinds whose parts live elsewhere
	home    C
	made    bool
}

// add takes one list item. Its details are read while the list goes on; add waits when enough items are being read.
func (l *lister[C, S]) add(ctx context.Context, list Operation, item S, id ID, from bundle.From, call string) {
	if id.Skip || l.seen[id.ID] {
		return
	}
	l.seen[id.ID] = true
	l.count++
	if !l.made {
		l.home, l.made = l.client(l.s.cfg), true
		l.work.SetLimit(itemsAtOnce)
	}
	a := l.s.artifact(l.k, id)
	if l.k.Item != "" {
		part := l.s.OK(list, item, []string{call})
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
func (l *lister[C, S]) details(ctx context.Context, item S, a bundle.Artifact) {
	s, c := l.s, l.home
	for _, p := range l.parts {
		part := p.read(ctx, s, c, item)
		a.Parts[p.Name] = part
		if p.region != nil {
			if region := p.region(item, part); region != "" && region != s.cfg.Region {
				s = s.run.elsewhere(l.s, region)
				c = l.regional(s)
			}
		}
	}
	l.s.run.writeArtifact(a)
}

// regional returns the client for another region.
func (l *lister[C, S]) regional(s *Session) C {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	c, ok := l.clients[s.cfg.Region]
	if !ok {
		c = l.client(s.cfg)
		l.clients[s.cfg.Region] = c
	}
	return c
}

// finish waits for the details and writes what the list proves.
func (l *lister[C, S]) finish(calls []string, f *Failure) {
	_ = l.work.Wait() // the workers return no errors
	p := bundle.Population{Status: bundle.StatusComplete, Count: l.count, Calls: distinct(calls)}
	if f != nil && !(l.count == 0 && f.Absent) {
		p.Status = bundle.StatusIncomplete
		gap := f.Gap
		if l.s.region != bundle.Global && f.byControlPolicy() {
			p.Status, gap.Code = bundle.StatusRegionDenied, codeRegionDenied
		}
		gap.Calls = p.Calls
		p.Gaps = []bundle.Gap{gap}
	}
	l.s.writePopulation(l.k, p)
}
