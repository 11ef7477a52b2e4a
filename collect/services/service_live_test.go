package services

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
)

// shared is the one emulator that the tests of single services talk to, one after the other. Each service has resources of its
// own there. sharedModel is the one server of modelled answers.
var (
	shared      = sync.OnceValues(func() (*testbed.Emulator, error) { return started(testbed.StartEmulator) })
	sharedModel = sync.OnceValues(func() (*testbed.Model, error) { return started(testbed.StartModel) })
)

// stops ends what was started for all tests.
var stops []func()

func started[S interface{ Stop() }](start func(context.Context) (S, error)) (S, error) {
	s, err := start(context.Background())
	if err == nil {
		stops = append(stops, s.Stop)
	}
	return s, err
}

func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && whole() {
		code = untried()
	}
	for _, stop := range stops {
		stop()
	}
	os.Exit(code)
}

// modelled returns the operations that the emulator cannot answer, or answers so wrongly that a test of them would prove
// nothing: one "service:Operation" a line of testdata/modelled.txt. They are answered from the API's model.
func modelled(t *testing.T) map[string]bool {
	t.Helper()
	out, err := readModelled()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readModelled() (map[string]bool, error) {
	text, err := os.ReadFile(filepath.Join("testdata", "modelled.txt"))
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out[line] = true
		}
	}
	return out, nil
}

// routeModelled makes p answer the operations of [modelled] from the API's model; all else stays with the emulator.
func routeModelled(t *testing.T, p *testbed.Proxy) {
	t.Helper()
	unanswered := modelled(t)
	if len(unanswered) == 0 {
		return
	}
	m, err := sharedModel()
	if err != nil {
		t.Fatal(err)
	}
	echoing, err := testbed.NewProxy(m.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(echoing.Close)
	for operation := range echoes {
		echoing.Override(echo(operation))
	}
	if err := p.Route(func(r *testbed.Request) bool { return unanswered[r.Service+":"+r.Operation] }, echoing.URL); err != nil {
		t.Fatal(err)
	}
}

// between returns the parts, as "kind part", that mix answers of the emulator with those from the model: the emulator knows
// nothing of what the model's lists name. They may be gaps here, and are seen whole in TestModel. A listed kind counts with its
// list.
func between(t *testing.T, services []collect.Service) map[string]bool {
	t.Helper()
	unanswered := modelled(t)
	count := func(ops []collect.Operation) (n int) {
		for _, op := range ops {
			if unanswered[op.String()] {
				n++
			}
		}
		return n
	}
	out := map[string]bool{}
	for _, service := range services {
		for _, k := range service.Kinds {
			for _, part := range k.Parts {
				ops := part.Operations
				if count(k.List) > 0 {
					ops = slices.Concat(k.List, ops)
				}
				_, unmade := unmodelled[k.Name+" "+part.Name]
				if n := count(ops); n > 0 && (n < len(ops) || unmade) {
					out[k.Name+" "+part.Name] = true
				}
			}
		}
	}
	return out
}

// liveService lets seed fill the emulated account and collects services from eu-west-1 and us-east-1. What the emulator cannot
// answer is answered from the API's model. It fails the test for each gap, and for each kind and part that was seen nowhere, but
// for the parts of [between].
func liveService(t *testing.T, seed func(s *seeder), services ...collect.Service) *snapshot {
	t.Helper()
	needEmulator(t)
	e, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	p := inFrontOf(t, e)
	p.Override(testbed.DefaultEncryption(), testbed.OptionGroups(), testbed.CompositeAlarms())
	seed(newSeeder(t, p))
	s := take(t, t.Context(), collect.Options{
		Source: awsread.Source{Region: "us-east-1", HTTPClient: named{p.Client()}}, Regions: regions, Services: services,
	})
	s.tried(p)
	s.whole(t, services, between(t, services))
	return s
}

// whole fails the test for each gap, each population that is not complete, and each kind and part that was seen nowhere. Parts in
// excused, "kind part", may be gaps.
func (s *snapshot) whole(t *testing.T, services []collect.Service, excused map[string]bool) {
	t.Helper()
	found, seen := map[string]int{}, map[string]bool{}
	for name, a := range s.artifacts {
		found[a.Kind]++
		for part, p := range a.Parts {
			of := a.Kind + " " + part
			if p.State == bundle.StateGap && !excused[of] {
				t.Errorf("gap: %s %s: %s %s", name, part, p.Code, p.Message)
			}
			seen[of] = seen[of] || p.State == bundle.StateOK
		}
	}
	for name, population := range s.populations {
		if population.Status != bundle.StatusComplete {
			t.Errorf("population %s is %s: %v", name, population.Status, population.Gaps)
		}
	}
	for _, service := range services {
		for _, k := range service.Kinds {
			if found[k.Name] == 0 {
				t.Errorf("no %s was found: seed one", k.Name)
				continue
			}
			for _, spec := range k.Parts {
				if of := k.Name + " " + spec.Name; !seen[of] && !excused[of] {
					t.Errorf("no %s of any %s was seen: seed one", spec.Name, k.Name)
				}
			}
		}
	}
}
