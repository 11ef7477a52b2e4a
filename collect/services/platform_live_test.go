package services

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/auditpack/auditpack/collect/bundle"
)

// partHolds fails the test unless the part of the artifact "kind region id" is there and its data holds every piece.
func partHolds(t *testing.T, s *snapshot, artifact, part string, pieces ...string) {
	t.Helper()
	p, ok := s.artifacts[artifact].Parts[part]
	if !ok || p.State != bundle.StateOK {
		t.Errorf("%s %s: %+v, want an answer", artifact, part, p)
		return
	}
	for _, piece := range pieces {
		if !strings.Contains(string(p.Data), piece) {
			t.Errorf("%s %s: %s, want it to hold %s", artifact, part, p.Data, piece)
		}
	}
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

// nothingIn fails the test unless the other region was read to the end and has none of the kinds, and unless no data holds what
// was planted.
func nothingIn(t *testing.T, s *snapshot, kinds ...string) {
	t.Helper()
	for _, kind := range kinds {
		if p, ok := s.populations[kind+" eu-west-1"]; !ok || p.Status != bundle.StatusComplete || p.Count != 0 {
			t.Errorf("population %s in eu-west-1: %+v, want complete and 0", kind, p)
		}
	}
	for name, data := range s.data() {
		if strings.Contains(data, planted) {
			t.Errorf("%s holds what must stay out: %s", name, data)
		}
	}
}

// trusted makes a role that a service may assume, and returns its ARN.
func (s *seeder) trusted(name, service string) *string {
	s.t.Helper()
	return made[iam.CreateRoleOutput](s)(iam.NewFromConfig(s.cfg).CreateRole(s.ctx, &iam.CreateRoleInput{
		RoleName: aws.String(name), Path: aws.String("/service-role/"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[` +
			`{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`),
	})).Role.Arn
}
