package services

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// scripted stands for AWS. It gets the host and the form or path of a request.
type scripted func(host, what string) (status int, body string)

// Do answers with a request id, but for bodies that start with "anonymous:".
func (s scripted) Do(r *http.Request) (*http.Response, error) {
	what := r.URL.Path
	if r.Body != nil {
		if b, err := io.ReadAll(r.Body); err == nil && len(b) > 0 {
			what = string(b)
		}
	}
	status, body := s(r.URL.Host, what)
	if strings.HasPrefix(r.URL.Host, "sts.") {
		status, body = 200, `<R><GetCallerIdentityResult><Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/u</Arn></GetCallerIdentityResult></R>`
	}
	h := http.Header{"X-Amzn-Requestid": {"r-1"}, "Content-Type": {"text/xml"}}
	if rest, ok := strings.CutPrefix(body, "anonymous:"); ok {
		body, h = rest, http.Header{"Content-Type": {"text/html"}}
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
}

func takeScripted(t *testing.T, s scripted, services ...string) *snapshot {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	selected, err := collect.Select(All(), services, nil)
	if err != nil {
		t.Fatal(err)
	}
	return take(t, t.Context(), collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: s}, Services: selected})
}

const refusedByEC2 = `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>`

// TestAnswerThatIsNotFromAWS pins that an answer without a request id is a gap, whatever the SDK makes of it: of an empty body it
// makes an answer in which nothing exists, and so do some of its clients of a proxy's HTML page.
func TestAnswerThatIsNotFromAWS(t *testing.T) {
	settings := map[string]bool{} // kinds of which there is one whatever AWS says
	for _, service := range All() {
		for _, k := range service.Kinds {
			settings[k.Name] = len(k.List) == 0
		}
	}
	for name, body := range map[string]string{
		"empty":              "anonymous:",
		"a proxy's page":     "anonymous:<html><body><p>Blocked</p></body></html>",
		"a copy of an error": "anonymous:<Error><Code>NoSuchPublicAccessBlockConfiguration</Code><Message>none</Message></Error>",
	} {
		t.Run(name, func(t *testing.T) {
			s := takeScripted(t, func(string, string) (int, string) {
				if strings.Contains(body, "<Error>") {
					return 404, body
				}
				return 200, body
			}, "ec2", "s3", "s3control", "cloudtrail")
			for at, p := range s.populations {
				kind, _, _ := strings.Cut(at, " ")
				setting := settings[kind]
				if p.Status != bundle.StatusIncomplete && !setting {
					t.Errorf("population %s is %s with %d", at, p.Status, p.Count)
				}
			}
			if len(s.populations) < 5 {
				t.Errorf("populations %v: the configured region was not visited", s.populations)
			}
			for at, a := range s.artifacts {
				for part, p := range a.Parts {
					if p.State != bundle.StateGap {
						t.Errorf("%s %s is %s %s", at, part, p.State, p.Data)
					}
				}
			}
		})
	}
}

// TestRegionOfUnknownStatus pins that only a region that AWS calls not opted in is left out.
func TestRegionOfUnknownStatus(t *testing.T) {
	s := takeScripted(t, func(_, what string) (int, string) {
		if !strings.Contains(what, "DescribeRegions") {
			return 403, refusedByEC2
		}
		list := ""
		for name, status := range map[string]string{"us-east-1": "opt-in-not-required", "me-south-1": "opted-in", "ap-east-1": "not-opted-in", "il-central-1": "enabling"} {
			list += fmt.Sprintf("<item><regionName>%s</regionName><optInStatus>%s</optInStatus></item>", name, status)
		}
		return 200, "<R><regionInfo>" + list + "<item><regionName>eu-west-1</regionName></item></regionInfo></R>"
	}, "ec2")
	if want := []string{"eu-west-1", "il-central-1", "me-south-1", "us-east-1"}; !slices.Equal(s.run.Regions, want) {
		t.Errorf("visited %v, want %v", s.run.Regions, want)
	}
}

// TestDeletedMeanwhile pins that of a user or bucket that was deleted after the list nothing is said to be not configured, though
// IAM uses the code of a missing password also for a missing user.
func TestDeletedMeanwhile(t *testing.T) {
	user := func(name string) string {
		return "<member><UserName>" + name + "</UserName><Arn>arn:aws:iam::111122223333:user/" + name + "</Arn></member>"
	}
	s := takeScripted(t, func(host, what string) (int, string) {
		fails := func(code, message string) (int, string) {
			return 404, "<ErrorResponse><Error><Code>" + code + "</Code><Message>" + message + "</Message></Error></ErrorResponse>"
		}
		switch {
		case strings.HasPrefix(host, "ec2."):
			return 200, "<R><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></R>"
		case strings.HasPrefix(host, "s3.") && what == "/":
			return 200, "<R><Buckets><Bucket><Name>gone</Name><BucketRegion>us-east-1</BucketRegion></Bucket></Buckets></R>"
		case strings.HasPrefix(host, "s3."):
			return 404, "<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>"
		case strings.Contains(what, "Action=ListUsers&"):
			return 200, "<R><ListUsersResult><Users>" + user("gone") + user("here") + "</Users></ListUsersResult></R>"
		case strings.Contains(what, "CredentialReport"):
			return fails("AccessDenied", "no")
		case strings.Contains(what, "GetLoginProfile") && strings.Contains(what, "UserName=here"):
			return fails("NoSuchEntity", "Login Profile for User here cannot be found.")
		}
		return fails("NoSuchEntity", "The user with name gone cannot be found.")
	}, "iam", "s3")
	for _, at := range []string{"iam.user global gone", "s3.bucket global gone"} {
		a, ok := s.artifacts[at]
		if !ok {
			t.Fatalf("%s has vanished", at)
		}
		for name, p := range a.Parts {
			if listed := name == "User" || name == "Bucket"; (p.State == bundle.StateGap) == listed {
				t.Errorf("%s %s is %s", at, name, p.State)
			}
		}
	}
	if p := s.artifacts["iam.user global here"].Parts["LoginProfile"]; p.State != bundle.StateAbsent {
		t.Errorf("the user without a password: %s %s, want absent", p.State, p.Code)
	}
}
