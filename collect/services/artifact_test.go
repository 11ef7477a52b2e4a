package services

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// artifactServer answers like AWS Artifact, and checks what every request must carry.
func artifactServer(t *testing.T, answer http.HandlerFunc) aws.Config {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		auth := r.Header.Get("Authorization")
		for _, want := range []string{"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/", "/us-east-1/artifact/aws4_request", "host", "Signature="} {
			if !strings.Contains(auth, want) {
				t.Errorf("Authorization %q lacks %q", auth, want)
			}
		}
		if r.Method != http.MethodGet || r.ContentLength > 0 {
			t.Errorf("%s with %d bytes, want a GET without a body", r.Method, r.ContentLength)
		}
		if !strings.Contains(r.UserAgent(), "api/artifact") {
			t.Errorf("user agent %q does not name the service", r.UserAgent())
		}
		w.Header().Set("X-Amzn-Requestid", "00000000-0000-4000-8000-000000000001")
		w.Header().Set("Content-Type", "application/json")
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return awsread.Guard(aws.Config{
		Region: "eu-west-1", BaseEndpoint: &server.URL, HTTPClient: server.Client(),
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "example-secret", ""),
	})
}

func TestArtifactAnswers(t *testing.T) {
	cfg := artifactServer(t, func(w http.ResponseWriter, r *http.Request) {
		answers := map[string]string{
			"/v1/report/list?maxResults=300&nextToken=a%2Fb%3D": `{"reports":[{"id":"report-0123456789abcdef","version":3,"periodStart":"2025-10-01T00:00:00Z"}],"nextToken":"more"}`,
			"/v1/customer-agreement/list":                       `{"customerAgreements":[{"id":"customer-agreement-0123456789abcdef","state":"ACTIVE","acceptanceTerms":["a term"]}]}`,
			"/v1/account-settings/get":                          `{"accountSettings":{"notificationSubscriptionStatus":"NOT_SUBSCRIBED"}}`,
		}
		body, ok := answers[r.URL.RequestURI()]
		if !ok {
			t.Errorf("request for %s", r.URL.RequestURI())
		}
		_, _ = w.Write([]byte(body))
	})
	list := ArtifactListInput{MaxResults: artifactPage, NextToken: aws.String("a/b=")}
	reports := answered(t, "ListReports", `{"Reports":[{"Id":"report-0123456789abcdef","PeriodStart":"2025-10-01T00:00:00Z","Version":3}]}`,
		func(ctx context.Context) (*ArtifactListReportsOutput, error) {
			return artifactGet[ArtifactListReportsOutput](ctx, cfg, "ListReports", "/v1/report/list", &list)
		})
	if got := aws.ToString(reports.NextToken); got != "more" {
		t.Errorf("next token %q, want more", got)
	}
	answered(t, "ListCustomerAgreements",
		`{"CustomerAgreements":[{"AcceptanceTerms":{"__redacted":"artifact.ArtifactCustomerAgreement.AcceptanceTerms","present":true},`+
			`"Id":"customer-agreement-0123456789abcdef","State":"ACTIVE"}]}`,
		func(ctx context.Context) (*ArtifactListCustomerAgreementsOutput, error) {
			return artifactGet[ArtifactListCustomerAgreementsOutput](ctx, cfg, "ListCustomerAgreements", "/v1/customer-agreement/list", &ArtifactListInput{})
		})
	answered(t, "GetAccountSettings", `{"AccountSettings":{"NotificationSubscriptionStatus":"NOT_SUBSCRIBED"}}`,
		func(ctx context.Context) (*ArtifactGetAccountSettingsOutput, error) {
			return artifactGet[ArtifactGetAccountSettingsOutput](ctx, cfg, "GetAccountSettings", "/v1/account-settings/get", &ArtifactGetAccountSettingsInput{})
		})
}

// answered makes a call and checks its record and what would be kept of its answer.
func answered[O any](t *testing.T, operation, want string, call func(ctx context.Context) (*O, error)) *O {
	t.Helper()
	ctx, record := awsread.WithRecord(t.Context())
	out, err := call(ctx)
	if err != nil {
		t.Fatalf("%s: %v", operation, err)
	}
	op := awsread.Operation{Service: "artifact", Name: operation}
	if record.Operation != op || record.Attempts != 1 || record.HTTPStatus != http.StatusOK || record.RequestID == "" {
		t.Errorf("%s: record %+v, want one answered request with its id", operation, record)
	}
	data, err := awsread.Encode(op, out)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", operation, diff)
	}
	return out
}

// TestArtifactErrors pins that error answers carry the service's code, whether in the header or the body, that what may be
// retried is, and that an answer which is none is an error.
func TestArtifactErrors(t *testing.T) {
	for _, c := range []struct {
		name, header, body, code string
		status, attempts         int
	}{
		{"header", "AccessDeniedException:http://internal.amazon.com/", `{"message":"no"}`, "AccessDeniedException", 403, 1},
		{"body", "", `{"__type":"com.amazon#ValidationException","message":"no"}`, "ValidationException", 400, 1},
		{"throttled", "ThrottlingException", `{"message":"slow down"}`, "ThrottlingException", 429, 2},
		{"no code", "", `{}`, "UnknownError", 404, 1},
		{"page of a proxy", "", `<html>`, "", 404, 1},
		{"no answer", "", `<html>`, "", 200, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := artifactServer(t, func(w http.ResponseWriter, _ *http.Request) {
				if c.header != "" {
					w.Header().Set("X-Amzn-ErrorType", c.header)
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			})
			cfg.RetryMaxAttempts = 2
			ctx, record := awsread.WithRecord(t.Context())
			_, err := artifactGet[ArtifactListReportsOutput](ctx, cfg, "ListReports", "/v1/report/list", &ArtifactListInput{})
			var api smithy.APIError
			code := ""
			if errors.As(err, &api) {
				code = api.ErrorCode()
			}
			if err == nil || code != c.code {
				t.Errorf("code %q of %v, want %q", code, err, c.code)
			}
			if record.Attempts != c.attempts || record.HTTPStatus != c.status {
				t.Errorf("%d attempts, status %d; want %d, %d", record.Attempts, record.HTTPStatus, c.attempts, c.status)
			}
		})
	}
}

// TestArtifactGuard pins that the client passes the read-only guard: an operation that nobody reviewed is not sent.
func TestArtifactGuard(t *testing.T) {
	cfg := artifactServer(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("sent %s", r.URL) })
	ctx, record := awsread.WithRecord(t.Context())
	_, err := artifactGet[ArtifactListReportsOutput](ctx, cfg, "GetReport", "/v1/report/get", &ArtifactListInput{})
	if !errors.Is(err, awsread.ErrRefused) || record.Sent() {
		t.Errorf("error %v, sent %t; want it refused and unsent", err, record.Sent())
	}
}

func TestArtifactEndpoint(t *testing.T) {
	for region, want := range map[string]string{
		"ap-northeast-1": "https://artifact.us-east-1.amazonaws.com us-east-1",
		"us-gov-east-1":  "https://artifact.us-gov-west-1.amazonaws.com us-gov-west-1",
		"cn-north-1":     "",
		"us-iso-east-1":  "",
	} {
		base, signed, err := artifactEndpoint(aws.Config{Region: region})
		got := ""
		if err == nil {
			got = base.String() + " " + signed
		}
		if got != want || (want == "") != (err != nil) {
			t.Errorf("%s: %q, error %v; want %q", region, got, err, want)
		}
	}
}

// TestArtifactIsCollected pins the way from the configured endpoint to the artifacts, over two pages.
func TestArtifactIsCollected(t *testing.T) {
	cfg, err := func() (aws.Config, error) {
		t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9/base/")
		t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
		return awsread.Load(t.Context(), awsread.Source{Region: "eu-west-1"})
	}()
	if err != nil {
		t.Fatal(err)
	}
	if base, region, err := artifactEndpoint(cfg); err != nil || base.String() != "http://127.0.0.1:9/base/" || region != "us-east-1" {
		t.Errorf("endpoint %v, region %s, error %v; want the one of the environment", base, region, err)
	}
	s := takeAnswers(t, func(operation, asked string) string {
		switch {
		case operation == "artifact:ListCustomerAgreements":
			return `{"customerAgreements":[]}`
		case operation == "artifact:ListReports" && strings.Contains(asked, "nextToken=more"):
			return `{"reports":[{"id":"report-2","arn":"arn:aws:artifact:us-east-1::report/report-2:1","series":"SOC 2"}]}`
		case operation == "artifact:ListReports":
			return `{"reports":[{"id":"report-1","arn":"arn:aws:artifact:us-east-1::report/report-1:1","series":"PCI"}],"nextToken":"more"}`
		}
		return ""
	}, Artifact())
	s.population(t, "artifact.report global", bundle.StatusComplete, 2)
	s.population(t, "artifact.customer-agreement global", bundle.StatusComplete, 0)
	s.expect(t, "artifact.report global report-2", "Report", bundle.StateOK, `"Series":"SOC 2"`)
	s.expect(t, "artifact.account-settings global 111122223333", "AccountSettings", bundle.StateGap, "")
	if got := s.asked("artifact:ListReports"); got != 2 {
		t.Errorf("%d calls, want one a page", got)
	}
}
