package collect

import "context"

// How many calls may be under way at once. The bounds are nested so that a service that answers slowly, even in every region,
// leaves room for the others.
const (
	defaultConcurrency = 8  // one service in one region of one account, unless Options.Concurrency says otherwise
	serviceCalls       = 32 // one service in all regions and accounts
	allCalls           = 96 // everything; below the number of files that a process may open on any system
	itemsAtOnce        = 16 // items of one list whose details are read side by side
)

// limits hands out permission to make a call.
type limits struct {
	each    int
	all     chan struct{}
	service map[string]chan struct{}
}

func newLimits(each int, services []Service) *limits {
	if each <= 0 {
		each = defaultConcurrency
	}
	l := &limits{each: each, all: make(chan struct{}, allCalls), service: map[string]chan struct{}{}}
	for _, s := range services {
		l.service[s.Name] = make(chan struct{}, serviceCalls)
	}
	return l
}

// acquire waits for permission to make a call of this session, the narrowest bound first: whoever waits for a narrow one holds
// no wide one. It fails only when ctx ends.
func (l *limits) acquire(ctx context.Context, s *Session) (release func(), err error) {
	var held []chan struct{}
	release = func() {
		for _, c := range held {
			<-c
		}
	}
	for _, c := range []chan struct{}{s.calls, l.service[s.service], l.all} {
		if c == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			release()
			return nil, err
		}
		select {
		case c <- struct{}{}:
			held = append(held, c)
		case <-ctx.Done():
			release()
			return nil, ctx.Err()
		}
	}
	return release, nil
}
