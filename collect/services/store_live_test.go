package services

import (
	"strings"
	"testing"

	"github.com/auditpack/auditpack/collect/bundle"
)

// storeHolds fails unless a part of an artifact, named "kind region id", was seen with each piece of JSON.
func storeHolds(t *testing.T, s *snapshot, artifact, part string, pieces ...string) {
	t.Helper()
	a, ok := s.artifacts[artifact]
	if !ok {
		t.Errorf("no artifact %s", artifact)
		return
	}
	p := a.Parts[part]
	if p.State != bundle.StateOK {
		t.Errorf("%s %s is %s %s %s, want ok", artifact, part, p.State, p.Code, p.Message)
	}
	for _, piece := range pieces {
		if !strings.Contains(string(p.Data), piece) {
			t.Errorf("%s %s is %s, want %s in it", artifact, part, p.Data, piece)
		}
	}
}

// storeLacks fails unless a part is absent with AWS's code for it.
func storeLacks(t *testing.T, s *snapshot, artifact, part, code string) {
	t.Helper()
	if p := s.artifacts[artifact].Parts[part]; p.State != bundle.StateAbsent || p.Code != code || len(p.Calls) == 0 {
		t.Errorf("%s %s is %s %s with %d calls, want absent by %s", artifact, part, p.State, p.Code, len(p.Calls), code)
	}
}

// storeEmpty fails unless the populations in eu-west-1, where nothing was made, are complete and empty.
func storeEmpty(t *testing.T, s *snapshot, kinds ...string) {
	t.Helper()
	for _, kind := range kinds {
		if p := s.populations[kind+" eu-west-1"]; p.Status != bundle.StatusComplete || p.Count != 0 || len(p.Calls) == 0 {
			t.Errorf("%s in eu-west-1: %+v, want a complete and empty population with its calls", kind, p)
		}
	}
}

// storeNoSecret fails if a value stands in any data or call of the bundle.
func storeNoSecret(t *testing.T, s *snapshot, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		for name, data := range s.data() {
			if strings.Contains(data, secret) {
				t.Errorf("%s holds %s", name, secret)
			}
		}
		for id, c := range s.calls {
			if strings.Contains(string(c.Input), secret) {
				t.Errorf("call %s holds %s", id, secret)
			}
		}
	}
}
