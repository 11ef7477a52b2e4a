package services

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
)

// snapshot is a bundle, read back and in a form that can be compared.
type snapshot struct {
	result      *collect.Result
	artifacts   map[string]bundle.Artifact   // by "kind region id"
	populations map[string]bundle.Population // by "kind region"
	calls       map[string]bundle.Call
	run         bundle.Run
}

// take collects, verifies and reads back.
func take(t *testing.T, ctx context.Context, o collect.Options) *snapshot {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o.Signers = []bundle.Signer{{Name: "test", Key: key}}
	o.Tool = bundle.Tool{Name: "auditpack", Version: "test"}
	o.TempDir = t.TempDir()
	o.Out = filepath.Join(o.TempDir, "bundle.zip")
	if o.Services == nil {
		o.Services = core()
	}
	result, err := collect.Run(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	s := &snapshot{result: result, artifacts: map[string]bundle.Artifact{}, populations: map[string]bundle.Population{}, calls: map[string]bundle.Call{}}
	s.read(t, o.Out)
	return s
}

func (s *snapshot) read(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Verify(context.Background(), f, info.Size(), bundle.Policy{}); err != nil {
		t.Fatalf("the bundle does not verify: %v", err)
	}
	b, err := bundle.Open(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	for _, shard := range b.Shards() {
		for line, err := range b.Lines(shard) {
			if err != nil {
				t.Fatal(err)
			}
			record, err := bundle.DecodeRecord(line.Raw)
			if err != nil {
				t.Fatal(err)
			}
			switch r := record.(type) {
			case *bundle.Artifact:
				s.artifacts[r.Kind+" "+r.Region+" "+r.ID] = *r
			case *bundle.Population:
				s.populations[r.Kind+" "+r.Region] = *r
			case *bundle.Call:
				s.calls[r.ID] = *r
			case *bundle.Run:
				s.run = *r
			}
		}
	}
}

// gaps lists what was not seen, one line each.
func (s *snapshot) gaps() []string {
	var out []string
	for name, a := range s.artifacts {
		for part, p := range a.Parts {
			if p.State == bundle.StateGap {
				out = append(out, fmt.Sprintf("%s %s: %s %s", name, part, p.Code, p.Message))
			}
		}
	}
	for name, p := range s.populations {
		for _, g := range p.Gaps {
			out = append(out, fmt.Sprintf("%s %s: %s %s", name, p.Status, g.Code, g.Message))
		}
	}
	slices.Sort(out)
	return out
}

// moving matches what the emulator answers anew each time: the time of the question.
var moving = regexp.MustCompile(`"(GeneratedTime|LatestRestorableTime|LatestDeliveryTime|LatestDeliveryAttemptTime)":"[^"]*"`)

// data returns the data of every part that was seen.
func (s *snapshot) data() map[string]string {
	out := map[string]string{}
	for name, a := range s.artifacts {
		for part, p := range a.Parts {
			if p.State != bundle.StateGap {
				out[name+" "+part] = string(p.State) + p.Code + moving.ReplaceAllString(string(p.Data), "")
			}
		}
	}
	return out
}

// named is an HTTP client that says in a header what each request asks for.
type named struct{ next testbed.Doer }

func (n named) Do(req *http.Request) (*http.Response, error) {
	req.Header.Set(testbed.OperationHeader, awsread.OperationOf(req.Context()).String())
	return n.next.Do(req)
}

// emulatedAccount seeds an emulated account and returns a proxy in front of it. Without an emulator the test is skipped by name, and
// fails where CI=true.
func emulatedAccount(t *testing.T) *testbed.Proxy {
	t.Helper()
	needEmulator(t)
	e, err := testbed.StartEmulator(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Stop)
	p := inFrontOf(t, e)
	seed(t, p)
	p.Override(testbed.Overrides(testbed.Account{
		Root:    testbed.RootUser{Created: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)},
		Contact: map[string]string{"FullName": "A. Auditor", "City": "Nagoya"},
		Standards: map[string][]string{"us-east-1": {
			"arn:aws:securityhub:us-east-1::standards/aws-foundational-security-best-practices/v/1.0.0"}},
	})...)
	return p
}

// needEmulator skips the test, by name, where there is no emulator; in CI the test fails.
func needEmulator(t *testing.T) {
	t.Helper()
	path, err := testbed.FindEmulator()
	switch {
	case err != nil && os.Getenv("CI") != "true":
		t.Skipf("moto_server is missing: %v", err)
	case err != nil:
		t.Fatal(err)
	case path == "":
		t.Fatal("no path to moto_server")
	}
}

// inFrontOf starts a proxy in front of an emulator and of the server of modelled answers, which answers the operations of
// [modelled], and points the SDK's configuration at it.
func inFrontOf(t *testing.T, e *testbed.Emulator) *testbed.Proxy {
	t.Helper()
	p := proxyTo(t, e.URL)
	routeModelled(t, p)
	return p
}

// proxyTo starts a proxy in front of an endpoint, and points the SDK's configuration at it.
func proxyTo(t *testing.T, upstream string) *testbed.Proxy {
	t.Helper()
	p, err := testbed.NewProxy(upstream)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "example-secret")
	t.Setenv("AWS_SESSION_TOKEN", "")
	t.Setenv("AWS_PROFILE", "")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_ENDPOINT_URL", p.URL)
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	return p
}

var regions = []string{"eu-west-1", "us-east-1"}

// core are the services that TestLive turns over in every way; the others have tests of their own, with liveService.
func core() []collect.Service {
	names := []string{"account", "cloudtrail", "cloudwatch", "config", "ec2", "guardduty", "iam", "kms", "logs", "rds", "s3", "s3control", "securityhub", "sns"}
	return slices.DeleteFunc(All(), func(s collect.Service) bool { return !slices.Contains(names, s.Name) })
}

// TestLive collects a small account from the emulator: everything, in pages, with everything denied in turn, and interrupted.
func TestLive(t *testing.T) {
	p := emulatedAccount(t)
	cassette := testbed.NewCassette(named{p.Client()})
	whole := take(t, t.Context(), collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: named{cassette}}, Regions: regions})
	whole.tried(p)

	t.Run("everything", func(t *testing.T) { everything(t, whole) })
	t.Run("chain", func(t *testing.T) { chain(t, whole) })
	t.Run("secrets", func(t *testing.T) {
		for id, call := range whole.calls {
			if strings.Contains(string(call.Input), "example-secret") {
				t.Errorf("call %s: %s", id, call.Input)
			}
		}
		for name, data := range whole.data() {
			for _, secret := range []string{"Nagoya", "Auditor", "hook.example", "example-secret"} {
				if strings.Contains(data, secret) {
					t.Errorf("%s holds %q: %s", name, secret, data)
				}
			}
		}
	})
	t.Run("pages", func(t *testing.T) {
		p.Paginate(1, true)
		defer p.Paginate(0, false)
		paged := take(t, t.Context(), collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: named{p.Client()}}, Regions: regions})
		if diff := cmp.Diff(whole.data(), paged.data()); diff != "" {
			t.Errorf("pages of one item are not the same as one page (-one +pages):\n%.3000s", diff)
		}
		if len(paged.calls) <= len(whole.calls) {
			t.Errorf("%d calls in pages, %d in one: nothing was cut", len(paged.calls), len(whole.calls))
		}
	})
	t.Run("interrupted", func(t *testing.T) { interrupted(t, cassette, whole) })
	t.Run("resumed", func(t *testing.T) { resumed(t, cassette, whole) })
	t.Run("denied", func(t *testing.T) { denied(t, cassette, whole) })
	t.Run("region closed", func(t *testing.T) { regionClosed(t, cassette) })
	t.Run("answers of all kinds", func(t *testing.T) { broken(t, cassette, whole) })
	t.Run("regions unknown", func(t *testing.T) {
		p.Inject(testbed.Fault{Service: "ec2", Operation: "DescribeRegions", Do: testbed.Deny()})
		defer p.Heal()
		s := take(t, t.Context(), collect.Options{Source: awsread.Source{Region: "eu-west-1", HTTPClient: named{p.Client()}}, Services: []collect.Service{KMS()}})
		if !slices.Equal(s.run.Regions, []string{"eu-west-1"}) {
			t.Errorf("regions %v, want the configured one", s.run.Regions)
		}
		if got := s.populations["ec2.region global"]; got.Status != bundle.StatusIncomplete || got.Gaps[0].Action != "ec2:DescribeRegions" {
			t.Errorf("population of regions: %+v, want incomplete for lack of ec2:DescribeRegions", got)
		}
	})
	t.Run("unknown region", func(t *testing.T) {
		_, err := collect.Run(t.Context(), collect.Options{
			Source: awsread.Source{Region: "us-east-1", HTTPClient: named{p.Client()}}, Regions: []string{"us-east-9"}, Services: core(), TempDir: t.TempDir(),
			Out: filepath.Join(t.TempDir(), "bundle.zip"), Signers: []bundle.Signer{{Name: "test"}},
		})
		if err == nil || !strings.Contains(err.Error(), "us-east-9") {
			t.Errorf("error %v, want one that names us-east-9", err)
		}
	})
	t.Run("roles", func(t *testing.T) { roles(t, p) })
}

// everything pins that each kind was found, each part was seen, and nothing is missing.
func everything(t *testing.T, s *snapshot) {
	excused := between(t, core())
	s.whole(t, core(), excused)
	gaps := 0
	for _, a := range s.artifacts {
		for part, p := range a.Parts {
			if p.State == bundle.StateGap && excused[a.Kind+" "+part] {
				gaps++
			}
		}
	}
	for _, service := range core() {
		for _, k := range service.Kinds {
			where := regions
			if k.Scope == bundle.ScopeAccount {
				where = []string{bundle.Global}
			}
			for _, region := range where {
				if p, ok := s.populations[k.Name+" "+region]; !ok || p.Scope != k.Scope {
					t.Errorf("population of %s in %s: %+v, want one of its scope", k.Name, region, p)
				}
			}
		}
	}
	if p := s.populations["cloudtrail.trail eu-west-1"]; p.Count != 0 {
		t.Errorf("%d trails in eu-west-1, want none: the shadow of a trail is no trail", p.Count)
	}
	if p := s.populations["securityhub.hub eu-west-1"]; p.Count != 0 || len(p.Calls) != 1 {
		t.Errorf("hubs in eu-west-1: %+v, want a complete empty population with its call", p)
	}
	if got := s.artifacts["s3.bucket global eu-bucket"].Parts["Location"]; string(got.Data) != `{"LocationConstraint":"eu-west-1"}` {
		t.Errorf("location of eu-bucket: %s", got.Data)
	}
	if s.result.Gaps != gaps || s.result.Interrupted || s.result.Artifacts != len(s.artifacts) {
		t.Errorf("result %+v, want %d gaps and %d artifacts", s.result, gaps, len(s.artifacts))
	}
}

// chain pins that every part and population cites calls of its own account that are in the bundle, made with an operation of
// its table, and that a bucket was asked in its own region.
func chain(t *testing.T, s *snapshot) {
	kinds := map[string][]string{}
	for _, service := range core() {
		for _, k := range service.Kinds {
			for _, p := range k.Parts {
				kinds[k.Name+" "+p.Name] = calls(p.Operations)
			}
		}
	}
	for name, a := range s.artifacts {
		for part, p := range a.Parts {
			if len(p.Calls) == 0 {
				t.Errorf("%s %s cites no call", name, part)
			}
			for _, id := range p.Calls {
				c, ok := s.calls[id]
				made := c.Service == "account" || c.Service == "securityhub" // answers of the test bed, without request ids
				if !ok || c.Account != a.Account || c.Caller == "" || c.RequestID == "" && !made || c.AWSDate == "" {
					t.Errorf("%s %s cites call %s: %+v", name, part, id, c)
				}
				if op := c.Service + ":" + c.Operation; !slices.Contains(kinds[a.Kind+" "+part], op) {
					t.Errorf("%s %s cites a call of %s, which is not in its table", name, part, op)
				}
			}
		}
	}
	policy := s.artifacts["s3.bucket global eu-bucket"].Parts["Acl"]
	if c := s.calls[policy.Calls[0]]; c.Region != "eu-west-1" {
		t.Errorf("the ACL of eu-bucket was asked for in %s", c.Region)
	}
}

// countdown stops a run after some calls.
type countdown struct {
	left atomic.Int64
	stop context.CancelFunc
}

func (c *countdown) Update(u collect.Update) {
	if int64(u.Calls) >= c.left.Load() {
		c.stop()
	}
}

// interrupted pins that a run that is stopped early ends in a bundle that verifies, that has a population for everything that
// was planned, and whose parts are a subset of the whole.
func interrupted(t *testing.T, cassette *testbed.Cassette, whole *snapshot) {
	all := whole.data()
	for _, after := range []int64{2, 20, 60} {
		ctx, stop := context.WithCancel(t.Context())
		c := &countdown{stop: stop}
		c.left.Store(after)
		s := take(t, ctx, collect.Options{
			Source: awsread.Source{Region: "us-east-1", HTTPClient: named{cassette.Replay()}}, Regions: regions, Progress: c, Concurrency: 2,
		})
		stop()
		if !s.result.Interrupted || s.result.Gaps == 0 {
			t.Errorf("after %d calls: result %+v, want an interrupted one with gaps", after, s.result)
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(whole.populations)), slices.Sorted(maps.Keys(s.populations))); diff != "" {
			t.Errorf("after %d calls: populations (-whole +interrupted):\n%s", after, diff)
		}
		for name, data := range s.data() {
			if all[name] != data {
				t.Errorf("after %d calls: %s is %s, want %s", after, name, data, all[name])
			}
		}
		n := s.run.Calls
		if made := n.OK + n.Absent + n.Denied + n.Failed; made >= n.Planned {
			t.Errorf("after %d calls: counts %+v, want more planned than made", after, n)
		}
	}
}

// counting is an HTTP client that counts.
type counting struct {
	next testbed.Doer
	n    atomic.Int64
}

func (c *counting) Do(req *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.next.Do(req)
}

// resumed pins that a run which is stopped again and again ends with everything, and asks nothing that has an answer; and that it
// can be closed instead.
func resumed(t *testing.T, cassette *testbed.Cassette, whole *snapshot) {
	tool := bundle.Tool{Name: "auditpack", Version: "test"}
	dir := filepath.Join(t.TempDir(), "work")
	work, err := collect.CreateWork(dir, collect.Settings{Tool: tool, Started: whole.run.Started})
	if err != nil {
		t.Fatal(err)
	}
	client := &counting{next: cassette.Replay()}
	o := collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: client}, Regions: regions, Work: work}
	stops := []int64{3, 40, 80, 120}
	for i, after := range stops {
		ctx, stop := context.WithCancel(t.Context())
		c := &countdown{stop: stop}
		c.left.Store(after)
		o.Progress = c
		s := take(t, ctx, o)
		stop()
		if !s.run.Interrupted {
			t.Errorf("stopped after %d calls: the bundle does not say so", after)
		}
		if o.Work, err = collect.OpenWork(dir, tool); err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			o.CloseOnly = true
			o.Progress = nil
			before := client.n.Load()
			closed := take(t, t.Context(), o)
			if !closed.run.Interrupted || client.n.Load() != before {
				t.Errorf("closing: interrupted %t, %d requests", closed.run.Interrupted, client.n.Load()-before)
			}
			if diff := cmp.Diff(s.data(), closed.data()); diff != "" {
				t.Errorf("the closed bundle holds other answers (-sealed when stopped +closed):\n%.2000s", diff)
			}
			o.CloseOnly = false
			if o.Work, err = collect.OpenWork(dir, tool); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := collect.OpenWork(dir, tool); err == nil && runtime.GOOS != "windows" {
		t.Error("a work directory that is in use could be opened")
	}
	o.Progress = nil
	s := take(t, t.Context(), o)
	if diff := cmp.Diff(whole.data(), s.data()); diff != "" {
		t.Errorf("resumed (-whole +resumed):\n%.3000s", diff)
	}
	if s.run.Interrupted || s.result.Gaps != whole.result.Gaps {
		t.Errorf("resumed: %+v", s.result)
	}
	// A call that was under way when the run was stopped is made again, and each run asks who it is.
	if got, most := client.n.Load(), int64(len(whole.calls)+len(stops)*16); got > most {
		t.Errorf("%d requests in all, want at most %d", got, most)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the work directory is still there: %v", err)
	}
}

// denied denies every operation in turn. Each must show as a gap that names it, change nothing else that was seen, and let no
// artifact vanish from a population that calls itself complete.
func denied(t *testing.T, cassette *testbed.Cassette, whole *snapshot) {
	all := whole.data()
	for _, name := range cassette.Operations() {
		service, operation, _ := strings.Cut(name, ":")
		if service == "sts" {
			continue // without an identity there is no account
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replay := cassette.Replay(testbed.Fault{Service: service, Operation: operation, Do: testbed.Deny()})
			s := take(t, t.Context(), collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: named{replay}}, Regions: regions})
			if misses := replay.Misses(); len(misses) > 0 {
				t.Errorf("%v were not recorded", misses)
			}
			if replay.Hits() == 0 || s.result.Gaps == 0 || len(s.result.Actions) == 0 {
				t.Errorf("%d hits, result %+v, want gaps and the action that opens them", replay.Hits(), s.result)
			}
			for part, data := range s.data() {
				if all[part] != data {
					t.Errorf("%s is %s, want %s", part, data, all[part])
				}
			}
			for key, a := range whole.artifacts {
				if _, there := s.artifacts[key]; !there && s.populations[a.Kind+" "+a.Region].Status == bundle.StatusComplete {
					t.Errorf("%s vanished from a complete population", key)
				}
			}
			for key, p := range s.populations {
				if p.Status == bundle.StatusComplete && p.Count != whole.populations[key].Count {
					t.Errorf("population %s is complete with %d, want %d", key, p.Count, whole.populations[key].Count)
				}
			}
		})
	}
}

func regionClosed(t *testing.T, cassette *testbed.Cassette) {
	replay := cassette.Replay(testbed.Fault{Region: "eu-west-1", Do: testbed.DenyByPolicy()})
	s := take(t, t.Context(), collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: named{replay}}, Regions: regions})
	for key, p := range s.populations {
		want := bundle.StatusComplete
		if p.Region == "eu-west-1" {
			want = bundle.StatusRegionDenied
		}
		if p.Status != want {
			t.Errorf("%s: %s, want %s; gaps %v", key, p.Status, want, p.Gaps)
		}
		if want == bundle.StatusRegionDenied && (p.Gaps[0].Code != "region_denied" || len(p.Gaps[0].Calls) == 0) {
			t.Errorf("%s: gap %+v", key, p.Gaps[0])
		}
	}
	asked := map[string]int{}
	for _, c := range s.calls {
		if c.Region == "eu-west-1" && c.Service != "s3" { // buckets are asked where they are, and the list says so
			asked[c.Service]++
		}
	}
	for service, n := range asked {
		if n != 1 {
			t.Errorf("%d calls to %s in the closed region, want the one that found it closed", n, service)
		}
	}
	if len(asked) < 8 {
		t.Errorf("%d services were asked in the closed region: %v", len(asked), asked)
	}
}

// broken pins that answers which are no answers, and none at all, are gaps.
func broken(t *testing.T, cassette *testbed.Cassette, whole *snapshot) {
	faults := map[string]testbed.Action{
		"throttled": testbed.Throttle(), "garbled": testbed.Garble(), "cut": testbed.Cut(),
		"server error": testbed.Fail(500, "InternalFailure", "try later"),
	}
	all := whole.data()
	for name, action := range faults {
		replay := cassette.Replay(testbed.Fault{Do: action, Match: func(r *testbed.Request) bool { return r.Service != "sts" }})
		o := collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: named{replay}}, Regions: regions}
		if name == "throttled" {
			o.Services = []collect.Service{S3(), KMS(), SNS(), CloudTrail()} // the pacer takes seconds over each call that follows another
		}
		s := take(t, t.Context(), o)
		for part, data := range s.data() {
			t.Errorf("%s: %s was seen: %s, want %s", name, part, data, all[part])
		}
		for key, p := range s.populations {
			if p.Status == bundle.StatusComplete && p.Count != whole.populations[key].Count {
				t.Errorf("%s: population %s is complete with %d", name, key, p.Count)
			}
		}
		if n := s.run.Calls; n.OK != 1 || n.Failed == 0 || n.Absent != 0 || n.Denied != 0 {
			t.Errorf("%s: counts %+v, want one good call, of who we are", name, n)
		}
	}
}

// roles pins that two accounts are collected by roles, and that a third one that cannot be entered is a record with the reason.
func roles(t *testing.T, p *testbed.Proxy) {
	closed := "333333333333"
	p.Inject(testbed.Fault{
		Service: "sts", Operation: "AssumeRole", Do: testbed.Deny(),
		Match: func(r *testbed.Request) bool { return strings.Contains(r.Param("RoleArn"), closed) },
	})
	defer p.Heal()
	s := take(t, t.Context(), collect.Options{
		Source: awsread.Source{Region: "us-east-1", HTTPClient: named{p.Client()}}, Regions: []string{"us-east-1"},
		Roles: []string{"audit"}, Accounts: []string{"111111111111", "222222222222", closed}, ExternalID: "not-for-the-record",
		Services: []collect.Service{IAM(), KMS()},
	})
	if len(s.run.Accounts) != 3 {
		t.Fatalf("accounts %+v, want 3", s.run.Accounts)
	}
	for _, a := range s.run.Accounts {
		if entered := a.ID != closed; entered != (a.Code == "") || entered != strings.Contains(a.Caller, ":assumed-role/audit/") {
			t.Errorf("account %+v", a)
		}
	}
	if p := s.populations["kms.key us-east-1"]; p.Kind == "" {
		t.Error("no population of keys")
	}
	for _, c := range s.calls {
		if strings.Contains(string(c.Input), "not-for-the-record") || c.Caller == "" {
			t.Errorf("call %+v", c)
		}
	}
	if s.result.Gaps == 0 {
		t.Error("no gaps, want those of the account that cannot be entered")
	}
}
