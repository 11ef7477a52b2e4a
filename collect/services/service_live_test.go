package services

import (
	"context"
	"fmt"
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
// own there.
var shared = sync.OnceValues(func() (*testbed.Emulator, error) {
	e, err := testbed.StartEmulator(context.Background())
	if err == nil {
		stopShared = e.Stop
	}
	return e, err
})

var stopShared = func() {}

func TestMain(m *testing.M) {
	code := m.Run()
	stopShared()
	os.Exit(code)
}

// modelled returns the operations that the emulator cannot answer, or answers so wrongly that a test of them would prove
// nothing: one "service:Operation" a line of testdata/modelled.txt. They are tried with answers made from the API's model.
func modelled(t *testing.T) map[string]bool {
	t.Helper()
	out, err := unansweredOperations()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// unansweredOperations is modelled for callers without a test.
func unansweredOperations() (map[string]bool, error) {
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

// liveService lets seed fill the emulated account and collects services from eu-west-1 and us-east-1. It fails the test for each
// gap, but of the operations that the emulator cannot answer, and for each kind and part that was seen nowhere.
func liveService(t *testing.T, seed func(s *seeder), services ...collect.Service) *snapshot {
	t.Helper()
	needEmulator(t)
	e, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	p := inFrontOf(t, e)
	seed(newSeeder(t, p))
	s := take(t, t.Context(), collect.Options{
		Source: awsread.Source{Region: "us-east-1", HTTPClient: named{p.Client()}}, Regions: regions, Services: services,
	})
	unanswered := modelled(t)
	excused := func(ops []collect.Operation) bool {
		return slices.ContainsFunc(ops, func(op collect.Operation) bool { return unanswered[op.String()] })
	}
	for _, service := range services {
		for _, k := range service.Kinds {
			if len(k.List) > 0 && excused(k.List) {
				continue
			}
			found, seen := 0, map[string]bool{}
			for name, a := range s.artifacts {
				if a.Kind != k.Name {
					continue
				}
				found++
				for _, spec := range k.Parts {
					part := a.Parts[spec.Name]
					if part.State == bundle.StateGap && !excused(spec.Operations) {
						t.Errorf("gap: %s %s: %s %s", name, spec.Name, part.Code, part.Message)
					}
					seen[spec.Name] = seen[spec.Name] || part.State == bundle.StateOK || excused(spec.Operations)
				}
			}
			for name, population := range s.populations {
				if strings.HasPrefix(name, k.Name+" ") && population.Status != bundle.StatusComplete {
					t.Errorf("population %s is %s: %v", name, population.Status, fmt.Sprint(population.Gaps))
				}
			}
			if found == 0 {
				t.Errorf("no %s was found: seed one", k.Name)
				continue
			}
			for _, spec := range k.Parts {
				if !seen[spec.Name] {
					t.Errorf("no %s of any %s was seen: seed one", spec.Name, k.Name)
				}
			}
		}
	}
	return s
}
