package collect

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// callTimeout bounds one logical call with all its attempts and pauses.
const callTimeout = 5 * time.Minute

// run is the state of one run of the collector.
type run struct {
	o       Options
	w       *bundle.Writer
	stop    context.CancelCauseFunc
	limits  *limits
	tracker *tracker
	lastID  atomic.Int64

	mu        sync.Mutex
	fault     error // the first record that could not be written
	accounts  []bundle.Account
	visited   map[string]bool // regions
	sessions  map[sessionKey]*Session
	counts    bundle.CallCounts
	skew      time.Duration
	artifacts int
	popul     int
	gaps      int
	actions   map[string]bool
	left      int             // calls that another run could make: not made because this one, or its credentials, ended early
	reused    map[string]bool // ids of calls of an earlier run, once they are written
	services  map[string]*ServiceCalls
}

type sessionKey struct {
	account         *account
	service, region string
}

func newRun(o Options, w *bundle.Writer, stop context.CancelCauseFunc) *run {
	r := &run{
		o: o, w: w, stop: stop, limits: newLimits(o.Concurrency, o.Services), tracker: &tracker{to: o.Progress},
		visited: map[string]bool{}, sessions: map[sessionKey]*Session{}, actions: map[string]bool{},
		reused: map[string]bool{}, services: map[string]*ServiceCalls{},
	}
	if o.Work != nil {
		r.lastID.Store(o.Work.lastID)
	}
	return r
}

// session returns the one session for a service in an account and region. Its clients share one pacer, so a service that
// throttles in one region is asked more slowly there and nowhere else.
func (r *run) session(a *account, service, region string) *Session {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := sessionKey{a, service, region}
	if s, ok := r.sessions[key]; ok {
		return s
	}
	cfg := a.cfg.Copy()
	if region != bundle.Global {
		cfg.Region = region
	}
	if cfg.Credentials != nil {
		cfg.Credentials = renewed{cfg.Credentials}
	}
	s := &Session{
		run: r, account: a, service: service, region: region, cfg: cfg,
		window: newWindow(r.limits.each), once: map[string]func() any{}, ahead: make(chan struct{}),
	}
	s.pace()
	r.sessions[key] = s
	return s
}

// forget lets go of the sessions of an account that has been visited, with the answers that they share: what a thousand accounts
// have in memory is what four of them have.
func (r *run) forget(a *account) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.sessions, func(key sessionKey, _ *Session) bool { return key.account == a })
}

// artifact starts an artifact of this session.
func (s *Session) artifact(k *Kind, id ID) bundle.Artifact {
	return bundle.Artifact{
		Kind: k.Name, Partition: s.account.Partition, Account: s.account.ID, Region: s.region, ID: id.ID, ARN: id.ARN,
		Parts: make(map[string]bundle.Part, len(k.Parts)),
	}
}

func (s *Session) writePopulation(k *Kind, p bundle.Population) {
	p.Kind, p.Scope = k.Name, k.Scope
	p.Partition, p.Account, p.Region = s.account.Partition, s.account.ID, s.region
	if p.Calls == nil {
		p.Calls = []string{}
	}
	for i, g := range p.Gaps {
		if g.Calls == nil {
			p.Gaps[i].Calls = []string{}
		}
	}
	s.run.mu.Lock()
	s.run.popul++
	if of := s.run.services[s.service]; of != nil && len(p.Gaps) > 0 {
		of.Incomplete++
	}
	for _, g := range p.Gaps {
		s.run.noteGap(g.Action)
	}
	s.run.mu.Unlock()
	s.run.check(s.run.w.Population(p))
}

func (r *run) writeArtifact(a bundle.Artifact) {
	r.mu.Lock()
	r.artifacts++
	for _, p := range a.Parts {
		if p.State == bundle.StateGap {
			r.noteGap(p.Action)
		}
	}
	r.mu.Unlock()
	r.check(r.w.Artifact(a))
}

// noteGap counts a gap. r.mu is held.
func (r *run) noteGap(action string) {
	r.gaps++
	if action != "" {
		r.actions[action] = true
	}
}

// writeCall records a call under a new id.
func (r *run) writeCall(s *Session, rec *awsread.Record) *made {
	m := &made{call: bundle.Call{
		ID: fmt.Sprintf("c%d", r.lastID.Add(1)), Account: s.account.ID, Caller: s.account.Caller, Region: s.region,
		Service: rec.Operation.Service, Operation: rec.Operation.Name, Input: rec.Input,
		RequestID: rec.RequestID, At: rec.At, AWSDate: rec.AWSDate, HTTPStatus: rec.HTTPStatus,
	}}
	if rec.HasSkew {
		m.skew = &rec.Skew
	}
	r.noteSkew(m.skew)
	r.check(r.w.Call(m.call))
	return m
}

// recalled records a call of an earlier run, the first time that its answer is used.
func (r *run) recalled(e entry) {
	r.mu.Lock()
	again := r.reused[e.Call.ID]
	r.reused[e.Call.ID] = true
	r.mu.Unlock()
	if again {
		return
	}
	r.noteSkew(e.Skew)
	r.check(r.w.Call(*e.Call))
}

func (r *run) noteSkew(skew *time.Duration) {
	if skew == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if skew.Abs() > r.skew.Abs() {
		r.skew = *skew
	}
}

// unasked is the failure of a call that is not made because the run ends before it.
func (r *run) unasked(op Operation) *Failure {
	r.endsEarly()
	if r.o.CloseOnly {
		return op.failure(codeNotAttempted, "the collection was interrupted before this call, and closed without it")
	}
	return op.failure(codeNotAttempted, "the collection was interrupted before this call")
}

// endsEarly counts a call that has no answer because the run cannot go on. The work directory of such a run stays, to be resumed.
func (r *run) endsEarly() {
	r.mu.Lock()
	r.left++
	r.mu.Unlock()
}

// check ends the run at the first record that could not be written.
func (r *run) check(err error) {
	if err == nil {
		return
	}
	r.mu.Lock()
	if r.fault == nil {
		r.fault = fmt.Errorf("writing a record: %w", err)
	}
	r.mu.Unlock()
	r.stop(err)
}

func (r *run) plan() {
	r.mu.Lock()
	r.counts.Planned++
	r.mu.Unlock()
}

// count says how a planned call ended. One that was never made stays a planned one.
func (r *run) count(s *Session, op string, f *Failure, sent bool) {
	r.mu.Lock()
	of := r.services[s.service]
	if of == nil {
		of = &ServiceCalls{Service: s.service, first: time.Now()}
		r.services[s.service] = of
	}
	of.Duration = time.Since(of.first)
	for _, c := range []*bundle.CallCounts{&r.counts, &of.Calls} {
		switch {
		case f == nil:
			c.OK++
		case f.Absent:
			c.Absent++
		case f.Denied:
			c.Denied++
		case sent:
			c.Failed++
		}
	}
	r.mu.Unlock()
	r.tracker.call(s, op, f)
}

func (r *run) addAccount(a bundle.Account) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.accounts = append(r.accounts, a)
}

func (r *run) addRegions(regions []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, region := range regions {
		r.visited[region] = true
	}
}

func (r *run) result(interrupted bool) *Result {
	slices.SortFunc(r.accounts, func(a, b bundle.Account) int { return strings.Compare(a.ID, b.ID) })
	return &Result{
		Accounts: r.accounts, Regions: slices.Sorted(maps.Keys(r.visited)), Artifacts: r.artifacts, Populations: r.popul,
		Gaps: r.gaps, Actions: slices.Sorted(maps.Keys(r.actions)), Calls: r.counts, Skew: r.skew, Interrupted: interrupted || r.left > 0,
		Services: r.perService(),
	}
}

// perService sums up by service, in the order of the names.
func (r *run) perService() []ServiceCalls {
	var out []ServiceCalls
	for _, name := range slices.Sorted(maps.Keys(r.services)) {
		out = append(out, *r.services[name])
	}
	return out
}

// record is the run record of the bundle.
func (r *run) record(started, ended time.Time, res *Result) bundle.Run {
	services := make([]string, 0, len(r.o.Services))
	for _, s := range r.o.Services {
		if !s.Implied {
			services = append(services, s.Name)
		}
	}
	regions := "all enabled"
	if len(r.o.Regions) > 0 {
		regions = strings.Join(r.o.Regions, ",")
	}
	requested := []bundle.KeyValue{
		{Key: "regions", Value: regions},
		{Key: "services", Value: strings.Join(services, ",")},
	}
	for _, scope := range []struct {
		key    string
		values []string
	}{{"accounts", r.o.Accounts}, {"roles", r.o.Roles}, {"exclude-accounts", r.o.ExcludeAccounts}, {"exclude-regions", r.o.ExcludeRegions}} {
		if len(scope.values) > 0 {
			requested = append(requested, bundle.KeyValue{Key: scope.key, Value: strings.Join(scope.values, ",")})
		}
	}
	if r.o.From != nil {
		requested = append(requested, bundle.KeyValue{Key: "source", Value: SecondHand})
	}
	if r.o.Organization {
		requested = append(requested, bundle.KeyValue{Key: "organization", Value: "all active accounts"})
	}
	requested = append(requested, r.o.Requested...)
	return bundle.Run{
		Tool: strings.TrimSpace(r.o.Tool.Name + " " + r.o.Tool.Version), Started: started.UTC(), Ended: ended.UTC(),
		SkewMillis: res.Skew.Milliseconds(), Requested: requested, Accounts: res.Accounts, Regions: res.Regions, Calls: res.Calls,
		Interrupted: res.Interrupted,
	}
}
