package services

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// questions are put to botocore, the library below the AWS command line, about the emulated account: what it reads for an
// operation must be what the part of an artifact says. input is nil where the part is an item of a list.
var questions = []struct {
	kind, part, service, operation string
	input                          func(id string) map[string]any
}{
	{"ec2.vpc", "Vpc", "ec2", "DescribeVpcs", nil},
	{"ec2.security-group", "SecurityGroup", "ec2", "DescribeSecurityGroups", nil},
	{"ec2.volume", "Volume", "ec2", "DescribeVolumes", nil},
	{"ec2.instance", "Instance", "ec2", "DescribeInstances", nil},
	{"iam.user", "User", "iam", "ListUsers", nil},
	{"rds.db-instance", "DBInstance", "rds", "DescribeDBInstances", nil},
	{"sns.topic", "Topic", "sns", "ListTopics", nil},
	{"cloudwatch.alarm", "Alarm", "cloudwatch", "DescribeAlarms", nil},
	{"logs.metric-filter", "MetricFilter", "logs", "DescribeMetricFilters", nil},
	{"s3.bucket", "Bucket", "s3", "ListBuckets", nil},
	{"s3.bucket", "Versioning", "s3", "GetBucketVersioning", func(id string) map[string]any { return map[string]any{"Bucket": id} }},
	{"s3.bucket", "Acl", "s3", "GetBucketAcl", func(id string) map[string]any { return map[string]any{"Bucket": id} }},
	{"kms.key", "Key", "kms", "DescribeKey", func(id string) map[string]any { return map[string]any{"KeyId": id} }},
	{"kms.key", "Policy", "kms", "GetKeyPolicy", func(id string) map[string]any { return map[string]any{"KeyId": id, "PolicyName": "default"} }},
}

// still sets the times that move with each question to one.
func still(data []byte) []byte { return moving.ReplaceAll(data, []byte(`"$1":"2026-01-02T03:04:05Z"`)) }

// TestOracle compares artifacts of the emulated account with what botocore reads from the emulator.
func TestOracle(t *testing.T) {
	p := emulatedAccount(t)
	m, err := sharedModel()
	if err != nil {
		t.Fatal(err)
	}
	s := take(t, t.Context(), collect.Options{
		Source: awsread.Source{Region: "us-east-1", HTTPClient: named{p.Client()}}, Regions: []string{"us-east-1"}, Services: core(),
	})
	c := newComparison(m)
	for _, q := range questions {
		k := kindNamed(q.kind)
		if k == nil {
			t.Errorf("there is no kind %s", q.kind)
			continue
		}
		at := slices.IndexFunc(k.Parts, func(spec collect.PartSpec) bool { return spec.Name == q.part })
		if at < 0 {
			t.Errorf("%s has no part %s", q.kind, q.part)
			continue
		}
		spec, found := k.Parts[at], 0
		for _, name := range slices.Sorted(maps.Keys(s.artifacts)) {
			a := s.artifacts[name]
			if a.Kind != q.kind || a.Parts[q.part].State != bundle.StateOK || strings.HasPrefix(a.ID, "eu-") {
				continue
			}
			input := map[string]any{}
			if q.input != nil {
				input = q.input(a.ID)
			}
			answer, err := m.Ask(t.Context(), p.URL, "us-east-1", q.service, q.operation, input)
			if err != nil {
				t.Error(err)
				continue
			}
			found++
			op, got, want := spec.Operations[0], decode(t, still(a.Parts[q.part].Data)), decode(t, still(answer))
			w := c.matcher(op)
			if q.input == nil {
				w = c.closest(op, spec.Type, got, want)
			} else {
				w.value(spec.Type, got, want, "")
			}
			for _, problem := range c.done(w) {
				t.Errorf("%s %s: %s", name, q.part, problem)
			}
		}
		if found == 0 {
			t.Errorf("no %s of any %s was compared", q.part, q.kind)
		}
	}
	t.Logf("%d values", c.values)
}
