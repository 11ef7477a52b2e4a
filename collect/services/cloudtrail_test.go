package services

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/rules"
)

func TestIsSpare(t *testing.T) {
	for _, c := range []struct {
		home, region string
		collected    []string
		want         bool
	}{
		{"us-east-1", "us-east-1", []string{"eu-west-1", "us-east-1"}, false},
		{"us-east-1", "eu-west-1", []string{"eu-west-1", "us-east-1"}, true},
		{"us-east-1", "eu-west-1", []string{"eu-west-1"}, false},
		{"us-east-1", "eu-west-1", []string{"eu-west-1", "us-west-2"}, false},
		{"us-east-1", "us-west-2", []string{"eu-west-1", "us-west-2"}, true},
		{"", "us-west-2", []string{"eu-west-1", "us-west-2"}, false}, // AWS does not say: better twice than never
	} {
		trail := types.Trail{}
		if c.home != "" {
			trail.HomeRegion = aws.String(c.home)
		}
		if got := isSpare(trail, c.region, c.collected); got != c.want {
			t.Errorf("home %q, seen in %s of %v: spare %t, want %t", c.home, c.region, c.collected, got, c.want)
		}
	}
}

// trailsOnly is CloudTrail without its other kinds.
func trailsOnly() collect.Service {
	s := CloudTrail()
	s.Kinds = slices.DeleteFunc(s.Kinds, func(k collect.Kind) bool { return k.Name != "cloudtrail.trail" })
	return s
}

// TestTrailFromElsewhere collects from regions that do not include the home of the account's multi-region trail.
func TestTrailFromElsewhere(t *testing.T) {
	p := emulatedAccount(t)
	startTrail(t, p)
	collectFrom := func(regions ...string) *snapshot {
		return take(t, t.Context(), collect.Options{
			Source: awsread.Source{Region: regions[0], HTTPClient: named{p.Client()}}, Regions: regions, Services: []collect.Service{trailsOnly()},
		})
	}
	const kept = "cloudtrail.trail eu-west-1 main-trail"

	t.Run("one copy", func(t *testing.T) {
		s := collectFrom("us-west-2", "eu-west-1") // the first in sorted order keeps it
		if _, ok := s.artifacts[kept]; !ok || len(s.artifacts) != 1 || len(s.gaps()) > 0 {
			t.Fatalf("artifacts %v, gaps %v, want %s alone and no gaps", s.artifacts, s.gaps(), kept)
		}
		for region, want := range map[string]int{"eu-west-1": 1, "us-west-2": 0} {
			if p := s.populations["cloudtrail.trail "+region]; p.Status != bundle.StatusComplete || p.Count != want {
				t.Errorf("population in %s: %+v, want complete with %d", region, p, want)
			}
		}
		for name, part := range s.artifacts[kept].Parts {
			want := "us-east-1" // its home
			if name == "Trail" {
				want = "eu-west-1"
			}
			for _, id := range part.Calls {
				if got := s.calls[id].Region; got != want {
					t.Errorf("%s was asked for in %s, want %s", name, got, want)
				}
			}
		}
		if got := multiRegion(t, s); got != expr.Pass {
			t.Errorf("rule cloudtrail.multi-region: %s, want pass", got)
		}
	})
	t.Run("home collected", func(t *testing.T) {
		s := collectFrom("eu-west-1", "us-east-1", "us-west-2")
		delete(s.artifacts, "cloudtrail.trail us-east-1 insight-trail") // a trail of that region alone
		if _, ok := s.artifacts["cloudtrail.trail us-east-1 main-trail"]; !ok || len(s.artifacts) != 1 {
			t.Errorf("artifacts %v, want the trail in its home region alone", s.artifacts)
		}
	})
	t.Run("home does not answer", func(t *testing.T) {
		p.Inject(testbed.Fault{Region: "us-east-1", Service: "cloudtrail", Do: testbed.Fail(400, "UnrecognizedClientException", "not enabled")})
		defer p.Heal()
		parts := collectFrom("eu-west-1", "us-west-2").artifacts[kept].Parts
		if status := parts["Status"]; status.State != bundle.StateOK || len(status.Calls) != 2 {
			t.Errorf("status %+v, want the answer of the region that shows the trail, and both calls", status)
		}
		if tags := parts["Tags"]; tags.State != bundle.StateGap || tags.Code != "UnrecognizedClientException" || len(tags.Calls) != 1 {
			t.Errorf("tags %+v, want a gap: only the home region knows them", tags)
		}
	})
	t.Run("home denied", func(t *testing.T) {
		p.Inject(testbed.Fault{Region: "us-east-1", Service: "cloudtrail", Do: testbed.Deny()})
		p.Inject(testbed.Fault{Region: "eu-west-1", Service: "cloudtrail", Operation: "GetTrailStatus",
			Do: testbed.Fail(400, "TrailNotFoundException", "no such trail")})
		defer p.Heal()
		s := collectFrom("eu-west-1", "us-west-2")
		if status := s.artifacts[kept].Parts["Status"]; status.State != bundle.StateGap || status.Action != "cloudtrail:GetTrailStatus" || len(status.Calls) != 2 {
			t.Errorf("status %+v, want a gap with the action that opens it, and both calls", status)
		}
		if got := multiRegion(t, s); got != expr.NotAssessed {
			t.Errorf("rule cloudtrail.multi-region: %s, want not_assessed", got)
		}
	})
	// The last, because an override stays.
	t.Run("organization's trail", func(t *testing.T) {
		p.Override(ofOrganization("999988887777"))
		s := collectFrom("us-west-2", "eu-west-1")
		a := s.artifacts[kept]
		if want := "arn:aws:cloudtrail:us-east-1:999988887777:trail/main-trail"; a.ARN != want || a.Account != emulated || len(s.artifacts) != 1 {
			t.Errorf("artifacts %v, want one, of account %s and with ARN %s", s.artifacts, emulated, want)
		}
		if status := a.Parts["Status"]; status.State != bundle.StateGap || status.Code != "TrailNotFoundException" {
			t.Errorf("status %+v, want a gap", status)
		}
		if p := s.populations["cloudtrail.trail eu-west-1"]; p.Status != bundle.StatusComplete || p.Count != 1 {
			t.Errorf("population %+v, want complete with 1", p)
		}
		if got := multiRegion(t, s); got != expr.NotAssessed {
			t.Errorf("rule cloudtrail.multi-region: %s, want not_assessed", got)
		}
	})
}

// ofOrganization makes the account's trail one that its organization's management account owns.
func ofOrganization(management string) testbed.Override {
	return testbed.Override{
		Name: "organization-trail", Service: "cloudtrail", Operation: "DescribeTrails",
		Doc: "The emulator has no organization trails. A member account sees such a trail with the management account in its ARN.",
		Apply: func(_ *testbed.Request, resp *testbed.Response, _ *testbed.Upstream) error {
			resp.Body = bytes.ReplaceAll(resp.Body, []byte(":"+emulated+":trail/"), []byte(":"+management+":trail/"))
			resp.Body = bytes.ReplaceAll(resp.Body, []byte(`"IsOrganizationTrail": false`), []byte(`"IsOrganizationTrail": true`))
			return nil
		},
	}
}

// startTrail makes the seeded trail log all management events.
func startTrail(t *testing.T, p *testbed.Proxy) {
	t.Helper()
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"))
	if err != nil {
		t.Fatal(err)
	}
	cfg.HTTPClient = p.Client()
	c := cloudtrail.NewFromConfig(cfg)
	name := aws.String("main-trail")
	if _, err := c.PutEventSelectors(t.Context(), &cloudtrail.PutEventSelectorsInput{TrailName: name, EventSelectors: []types.EventSelector{
		{ReadWriteType: types.ReadWriteTypeAll, IncludeManagementEvents: aws.Bool(true)}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.StartLogging(t.Context(), &cloudtrail.StartLoggingInput{Name: name}); err != nil {
		t.Fatal(err)
	}
}

// multiRegion evaluates cloudtrail.multi-region over the trails of a snapshot, as the mapping does.
func multiRegion(t *testing.T, s *snapshot) expr.Result {
	t.Helper()
	type population struct {
		Complete bool              `json:"complete"`
		Items    []json.RawMessage `json:"items"`
	}
	trails := population{Complete: true, Items: []json.RawMessage{}}
	for name, p := range s.populations {
		if strings.HasPrefix(name, "cloudtrail.trail ") && p.Status != bundle.StatusComplete {
			trails.Complete = false
		}
	}
	for _, a := range s.artifacts {
		if a.Kind == "cloudtrail.trail" {
			item, err := json.Marshal(a.Parts)
			if err != nil {
				t.Fatal(err)
			}
			trails.Items = append(trails.Items, item)
		}
	}
	all, err := json.Marshal(map[string]population{"cloudtrail.trail": trails})
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(rules.FS, fstest.MapFS{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range c.Rules {
		if r.ID == "cloudtrail.multi-region" {
			o, err := r.Run(catalog.Example{All: string(all)})
			if err != nil {
				t.Fatal(err)
			}
			return o.Result
		}
	}
	t.Fatal("there is no rule cloudtrail.multi-region")
	return ""
}
