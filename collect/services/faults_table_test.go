package services

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
)

// TestRegionSwitchedOff pins that a region whose endpoints do not know the credentials is a gap with AWS's code everywhere, and
// that the other regions stay whole.
func TestRegionSwitchedOff(t *testing.T) {
	for _, code := range []string{"AuthFailure", "UnrecognizedClientException"} {
		t.Run(code, func(t *testing.T) {
			s := takeScripted(t, func(host, what string) (int, string) {
				switch {
				case strings.Contains(what, "DescribeRegions"):
					return 200, "<R><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>" +
						"<item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></R>"
				case strings.Contains(host, "eu-west-1"):
					return 401, "<ErrorResponse><Error><Code>" + code + "</Code><Message>no</Message></Error></ErrorResponse>"
				}
				return 200, "<R><ListTopicsResult><Topics/></ListTopicsResult></R>"
			}, "sns")
			if p := s.populations["sns.topic us-east-1"]; p.Status != bundle.StatusComplete {
				t.Errorf("the other region: %+v", p)
			}
			p := s.populations["sns.topic eu-west-1"]
			if p.Status != bundle.StatusIncomplete || len(p.Gaps) != 1 || p.Gaps[0].Code != code {
				t.Errorf("the region that is switched off: %s %+v, want one gap %s", p.Status, p.Gaps, code)
			}
		})
	}
}

// TestListThatRepeatsItsToken pins that a list which would never end is incomplete, and keeps what it has named.
func TestListThatRepeatsItsToken(t *testing.T) {
	s := takeScripted(t, func(_, what string) (int, string) {
		switch {
		case strings.Contains(what, "DescribeRegions"):
			return 200, "<R><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></R>"
		case strings.Contains(what, "Action=ListTopics&"):
			return 200, "<R><ListTopicsResult><Topics><member><TopicArn>arn:aws:sns:us-east-1:111122223333:alarms</TopicArn></member></Topics><NextToken>again</NextToken></ListTopicsResult></R>"
		}
		return 403, "<ErrorResponse><Error><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>"
	}, "sns")
	p := s.populations["sns.topic us-east-1"]
	if p.Status != bundle.StatusIncomplete || len(p.Gaps) != 1 || p.Gaps[0].Code != "RepeatedToken" {
		t.Errorf("population %s %+v, want an incomplete one for a repeated token", p.Status, p.Gaps)
	}
	found := false
	for key := range s.artifacts {
		found = found || strings.HasPrefix(key, "sns.topic us-east-1 ")
	}
	if !found {
		t.Error("the topic that the list named has vanished")
	}
}

// silent is a Doer whose host has no address.
type silent struct {
	next testbed.Doer
	host string
}

func (s silent) Do(req *http.Request) (*http.Response, error) {
	if strings.Contains(req.URL.Host, s.host) {
		return nil, &net.DNSError{Err: "no such host", Name: req.URL.Host, IsNotFound: true}
	}
	return s.next.Do(req)
}

// TestNameWithoutAddress pins that an endpoint which has no address is a gap where the service is offered.
func TestNameWithoutAddress(t *testing.T) {
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	answers := scripted(func(_, what string) (int, string) {
		if strings.Contains(what, "DescribeRegions") {
			return 200, "<R><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></R>"
		}
		return 403, refusedByEC2
	})
	s := take(t, t.Context(), collect.Options{
		Source: awsread.Source{Region: "us-east-1", HTTPClient: silent{answers, "sns."}}, Services: []collect.Service{SNS()},
	})
	p := s.populations["sns.topic us-east-1"]
	if p.Status != bundle.StatusIncomplete || len(p.Gaps) != 1 || p.Gaps[0].Code != "NotAnswered" {
		t.Errorf("population %s %+v, want an incomplete one that was not answered", p.Status, p.Gaps)
	}
}
