package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

// waf makes, for regional and for CloudFront resources, a web ACL with a rule and logging, one with neither, an IP set and a rule
// group.
func (s *seeder) waf() {
	c := wafv2.NewFromConfig(s.cfg)
	seen := &types.VisibilityConfig{CloudWatchMetricsEnabled: true, MetricName: aws.String("m"), SampledRequestsEnabled: true}
	tags := []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}
	rules := []types.Rule{{Name: aws.String("origin"), Priority: 1, VisibilityConfig: seen, Action: &types.RuleAction{Block: &types.BlockAction{}},
		Statement: &types.Statement{ByteMatchStatement: &types.ByteMatchStatement{
			SearchString: []byte("example-secret"), PositionalConstraint: types.PositionalConstraintExactly,
			FieldToMatch:        &types.FieldToMatch{SingleHeader: &types.SingleHeader{Name: aws.String("x-origin-verify")}},
			TextTransformations: []types.TextTransformation{{Type: types.TextTransformationTypeNone}}}}}}
	for _, scope := range types.ScopeRegional.Values() {
		name := strings.ToLower(string(scope))
		acl := made[wafv2.CreateWebACLOutput](s)(c.CreateWebACL(s.ctx, &wafv2.CreateWebACLInput{Name: aws.String(name), Scope: scope, Tags: tags,
			DefaultAction: &types.DefaultAction{Block: &types.BlockAction{}}, VisibilityConfig: seen, Rules: rules})).Summary
		made[wafv2.PutLoggingConfigurationOutput](s)(c.PutLoggingConfiguration(s.ctx, &wafv2.PutLoggingConfigurationInput{
			LoggingConfiguration: &types.LoggingConfiguration{ResourceArn: acl.ARN, LogDestinationConfigs: []string{"arn:aws:s3:::aws-waf-logs-example"}}}))
		made[wafv2.CreateWebACLOutput](s)(c.CreateWebACL(s.ctx, &wafv2.CreateWebACLInput{Name: aws.String(name + "-open"), Scope: scope,
			DefaultAction: &types.DefaultAction{Allow: &types.AllowAction{}}, VisibilityConfig: seen}))
		made[wafv2.CreateIPSetOutput](s)(c.CreateIPSet(s.ctx, &wafv2.CreateIPSetInput{Name: aws.String(name), Scope: scope, Tags: tags,
			IPAddressVersion: types.IPAddressVersionIpv4, Addresses: []string{"203.0.113.0/24"}}))
		made[wafv2.CreateRuleGroupOutput](s)(c.CreateRuleGroup(s.ctx, &wafv2.CreateRuleGroupInput{Name: aws.String(name), Scope: scope, Tags: tags,
			Capacity: aws.Int64(10), VisibilityConfig: seen, Rules: rules}))
	}
}

// TestLiveWAFV2 pins where each scope is found, that logging can be absent, and that what a rule compares with is hidden.
func TestLiveWAFV2(t *testing.T) {
	s := liveService(t, (*seeder).waf, WAFV2())
	logged := map[string][2]int{} // kind → web ACLs with and without logging
	for name, a := range s.artifacts {
		if p := a.Parts["LoggingConfiguration"]; p.State != "" {
			n := logged[a.Kind]
			if p.State == bundle.StateOK {
				n[0]++
			} else if p.State == bundle.StateAbsent && p.Code == "WAFNonexistentItemException" {
				n[1]++
			}
			logged[a.Kind] = n
		}
		if arn := a.ARN; strings.HasPrefix(a.Kind, "wafv2.cloudfront-") != strings.Contains(arn, ":global/") {
			t.Errorf("%s has the ARN %s", name, arn)
		}
		for part, p := range a.Parts {
			if strings.Contains(string(p.Data), "ZXhhbXBsZS1zZWNyZXQ=") || strings.Contains(string(p.Data), "example-secret") {
				t.Errorf("%s %s holds a secret: %s", name, part, p.Data)
			}
		}
	}
	for _, kind := range []string{"wafv2.web-acl", "wafv2.cloudfront-web-acl"} {
		if logged[kind] != [2]int{1, 1} {
			t.Errorf("%s: %v with and without logging, want one each", kind, logged[kind])
		}
	}
	tagged := 0
	for _, data := range s.data() {
		if strings.Contains(data, `{"TagList":[{"Key":"env","Value":"prod"}]}`) {
			tagged++
		}
	}
	if tagged != 6 {
		t.Errorf("%d artifacts with the tag, want 6", tagged)
	}
	if p := s.populations["wafv2.web-acl eu-west-1"]; p.Status != bundle.StatusComplete || p.Count != 0 {
		t.Errorf("web ACLs in eu-west-1: %+v, want none", p)
	}
	if p := s.populations["wafv2.cloudfront-web-acl global"]; p.Count != 2 {
		t.Errorf("web ACLs for CloudFront: %+v, want 2", p)
	}
}

// TestInUSEast1 pins that only the partition with that region is turned to it.
func TestInUSEast1(t *testing.T) {
	for region, want := range map[string]string{
		"eu-west-1": "us-east-1", "us-east-1": "us-east-1", "ap-northeast-1": "us-east-1",
		"cn-north-1": "cn-north-1", "us-gov-west-1": "us-gov-west-1", "us-iso-east-1": "us-iso-east-1",
		"us-isob-east-1": "us-isob-east-1", "eu-isoe-west-1": "eu-isoe-west-1", "eusc-de-east-1": "eusc-de-east-1",
	} {
		if got := inUSEast1(aws.Config{Region: region}).Region; got != want {
			t.Errorf("%s is turned to %s, want %s", region, got, want)
		}
	}
}
