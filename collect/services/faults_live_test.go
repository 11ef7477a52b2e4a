package services

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
)

// fault is one way in which a request goes wrong, and the codes of the gap that may follow.
type fault struct {
	name  string
	codes []string
	do    func(r *testbed.Request, req *http.Request, next testbed.Doer) (*http.Response, error)
}

// faults are the ways in which the requests of a faulty client go wrong. A slow answer is a good one.
var faults = []fault{
	{"throttled", []string{"RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException", "TooManyRequestsException"},
		injected(testbed.Throttle())},
	{"server error", []string{"InternalFailure"}, injected(testbed.Fail(500, "InternalFailure", "try later"))},
	{"unavailable", []string{"ServiceUnavailable"}, injected(testbed.Fail(503, "ServiceUnavailable", "try later"))},
	{"reset", []string{"NotAnswered"}, func(*testbed.Request, *http.Request, testbed.Doer) (*http.Response, error) {
		return nil, io.ErrUnexpectedEOF
	}},
	{"truncated", []string{"Unclassified", "NotAnswered"}, truncated},
	{"slow", nil, func(_ *testbed.Request, req *http.Request, next testbed.Doer) (*http.Response, error) {
		time.Sleep(5 * time.Millisecond)
		return next.Do(req)
	}},
	// S3's client makes a code of the words for the status where it finds none.
	{"a page of a proxy", []string{"Unclassified", "InternalServerError"}, injected(testbed.Garble())},
	{"a page of a proxy that says all is well", []string{"Unclassified", "NoRequestID"}, page},
}

// injected answers as the action says.
func injected(a testbed.Action) func(*testbed.Request, *http.Request, testbed.Doer) (*http.Response, error) {
	none := testbed.NewCassette(nil)
	return func(_ *testbed.Request, req *http.Request, _ testbed.Doer) (*http.Response, error) {
		return none.Replay(testbed.Fault{Do: a}).Do(req)
	}
}

// truncated passes on the first half of the answer; then the connection breaks.
func truncated(_ *testbed.Request, req *http.Request, next testbed.Doer) (*http.Response, error) {
	resp, err := next.Do(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || len(body) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:len(body)/2]), brokenOff{}))
	return resp, nil
}

// brokenOff is a connection that breaks.
type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func page(_ *testbed.Request, req *http.Request, _ testbed.Doer) (*http.Response, error) {
	text := "<html><body><p>Please sign in to the guest network</p></body></html>"
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader(text)),
		ContentLength: int64(len(text)), Request: req}, nil
}

// faulty is a client that lets a fifth of the attempts go wrong: which ones and how follows from the seed and from what is asked, so that
// a seed that shows a defect shows it again.
type faulty struct {
	next testbed.Doer
	seed int

	mu    sync.Mutex
	tries map[string]int
	codes map[string]bool // that the faults so far may have caused
	hits  map[string]int  // by fault
}

func newFaulty(next testbed.Doer, seed int) *faulty {
	return &faulty{next: next, seed: seed, tries: map[string]int{}, codes: map[string]bool{}, hits: map[string]int{}}
}

func (f *faulty) Do(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	r := testbed.Identify(req, body)
	if r.Service == "sts" {
		return f.next.Do(req) // without an identity there is no account
	}
	key := strings.Join([]string{r.Service, r.Operation, r.Region, req.Method, req.URL.Path, req.URL.Query().Encode(), string(body)}, " ")
	f.mu.Lock()
	try := f.tries[key]
	f.tries[key]++
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %d %s", f.seed, try, key)
	n := mix(h.Sum64())
	if n%5 != 0 {
		f.mu.Unlock()
		return f.next.Do(req)
	}
	chosen := faults[n/5%uint64(len(faults))]
	f.hits[chosen.name]++
	for _, c := range chosen.codes {
		f.codes[r.Service+" "+r.Operation+" "+c] = true
	}
	f.mu.Unlock()
	return chosen.do(&r, req, f.next)
}

// mix spreads the bits of a hash: the low bits of FNV follow the last bytes too closely.
func mix(n uint64) uint64 {
	n ^= n >> 33
	n *= 0xff51afd7ed558ccd
	n ^= n >> 33
	n *= 0xc4ceb9fe1a85ec53
	return n ^ n>>33
}

// countOf is a count that the environment may raise.
func countOf(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q is no count", name, text)
	}
	return n
}

// TestFaults collects while a fifth of all attempts go wrong: no state may be wrong, everything that is not as without faults must be a
// gap with a code that fits, and a second run over the same work directory must heal it. AUDITPACK_SEEDS is the number of runs.
func TestFaults(t *testing.T) {
	p := emulatedAccount(t)
	cassette := testbed.NewCassette(p.Client())
	whole := take(t, t.Context(), collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: named{cassette}}, Regions: regions})
	var mu sync.Mutex
	hits := map[string]int{}
	t.Run("seeds", func(t *testing.T) {
		for seed := range countOf(t, "AUDITPACK_SEEDS", 3) {
			t.Run(strconv.Itoa(seed), func(t *testing.T) {
				t.Parallel()
				client := newFaulty(cassette.Replay(), seed)
				s := take(t, t.Context(), collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: named{client}}, Regions: regions})
				if s.result.Gaps == 0 {
					t.Error("no gaps: the faults did nothing")
				}
				noWrongState(t, whole, s, client)
				mu.Lock()
				defer mu.Unlock()
				for name, n := range client.hits {
					hits[name] += n
				}
			})
		}
	})
	for _, f := range faults {
		if hits[f.name] == 0 {
			t.Errorf("no request was %s", f.name)
		}
	}
	t.Run("retried", func(t *testing.T) {
		t.Setenv("AWS_MAX_ATTEMPTS", "4")
		client := newFaulty(cassette.Replay(), 100)
		s := take(t, t.Context(), collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: named{client}}, Regions: regions,
			Services: []collect.Service{KMS(), SNS(), CloudTrail(), RDS()}})
		for key, part := range s.data() {
			if want := whole.data()[key]; part != want {
				t.Errorf("%s is %s, want %s", key, part, want)
			}
		}
		noWrongState(t, whole, s, client)
	})
	t.Run("healed", func(t *testing.T) { healed(t, cassette, whole) })
}

// noWrongState compares a run with faults to the whole.
func noWrongState(t *testing.T, whole, s *snapshot, client *faulty) {
	t.Helper()
	all := whole.data()
	for part, data := range s.data() {
		if all[part] != data {
			t.Errorf("%s is %s, want %s", part, data, all[part])
		}
	}
	fits := func(at, service, operation, code string) {
		if code != "NotAttempted" && !client.codes[service+" "+operation+" "+code] {
			t.Errorf("%s: the gap of %s:%s says %s, which no fault of it could cause", at, service, operation, code)
		}
	}
	for key, a := range s.artifacts {
		for name, p := range a.Parts {
			if p.State != bundle.StateGap || p.Code == "NotAttempted" || whole.artifacts[key].Parts[name].Code == p.Code {
				continue // or it is a gap of the emulated account itself
			}
			known := slices.ContainsFunc(faults, func(f fault) bool { return slices.Contains(f.codes, p.Code) })
			if !known {
				t.Errorf("%s %s: gap %s %s, which no fault could cause", key, name, p.Code, p.Message)
			}
		}
	}
	for key, a := range whole.artifacts {
		if _, there := s.artifacts[key]; !there && s.populations[a.Kind+" "+a.Region].Status == bundle.StatusComplete {
			t.Errorf("%s vanished from a complete population", key)
		}
	}
	for key, p := range s.populations {
		switch p.Status {
		case bundle.StatusComplete:
			if p.Count != whole.populations[key].Count {
				t.Errorf("population %s is complete with %d, want %d", key, p.Count, whole.populations[key].Count)
			}
		case bundle.StatusIncomplete:
			for _, g := range p.Gaps {
				fits(key, g.Service, g.Operation, g.Code)
			}
		default:
			t.Errorf("population %s is %s: no fault says so", key, p.Status)
		}
	}
}

// healed pins that a run over the work directory of a run with faults that was interrupted asks again what failed, and ends with
// everything. (A run that came to its end, with gaps or not, is sealed, and leaves no work directory.)
func healed(t *testing.T, cassette *testbed.Cassette, whole *snapshot) {
	tool := bundle.Tool{Name: "auditpack", Version: "test"}
	dir := filepath.Join(t.TempDir(), "work")
	work, err := collect.CreateWork(dir, collect.Settings{Tool: tool, Started: whole.run.Started})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	c := &countdown{stop: stop}
	c.left.Store(90)
	client := newFaulty(cassette.Replay(), 7)
	o := collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: named{client}}, Regions: regions, Work: work, Progress: c}
	if s := take(t, ctx, o); !s.result.Interrupted || len(client.hits) < 3 {
		t.Fatalf("interrupted %t, faults %v: want an interrupted run with several", s.result.Interrupted, client.hits)
	}
	if o.Work, err = collect.OpenWork(dir, tool); err != nil {
		t.Fatal(err)
	}
	o.Progress = nil
	o.Source.HTTPClient = named{cassette.Replay()}
	s := take(t, t.Context(), o)
	if diff := cmp.Diff(whole.data(), s.data()); diff != "" {
		t.Errorf("healed (-whole +healed):\n%.3000s", diff)
	}
	if s.result.Gaps != whole.result.Gaps {
		t.Errorf("healed: %+v", s.result)
	}
}
