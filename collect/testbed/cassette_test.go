package testbed_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/auditpack/auditpack/collect/testbed"
)

func TestCassette(t *testing.T) {
	p := newProxy(t)
	p.Paginate(2, false)
	cfg := config(p)
	for _, name := range []string{"a", "b", "c"} {
		if _, err := iam.NewFromConfig(cfg).CreateUser(t.Context(), &iam.CreateUserInput{UserName: &name}); err != nil {
			t.Fatal(err)
		}
	}
	cassette := testbed.NewCassette(p.Client())
	list := func(client testbed.Doer) ([]string, error) {
		cfg := cfg.Copy()
		cfg.HTTPClient = client
		c := iam.NewFromConfig(cfg)
		// The answer to equal requests changes: the report is started, then ready.
		first, err := c.GenerateCredentialReport(t.Context(), nil)
		if err != nil {
			return nil, err
		}
		second, err := c.GenerateCredentialReport(t.Context(), nil)
		if err != nil {
			return nil, err
		}
		names := []string{string(first.State), string(second.State)}
		in := &iam.ListUsersInput{}
		for {
			out, err := c.ListUsers(t.Context(), in)
			if err != nil {
				return names, err
			}
			for _, u := range out.Users {
				names = append(names, *u.UserName)
			}
			if !out.IsTruncated {
				_, err = s3.NewFromConfig(cfg).GetBucketAcl(t.Context(), &s3.GetBucketAclInput{Bucket: aws.String("missing")})
				var api smithy.APIError
				if !errors.As(err, &api) || api.ErrorCode() != "NoSuchBucket" {
					return names, err
				}
				return names, nil
			}
			in.Marker = out.Marker
		}
	}
	want, err := list(cassette)
	if err != nil {
		t.Fatal(err)
	}
	if got := cassette.Operations(); !slices.Equal(got, []string{"iam:GenerateCredentialReport", "iam:ListUsers", "s3:GetBucketAcl"}) {
		t.Errorf("Operations() = %v", got)
	}
	p.Close()
	for range 2 {
		replay := cassette.Replay()
		got, err := list(replay)
		if err != nil || !slices.Equal(got, want) || len(replay.Misses()) > 0 || replay.Hits() != 0 {
			t.Errorf("replay: %v, %v, misses %v, hits %d; want %v", got, err, replay.Misses(), replay.Hits(), want)
		}
	}
	denied := cassette.Replay(testbed.Fault{Service: "iam", Operation: "ListUsers", Do: testbed.Deny()})
	_, err = list(denied)
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "AccessDenied" || denied.Hits() != 1 {
		t.Errorf("denied replay: %v, hits %d", err, denied.Hits())
	}
	missing := cassette.Replay()
	req, err := http.NewRequest(http.MethodGet, "http://127.0.0.1/never/asked", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := missing.Do(req); err == nil || len(missing.Misses()) != 1 {
		t.Errorf("a request that was not recorded: error %v, misses %v", err, missing.Misses())
	}
}
