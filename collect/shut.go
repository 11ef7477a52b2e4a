package collect

import (
	"context"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/auditpack/auditpack/collect/bundle"
)

// shut says why a service is not asked in a region: what its first list found out holds for all of them.
type shut struct {
	status string     // of the populations: region_denied or not_offered
	gap    bundle.Gap // zero if not_offered
	calls  []string
}

// lead lets the first list or setting of a session go ahead. The others wait until it has its first answer, so that a region which
// is closed to a service is found out by one call. The one that leads calls told then; for the others it does nothing.
func (s *Session) lead(ctx context.Context) (told func()) {
	leads := false
	s.leads.Do(func() { leads = true })
	if leads {
		return sync.OnceFunc(func() { close(s.ahead) })
	}
	select {
	case <-s.ahead:
	case <-ctx.Done():
	}
	return func() {}
}

// collect reads one kind, unless the region is known to be closed to its service.
func (t task) collect(ctx context.Context) {
	told := t.session.lead(ctx)
	defer told()
	if t.session.writeShut(t.kind) {
		return
	}
	t.kind.collect(ctx, t.session, t.kind, told)
}

// closedTo reports whether the gap of a kind says that this region is closed to the service, by the organization or because AWS does not
// offer the service there. If so it closes the session and writes the kind's population. It is judged on lists and settings only:
// where a list was answered the region is open, and a detail that a policy denies is a denial like others.
func (s *Session) closedTo(k *Kind, gap bundle.Gap, calls []string) bool {
	switch {
	case s.region == bundle.Global || s.open.Load():
		return false
	case strings.Contains(gap.Message, "explicit deny in a service control policy"):
		gap.Code, gap.Calls = codeRegionDenied, calls
		s.shut.CompareAndSwap(nil, &shut{bundle.StatusRegionDenied, gap, calls})
	case gap.Code == codeNotAnswered && !s.heard.Load() && notOffered(s.service, s.region):
		s.shut.CompareAndSwap(nil, &shut{status: bundle.StatusNotOffered, calls: calls})
	default:
		return false
	}
	return s.writeShut(k)
}

// writeShut writes the population of a kind if the region is known to be closed to its service, and reports whether it is.
func (s *Session) writeShut(k *Kind) bool {
	why := s.shut.Load()
	if why == nil {
		return false
	}
	p := bundle.Population{Status: why.status, Calls: distinct(why.calls)}
	if why.status != bundle.StatusNotOffered {
		p.Gaps = []bundle.Gap{why.gap}
	}
	s.writePopulation(k, p)
	return true
}

// pace sets how the session's clients retry: all of them share one pacer, so a service that throttles in one region is asked more
// slowly there and nowhere else. Where the service is probably not offered there is one attempt, until something has answered:
// a host name that does not exist is not worth a minute of retries.
func (s *Session) pace() {
	pacer := retry.NewAdaptiveMode()
	doubtful := notOffered(s.service, s.region)
	s.cfg.Retryer = func() aws.Retryer {
		if doubtful && !s.heard.Load() {
			return aws.NopRetryer{}
		}
		return pacer
	}
}
