//go:build unix

package services

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// The environment of a child of TestKill.
const (
	childDir      = "AUDITPACK_KILL_DIR"      // where its bundle and its work directory are
	childUpstream = "AUDITPACK_KILL_UPSTREAM" // who answers
	childHow      = "AUDITPACK_KILL_HOW"      // "close": ask nothing; "stuck": never finish the signature
)

// stuckKey is a key that takes for ever to sign.
type stuckKey struct{ crypto.Signer }

func (stuckKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	time.Sleep(time.Hour)
	return nil, errors.New("nobody has ended this process")
}

// TestKillChild is the process that TestKill ends. By itself it does nothing.
func TestKillChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		return
	}
	tool := bundle.Tool{Name: "auditpack", Version: "test"}
	at, out := filepath.Join(dir, "work"), filepath.Join(dir, "bundle.zip")
	work, err := collect.OpenWork(at, tool)
	if _, missing := os.Stat(at); errors.Is(missing, fs.ErrNotExist) {
		work, err = collect.CreateWork(at, collect.Settings{Tool: tool, Started: time.Now().UTC(), Out: out})
	}
	if err != nil {
		t.Fatal(err)
	}
	p, err := testbed.NewProxy(os.Getenv(childUpstream))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	key := crypto.Signer(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if os.Getenv(childHow) == "stuck" {
		key = stuckKey{key}
	}
	result, err := collect.Run(t.Context(), collect.Options{
		Source: awsread.Source{Region: "us-east-1", HTTPClient: named{p.Client()}}, Regions: regions,
		Services: []collect.Service{EC2(), IAM(), KMS(), S3(), SNS()}, Work: work, CloseOnly: os.Getenv(childHow) == "close",
		Out: out, Tool: tool, Signers: []bundle.Signer{{Name: "test", Key: key}},
	})
	if err != nil || result.Interrupted {
		t.Fatalf("result %+v, error %v", result, err)
	}
}

// front stands between the child and the cassette. It numbers the answers, so that the journal tells which questions have one.
type front struct {
	pace time.Duration

	mu      sync.Mutex
	idle    *sync.Cond
	next    testbed.Doer
	inside  int
	n       int               // requests of this child
	at      int               // reached is closed at this one
	asked   map[string]int    // by question, in this child
	answers map[string]string // questions by request id
	reached chan struct{}
}

func (f *front) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // the child was killed while it asked
	}
	r := testbed.Identify(req, body)
	key := strings.Join([]string{r.Service, r.Operation, r.Region, req.Method, req.URL.Path, req.URL.Query().Encode(), string(body)}, " ")
	f.mu.Lock()
	next := f.next
	f.inside++
	f.asked[key]++
	if f.n++; f.n == f.at {
		close(f.reached)
	}
	id := fmt.Sprintf("front-%d", len(f.answers))
	f.answers[id] = key
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.inside--
		f.idle.Broadcast()
		f.mu.Unlock()
	}()
	time.Sleep(f.pace)
	out := req.Clone(req.Context())
	out.RequestURI, out.Body = "", io.NopCloser(bytes.NewReader(body))
	out.URL = &url.URL{Scheme: "http", Host: req.Host, Path: req.URL.Path, RawPath: req.URL.RawPath, RawQuery: req.URL.RawQuery}
	resp, err := next.Do(out)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	for name, values := range resp.Header {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	for _, name := range []string{"X-Amzn-Requestid", "X-Amz-Request-Id"} {
		w.Header().Set(name, id)
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body) // fails when the child was killed
}

// begin waits until nothing is being answered, and counts anew.
func (f *front) begin(at int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.inside > 0 {
		f.idle.Wait()
	}
	f.n, f.at, f.asked, f.reached = 0, at, map[string]int{}, make(chan struct{})
}

// child is a collection in a process of its own.
type child struct {
	cmd   *exec.Cmd
	out   bytes.Buffer
	ended chan struct{}
	err   error
}

func startChild(t *testing.T, dir, upstream, how string) *child {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(exe, "-test.run=^TestKillChild$", "-test.count=1"), ended: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), childDir+"="+dir, childUpstream+"="+upstream, childHow+"="+how)
	c.cmd.Stdout, c.cmd.Stderr = &c.out, &c.out
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(c.kill)
	return c
}

// kill ends the child at once, wherever it is.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it may have ended
	<-c.ended
}

// finish lets the child come to its end.
func (c *child) finish(t *testing.T) {
	t.Helper()
	if <-c.ended; c.err != nil {
		t.Fatalf("the child: %v\n%s", c.err, c.out.Bytes())
	}
}

// journaled counts the answers that the journal holds, by question.
func (f *front) journaled(t *testing.T, dir string) map[string]int {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "work", "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]int{}
	for line := range bytes.Lines(data) {
		if !bytes.HasSuffix(line, []byte("\n")) {
			break
		}
		var e struct{ Call *bundle.Call }
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatalf("the journal: %v: %s", err, line)
		}
		if e.Call != nil {
			if f.answers[e.Call.RequestID] == "" {
				t.Errorf("the journal cites the request %q, which was not made", e.Call.RequestID)
			}
			out[f.answers[e.Call.RequestID]]++
		}
	}
	return out
}

// files lists a folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// same pins that the folder holds a bundle with everything, and nothing beside it.
func same(t *testing.T, whole *snapshot, dir string) {
	t.Helper()
	if got := files(t, dir); !slices.Equal(got, []string{"bundle.zip"}) {
		t.Errorf("left are %v, want the bundle alone", got)
	}
	s := readSnapshot(t, filepath.Join(dir, "bundle.zip"))
	if diff := cmp.Diff(whole.data(), s.data()); diff != "" {
		t.Errorf("parts (-undisturbed +killed):\n%.3000s", diff)
	}
	for key, p := range whole.populations {
		if got := s.populations[key]; got.Status != p.Status || got.Count != p.Count || len(got.Gaps) != len(p.Gaps) {
			t.Errorf("population %s is %s with %d, want %s with %d", key, got.Status, got.Count, p.Status, p.Count)
		}
	}
	if len(s.populations) != len(whole.populations) || len(s.artifacts) != len(whole.artifacts) || s.run.Interrupted {
		t.Errorf("%d populations, %d artifacts, interrupted %t; want %d, %d", len(s.populations), len(s.artifacts), s.run.Interrupted,
			len(whole.populations), len(whole.artifacts))
	}
}

func readSnapshot(t *testing.T, path string) *snapshot {
	t.Helper()
	s := &snapshot{artifacts: map[string]bundle.Artifact{}, populations: map[string]bundle.Population{}, calls: map[string]bundle.Call{}}
	s.read(t, path)
	return s
}

// TestKill ends a collection again and again, at moments that follow from a seed, and goes on each time: the bundle is that of an
// undisturbed one, and no question is asked again whose answer was in the journal. Then it ends collections while they seal.
// AUDITPACK_KILLS is the number of kills.
func TestKill(t *testing.T) {
	p := emulatedAccount(t)
	cassette := testbed.NewCassette(p.Client())
	f := &front{next: cassette, answers: map[string]string{}}
	f.idle = sync.NewCond(&f.mu)
	server := httptest.NewServer(f)
	defer server.Close()

	undisturbed := t.TempDir()
	f.begin(0)
	startChild(t, undisturbed, server.URL, "").finish(t)
	whole := readSnapshot(t, filepath.Join(undisturbed, "bundle.zip"))
	same(t, whole, undisturbed)
	usual, total := f.asked, f.n
	f.next, f.pace = cassette.Replay(), 2*time.Millisecond
	if len(whole.artifacts) < 50 || total < 100 {
		t.Fatalf("%d artifacts, %d requests: too few to prove anything", len(whole.artifacts), total)
	}

	t.Run("collecting", func(t *testing.T) {
		dir := t.TempDir()
		kills := countOf(t, "AUDITPACK_KILLS", 4)
		random := rand.New(rand.NewPCG(1, uint64(kills)))
		known := map[string]int{}
		check := func() {
			for key, n := range f.asked {
				if most := usual[key] - known[key]; n > most && !strings.HasPrefix(key, "sts ") {
					t.Errorf("asked %d times with %d of %d answers in the journal: %.200s", n, known[key], usual[key], key)
				}
			}
		}
		for i := range kills {
			answered := 0
			for _, n := range known {
				answered += n
			}
			f.begin(1 + random.IntN(max(1, 2*(total-answered)/(kills-i+2))))
			c := startChild(t, dir, server.URL, "")
			select {
			case <-f.reached:
				time.Sleep(time.Duration(random.IntN(6000)) * time.Microsecond)
			case <-c.ended:
				t.Fatalf("kill %d: the child ended by itself after %d requests: %v\n%s", i, f.n, c.err, c.out.Bytes())
			}
			c.kill()
			time.Sleep(20 * time.Millisecond) // what it sent last arrives
			at := f.at
			f.settled(check)
			if len(files(t, dir)) != 1 {
				t.Fatalf("kill %d, at request %d: there are %v, want the work directory alone", i, at, files(t, dir))
			}
			known = f.journaled(t, dir)
		}
		f.begin(0)
		startChild(t, dir, server.URL, "").finish(t)
		f.settled(check)
		same(t, whole, dir)
	})

	for _, how := range []string{"", "close"} {
		t.Run("sealing "+how, func(t *testing.T) {
			dir := t.TempDir()
			f.begin(0)
			for range 2 { // the second time nothing is left to ask
				c := startChild(t, dir, server.URL, "stuck")
				for !unfinished(t, dir) {
					select {
					case <-c.ended:
						t.Fatalf("the child ended by itself: %v\n%s", c.err, c.out.Bytes())
					case <-time.After(time.Millisecond):
					}
				}
				time.Sleep(20 * time.Millisecond)
				c.kill()
				if got := files(t, dir); len(got) != 2 || slices.Contains(got, "bundle.zip") {
					t.Fatalf("after a kill while it seals there are %v, want the work directory and one unfinished bundle", got)
				}
			}
			f.begin(0)
			startChild(t, dir, server.URL, how).finish(t)
			for key, n := range f.asked {
				if !strings.HasPrefix(key, "sts ") || how == "close" {
					t.Errorf("asked %d times again: %.200s", n, key)
				}
			}
			same(t, whole, dir)
		})
	}
	if f.next.(*testbed.Replay).Misses() != nil {
		t.Errorf("not recorded: %v", f.next.(*testbed.Replay).Misses())
	}
}

// settled looks at the counts when nothing is being answered any more.
func (f *front) settled(look func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.inside > 0 {
		f.idle.Wait()
	}
	look()
}

// unfinished reports whether a bundle is being written.
func unfinished(t *testing.T, dir string) bool {
	return slices.ContainsFunc(files(t, dir), func(name string) bool { return strings.HasSuffix(name, ".tmp") })
}
