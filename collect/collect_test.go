package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// fake stands for an SDK client in these tests, with one paged operation.
type fake struct {
	pages map[string]fakeOut // by token of the input
	err   map[string]error
	asked []string
}

type (
	fakeIn  struct{ Token *string }
	fakeOut struct {
		Names []string
		Next  *string
	}
)

func (f *fake) List(ctx context.Context, in *fakeIn) (*fakeOut, error) {
	token := aws.ToString(in.Token)
	f.asked = append(f.asked, token)
	if err := f.err[token]; err != nil {
		return nil, err
	}
	out := f.pages[token]
	return &out, ctx.Err()
}

// list is the operation of this client.
func (f *fake) list() Op[fakeIn, fakeOut] {
	return NewOp("ec2", "DescribeVpcs", func(ctx context.Context, _ aws.Config, in *fakeIn) (*fakeOut, error) { return f.List(ctx, in) }).
		Paged(func(in *fakeIn, out *fakeOut) (**string, *string) { return &in.Token, out.Next })
}

// testSession returns a session whose records go to a bundle in a temporary folder.
func testSession(t *testing.T) *Session {
	t.Helper()
	w, err := bundle.NewWriter(t.TempDir(), bundle.WriterOptions{Tool: bundle.Tool{Name: "test"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Abort() })
	r := newRun(Options{Progress: NoProgress{}}, w, func(error) {})
	a := &account{Account: bundle.Account{ID: "111122223333", Partition: "aws", Caller: "arn:aws:iam::111122223333:user/u"}}
	return r.session(a, "ec2", "eu-west-1")
}

func names(page int, _ string, out *fakeOut, into *[]string) {
	for _, n := range out.Names {
		*into = append(*into, fmt.Sprintf("%d:%s", page, n))
	}
}

func TestPages(t *testing.T) {
	next := aws.String
	for _, tt := range []struct {
		name  string
		pages map[string]fakeOut
		err   map[string]error
		want  []string
		asked []string
		code  string
	}{
		{
			name:  "to the end, over an empty page",
			pages: map[string]fakeOut{"": {Next: next("a")}, "a": {Names: []string{"x"}, Next: next("b")}, "b": {Names: []string{"y"}}},
			want:  []string{"1:x", "2:y"}, asked: []string{"", "a", "b"},
		},
		{
			name: "an empty token is the end", pages: map[string]fakeOut{"": {Names: []string{"x"}, Next: next("")}},
			want: []string{"0:x"}, asked: []string{""},
		},
		{
			name:  "a token that comes back ends the list with a failure",
			pages: map[string]fakeOut{"": {Names: []string{"x"}, Next: next("a")}, "a": {Names: []string{"y"}, Next: next("b")}, "b": {Names: []string{"z"}, Next: next("a")}},
			want:  []string{"0:x", "1:y", "2:z"}, asked: []string{"", "a", "b"}, code: "RepeatedToken",
		},
		{
			name: "pages before a failure count", pages: map[string]fakeOut{"": {Names: []string{"x"}, Next: next("a")}},
			err:  map[string]error{"a": errors.New("lost")},
			want: []string{"0:x"}, asked: []string{"", "a"}, code: codeUnsent,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			client := &fake{pages: tt.pages, err: tt.err}
			var got []string
			_, f := pages(t.Context(), testSession(t), client.list(), &fakeIn{}, nil, func(page int, call string, out *fakeOut) {
				names(page, call, out, &got)
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.asked, client.asked); diff != "" {
				t.Errorf("tokens (-want +got):\n%s", diff)
			}
			if code := codeOf(f); code != tt.code {
				t.Errorf("failure %q, want %q", code, tt.code)
			}
		})
	}
}

func codeOf(f *Failure) string {
	if f == nil {
		return ""
	}
	return f.Code
}

// TestGetMerges pins that a part of several pages holds all of them, that a shared read is made once, and that a failure on a
// later page leaves no half answer.
func TestGetMerges(t *testing.T) {
	s := testSession(t)
	client := &fake{pages: map[string]fakeOut{"": {Names: []string{"x"}, Next: aws.String("a")}, "a": {Names: []string{"y"}}}}
	for range 2 {
		out, _, f := Get(t.Context(), s, client.list().Shared(), &fakeIn{})
		if f != nil || !slices.Equal(out.Names, []string{"x", "y"}) {
			t.Fatalf("got %v, failure %v; want x and y", out, f)
		}
	}
	if len(client.asked) != 2 {
		t.Errorf("two shared reads of two pages made %d calls, want 2", len(client.asked))
	}
	client = &fake{pages: client.pages, err: map[string]error{"a": errors.New("lost")}}
	part := Read("P", client.list(), func(*Session) *fakeIn { return &fakeIn{} }).read(t.Context(), s, s)
	if part.State != bundle.StateGap || part.Data != nil {
		t.Errorf("part %+v, want a gap without data", part)
	}
}

// TestInterrupted pins that after an interruption nothing is called, and everything says so.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	client := &fake{}
	calls, f := pages(ctx, testSession(t), client.list(), &fakeIn{}, nil, nil)
	if codeOf(f) != codeNotAttempted || len(calls) != 0 || len(client.asked) != 0 {
		t.Errorf("calls %v, failure %v, %d requests; want NotAttempted and none", calls, f, len(client.asked))
	}
}

func TestClassify(t *testing.T) {
	op := Operation{Operation: awsread.Operation{Service: "s3", Name: "GetBucketPolicy"}, Actions: []string{"s3:GetBucketPolicy"}}
	api := func(status int, code, message string) error {
		return &smithy.OperationError{ServiceID: "S3", OperationName: "GetBucketPolicy", Err: &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}},
			Err:      &smithy.GenericAPIError{Code: code, Message: message},
		}}
	}
	html := &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: 404}},
		Err:      &smithy.DeserializationError{Err: errors.New("invalid character '<'")},
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	absent := []Says{{Code: "NoSuchBucketPolicy"}, {Code: "InvalidAccessException", Message: "not subscribed"}}
	for _, tt := range []struct {
		name   string
		ctx    context.Context
		err    error
		code   string
		absent bool
		denied bool
		action string
	}{
		{name: "absent", err: api(404, "NoSuchBucketPolicy", "none"), code: "NoSuchBucketPolicy", absent: true},
		{name: "absent by message", err: api(403, "InvalidAccessException", "Account 1 is not subscribed to it"), code: "InvalidAccessException", absent: true},
		{name: "the same code for a caller without permission", err: api(403, "InvalidAccessException", "no permission"), code: "InvalidAccessException", denied: true, action: "s3:GetBucketPolicy"},
		{name: "access denied", err: api(403, "AccessDenied", "no"), code: "AccessDenied", denied: true, action: "s3:GetBucketPolicy"},
		{name: "access denied exception", err: api(400, "AccessDeniedException", "no"), code: "AccessDeniedException", denied: true, action: "s3:GetBucketPolicy"},
		{name: "unauthorized operation", err: api(403, "UnauthorizedOperation", "no"), code: "UnauthorizedOperation", denied: true, action: "s3:GetBucketPolicy"},
		{name: "throttled out", err: api(503, "SlowDown", "slower"), code: "SlowDown"},
		{name: "server error", err: api(500, "InternalError", "oops"), code: "InternalError"},
		{name: "gone since it was listed", err: api(404, "NoSuchBucket", "gone"), code: "NoSuchBucket"},
		{name: "an error without a code", err: api(400, "UnknownError", ""), code: codeUnclassified},
		{name: "HTML", err: html, code: codeUnclassified},
		{name: "name resolution", err: &smithyhttp.RequestSendError{Err: &net.DNSError{Err: "no such host"}}, code: codeNotAnswered},
		{name: "connection", err: &smithyhttp.RequestSendError{Err: io.ErrUnexpectedEOF}, code: codeNotAnswered},
		{name: "time", err: fmt.Errorf("waiting: %w", context.DeadlineExceeded), code: codeTimeout},
		{name: "network time", err: &smithyhttp.RequestSendError{Err: &net.OpError{Op: "read", Err: timeout{}}}, code: codeTimeout},
		{name: "refused by the guard", err: fmt.Errorf("op: %w", awsread.ErrRefused), code: codeRefused},
		{name: "anything else", err: errors.New("the sky fell"), code: codeUnclassified},
		{name: "interrupted", ctx: stopped, err: &smithyhttp.RequestSendError{Err: context.Canceled}, code: codeInterrupted},
		{name: "an answer counts, interrupted or not", ctx: stopped, err: api(404, "NoSuchBucketPolicy", "none"), code: "NoSuchBucketPolicy", absent: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.ctx == nil {
				tt.ctx = t.Context()
			}
			f := classify(tt.ctx, op, tt.err, absent)
			if f.Code != tt.code || f.Absent != tt.absent || f.Denied != tt.denied || f.Action != tt.action {
				t.Errorf("got code %q absent %t denied %t action %q; want %q %t %t %q",
					f.Code, f.Absent, f.Denied, f.Action, tt.code, tt.absent, tt.denied, tt.action)
			}
			if f.Service != "s3" || f.Operation != "GetBucketPolicy" {
				t.Errorf("the failure is about %s:%s", f.Service, f.Operation)
			}
		})
	}
}

type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

// TestUnsent pins that an answer to the request for credentials is never taken for one about the resource.
func TestUnsent(t *testing.T) {
	op := (&fake{}).list().Operation
	f := op.unsent(&Failure{Gap: bundle.Gap{Code: "NoSuchEntity"}, Absent: true})
	if f.Absent || f.Denied || f.Code != codeUnsent {
		t.Errorf("got %+v, want a plain gap", f)
	}
}

func TestClip(t *testing.T) {
	long := strings.Repeat("証", maxMessage)
	if got := clip(long); len(got) > maxMessage+len("…") || !strings.HasSuffix(got, "証…") {
		t.Errorf("clipped to %d bytes, ending %q", len(got), got[len(got)-6:])
	}
	if got := clip("x-amz-security-token:" + long); got != "x-amz-security-token:[removed]" {
		t.Errorf("a message keeps a session token: %q", got)
	}
	if got := clip("a\xff"); got != "a\uFFFD" {
		t.Errorf("got %q", got)
	}
}

func TestRoleARNs(t *testing.T) {
	one := "arn:aws:iam::111122223333:role/audit/reader"
	for _, tt := range []struct {
		name string
		o    Options
		want []string
		err  string
	}{
		{"an ARN", Options{Roles: []string{one}}, []string{one}, ""},
		{"an ARN in other accounts", Options{Roles: []string{one}, Accounts: []string{"444455556666", "777788889999"}},
			[]string{"arn:aws:iam::444455556666:role/audit/reader", "arn:aws:iam::777788889999:role/audit/reader"}, ""},
		{"a name", Options{Roles: []string{"reader"}, Accounts: []string{"444455556666"}}, []string{"arn:aws:iam::444455556666:role/reader"}, ""},
		{"a name without accounts", Options{Roles: []string{"reader"}}, nil, "name the accounts"},
		{"a user", Options{Roles: []string{"arn:aws:iam::111122223333:user/u"}}, nil, "not the ARN of an IAM role"},
		{"two roles for a list", Options{Roles: []string{one, one}, Accounts: []string{"444455556666"}}, nil, "2 roles"},
		{"no account number", Options{Roles: []string{"reader"}, Accounts: []string{"prod"}}, nil, "12 digits"},
	} {
		got, err := roleARNs(tt.o, "aws")
		var texts []string
		for _, a := range got {
			texts = append(texts, a.String())
		}
		if tt.err == "" && (err != nil || !slices.Equal(texts, tt.want)) || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("%s: got %v, error %v; want %v, %q", tt.name, texts, err, tt.want, tt.err)
		}
	}
}

func TestSelect(t *testing.T) {
	all := []Service{{Name: "iam"}, {Name: "s3"}, {Name: "ec2"}}
	for _, tt := range []struct {
		include, exclude, want []string
		fails                  bool
	}{
		{nil, nil, []string{"iam", "s3", "ec2"}, false},
		{[]string{"ec2", "iam"}, nil, []string{"iam", "ec2"}, false},
		{nil, []string{"s3"}, []string{"iam", "ec2"}, false},
		{[]string{"iam"}, []string{"iam"}, nil, true},
		{[]string{"iamm"}, nil, nil, true},
		{nil, []string{"iamm"}, nil, true},
	} {
		got, err := Select(all, tt.include, tt.exclude)
		var names []string
		for _, s := range got {
			names = append(names, s.Name)
		}
		if !slices.Equal(names, tt.want) || (err != nil) != tt.fails {
			t.Errorf("Select(%v, %v) = %v, %v; want %v", tt.include, tt.exclude, names, err, tt.want)
		}
	}

	all[2].Kinds = []Kind{{Name: "ec2.vpc"}, {Name: "ec2.region", Needed: true}}
	got, err := Select(all, []string{"s3"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Name != "s3" || got[0].Implied || got[1].Name != "ec2" || !got[1].Implied || len(got[1].Kinds) != 1 || got[1].Kinds[0].Name != "ec2.region" {
		t.Errorf("the kind that every selection needs is missing: %+v", got)
	}
	if _, err := Select(all, nil, []string{"iam", "s3", "ec2"}); err == nil {
		t.Error("a selection of needed kinds alone was accepted")
	}
}

// TestLimits pins that a service that does not answer in one region leaves the others their places.
func TestLimits(t *testing.T) {
	l := newLimits(2, []Service{{Name: "slow"}, {Name: "fast"}})
	slow := &Session{service: "slow", window: newWindow(2)}
	for range 2 {
		if _, err := l.acquire(t.Context(), slow); err != nil {
			t.Fatal(err)
		}
	}
	waiting, stop := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := l.acquire(waiting, slow)
		failed <- err
	}()
	release, err := l.acquire(t.Context(), &Session{service: "fast", window: newWindow(2)})
	if err != nil {
		t.Fatal(err)
	}
	release(true)
	stop()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("the third call: error %v, want context.Canceled", err)
	}
	if held := len(l.all); held != 2 {
		t.Errorf("%d places are held, want 2", held)
	}
}

// TestWindow pins that a window opens while calls go smoothly, closes to half when they do not, never shuts, and lets in who waits.
func TestWindow(t *testing.T) {
	w := newWindow(20)
	for range 500 {
		if err := w.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.leave(true)
	}
	if w.size != 20 {
		t.Errorf("after smooth calls the window is %v, want its most", w.size)
	}
	_ = w.enter(t.Context())
	w.leave(false)
	if w.size != 10 {
		t.Errorf("after a call that was not smooth the window is %v, want half", w.size)
	}
	for range 10 {
		_ = w.enter(t.Context())
		w.leave(false)
	}
	if w.size != 1 {
		t.Errorf("the window is %v, want 1", w.size)
	}
	_ = w.enter(t.Context())
	in := make(chan error)
	go func() { in <- w.enter(t.Context()) }()
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := w.enter(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	w.leave(true)
	if err := <-in; err != nil || w.inside != 1 {
		t.Errorf("error %v, %d inside, want one", err, w.inside)
	}
}

// TestCheck pins that what would fail at the end fails before the first call.
func TestCheck(t *testing.T) {
	good := Options{Services: []Service{{Name: "s3"}}, Signers: []bundle.Signer{{Name: "me"}}, Out: t.TempDir() + "/b.zip"}
	for _, tt := range []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{"good", func(*Options) {}, ""},
		{"no service", func(o *Options) { o.Services = nil }, "no service"},
		{"no key", func(o *Options) { o.Signers = nil }, "no key"},
		{"no folder", func(o *Options) { o.Out = t.TempDir() + "/none/b.zip" }, "does not exist"},
	} {
		o := good
		tt.change(&o)
		if err := check(o); tt.want == "" && err != nil || tt.want != "" && (!errors.Is(err, ErrUsage) || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}
