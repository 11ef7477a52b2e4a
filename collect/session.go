package collect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
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
	open  atomic.Bool          // a list or setting was answered: the region is not closed to the service

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
	a := s.get(ctx, &op.question, in, absent)
	out, _ := a.out.(*O)
	return out, a.calls, a.failure
}

// get is Get without types.
func (s *Session) get(ctx context.Context, q *question, in any, absent []Says) answer {
	read := func() answer {
		var a answer
		a.calls, a.failure = s.pages(ctx, q, in, absent, func(page int, _ string, out any) {
			if page == 0 {
				a.out = out
			} else {
				awsread.Merge(a.out, out)
			}
		})
		return a
	}
	if q.shared {
		key, err := json.Marshal(in)
		if err == nil {
			return Once(s, q.Name+string(key), read).judged(q.Operation, absent)
		}
	}
	return read()
}

// answer is what get returns, for Once.
type answer struct {
	out     any // a pointer to the output; nil with a failure on the first page
	calls   []string
	failure *Failure
}

// judged returns the answer as a reader sees it whose table has these errors for "nothing is configured". Readers that share an
// answer need not agree.
func (a answer) judged(op Operation, absent []Says) answer {
	if a.failure != nil && a.failure.said {
		f := *a.failure
		f.judge(op, absent)
		a.failure = &f
	}
	return a
}

// pages reads an operation page by page to the end and hands each page, counted from 0, to each. It advances in. After a
// failure the pages before it have been handed out. A token that comes a second time would never end: it is a failure too.
//
// A token of an earlier run may be good no longer. Then the list is begun anew: page 0 comes a second time.
func (s *Session) pages(ctx context.Context, op *question, in any, absent []Says,
	each func(page int, call string, out any)) (calls []string, f *Failure) {
	if op.fill != nil {
		op.fill(s, in)
	}
	input := reflect.ValueOf(in).Elem()
	first := reflect.New(input.Type()).Elem()
	first.Set(input)
	var seen map[string]bool
	var kept []answerKey // of the pages so far, while all come from an earlier run
	for page := 0; ; page++ {
		r := s.one(ctx, op, in, absent)
		if f := r.failure; f != nil && f.Answered && !f.Denied && !r.kept && page > 0 && len(kept) == page {
			s.run.check(s.run.o.Work.forget(append(kept, r.key)))
			input.Set(first)
			calls, seen, kept, page = nil, nil, nil, -1
			continue
		}
		if r.call != "" {
			calls = append(calls, r.call)
		}
		if r.failure != nil {
			return calls, r.failure
		}
		if r.kept && len(kept) == page {
			kept = append(kept, r.key)
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

// pages is Session.pages with types.
func pages[I, O any](ctx context.Context, s *Session, op Op[I, O], in *I, absent []Says,
	each func(page int, call string, out *O)) (calls []string, f *Failure) {
	return s.pages(ctx, &op.question, in, absent, func(page int, call string, out any) { each(page, call, out.(*O)) })
}

// reply is how one call ended.
type reply struct {
	out     any    // a pointer to the output; nil with a failure
	call    string // empty if no request was sent
	next    string // token of the next page, empty on the last one
	failure *Failure

	kept bool      // it is the answer of an earlier run
	key  answerKey // of the question, in a run with a work directory
}

// one makes one call, unless the run before this one has its answer.
func (s *Session) one(ctx context.Context, op *question, in any, absent []Says) reply {
	s.run.plan()
	work := s.run.o.Work
	switch {
	case s.run.o.From != nil:
		return s.fromFile(ctx, op, in, absent)
	case work == nil:
		r, _ := s.send(ctx, op, in, absent)
		return r
	}
	key, err := work.key(s, op.Operation, in)
	if err != nil {
		return reply{failure: op.failure(codeUnclassified, err.Error())}
	}
	if r, ok := s.recall(op, key, absent); ok {
		r.kept, r.key = true, key
		return r
	}
	if s.run.o.CloseOnly {
		return reply{failure: s.run.unasked(op.Operation)}
	}
	r, kept := s.send(ctx, op, in, absent)
	r.key = key
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
func (s *Session) recall(op *question, key answerKey, absent []Says) (reply, bool) {
	e, err := s.run.o.Work.find(key)
	s.run.check(err)
	if e == nil || e.Call == nil {
		return reply{}, false
	}
	r := reply{call: e.Call.ID, next: e.Next, failure: e.Failure}
	if r.failure == nil {
		r.out = op.blank()
		if err := awsread.Decode(e.Out, r.out); err != nil {
			return reply{}, false
		}
	} else {
		r.failure.judge(op.Operation, absent)
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

// send makes one call: one logical request, which the SDK may send several times.
func (s *Session) send(ctx context.Context, op *question, in any, absent []Says) (r reply, kept *made) {
	release, err := s.run.limits.acquire(ctx, s)
	if err != nil {
		r.failure = s.run.unasked(op.Operation)
		return r, nil
	}
	smooth := true
	defer func() { release(smooth) }()
	if r.failure = s.account.refused(op.Operation); r.failure != nil {
		s.run.endsEarly()
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
			s.run.endsEarly() // to be asked with fresh credentials
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
