package samples_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/auditpack/auditpack/mapping/pack"
)

// failing says what the seed program did wrong on purpose, by rule: names of resources, or regions where the emulator invents the
// resource's id. What a rule does not list here must not fail.
var failing = map[string][]string{
	"account.security-contact":       nil,
	"cloudtrail.cloudwatch-logs":     {"legacy-us"},
	"cloudtrail.kms-encryption":      {"legacy-us"},
	"cloudtrail.log-validation":      {"legacy-us"},
	"cloudtrail.multi-region":        nil,
	"cloudwatch.alarm-root-usage":    nil,
	"cloudwatch.alarm-signin-no-mfa": {"global"},
	"config.recorder-enabled":        {"eu-west-1", "us-east-1"},
	"ec2.ebs-default-encryption":     {"eu-west-1", "us-east-1"},
	"ec2.instance-imdsv2":            {"ap-northeast-1", "us-east-1"},
	"ec2.instance-no-public-ip":      {"ap-northeast-1", "us-east-1"},
	"ec2.sg-default-closed":          {"ap-northeast-1", "ap-northeast-1", "eu-west-1", "us-east-1", "us-east-1"},
	"ec2.sg-open-admin-port":         {"ap-northeast-1", "ap-northeast-1", "ap-northeast-1", "us-east-1"},
	"ec2.sg-open-admin-port-ipv6":    {"ap-northeast-1"},
	"ec2.sg-open-all-ports":          {"ap-northeast-1", "us-east-1"},
	"guardduty.enabled":              {"eu-west-1"},
	"iam.access-key-rotation":        {"backup-batch", "tanaka.jiro"},
	"iam.expired-certificates":       {"legacy-www.example.com"},
	"iam.aws-policy-no-admin":        {"AdministratorAccess"},
	"iam.group-inline-no-admin":      nil,
	"iam.inline-policy-no-admin":     {"github-deploy"},
	"iam.user-inline-no-admin":       nil,
	"iam.password-length":            {"global"},
	"iam.password-reuse":             nil,
	"iam.policy-no-admin":            {"ExampleTradingFullAccess"},
	"iam.root-hardware-mfa":          {"global"},
	"iam.root-mfa":                   nil,
	"iam.root-no-access-key":         nil,
	"iam.single-active-key":          {"ito.misaki"},
	"iam.support-role":               nil,
	"iam.user-mfa-console":           {"contractor.smith@example.com", "sato.taro"},
	"iam.user-no-direct-policy":      {"backup-batch", "ci-deploy", "contractor.smith@example.com"},
	"kms.no-pending-deletion":        {"ap-northeast-1"},
	"kms.rotation":                   {"ap-northeast-1", "eu-west-1"},
	"kms.key-not-public":             {"eu-west-1"},
	"rds.instance-encrypted":         {"legacy-crm"},
	"rds.instance-not-public":        {"legacy-crm"},
	"rds.snapshot-not-public":        {"crm-for-vendor"},
	"s3.account-public-access-block": {"global"},
	"s3.bucket-acl-disabled":         {"legacy-share", "public-site"},
	"s3.bucket-public-access":        {"legacy-share", "public-site"},
	"s3.bucket-tls-only":             {"access-logs", "analytics", "legacy-share", "partner-feed", "public-site"},
	"s3.bucket-versioning":           {"access-logs", "analytics", "config", "legacy-share", "partner-feed", "public-site"},
	"securityhub.enabled":            {"eu-west-1", "us-east-1"},
	"sns.topic-encrypted":            {"nobody-listens"},
	"vpc.flow-logs":                  {"ap-northeast-1", "ap-northeast-1", "eu-west-1", "us-east-1", "us-east-1"},
}

// TestFindingsAreWhatWasSeeded compares findings with what the seed program did, which the rules know nothing of.
func TestFindingsAreWhatWasSeeded(t *testing.T) {
	a := assess(t, gather(t, stage.Proxy.Client(), nil))
	got := map[string][]string{}
	for _, f := range a.findings {
		if f.Result == pack.NotAssessed {
			t.Errorf("finding of %s on %s %s is not assessed: %v", f.Rule, f.Region, subject(f), f.Reasons)
		}
		if f.Result == pack.Fail {
			got[f.Rule] = append(got[f.Rule], name(f))
		}
	}
	for rule, want := range failing {
		slices.Sort(got[rule])
		if !slices.Equal(got[rule], want) {
			t.Errorf("%s fails on %v, want %v", rule, got[rule], want)
		}
	}
	for _, v := range pack.Verdicts() {
		if v == pack.VerdictNotAssessed {
			continue
		}
		found := false
		for _, w := range a.verdicts {
			found = found || v == w
		}
		if !found {
			t.Errorf("no requirement of the sample engagement is %s", v)
		}
	}
}

// name returns the name that the seed program gave to the subject of a finding, or its region.
func name(f pack.Finding) string {
	if bucket, ok := strings.CutPrefix(f.ARN, "arn:aws:s3:::example-trading-"); ok {
		return bucket
	}
	service := strings.Split(f.ARN+":::", ":")[2]
	if !slices.Contains([]string{"iam", "rds", "sns", "cloudtrail"}, service) || strings.HasSuffix(f.ARN, ":root") {
		return f.Region
	}
	return f.ARN[strings.LastIndexAny(f.ARN, ":/")+1:]
}
