package testbed_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/auditpack/auditpack/collect/testbed"
)

func TestS3Overrides(t *testing.T) {
	p := newProxy(t)
	c := s3.NewFromConfig(config(p))
	status := func(bucket string) (bool, string) {
		out, err := c.GetBucketPolicyStatus(t.Context(), &s3.GetBucketPolicyStatusInput{Bucket: &bucket})
		var api smithy.APIError
		if errors.As(err, &api) {
			return false, api.ErrorCode()
		}
		if err != nil {
			t.Fatal(err)
		}
		return aws.ToBool(out.PolicyStatus.IsPublic), ""
	}
	p.Override(testbed.Overrides(testbed.Account{})...)
	for bucket, tt := range map[string]struct {
		policy string
		public bool
		code   string
	}{
		"none":      {"", false, "NoSuchBucketPolicy"},
		"public":    {`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::public/*"}]}`, true, ""},
		"awsstar":   {`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::awsstar/*"}]}`, true, ""},
		"narrowed":  {`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::narrowed/*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}]}`, false, ""},
		"deny-only": {`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::deny-only/*"}]}`, false, ""},
	} {
		if _, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
			t.Fatal(err)
		}
		if tt.policy != "" {
			if _, err := c.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: &tt.policy}); err != nil {
				t.Fatal(err)
			}
		}
		if public, code := status(bucket); public != tt.public || code != tt.code {
			t.Errorf("policy status of bucket %s: %t %q, want %t %q", bucket, public, code, tt.public, tt.code)
		}
	}
	out, err := c.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: aws.String("none")})
	if err != nil {
		t.Fatal(err)
	}
	if got := out.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm; got != "AES256" {
		t.Errorf("default encryption is %s", got)
	}
	if _, err := c.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: aws.String("no-such-bucket")}); err == nil {
		t.Error("the encryption of a bucket that does not exist was answered")
	}
}

func TestIAMOverrides(t *testing.T) {
	p := newProxy(t)
	c := iam.NewFromConfig(config(p))
	for _, name := range []string{"old", "new"} {
		if _, err := c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: &name}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: &name}); err != nil {
			t.Fatal(err)
		}
	}
	device, err := c.CreateVirtualMFADevice(t.Context(), &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("root")})
	if err != nil {
		t.Fatal(err)
	}
	opened, long := time.Date(2019, 4, 1, 0, 0, 0, 0, time.UTC), time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	serial := aws.ToString(device.VirtualMFADevice.SerialNumber)
	p.Override(testbed.Overrides(testbed.Account{Root: testbed.RootUser{Created: opened, MFASerial: serial}, AgedUsers: []string{"old"}, Aged: long})...)

	summary, err := c.GetAccountSummary(t.Context(), nil)
	if err != nil || summary.SummaryMap["AccountMFAEnabled"] != 1 || summary.SummaryMap["AccountAccessKeysPresent"] != 0 || summary.SummaryMap["Users"] != 2 {
		t.Errorf("account summary: %v, %v", summary.SummaryMap, err)
	}
	devices, err := c.ListVirtualMFADevices(t.Context(), nil)
	if err != nil || len(devices.VirtualMFADevices) != 1 {
		t.Fatalf("virtual MFA devices: %v, %v", devices, err)
	}
	if d := devices.VirtualMFADevices[0]; d.User == nil || aws.ToString(d.User.Arn) != "arn:aws:iam::123456789012:root" || len(d.Base32StringSeed)+len(d.QRCodePNG) > 0 || d.EnableDate == nil {
		t.Errorf("the root user's device: %+v", d)
	}
	keys := map[string]bool{}
	users, err := c.ListUsers(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users.Users {
		out, err := c.ListAccessKeys(t.Context(), &iam.ListAccessKeysInput{UserName: u.UserName})
		if err != nil {
			t.Fatal(err)
		}
		if old := out.AccessKeyMetadata[0].CreateDate.Equal(long); old != u.CreateDate.Equal(long) {
			t.Errorf("user %s and the key disagree about their age", *u.UserName)
		} else {
			keys[*u.UserName] = old
		}
	}
	if !keys["old"] || keys["new"] {
		t.Errorf("aged users: %v, want old only", keys)
	}
	if _, err := c.GenerateCredentialReport(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GenerateCredentialReport(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	report, err := c.GetCredentialReport(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if age := time.Since(aws.ToTime(report.GeneratedTime)); age < -time.Minute || age > time.Minute {
		t.Errorf("the credential report is %v old", age)
	}
	lines := strings.Split(string(report.Content), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[1], "<root_account>,arn:aws:iam::123456789012:root,2019-04-01T00:00:00+00:00,not_supported,") {
		t.Errorf("credential report:\n%s", report.Content)
	}
	for _, line := range lines[2:] {
		if strings.HasPrefix(line, "old,") != (strings.Count(line, "2020-01-02T03:04:05+00:00") == 3) {
			t.Errorf("credential report row %q", line)
		}
	}
}

func TestOtherOverrides(t *testing.T) {
	p := newProxy(t)
	cfg := config(p)
	const standard = "arn:aws:securityhub:us-east-1::standards/aws-foundational-security-best-practices/v/1.0.0"
	const caller = "arn:aws:sts::123456789012:assumed-role/reader/me"
	p.Override(testbed.Overrides(testbed.Account{
		Caller:    caller,
		Contact:   map[string]string{"FullName": "例示商事株式会社", "CountryCode": "JP"},
		Standards: map[string][]string{"us-east-1": {standard}},
	})...)

	identity, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil)
	if err != nil || aws.ToString(identity.Arn) != caller {
		t.Errorf("caller identity: %v, %v", identity, err)
	}
	contact, err := account.NewFromConfig(cfg).GetContactInformation(t.Context(), nil)
	if err != nil || aws.ToString(contact.ContactInformation.FullName) != "例示商事株式会社" {
		t.Errorf("contact information: %v, %v", contact, err)
	}
	standards, err := securityhub.NewFromConfig(cfg).GetEnabledStandards(t.Context(), nil)
	if err != nil || len(standards.StandardsSubscriptions) != 1 || aws.ToString(standards.StandardsSubscriptions[0].StandardsArn) != standard {
		t.Errorf("enabled standards: %v, %v", standards, err)
	}

	keys := kms.NewFromConfig(cfg)
	for spec, refused := range map[kmstypes.KeySpec]bool{kmstypes.KeySpecSymmetricDefault: false, kmstypes.KeySpecRsa2048: true} {
		in := &kms.CreateKeyInput{KeySpec: spec}
		if refused {
			in.KeyUsage = kmstypes.KeyUsageTypeSignVerify
		}
		key, err := keys.CreateKey(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		_, err = keys.GetKeyRotationStatus(t.Context(), &kms.GetKeyRotationStatusInput{KeyId: key.KeyMetadata.KeyId})
		var unsupported *kmstypes.UnsupportedOperationException
		if errors.As(err, &unsupported) != refused {
			t.Errorf("rotation status of a %s key: %v", spec, err)
		}
	}

	recorders := configservice.NewFromConfig(cfg)
	if _, err := recorders.PutConfigurationRecorder(t.Context(), &configservice.PutConfigurationRecorderInput{ConfigurationRecorder: &configtypes.ConfigurationRecorder{
		Name: aws.String("default"), RoleARN: aws.String("arn:aws:iam::123456789012:role/r"), RecordingGroup: &configtypes.RecordingGroup{AllSupported: true}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := recorders.PutDeliveryChannel(t.Context(), &configservice.PutDeliveryChannelInput{DeliveryChannel: &configtypes.DeliveryChannel{
		Name: aws.String("default"), S3BucketName: newBucket(t, cfg)}}); err != nil {
		t.Fatal(err)
	}
	if _, err := recorders.StartConfigurationRecorder(t.Context(), &configservice.StartConfigurationRecorderInput{ConfigurationRecorderName: aws.String("default")}); err != nil {
		t.Fatal(err)
	}
	status, err := recorders.DescribeConfigurationRecorderStatus(t.Context(), nil)
	if err != nil || len(status.ConfigurationRecordersStatus) != 1 || status.ConfigurationRecordersStatus[0].LastStatus != "SUCCESS" {
		t.Errorf("recorder status: %v, %v", status, err)
	}
}

func TestTrailOverride(t *testing.T) {
	p := newProxy(t)
	cfg := config(p)
	p.Override(testbed.TrailLogDelivery())
	c := cloudtrail.NewFromConfig(cfg)
	bucket := newBucket(t, cfg)
	for name, group := range map[string]*string{"with-group": aws.String("arn:aws:logs:us-east-1:123456789012:log-group:g:*"), "without": nil} {
		in := &cloudtrail.CreateTrailInput{Name: &name, S3BucketName: bucket, CloudWatchLogsLogGroupArn: group}
		if group != nil {
			in.CloudWatchLogsRoleArn = aws.String("arn:aws:iam::123456789012:role/r")
		}
		if _, err := c.CreateTrail(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		for _, logging := range []bool{false, true} {
			if logging {
				if _, err := c.StartLogging(t.Context(), &cloudtrail.StartLoggingInput{Name: &name}); err != nil {
					t.Fatal(err)
				}
			}
			status, err := c.GetTrailStatus(t.Context(), &cloudtrail.GetTrailStatusInput{Name: &name})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := status.LatestCloudWatchLogsDeliveryTime != nil, logging && group != nil; got != want {
				t.Errorf("trail %s, logging %t: a delivery to the log group: %t, want %t", name, logging, got, want)
			}
		}
	}
	if _, err := c.GetTrailStatus(t.Context(), &cloudtrail.GetTrailStatusInput{Name: aws.String("missing")}); err == nil {
		t.Error("a trail that does not exist has a status")
	}
}

func newBucket(t *testing.T, cfg aws.Config) *string {
	t.Helper()
	name := aws.String("config-bucket")
	if _, err := s3.NewFromConfig(cfg).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: name}); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestEveryOverrideIsDocumented(t *testing.T) {
	names := map[string]bool{}
	for _, o := range testbed.Overrides(testbed.Account{AgedUsers: []string{"u"}}) {
		if o.Name == "" || o.Doc == "" || o.Service == "" || o.Operation == "" || names[o.Name] {
			t.Errorf("override %+v lacks a unique name, documentation or operation", o)
		}
		names[o.Name] = true
	}
}
