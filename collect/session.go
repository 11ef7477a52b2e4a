package collect

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

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
	calls   chan struct{} // holds one element for each call under way

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
		out, call, f := once(ctx, s, op, in, absent)
		if call != "" {
			calls = append(calls, call)
		}
		if f != nil {
			return calls, f
		}
		each(page, call, out)
		if op.page == nil {
			return calls, nil
		}
		next, token := op.page(in, out)
		if token == nil || *token == "" {
			return calls, nil
		}
		if seen[*token] {
			return calls, op.failure("RepeatedToken", "AWS returned a page token for the second time")
		}
		if seen == nil {
			seen = map[string]bool{}
		}
		seen[*token] = true
		*next = token
	}
}

// once makes one call: one logical request, which the SDK may send several times. call is empty if no request was sent.
func once[I, O any](ctx context.Context, s *Session, op Op[I, O], in *I, absent []Says) (out *O, call string, f *Failure) {
	s.run.plan()
	release, err := s.run.limits.acquire(ctx, s)
	if err != nil {
		return nil, "", op.failure(codeNotAttempted, "the collection was interrupted before this call")
	}
	defer release()
	timed, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	timed, rec := awsread.WithRecord(timed)
	out, err = op.do(timed, s.cfg, in)
	if rec.Sent() {
		call = s.run.writeCall(s, rec)
	}
	if err == nil && rec.Operation != op.Operation.Operation && rec.Sent() {
		err = fmt.Errorf("the table says %s, the call was %s: %w", op.Operation, rec.Operation, awsread.ErrRefused)
	}
	if err != nil {
		f = classify(ctx, op.Operation, err, absent)
		if !rec.Sent() {
			f = op.unsent(f)
		}
	}
	if rec.Sent() && rec.RequestID == "" && (f == nil || f.Absent) {
		out, f = nil, op.anonymous(rec.HTTPStatus)
	}
	s.run.count(f, rec.Sent())
	s.run.tracker.call(s, op.Name, f)
	return out, call, f
}
