package collect

import (
	"context"
	"slices"
	"sync"
)

// How many calls may be under way at once. The bounds are nested so that a service that answers slowly, even in every region,
// leaves room for the others.
const (
	firstWindow        = 8   // one service in one region of one account, at first
	defaultConcurrency = 32  // the most that grows to, unless Options.Concurrency says otherwise
	serviceCalls       = 64  // one service in all regions and accounts
	allCalls           = 128 // everything; below the number of files that a process may open on any system
	itemsAtOnce        = 48  // items of one list whose details are read side by side: more than calls, so that none waits for work
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
// no wide one. It fails only when ctx ends. release is told whether the call went smoothly.
func (l *limits) acquire(ctx context.Context, s *Session) (release func(smooth bool), err error) {
	if err := s.window.enter(ctx); err != nil {
		return nil, err
	}
	var held []chan struct{}
	release = func(smooth bool) {
		for _, c := range held {
			<-c
		}
		s.window.leave(smooth)
	}
	for _, c := range []chan struct{}{l.service[s.service], l.all} {
		if c == nil {
			continue
		}
		select {
		case c <- struct{}{}:
			held = append(held, c)
		case <-ctx.Done():
			release(true)
			return nil, ctx.Err()
		}
	}
	return release, nil
}

// window bounds the calls of one session. It opens by one for each window's worth of calls that went smoothly, and closes to half
// after one that had to be tried again, like TCP's congestion window (RFC 5681): it finds the pace that the service allows. The SDK's
// adaptive retries slow down what is inside.
type window struct {
	most float64

	mu      sync.Mutex
	size    float64
	inside  int
	waiting []chan struct{}
}

func newWindow(most int) *window {
	return &window{most: float64(most), size: float64(min(most, firstWindow))}
}

// enter waits for a place. Who waits longest is next.
func (w *window) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.Lock()
	if w.inside < int(w.size) {
		w.inside++
		w.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	w.waiting = append(w.waiting, turn)
	w.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := slices.Index(w.waiting, turn); i >= 0 {
		w.waiting = slices.Delete(w.waiting, i, i+1)
	} else { // the place was given meanwhile
		w.inside--
		w.admit()
	}
	return ctx.Err()
}

// leave gives the place back.
func (w *window) leave(smooth bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if smooth {
		w.size = min(w.most, w.size+1/w.size)
	} else {
		w.size = max(1, w.size/2)
	}
	w.inside--
	w.admit()
}

// admit lets in who waits, while there is room. w.mu is held.
func (w *window) admit() {
	for len(w.waiting) > 0 && w.inside < int(w.size) {
		close(w.waiting[0])
		w.waiting = w.waiting[1:]
		w.inside++
	}
}
