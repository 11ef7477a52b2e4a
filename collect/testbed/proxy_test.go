package testbed_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"

	"github.com/auditpack/auditpack/collect/testbed"
)

var emulator *testbed.Emulator

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if emulator, err = testbed.StartEmulator(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer emulator.Stop()
	return m.Run()
}

// newProxy resets the emulator and puts a proxy in front of it.
func newProxy(t *testing.T) *testbed.Proxy {
	t.Helper()
	if err := emulator.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := testbed.NewProxy(emulator.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func config(p *testbed.Proxy) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(p.URL), HTTPClient: p.Client(), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "example-secret", ""),
	}
}

// calls has one operation for each wire protocol, error shape and host name form.
func calls(cfg aws.Config) map[string]func(context.Context) error {
	bucket := aws.String("some-bucket")
	return map[string]func(context.Context) error{
		"iam:ListUsers": func(ctx context.Context) error { _, err := iam.NewFromConfig(cfg).ListUsers(ctx, nil); return err },
		"ec2:DescribeVpcs": func(ctx context.Context) error {
			_, err := ec2.NewFromConfig(cfg).DescribeVpcs(ctx, nil)
			return err
		},
		"s3:ListBuckets": func(ctx context.Context) error { _, err := s3.NewFromConfig(cfg).ListBuckets(ctx, nil); return err },
		"s3:GetBucketAcl": func(ctx context.Context) error {
			_, err := s3.NewFromConfig(cfg).GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: bucket})
			return err
		},
		"s3:GetPublicAccessBlock": func(ctx context.Context) error {
			_, err := s3.NewFromConfig(cfg).GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: bucket})
			return err
		},
		"s3control:GetPublicAccessBlock": func(ctx context.Context) error {
			_, err := s3control.NewFromConfig(cfg).GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: aws.String(testbed.AccountID)})
			return err
		},
		"kms:ListKeys": func(ctx context.Context) error { _, err := kms.NewFromConfig(cfg).ListKeys(ctx, nil); return err },
		"rds:DescribeDBInstances": func(ctx context.Context) error {
			_, err := rds.NewFromConfig(cfg).DescribeDBInstances(ctx, nil)
			return err
		},
		"sns:ListTopics": func(ctx context.Context) error { _, err := sns.NewFromConfig(cfg).ListTopics(ctx, nil); return err },
		"cloudwatch:DescribeAlarms": func(ctx context.Context) error {
			_, err := cloudwatch.NewFromConfig(cfg).DescribeAlarms(ctx, nil)
			return err
		},
		"guardduty:ListDetectors": func(ctx context.Context) error {
			_, err := guardduty.NewFromConfig(cfg).ListDetectors(ctx, nil)
			return err
		},
		"account:GetContactInformation": func(ctx context.Context) error {
			_, err := account.NewFromConfig(cfg).GetContactInformation(ctx, nil)
			return err
		},
	}
}

func TestIdentifiesEveryProtocol(t *testing.T) {
	p := newProxy(t)
	for name, call := range calls(config(p)) {
		p.ResetCounts()
		// The answer does not matter here.
		_ = call(t.Context())
		if got := p.Counts(); got[name] != 1 || len(got) != 1 {
			t.Errorf("after %s the proxy counted %v", name, got)
		}
	}
}

func TestErrorShapes(t *testing.T) {
	p := newProxy(t)
	codes := map[string][2]string{ // operation → codes of a denial and of throttling
		"iam:ListUsers": {"AccessDenied", "Throttling"}, "ec2:DescribeVpcs": {"UnauthorizedOperation", "RequestLimitExceeded"},
		"s3:ListBuckets": {"AccessDenied", "SlowDown"}, "s3:GetBucketAcl": {"AccessDenied", "SlowDown"}, "s3:GetPublicAccessBlock": {"AccessDenied", "SlowDown"},
		"s3control:GetPublicAccessBlock": {"AccessDenied", "SlowDown"}, "kms:ListKeys": {"AccessDeniedException", "ThrottlingException"},
		"rds:DescribeDBInstances": {"AccessDenied", "Throttling"}, "sns:ListTopics": {"AccessDenied", "Throttling"},
		"cloudwatch:DescribeAlarms": {"AccessDenied", "Throttling"}, "guardduty:ListDetectors": {"AccessDeniedException", "TooManyRequestsException"},
		"account:GetContactInformation": {"AccessDeniedException", "TooManyRequestsException"},
	}
	for name, call := range calls(config(p)) {
		service, operation, _ := strings.Cut(name, ":")
		check := func(what string, do testbed.Action, code, message string) {
			t.Helper()
			p.Heal()
			p.Inject(testbed.Fault{Service: service, Operation: operation, Do: do})
			err := call(t.Context())
			var api smithy.APIError
			if !errors.As(err, &api) {
				t.Errorf("%s, %s: error %v is not an API error", name, what, err)
				return
			}
			if api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), message) {
				t.Errorf("%s, %s: got %s %q, want %s and a message with %q", name, what, api.ErrorCode(), api.ErrorMessage(), code, message)
			}
		}
		check("denied", testbed.Deny(), codes[name][0], "is not authorized to perform: ")
		check("denied by policy", testbed.DenyByPolicy(), codes[name][0], "with an explicit deny in a service control policy")
		check("throttled", testbed.Throttle(), codes[name][1], "")
		check("failed", testbed.Fail(400, "OddException", "a < b & c"), "OddException", "a < b & c")
	}
}

func TestFaultsWithoutAPIError(t *testing.T) {
	p := newProxy(t)
	for name, call := range calls(config(p)) {
		for what, do := range map[string]testbed.Action{"cut": testbed.Cut(), "garbled": testbed.Garble()} {
			p.Heal()
			p.Inject(testbed.Fault{Do: do})
			if err := call(t.Context()); err == nil {
				t.Errorf("%s, %s: no error", name, what)
			}
		}
	}
}

func TestFaultSelection(t *testing.T) {
	p := newProxy(t)
	cfg := config(p)
	west := cfg.Copy()
	west.Region = "us-west-2"
	p.Inject(testbed.Fault{Service: "ec2", Operation: "DescribeVpcs", Region: "us-east-1", Times: 1, Do: testbed.Throttle()},
		testbed.Fault{Operation: "DescribeVpcs", Do: testbed.Delay(20 * time.Millisecond)},
		testbed.Fault{Service: "kms", Match: func(r *testbed.Request) bool { return r.Param("KeyId") == "alias/x" }, Do: testbed.Deny()})
	if _, err := ec2.NewFromConfig(west).DescribeVpcs(t.Context(), nil); err != nil {
		t.Errorf("the other region: %v", err)
	}
	if _, err := ec2.NewFromConfig(cfg).DescribeVpcs(t.Context(), nil); err == nil {
		t.Error("the first request was not throttled")
	}
	begin := time.Now()
	if _, err := ec2.NewFromConfig(cfg).DescribeVpcs(t.Context(), nil); err != nil {
		t.Errorf("the second request: %v", err)
	}
	if took := time.Since(begin); took < 20*time.Millisecond {
		t.Errorf("the delayed request took %v", took)
	}
	if _, err := kms.NewFromConfig(cfg).ListKeys(t.Context(), nil); err != nil {
		t.Errorf("a request that Match does not choose: %v", err)
	}
	if _, err := kms.NewFromConfig(cfg).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("alias/x")}); err == nil {
		t.Error("the request that Match chooses was not denied")
	}
}

// listers returns, for one list operation of each way to carry tokens, functions that create five items and list one page.
func listers(cfg aws.Config) map[string]struct {
	create func(ctx context.Context, i int) error
	page   func(ctx context.Context, token *string) ([]string, *string, error)
} {
	type lister = struct {
		create func(ctx context.Context, i int) error
		page   func(ctx context.Context, token *string) ([]string, *string, error)
	}
	name := func(i int) *string { return aws.String(fmt.Sprintf("item-%d", i)) }
	return map[string]lister{
		"iam:ListUsers": {
			func(ctx context.Context, i int) error {
				_, err := iam.NewFromConfig(cfg).CreateUser(ctx, &iam.CreateUserInput{UserName: name(i)})
				return err
			},
			func(ctx context.Context, token *string) ([]string, *string, error) {
				out, err := iam.NewFromConfig(cfg).ListUsers(ctx, &iam.ListUsersInput{Marker: token})
				if err != nil {
					return nil, nil, err
				}
				var names []string
				for _, u := range out.Users {
					names = append(names, *u.UserName)
				}
				if out.IsTruncated != (out.Marker != nil) {
					return nil, nil, errors.New("IsTruncated and Marker disagree")
				}
				return names, out.Marker, nil
			},
		},
		"ec2:DescribeVolumes": {
			func(ctx context.Context, _ int) error {
				_, err := ec2.NewFromConfig(cfg).CreateVolume(ctx, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(1)})
				return err
			},
			func(ctx context.Context, token *string) ([]string, *string, error) {
				out, err := ec2.NewFromConfig(cfg).DescribeVolumes(ctx, &ec2.DescribeVolumesInput{NextToken: token})
				if err != nil {
					return nil, nil, err
				}
				var names []string
				for _, v := range out.Volumes {
					names = append(names, *v.VolumeId)
				}
				return names, out.NextToken, nil
			},
		},
		"s3:ListBuckets": {
			func(ctx context.Context, i int) error {
				_, err := s3.NewFromConfig(cfg).CreateBucket(ctx, &s3.CreateBucketInput{Bucket: name(i)})
				return err
			},
			func(ctx context.Context, token *string) ([]string, *string, error) {
				out, err := s3.NewFromConfig(cfg).ListBuckets(ctx, &s3.ListBucketsInput{ContinuationToken: token})
				if err != nil {
					return nil, nil, err
				}
				var names []string
				for _, b := range out.Buckets {
					names = append(names, *b.Name)
				}
				return names, out.ContinuationToken, nil
			},
		},
		"kms:ListKeys": {
			func(ctx context.Context, _ int) error {
				_, err := kms.NewFromConfig(cfg).CreateKey(ctx, nil)
				return err
			},
			func(ctx context.Context, token *string) ([]string, *string, error) {
				out, err := kms.NewFromConfig(cfg).ListKeys(ctx, &kms.ListKeysInput{Marker: token})
				if err != nil {
					return nil, nil, err
				}
				var names []string
				for _, k := range out.Keys {
					names = append(names, *k.KeyId)
				}
				if out.Truncated != (out.NextMarker != nil) {
					return nil, nil, errors.New("Truncated and NextMarker disagree")
				}
				return names, out.NextMarker, nil
			},
		},
		"sns:ListTopics": {
			func(ctx context.Context, i int) error {
				_, err := sns.NewFromConfig(cfg).CreateTopic(ctx, &sns.CreateTopicInput{Name: name(i)})
				return err
			},
			func(ctx context.Context, token *string) ([]string, *string, error) {
				out, err := sns.NewFromConfig(cfg).ListTopics(ctx, &sns.ListTopicsInput{NextToken: token})
				if err != nil {
					return nil, nil, err
				}
				var names []string
				for _, topic := range out.Topics {
					names = append(names, *topic.TopicArn)
				}
				return names, out.NextToken, nil
			},
		},
		"guardduty:ListDetectors": {
			func(ctx context.Context, _ int) error {
				_, err := guardduty.NewFromConfig(cfg).CreateDetector(ctx, &guardduty.CreateDetectorInput{Enable: aws.Bool(true)})
				return err
			},
			func(ctx context.Context, token *string) ([]string, *string, error) {
				out, err := guardduty.NewFromConfig(cfg).ListDetectors(ctx, &guardduty.ListDetectorsInput{NextToken: token})
				if err != nil {
					return nil, nil, err
				}
				return out.DetectorIds, out.NextToken, nil
			},
		},
	}
}

func TestForcedPagination(t *testing.T) {
	p := newProxy(t)
	for name, l := range listers(config(p)) {
		p.Paginate(0, false)
		for i := range 5 {
			if err := l.create(t.Context(), i); err != nil {
				t.Fatalf("%s: creating item %d: %v", name, i, err)
			}
		}
		want, pages := listAll(t, name, l.page)
		if pages != 1 {
			t.Errorf("%s: %d pages without forced pagination", name, pages)
		}
		// GuardDuty allows one detector only.
		if len(want) != 5 && name != "guardduty:ListDetectors" {
			t.Errorf("%s: %d items, want 5", name, len(want))
		}
		for _, tt := range []struct {
			size  int
			empty bool
		}{{1, false}, {2, true}, {5, true}, {7, false}} {
			p.Paginate(tt.size, tt.empty)
			got, pages := listAll(t, name, l.page)
			wantPages := (len(want) + tt.size - 1) / tt.size
			if tt.empty {
				wantPages++
			}
			if !slices.Equal(got, want) || pages != wantPages {
				t.Errorf("%s: size %d, empty first %t: %v in %d pages, want %v in %d", name, tt.size, tt.empty, got, pages, want, wantPages)
			}
		}
	}
}

func listAll(t *testing.T, name string, page func(context.Context, *string) ([]string, *string, error)) (items []string, pages int) {
	t.Helper()
	var token *string
	for {
		got, next, err := page(t.Context(), token)
		if err != nil {
			t.Fatalf("%s: page %d: %v", name, pages, err)
		}
		items, pages, token = append(items, got...), pages+1, next
		if aws.ToString(token) == "" {
			return items, pages
		}
	}
}

// The emulator pages ListPolicies by itself; the proxy's pages must continue into the emulator's.
func TestForcedPaginationOverTheEmulatorsOwn(t *testing.T) {
	p := newProxy(t)
	c := iam.NewFromConfig(config(p))
	count := func() int {
		n := 0
		in := &iam.ListPoliciesInput{}
		for {
			out, err := c.ListPolicies(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			n += len(out.Policies)
			if !out.IsTruncated {
				return n
			}
			in.Marker = out.Marker
		}
	}
	want := count()
	p.Paginate(60, true)
	if got := count(); got != want || want < 200 {
		t.Errorf("%d policies with forced pagination, %d without", got, want)
	}
}

func TestUnknownTokenIsRefused(t *testing.T) {
	p := newProxy(t)
	p.Paginate(1, false)
	_, err := iam.NewFromConfig(config(p)).ListUsers(t.Context(), &iam.ListUsersInput{Marker: aws.String("testbed-page-99-1")})
	if err == nil {
		t.Error("a token that was never given out was accepted")
	}
}
