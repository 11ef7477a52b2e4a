package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	inspectortypes "github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// TestSumGrants pins that grants are counted, and that principals are named once, sorted, and up to the bound.
func TestSumGrants(t *testing.T) {
	grants := []kmstypes.GrantListEntry{
		{GranteePrincipal: aws.String("b")}, {GranteePrincipal: aws.String("a")}, {GranteePrincipal: aws.String("b")},
		{GranteeServicePrincipal: aws.String("rds.amazonaws.com")},
	}
	sumGrants := func(grants []kmstypes.GrantListEntry) KeyGrants {
		var sum grantSum
		for _, g := range grants {
			sum.add([]kmstypes.GrantListEntry{g})
		}
		return sum.grants()
	}
	got := sumGrants(grants)
	if got.Count != 4 || strings.Join(got.Grantees, " ") != "a b rds.amazonaws.com" || !got.Complete {
		t.Errorf("sum %+v", got)
	}
	for i := range maxGrantees + 1 {
		grants = append(grants, kmstypes.GrantListEntry{GranteePrincipal: aws.String(strings.Repeat("x", i+1))})
	}
	got = sumGrants(grants)
	if got.Count != maxGrantees+5 || len(got.Grantees) != maxGrantees || got.Complete {
		t.Errorf("%d grants, %d grantees, complete %t", got.Count, len(got.Grantees), got.Complete)
	}
}

// TestAggregatorID pins that an aggregator is kept once: in its home region, or where that is not collected, where it is seen.
func TestAggregatorID(t *testing.T) {
	const arn = "arn:aws:securityhub:eu-west-1:111122223333:finding-aggregator/1"
	for _, c := range []struct {
		region    string
		collected []string
		skip      bool
	}{
		{"eu-west-1", []string{"eu-west-1", "us-east-1"}, false},
		{"us-east-1", []string{"eu-west-1", "us-east-1"}, true},
		{"us-east-1", []string{"us-east-1"}, false},
	} {
		if got := aggregatorID(arn, c.region, c.collected); got.Skip != c.skip || got.ID != "1" || got.ARN != arn {
			t.Errorf("in %s of %v: %+v, want skip %t", c.region, c.collected, got, c.skip)
		}
	}
}

// TestIsDisabled pins that only AWS's own word makes Inspector disabled: an answer without accounts does not.
func TestIsDisabled(t *testing.T) {
	state := func(s inspectortypes.Status) inspectortypes.AccountState {
		return inspectortypes.AccountState{State: &inspectortypes.State{Status: s}}
	}
	for _, c := range []struct {
		accounts []inspectortypes.AccountState
		want     bool
	}{
		{nil, false},
		{[]inspectortypes.AccountState{{}}, false},
		{[]inspectortypes.AccountState{state(inspectortypes.StatusEnabled)}, false},
		{[]inspectortypes.AccountState{state(inspectortypes.StatusDisabled)}, true},
	} {
		if got := isDisabled(&inspector2.BatchGetAccountStatusOutput{Accounts: c.accounts}); got != c.want {
			t.Errorf("disabled is %t for %+v", got, c.accounts)
		}
	}
}

// TestParsePreferences reads the preferences as Session Manager's console writes them.
func TestParsePreferences(t *testing.T) {
	got, err := parsePreferences(`{"schemaVersion":"1.0","description":"d","sessionType":"Standard_Stream","inputs":{"s3BucketName":"logs",
		"s3KeyPrefix":"","s3EncryptionEnabled":true,"cloudWatchLogGroupName":"sessions","cloudWatchEncryptionEnabled":true,
		"cloudWatchStreamingEnabled":false,"kmsKeyId":"k","runAsEnabled":false,"runAsDefaultUser":"","idleSessionTimeout":"20",
		"maxSessionDuration":"60","shellProfile":{"windows":"","linux":"export TOKEN=x"}}}`)
	want := SessionPreferences{
		S3BucketName: "logs", S3EncryptionEnabled: true, CloudWatchLogGroupName: "sessions", CloudWatchEncryptionEnabled: true,
		KMSKeyID: "k", IdleSessionTimeout: "20", MaxSessionDuration: "60",
	}
	if err != nil || got != want {
		t.Errorf("preferences %+v, error %v, want %+v", got, err, want)
	}
	if _, err := parsePreferences("schemaVersion: '1.0'"); err == nil {
		t.Error("a document in YAML was read")
	}
}

// TestLiveOversight collects what the core services that watch an account have beyond their main resources.
func TestLiveOversight(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		made[s3.CreateBucketOutput](s)(s3Client(s.cfg).CreateBucket(s.ctx, &s3.CreateBucketInput{Bucket: aws.String("logs.example")}))
		s.detection()
		s.monitoring()
		s.oversight()
	}, KMS(), CloudTrail(), CloudWatch(), CloudWatchLogs(), ConfigService(), GuardDuty())
	for name, a := range s.artifacts {
		if a.Kind == "kms.key" && strings.Contains(string(a.Parts["Key"].Data), `"granted"`) {
			if got, want := string(a.Parts["Grants"].Data), `{"Complete":true,"Count":3,"Grantees":["arn:aws:iam::123456789012:role/a","arn:aws:iam::123456789012:role/b"]}`; got != want {
				t.Errorf("%s: grants %s, want %s", name, got, want)
			}
		}
	}
	if got := string(s.artifacts["cloudtrail.trail us-east-1 insight-trail"].Parts["InsightSelectors"].Data); !strings.Contains(got, "ApiCallRateInsight") {
		t.Errorf("insight selectors %s", got)
	}
	if p := s.populations["logs.log-group eu-west-1"]; p.Count != 0 {
		t.Errorf("%d log groups in eu-west-1, want none", p.Count)
	}
}
