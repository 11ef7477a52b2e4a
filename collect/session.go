package collect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Session makes the calls to one service in one account and region, and keeps the record of them.
type Session struct {
	run     *run
	account *account
	service string
	region  string // of the records; bundle.Global for what belongs to the account as a whole
	cfg     aws.Config
	window  *window

	leads sync.Once
	ahead chan struct{}        // closed when the session's first list has its first answer
	shut  atomic.Pointer[shut] // why nothing more is asked of the service here
	heard atomic.Bool          // the service has answered, whatever it said

	mu   sync.Mutex
	once map[string]func() any
}

// Account returns the account's 12 digits.
func (s *Session) Account() string { return s.account.ID }

// Partition returns "aws", "aws-cn", "aws-us-gov", …
func (s *Session) Partition() string { return s.account.Partition }

// Region returns the region that the session's records belong to, or bundle.Global.
func (s *Session) Region() string { return s.region }

// Regions returns the regions that the account is collected from, sorted. The caller leaves them as they are.
func (s *Session) Regions() []string { return s.account.regions }

// In returns the session that asks the same service of the same account in another region.
func (s *Session) In(region string) *Session {
	return s.run.session(s.account, s.service, region)
}

// ARN names a resource of this session's account and region where the API does not: "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1".
func (s *Session) ARN(service, resource string) string {
	return "arn:" + s.Partition() + ":" + service + ":" + s.region + ":" + s.Account() + ":" + resource
}

// Once calls f for the first caller with this key and gives its result to all callers of the session.
func Once[T any](s *Session, key string, f func() T) T {
	s.mu.Lock()
	get, ok := s.once[key]
	if !ok {
		get = sync.OnceValue(func() any { return f() })
		s.once[key] = get
	}
	s.mu.Unlock()
	return get().(T)
}

// OK is a part with an answer.
func (s *Session) OK(op Operation, answer any, calls []string) bundle.Part {
	data, err := awsread.Encode(op.Operation, answer)
	if err != nil {
		return s.Missing(op, "Unreadable", err.Error(), calls)
	}
	return bundle.Part{State: bundle.StateOK, Calls: calls, Data: data}
}

// Missing is a part that AWS answered for, but without what was needed.
func (s *Session) Missing(op Operation, code, message string, calls []string) bundle.Part {
	f := Failure{Gap: bundle.Gap{Service: op.Service, Operation: op.Name, Code: code, Message: clip(message)}}
	return f.Part(calls)
}

// Get reads the whole answer of one operation, pages merged. It returns the ids of the calls that were made, also with a
// failure. An answer in absent makes a failure that is Absent.
func Get[I, O any](ctx context.Context, s *Session, op Op[I, O], in *I, absent ...Says) (*O, []string, *Failure) {
	read := func() answer[O] {
		var a answer[O]
		a.calls, a.failure = pages(ctx, s, op, in, absent, func(page int, _ string, out *O) {
			if page == 0 {
				a.out = out
			} else {
				awsread.Merge(a.out, out)
			}
		})
		return a
	}
	if op.shared {
		key, err := json.Marshal(in)
		if err == nil {
			a := Once(s, op.Name+string(key), read)
			return a.out, a.calls, a.failure
		}
	}
	a := read()
	return a.out, a.calls, a.failure
}

// answer is what Get returns, for Once.
type answer[O any] struct {
	out     *O
	calls   []string
	failure *Failure
}

// pages reads an operation page by page to the end and hands each page, counted from 0, to each. It advances in. After a
// failure the pages before it have been handed out. A token that comes a second time would never end: it is a failure too.
func pages[I, O any](ctx context.Context, s *Session, op Op[I, O], in *I, absent []Says,
	each func(page int, call string, out *O)) (calls []string, f *Failure) {
	if op.fill != nil {
		op.fill(s, in)
	}
	var seen map[string]bool
	for page := 0; ; page++ {
		r := one(ctx, s, op, in, absent)
		if r.call != "" {
			calls = append(calls, r.call)
		}
		if r.failure != nil {
			return calls, r.failure
		}
		each(page, r.call, r.out)
		if r.next == "" {
			return calls, nil
		}
		if seen[r.next] {
			return calls, op.failure("RepeatedToken", "AWS returned a page token for the second time")
		}
		if seen == nil {
			seen = map[string]bool{}
		}
		seen[r.next] = true
		next, _ := op.page(in, r.out)
		*next = &r.next
	}
}

// reply is how one call ended.
type reply[O any] struct {
	out     *O
	call    string // empty if no request was sent
	next    string // token of the next page, empty on the last one
	failure *Failure
}

// one makes one call, unless the run before this one has its answer.
func one[I, O any](ctx context.Context, s *Session, op Op[I, O], in *I, absent []Says) reply[O] {
	s.run.plan()
	work := s.run.o.Work
	switch {
	case s.run.o.From != nil:
		return fromFile(s, op, in, absent)
	case work == nil:
		r, _ := once(ctx, s, op, in, absent)
		return r
	}
	key, err := work.key(s, op.Operation, in)
	if err != nil {
		return reply[O]{failure: op.failure(codeUnclassified, err.Error())}
	}
	if r, ok := recall(s, op, key, absent); ok {
		return r
	}
	if s.run.o.CloseOnly {
		return reply[O]{failure: s.run.unasked(op.Operation)}
	}
	r, kept := once(ctx, s, op, in, absent)
	passes := r.failure == nil && op.final != nil && !op.final(r.out)
	if kept != nil && !passes && (r.failure == nil || r.failure.Answered) {
		e := entry{Key: key[:], Call: &kept.call, Skew: kept.skew, Next: r.next, Failure: r.failure}
		if r.failure == nil {
			if e.Out, err = awsread.Encode(op.Operation.Operation, r.out); err != nil {
				return r // nothing to keep; its part will say the same
			}
		}
		s.run.check(work.write(e))
	}
	return r
}

// recall takes the answer to a question from the work directory. What the answer means is judged anew. An answer of a type that
// cannot be read back is asked for again.
func recall[I, O any](s *Session, op Op[I, O], key answerKey, absent []Says) (reply[O], bool) {
	e, err := s.run.o.Work.find(key)
	s.run.check(err)
	if e == nil || e.Call == nil {
		return reply[O]{}, false
	}
	r := reply[O]{call: e.Call.ID, next: e.Next, failure: e.Failure}
	if r.failure == nil {
		r.out = new(O)
		if err := awsread.Decode(e.Out, r.out); err != nil {
			return reply[O]{}, false
		}
	} else {
		r.failure.Absent = r.failure.isAbsent(absent)
	}
	s.run.recalled(*e)
	s.run.count(s, op.Name, r.failure, true)
	return r, true
}

// made is the record of a call that was sent.
type made struct {
	call bundle.Call
	skew *time.Duration
}

// once makes one call: one logical request, which the SDK may send several times.
func once[I, O any](ctx context.Context, s *Session, op Op[I, O], in *I, absent []Says) (r reply[O], kept *made) {
	release, err := s.run.limits.acquire(ctx, s)
	if err != nil {
		r.failure = s.run.unasked(op.Operation)
		return r, nil
	}
	smooth := true
	defer func() { release(smooth) }()
	if r.failure = s.account.refused(op.Operation); r.failure != nil {
		s.run.leave()
		return r, nil
	}
	timed, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	timed, rec := awsread.WithRecord(timed)
	r.out, err = op.do(timed, s.cfg, in)
	if rec.Sent() {
		kept = s.run.writeCall(s, rec)
		r.call = kept.call.ID
	}
	if err == nil && rec.Operation != op.Operation.Operation && rec.Sent() {
		err = fmt.Errorf("the table says %s, the call was %s: %w", op.Operation, rec.Operation, awsread.ErrRefused)
	}
	if err != nil {
		r.failure = classify(ctx, op.Operation, err, absent)
		if s.account.learn(r.failure) || errors.As(err, new(*noCredentials)) && ctx.Err() == nil {
			s.run.leave() // to be asked with fresh credentials
		}
		if !rec.Sent() {
			r.failure = op.unsent(r.failure)
		}
	}
	if rec.Sent() && rec.RequestID == "" && (r.failure == nil || r.failure.Absent) {
		r.out, r.failure = nil, op.anonymous(rec.HTTPStatus)
	}
	if r.failure == nil && op.page != nil {
		_, token := op.page(in, r.out)
		r.next = aws.ToString(token)
	}
	smooth = rec.Attempts <= 1
	if rec.HTTPStatus > 0 {
		s.heard.Store(true)
	}
	s.run.count(s, op.Name, r.failure, rec.Sent())
	return r, kept
}
