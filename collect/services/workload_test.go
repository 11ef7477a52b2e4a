package services

import (
	"strings"
	"testing"

	"github.com/auditpack/auditpack/collect/bundle"
)

// fact is what must be true of one part of a snapshot. The artifact is named as in snapshot.artifacts.
type fact struct {
	artifact, part string
	state          bundle.State
	holds          []string // pieces of its data
	lacks          []string // texts that must not be there
}

// facts fails the test for every fact that is not one.
func (s *snapshot) facts(t *testing.T, all ...fact) {
	t.Helper()
	for _, f := range all {
		a, ok := s.artifacts[f.artifact]
		if !ok {
			t.Errorf("%s was not collected", f.artifact)
			continue
		}
		p := a.Parts[f.part]
		if p.State != f.state {
			t.Errorf("%s %s is %s (%s %s), want %s", f.artifact, f.part, p.State, p.Code, p.Message, f.state)
		}
		for _, piece := range f.holds {
			if !strings.Contains(string(p.Data), piece) {
				t.Errorf("%s %s lacks %s:\n%s", f.artifact, f.part, piece, p.Data)
			}
		}
		for _, piece := range f.lacks {
			if strings.Contains(string(p.Data), piece) {
				t.Errorf("%s %s holds %s:\n%s", f.artifact, f.part, piece, p.Data)
			}
		}
	}
}

// counts fails the test unless the populations in a region are complete and as large as wanted.
func (s *snapshot) counts(t *testing.T, region string, want map[string]int) {
	t.Helper()
	for kind, n := range want {
		if p := s.populations[kind+" "+region]; p.Status != bundle.StatusComplete || p.Count != n {
			t.Errorf("population of %s in %s: %s with %d, want complete with %d: %v", kind, region, p.Status, p.Count, n, p.Gaps)
		}
	}
}

// planted is a secret that the tests put where AWS has room for one.
const planted = "correct-Horse-1-battery"
