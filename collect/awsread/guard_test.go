package awsread

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"
)

// doer answers requests without a network.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

func answer(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func guarded(d doer) aws.Config {
	return Guard(aws.Config{
		Region: "eu-west-1", HTTPClient: d, RetryMaxAttempts: 3,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	})
}

// TestGuardRefuses pins that what changes, or reads what nobody reviewed, fails before anything is sent.
func TestGuardRefuses(t *testing.T) {
	sent := 0
	cfg := guarded(func(r *http.Request) (*http.Response, error) {
		sent++
		return nil, fmt.Errorf("%s %s was sent", r.Method, r.URL)
	})
	ctx := context.Background()
	text := aws.String("x")
	calls := map[string]func() error{
		"s3 PutBucketPolicy": func() error {
			_, err := s3.NewFromConfig(cfg).PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: text, Policy: text})
			return err
		},
		"s3 DeleteBucket": func() error {
			_, err := s3.NewFromConfig(cfg).DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: text})
			return err
		},
		"s3 GetObject": func() error {
			_, err := s3.NewFromConfig(cfg).GetObject(ctx, &s3.GetObjectInput{Bucket: text, Key: text})
			return err
		},
		"iam CreateUser": func() error {
			_, err := iam.NewFromConfig(cfg).CreateUser(ctx, &iam.CreateUserInput{UserName: text})
			return err
		},
		"ec2 TerminateInstances": func() error {
			_, err := ec2.NewFromConfig(cfg).TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{"i-1"}})
			return err
		},
		"ec2 GetPasswordData": func() error {
			_, err := ec2.NewFromConfig(cfg).GetPasswordData(ctx, &ec2.GetPasswordDataInput{InstanceId: text})
			return err
		},
		"cloudtrail StopLogging": func() error {
			_, err := cloudtrail.NewFromConfig(cfg).StopLogging(ctx, &cloudtrail.StopLoggingInput{Name: text})
			return err
		},
		"kms Decrypt": func() error {
			_, err := kms.NewFromConfig(cfg).Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: []byte("x")})
			return err
		},
		"sns Publish": func() error {
			_, err := sns.NewFromConfig(cfg).Publish(ctx, &sns.PublishInput{Message: text})
			return err
		},
		"sts GetSessionToken": func() error {
			_, err := sts.NewFromConfig(cfg).GetSessionToken(ctx, nil)
			return err
		},
		"lambda GetFunctionConfiguration, of a service that is not on the list at all": func() error {
			ctx := awsmiddleware.SetOperationName(awsmiddleware.SetServiceID(ctx, "Lambda"), "GetFunctionConfiguration")
			_, _, err := guard(ctx, middleware.InitializeInput{}, nil)
			return err
		},
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: got error %v, want ErrRefused", name, err)
		}
	}
	if sent != 0 {
		t.Errorf("%d requests were sent, want none", sent)
	}
}

func TestRecord(t *testing.T) {
	date := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	attempts := 0
	cfg := guarded(func(*http.Request) (*http.Response, error) {
		attempts++
		if attempts == 1 {
			return answer(http.StatusServiceUnavailable, `<Error><Code>SlowDown</Code></Error>`, "X-Amz-Request-Id", "first", "Date", date), nil
		}
		return answer(http.StatusNotFound, `<Error><Code>NoSuchBucketPolicy</Code><Message>none</Message></Error>`,
			"X-Amz-Request-Id", "second", "Date", date), nil
	})
	ctx, rec := WithRecord(context.Background())
	if rec.Sent() {
		t.Error("a fresh record says that a request was sent")
	}
	if _, err := s3.NewFromConfig(cfg).GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: aws.String("b")}); err == nil {
		t.Fatal("no error from a 404")
	}
	if got, want := rec.Operation.String(), "s3:GetBucketPolicy"; got != want {
		t.Errorf("operation %s, want %s", got, want)
	}
	if got, want := string(rec.Input), `{"Bucket":"b"}`; got != want {
		t.Errorf("input %s, want %s", got, want)
	}
	if rec.HTTPStatus != http.StatusNotFound || rec.RequestID != "second" || rec.AWSDate != date || rec.Attempts != 2 || !rec.Sent() {
		t.Errorf("record %+v, want the second of two attempts", rec)
	}
	if !rec.HasSkew || rec.Skew > -59*time.Minute || rec.Skew < -61*time.Minute {
		t.Errorf("skew %v, want about -1h", rec.Skew)
	}
}

// TestRecordWithoutAnswer pins that a request that fails on the way leaves a record without status, request id and date.
func TestRecordWithoutAnswer(t *testing.T) {
	cfg := guarded(func(*http.Request) (*http.Response, error) { return nil, errors.New("no route") })
	cfg.RetryMaxAttempts = 1
	ctx, rec := WithRecord(context.Background())
	if _, err := iam.NewFromConfig(cfg).ListUsers(ctx, nil); err == nil {
		t.Fatal("no error without an answer")
	}
	if !rec.Sent() || rec.HTTPStatus != 0 || rec.RequestID != "" || rec.HasSkew {
		t.Errorf("record %+v, want one sent request without answer", rec)
	}
}

func TestRecordHidesExternalID(t *testing.T) {
	cfg := guarded(func(*http.Request) (*http.Response, error) { return answer(403, ""), nil })
	ctx, rec := WithRecord(context.Background())
	_, err := sts.NewFromConfig(cfg).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::111122223333:role/r"), RoleSessionName: aws.String("s"), ExternalId: aws.String("hush-hush"),
	})
	if err == nil || strings.Contains(string(rec.Input), "hush") || !strings.Contains(string(rec.Input), "__redacted") {
		t.Errorf("input %s, error %v; want the external id replaced", rec.Input, err)
	}
}

func TestSkew(t *testing.T) {
	sent := time.Date(2026, 1, 1, 0, 0, 10, 500e6, time.UTC)
	for _, tt := range []struct {
		date     time.Duration // of the header, from 00:00:00
		received time.Duration // after sent
		want     time.Duration
	}{
		{10 * time.Second, 100 * time.Millisecond, 0},                      // the whole second in which we asked
		{11 * time.Second, 600 * time.Millisecond, 0},                      // the second turned while we waited
		{11 * time.Second, 100 * time.Millisecond, 400 * time.Millisecond}, // it has not turned here
		{8 * time.Second, 100 * time.Millisecond, -1500 * time.Millisecond},
	} {
		date := sent.Truncate(time.Minute).Add(tt.date)
		if got := skew(date, sent, sent.Add(tt.received)); got != tt.want {
			t.Errorf("skew of %v after %v: got %v, want %v", tt.date, tt.received, got, tt.want)
		}
	}
}

// TestLoad pins that the user's certificates and number of attempts are honoured, and that tests can bring their own client.
func TestLoad(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_CA_BUNDLE", "")
	ctx := context.Background()

	cfg, err := Load(ctx, Source{Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Region != "eu-west-1" || cfg.RetryMaxAttempts != defaultAttempts {
		t.Errorf("region %q, %d attempts; want eu-west-1, %d", cfg.Region, cfg.RetryMaxAttempts, defaultAttempts)
	}
	t.Setenv("AWS_MAX_ATTEMPTS", "2")
	if cfg, err = Load(ctx, Source{Region: "eu-west-1"}); err != nil || cfg.RetryMaxAttempts != 2 {
		t.Errorf("AWS_MAX_ATTEMPTS=2: %d attempts, error %v", cfg.RetryMaxAttempts, err)
	}
	bad := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(bad, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CA_BUNDLE", bad)
	if _, err = Load(ctx, Source{Region: "eu-west-1"}); err == nil || !strings.Contains(err.Error(), "loading the AWS configuration") {
		t.Errorf("AWS_CA_BUNDLE without certificates: error %v, want one", err)
	}
	t.Setenv("AWS_CA_BUNDLE", "")
	cfg, err = Load(ctx, Source{Region: "eu-west-1", HTTPClient: doer(func(*http.Request) (*http.Response, error) {
		return answer(200, `<R><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></R>`), nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil); err != nil {
		t.Errorf("with a client of our own: %v", err)
	}
	if _, err := iam.NewFromConfig(cfg).CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("x")}); !errors.Is(err, ErrRefused) {
		t.Errorf("a loaded configuration is not guarded: error %v", err)
	}
}

// TestConnectionsAreShared pins that a client for each call finds the connections of the one before it.
func TestConnectionsAreShared(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_CA_BUNDLE", "")
	cfg, err := Load(context.Background(), Source{Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	one, two := sts.NewFromConfig(cfg).Options().HTTPClient, sts.NewFromConfig(cfg).Options().HTTPClient
	if one != cfg.HTTPClient || two != cfg.HTTPClient {
		t.Errorf("clients have HTTP clients of their own: %p %p, want %p", one, two, cfg.HTTPClient)
	}
}
