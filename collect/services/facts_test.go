package services

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

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

// partHolds is facts for one part that was seen.
func partHolds(t *testing.T, s *snapshot, artifact, part string, pieces ...string) {
	t.Helper()
	s.facts(t, fact{artifact, part, bundle.StateOK, pieces, nil})
}

// partAt returns what stands at a path below the data of a part, for example "Tags" or "StackSet.Parameters".
func partAt(t *testing.T, s *snapshot, artifact, part, path string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(s.artifacts[artifact].Parts[part].Data, &v); err != nil {
		t.Errorf("%s %s: %v", artifact, part, err)
		return nil
	}
	for member := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[member]
	}
	return v
}

// partAbsent fails unless a part is absent with AWS's code for it.
func partAbsent(t *testing.T, s *snapshot, artifact, part, code string) {
	t.Helper()
	if p := s.artifacts[artifact].Parts[part]; p.State != bundle.StateAbsent || p.Code != code || len(p.Calls) == 0 {
		t.Errorf("%s %s is %s %s with %d calls, want absent by %s", artifact, part, p.State, p.Code, len(p.Calls), code)
	}
}

// emptyElsewhere fails unless the populations in eu-west-1, where nothing was made, are complete and empty.
func emptyElsewhere(t *testing.T, s *snapshot, kinds ...string) {
	t.Helper()
	for _, kind := range kinds {
		if p := s.populations[kind+" eu-west-1"]; p.Status != bundle.StatusComplete || p.Count != 0 || len(p.Calls) == 0 {
			t.Errorf("%s in eu-west-1: %+v, want a complete and empty population with its calls", kind, p)
		}
	}
}

// noSecret fails if a value stands in any data or call of the bundle.
func noSecret(t *testing.T, s *snapshot, secrets ...string) {
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

// nothingIn fails unless the kinds are empty in eu-west-1 and what was planted stands nowhere.
func nothingIn(t *testing.T, s *snapshot, kinds ...string) {
	t.Helper()
	emptyElsewhere(t, s, kinds...)
	noSecret(t, s, planted)
}

// trusted makes a role that a service may assume, and returns its ARN.
func (s *seeder) trusted(name, service string) *string {
	s.t.Helper()
	return made[iam.CreateRoleOutput](s)(iam.NewFromConfig(s.cfg).CreateRole(s.ctx, &iam.CreateRoleInput{
		RoleName: aws.String(name), Path: aws.String("/service-role/"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[` +
			`{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`),
	})).Role.Arn
}
