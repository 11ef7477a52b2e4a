package awsread

import (
	"encoding/json"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cfgtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/google/go-cmp/cmp"
)

type enum string

// union and its members are named as the SDK names them.
type (
	union        interface{ isUnion() }
	unionMemberA struct{ Value string }
	unionMemberB struct{ Value []int32 }
)

func (*unionMemberA) isUnion() {}
func (*unionMemberB) isUnion() {}

type lazyDocument struct{ text string }

func (d lazyDocument) MarshalSmithyDocument() ([]byte, error) { return []byte(d.text), nil }

type everything struct {
	Bool     bool
	BoolPtr  *bool
	Int      int32
	Long     *int64
	Double   *float64
	Text     *string
	Enum     enum
	Time     *time.Time
	Blob     []byte
	List     []string
	Enums    []enum
	Map      map[string]*string
	Nested   *everything
	Union    union
	Document any
	hidden   string
}

func TestEncode(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.FixedZone("JST", 9*3600))
	for _, tt := range []struct {
		name string
		in   any
		want string
	}{
		{"zero: only what has a default is there", everything{}, `{"Bool":false,"Int":0}`},
		{"nil pointer", (*everything)(nil), `{}`},
		{"unexported members are left out", everything{hidden: "x"}, `{"Bool":false,"Int":0}`},
		{"empty but present", everything{Text: aws.String(""), List: []string{}, Map: map[string]*string{}, Blob: []byte{}, BoolPtr: aws.Bool(false)},
			`{"Blob":"","Bool":false,"BoolPtr":false,"Int":0,"List":[],"Map":{},"Text":""}`},
		{"integers are exact", everything{Long: aws.Int64(math.MaxInt64)}, `{"Bool":false,"Int":0,"Long":9223372036854775807}`},
		{"floats", everything{Double: aws.Float64(0.1)}, `{"Bool":false,"Double":0.1,"Int":0}`},
		{"large float", everything{Double: aws.Float64(1e21)}, `{"Bool":false,"Double":1e+21,"Int":0}`},
		{"times are UTC", everything{Time: &at}, `{"Bool":false,"Int":0,"Time":"2026-01-01T18:04:05.678Z"}`},
		{"bytes are base64", everything{Blob: []byte{0xff, 0}}, `{"Blob":"/wA=","Bool":false,"Int":0}`},
		{"enums are strings", everything{Enum: "on", Enums: []enum{"b", "a"}}, `{"Bool":false,"Enum":"on","Enums":["b","a"],"Int":0}`},
		{"maps are sorted, nil values left out", everything{Map: map[string]*string{"b": aws.String("2"), "a": aws.String("1"), "c": nil}},
			`{"Bool":false,"Int":0,"Map":{"a":"1","b":"2"}}`},
		{"maps are sorted as UTF-16", map[string]string{"\uFFFD": "later", "\U0001F600": "earlier"}, "{\"\U0001F600\":\"earlier\",\"\uFFFD\":\"later\"}"},
		{"nested", everything{Nested: &everything{Int: 7}}, `{"Bool":false,"Int":0,"Nested":{"Bool":false,"Int":7}}`},
		{"union", everything{Union: &unionMemberA{"x"}}, `{"Bool":false,"Int":0,"Union":{"A":"x"}}`},
		{"union of a list", everything{Union: &unionMemberB{[]int32{1}}}, `{"Bool":false,"Int":0,"Union":{"B":[1]}}`},
		{"document", everything{Document: lazyDocument{`{"b": 1, "a": [true, null]}`}}, `{"Bool":false,"Document":{"a":[true,null],"b":1},"Int":0}`},
		{"escapes", map[string]string{"k": "\"\\\b\t\n\f\r\v\x00 <é\u2028>"}, `{"k":"\"\\\b\t\n\f\r\u000b\u0000 <é` + "\u2028" + `>"}`},
		{"bytes that are no UTF-8", map[string]string{"k": "a\xffb"}, `{"k":"a` + "\uFFFD" + `b"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Encode(Operation{"ec2", "DescribeVpcs"}, tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !json.Valid(got) {
				t.Errorf("%s is not JSON", got)
			}
		})
	}
}

// TestEncodeOfSDKTypes pins what the bundle holds for answers as the SDK delivers them.
func TestEncodeOfSDKTypes(t *testing.T) {
	for _, tt := range []struct {
		name string
		op   Operation
		in   any
		want string
	}{
		{"page tokens of an output are left out", Operation{"iam", "ListUsers"},
			&iam.ListUsersOutput{IsTruncated: true, Marker: aws.String("m"), Users: []iamtypes.User{{UserName: aws.String("u")}}},
			`{"Users":[{"UserName":"u"}]}`},
		{"in KMS too", Operation{"kms", "ListKeys"}, kms.ListKeysOutput{Truncated: true, NextMarker: aws.String("m")}, `{}`},
		{"plain members have their default", Operation{"kms", "GetKeyRotationStatus"}, &kms.GetKeyRotationStatusOutput{}, `{"KeyRotationEnabled":false}`},
		{"an enum that AWS did not send is left out", Operation{"s3", "GetBucketVersioning"}, &s3.GetBucketVersioningOutput{}, `{}`},
		{"a name of a key is no secret", Operation{"s3", "GetBucketEncryption"},
			s3types.ServerSideEncryptionByDefault{SSEAlgorithm: "aws:kms", KMSMasterKeyID: aws.String("arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")},
			`{"KMSMasterKeyID":"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab","SSEAlgorithm":"aws:kms"}`},
		{"a password is a note", Operation{"rds", "DescribeDBInstances"},
			&rds.DescribeDBInstancesOutput{DBInstances: []rdstypes.DBInstance{{PendingModifiedValues: &rdstypes.PendingModifiedValues{MasterUserPassword: aws.String("hunter2")}}}},
			`{"DBInstances":[{"PendingModifiedValues":{"MasterUserPassword":{"__redacted":"rds.PendingModifiedValues.MasterUserPassword","present":true}}}]}`},
		{"so is the seed of a device", Operation{"iam", "ListVirtualMFADevices"}, iamtypes.VirtualMFADevice{Base32StringSeed: []byte("seed")},
			`{"Base32StringSeed":{"__redacted":"iam.VirtualMFADevice.Base32StringSeed","present":true}}`},
		{"an access key id keeps its ends", Operation{"iam", "ListAccessKeys"}, iamtypes.AccessKeyMetadata{AccessKeyId: aws.String("AKIAIOSFODNN7EXAMPLE"), Status: "Active"},
			`{"AccessKeyId":"AKIA************MPLE","Status":"Active"}`},
		{"a web endpoint is a note, a mail address is not", Operation{"sns", "ListSubscriptions"},
			&sns.ListSubscriptionsOutput{Subscriptions: []snstypes.Subscription{{Endpoint: aws.String("https://hook.example/T0/B0/x")}, {Endpoint: aws.String("ops@audit.example")}}},
			`{"Subscriptions":[{"Endpoint":{"__redacted":"scan.web-endpoint","present":true}},{"Endpoint":"ops@audit.example"}]}`},
		{"a secret in a tag is a note", Operation{"kms", "ListResourceTags"}, s3types.Tag{Key: aws.String("db_password"), Value: aws.String("xK9$mQ2!vL7#pR4&wT8@")},
			`{"Key":"db_password","Value":{"__redacted":"scan.high-entropy","present":true}}`},
		{"a list of plain structures", Operation{"config", "DescribeConfigurationRecorders"}, cfgtypes.RecordingGroup{AllSupported: true, ResourceTypes: []cfgtypes.ResourceType{"AWS::EC2::VPC"}},
			`{"AllSupported":true,"IncludeGlobalResourceTypes":false,"ResourceTypes":["AWS::EC2::VPC"]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Encode(tt.op, tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		op   Operation
		in   any
		want string
	}{
		{"an operation that nobody reviewed", Operation{"lambda", "GetFunction"}, everything{}, "not a reviewed"},
		{"not a number", Operation{"ec2", "DescribeVpcs"}, everything{Double: aws.Float64(math.NaN())}, "not a JSON number"},
		{"a type without a JSON form", Operation{"ec2", "DescribeVpcs"}, struct{ C chan int }{make(chan int)}, "without a JSON form"},
		{"keys that are no strings", Operation{"ec2", "DescribeVpcs"}, map[int]string{1: "x"}, "not strings"},
		{"a document that is no JSON", Operation{"ec2", "DescribeVpcs"}, everything{Document: lazyDocument{"{"}}, "reading a document"},
	} {
		if _, err := Encode(tt.op, tt.in); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", tt.name, err, tt.want)
		}
	}
}

func TestScan(t *testing.T) {
	for _, tt := range []struct{ value, name, hint, want string }{
		{"-----BEGIN RSA PRIVATE KEY-----\nMIIE", "Description", "", "scan.private-key"},
		{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN", "Description", "", "scan.jwt"},
		{"id AKIAIOSFODNN7EXAMPLE of bob", "Description", "", "scan.access-key-id"},
		{"%7B%22id%22%3A%22AKIAIOSFODNN7EXAMPLE%22%7D", "PolicyDocument", "", "scan.access-key-id"},
		{"%7B%22key%22%3A%22-----BEGIN%20RSA%20PRIVATE%20KEY-----%22%7D", "PolicyDocument", "", "scan.private-key"},
		{"100% of what AKIAIOSFODNN7EXAMPLE may do", "Description", "", "scan.access-key-id"},
		{"%zz wJalrXUtnFEMI/K7MDENG", "Description", "", ""},
		{"https://bob:app-password@git.example/r.git", "Location", "", "scan.url-password"},
		{"clone https://x-token-auth:abcd@git.example/r", "Description", "", "scan.url-password"},
		{"https://bob@git.example/team/repository.git", "Location", "", ""},
		{"https://git.example:8443/team/@scope/repository", "Location", "", ""},
		{`["https://git.example:8443","bob@git.example"]`, "PolicyDocument", "", ""},
		{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "SecretAccessKey", "", "scan.high-entropy"},
		{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "Value", "api-key", "scan.high-entropy"},
		{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "Description", "", ""}, // could be any identifier
		{"arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1a2b3c", "SecretArn", "", ""},
		{"2026-01-02T03:04:05+00:00", "password_last_used", "", ""},
		{"rotate it every ninety days, please", "Value", "password-policy", ""},
		{"0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d", "ClientToken", "", ""},
		{"short", "Password", "", ""},
	} {
		if got := scan(tt.value, tt.name, tt.hint); got != tt.want {
			t.Errorf("scan(%q) in %s (%s): got %q, want %q", tt.value, tt.name, tt.hint, got, tt.want)
		}
	}
}

func TestScrub(t *testing.T) {
	token := "FwoGZXIvYXdzEBYaDH" + strings.Repeat("aB3/", 60)
	for _, tt := range []struct{ text, want string }{
		{"no such bucket: arn:aws:s3:::b", "no such bucket: arn:aws:s3:::b"},
		{"The Canonical String for this request should have been\n'POST\n/\n\nhost:x\nx-amz-security-token:" + token + "\n\nhost'",
			"The Canonical String for this request should have been\n'POST\n/\n\nhost:x\nx-amz-security-token:[removed]\n\nhost'"},
		{"GET https://x/?X-Amz-Security-Token=" + token + "&b=1", "GET https://x/?X-Amz-Security-Token=[removed]&b=1"},
		{"key AKIAIOSFODNN7EXAMPLE is unknown", "key AKIA[removed] is unknown"},
		{`invalid proxy address "http://me:hunter2@proxy:3128": no`, `invalid proxy address "http://[removed]proxy:3128": no`},
		{"parse -----BEGIN RSA PRIVATE KEY-----\nMIIE", "parse [removed]"},
	} {
		if got := Scrub(tt.text); got != tt.want {
			t.Errorf("Scrub(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestDecodeCLI pins that a text which is no answer is not read as one in which nothing is there.
func TestDecodeCLI(t *testing.T) {
	for text, good := range map[string]bool{
		`{}`: true, `{"Buckets": []}`: true, `{"buckets": [], "x": 1}`: true, `{"ResponseMetadata": {}}`: true, "{}\n": true,
		``: false, `null`: false, `[]`: false, `{"Vpcs": []}`: false, `{"Buckets": []} {}`: false, `{"ResultMetadata": {}}`: false,
	} {
		if err := DecodeCLI([]byte(text), new(s3.ListBucketsOutput)); (err == nil) != good {
			t.Errorf("%s: error %v, want none: %t", text, err, good)
		}
	}
}

// TestDecodePolicy pins that a policy which the CLI has taken apart comes back as the API sends it.
func TestDecodePolicy(t *testing.T) {
	var out iam.GetUserPolicyOutput
	if err := Decode([]byte(`{"UserName":"bob","PolicyDocument":{"Statement":[{"Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":3600}},"Sid":"a<b"}]}}`), &out); err != nil {
		t.Fatal(err)
	}
	text, err := url.PathUnescape(*out.PolicyDocument)
	if want := `{"Statement":[{"Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":3600}},"Sid":"a<b"}]}`; err != nil || text != want || text == *out.PolicyDocument {
		t.Errorf("%s: %q, error %v, want %q percent-encoded", *out.PolicyDocument, text, err, want)
	}
}

func TestMerge(t *testing.T) {
	first := &iam.GetAccountSummaryOutput{SummaryMap: map[string]int32{"Users": 1}}
	Merge(first, &iam.GetAccountSummaryOutput{SummaryMap: map[string]int32{"Roles": 2}})
	if diff := cmp.Diff(map[string]int32{"Users": 1, "Roles": 2}, first.SummaryMap); diff != "" {
		t.Errorf("maps (-want +got):\n%s", diff)
	}
	list := &iam.ListUsersOutput{}
	for _, name := range []string{"a", "b"} {
		Merge(list, &iam.ListUsersOutput{Users: []iamtypes.User{{UserName: aws.String(name)}}})
	}
	if len(list.Users) != 2 || aws.ToString(list.Users[1].UserName) != "b" {
		t.Errorf("lists: got %d users, want a and b", len(list.Users))
	}
}

// TestOperationsOnlyRead pins that an operation whose name does not say that it reads is on the list on purpose.
func TestOperationsOnlyRead(t *testing.T) {
	others := map[string]bool{"iam:GenerateCredentialReport": true, "sts:AssumeRole": true}
	for _, op := range Allowed() {
		reads := strings.HasPrefix(op.Name, "Get") || strings.HasPrefix(op.Name, "List") || strings.HasPrefix(op.Name, "Describe") || strings.HasPrefix(op.Name, "BatchGet")
		if !reads && !others[op.String()] {
			t.Errorf("%s does not look like a read", op)
		}
	}
}

// BenchmarkEncode encodes a page of a thousand buckets: a run with a work directory encodes each answer twice.
func BenchmarkEncode(b *testing.B) {
	page := &s3.ListBucketsOutput{}
	for range 1000 {
		page.Buckets = append(page.Buckets, s3types.Bucket{Name: aws.String("example"), BucketRegion: aws.String("eu-west-1"), CreationDate: aws.Time(time.Unix(0, 0))})
	}
	for b.Loop() {
		if _, err := Encode(Operation{"s3", "ListBuckets"}, page); err != nil {
			b.Fatal(err)
		}
	}
}
