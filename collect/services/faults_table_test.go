package services

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

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

// TestCredentialsExpireHalfWay pins that after credentials have expired nothing more is asked, that the rest is not attempted, and that
// the work directory resumes with fresh ones.
func TestCredentialsExpireHalfWay(t *testing.T) {
	var expired, late atomic.Bool
	var after atomic.Int64
	answers := scripted(func(_, what string) (int, string) {
		switch {
		case strings.Contains(what, "DescribeRegions"):
			return 200, "<R><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></R>"
		case expired.Load():
			if late.Load() {
				after.Add(1)
			}
			late.Store(true)
			return 403, "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>"
		case strings.Contains(what, "Action=ListTopics&"):
			expired.Store(true)
			return 200, "<R><ListTopicsResult><Topics><member><TopicArn>arn:aws:sns:us-east-1:111122223333:alarms-1</TopicArn></member><member><TopicArn>arn:aws:sns:us-east-1:111122223333:alarms-2</TopicArn></member><member><TopicArn>arn:aws:sns:us-east-1:111122223333:alarms-3</TopicArn></member></Topics></ListTopicsResult></R>"
		case strings.Contains(what, "Action=GetTopicAttributes&"):
			return 200, "<R><GetTopicAttributesResult><Attributes/></GetTopicAttributesResult></R>"
		case strings.Contains(what, "Action=ListTagsForResource&"):
			return 200, "<R><ListTagsForResourceResult><Tags/></ListTagsForResourceResult></R>"
		}
		return 200, "<R><ListSubscriptionsResult><Subscriptions/></ListSubscriptionsResult></R>"
	})
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	tool := bundle.Tool{Name: "auditpack", Version: "test"}
	dir := filepath.Join(t.TempDir(), "work")
	work, err := collect.CreateWork(dir, collect.Settings{Tool: tool})
	if err != nil {
		t.Fatal(err)
	}
	o := collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: answers}, Services: []collect.Service{SNS()}, Work: work, Concurrency: 1}
	s := take(t, t.Context(), o)
	if !s.result.Interrupted || after.Load() > 0 {
		t.Errorf("interrupted %t, %d requests after the expiry was known", s.result.Interrupted, after.Load())
	}
	codes := map[string]int{}
	for _, a := range s.artifacts {
		for _, p := range a.Parts {
			if p.State == bundle.StateGap {
				codes[p.Code]++
			}
		}
	}
	if codes["NotAttempted"] == 0 || codes["ExpiredToken"] > 1 {
		t.Errorf("codes of the gaps: %v, want NotAttempted after one ExpiredToken", codes)
	}
	if o.Work, err = collect.OpenWork(dir, tool); err != nil {
		t.Fatal(err)
	}
	expired.Store(false)
	fresh := scripted(func(host, what string) (int, string) {
		if strings.Contains(what, "Action=ListTopics&") {
			t.Error("the list was asked again")
		}
		return answers(host, what)
	})
	o.Source.HTTPClient = fresh
	if s := take(t, t.Context(), o); s.result.Interrupted || s.result.Gaps > 0 {
		t.Errorf("resumed with fresh credentials: %+v %v", s.result, s.gaps())
	}
}

// assuming is a Doer that answers AssumeRole itself: the first time with credentials that end soon, then with a refusal, until it is
// told to allow it.
type assuming struct {
	next    testbed.Doer
	lasts   time.Duration
	n       atomic.Int64
	allowed atomic.Bool
}

func (a *assuming) Do(req *http.Request) (*http.Response, error) {
	if testbed.Identify(req, nil).Service != "sts" || req.Body == nil {
		return a.next.Do(req)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	if !strings.Contains(string(body), "AssumeRole") {
		return a.next.Do(req)
	}
	status, answer := 200, "<R><AssumeRoleResult><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"+
		"<SessionToken>token</SessionToken><Expiration>"+time.Now().Add(5*time.Minute+a.lasts).UTC().Format(time.RFC3339Nano)+"</Expiration></Credentials></AssumeRoleResult></R>"
	if a.n.Add(1) > 1 && !a.allowed.Load() {
		status, answer = 403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
	}
	return &http.Response{StatusCode: status, Header: http.Header{"X-Amzn-Requestid": {"r-2"}, "Content-Type": {"text/xml"}},
		Body: io.NopCloser(strings.NewReader(answer)), ContentLength: int64(len(answer)), Request: req}, nil
}

// TestCredentialsExpireAtTheEnd pins that a run whose very last call finds the credentials expired, or whose role cannot be assumed
// again, is interrupted all the same, and that only what has no answer is asked when it is resumed.
func TestCredentialsExpireAtTheEnd(t *testing.T) {
	var n, last atomic.Int64
	var slow atomic.Int64
	answers := scripted(func(_, what string) (int, string) {
		if strings.Contains(what, "DescribeRegions") {
			return 200, "<R><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></R>"
		}
		if strings.Contains(what, "GetCallerIdentity") {
			return 200, ""
		}
		time.Sleep(time.Duration(slow.Load()))
		switch {
		case n.Add(1) == last.Load():
			return 403, "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>"
		case strings.Contains(what, "Action=ListTopics&"):
			return 200, "<R><ListTopicsResult><Topics><member><TopicArn>arn:aws:sns:us-east-1:111122223333:alarms</TopicArn></member></Topics></ListTopicsResult></R>"
		case strings.Contains(what, "Action=GetTopicAttributes&"):
			return 200, "<R><GetTopicAttributesResult><Attributes/></GetTopicAttributesResult></R>"
		case strings.Contains(what, "Action=ListTagsForResource&"):
			return 200, "<R><ListTagsForResourceResult><Tags/></ListTagsForResourceResult></R>"
		}
		return 200, "<R><ListSubscriptionsResult><Subscriptions/></ListSubscriptionsResult></R>"
	})
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	tool := bundle.Tool{Name: "auditpack", Version: "test"}
	const calls = 4 // two lists, two details
	run := func(t *testing.T, o collect.Options, left int64, fresh func()) {
		dir := filepath.Join(t.TempDir(), "work")
		var err error
		if o.Work, err = collect.CreateWork(dir, collect.Settings{Tool: tool}); err != nil {
			t.Fatal(err)
		}
		o.Services, o.Regions, o.Concurrency = []collect.Service{SNS()}, []string{"us-east-1"}, 1
		n.Store(0)
		if s := take(t, t.Context(), o); !s.result.Interrupted || s.result.Gaps == 0 {
			t.Errorf("interrupted %t with %d gaps, want an interrupted run", s.result.Interrupted, s.result.Gaps)
		}
		if o.Work, err = collect.OpenWork(dir, tool); err != nil {
			t.Fatal(err)
		}
		fresh()
		n.Store(0)
		if s := take(t, t.Context(), o); s.result.Interrupted || s.result.Gaps > 0 || n.Load() != left {
			t.Errorf("resumed with fresh credentials: %d requests, want %d; %v", n.Load(), left, s.gaps())
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the work directory is still there: %v", err)
		}
	}
	t.Run("last call", func(t *testing.T) {
		last.Store(calls)
		run(t, collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: answers}}, 1, func() { last.Store(0) })
	})
	t.Run("role", func(t *testing.T) {
		slow.Store(int64(time.Second))
		a := &assuming{next: answers, lasts: 500 * time.Millisecond}
		o := collect.Options{Source: awsread.Source{Region: "us-east-1", HTTPClient: a}, Roles: []string{"arn:aws:iam::111122223333:role/audit"}}
		run(t, o, calls-1, func() {
			slow.Store(0)
			a.lasts = time.Hour
			a.allowed.Store(true)
		})
	})
}
