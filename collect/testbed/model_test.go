package testbed

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

// startModel starts the server for one test, which is skipped by name without the emulator's installation; in CI it fails.
func startModel(t *testing.T) *Model {
	t.Helper()
	m, err := StartModel(t.Context())
	if errors.Is(err, ErrNoEmulator) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Stop)
	return m
}

// TestModel asks for answers in all protocols: those of XML and JSON, of REST and not.
func TestModel(t *testing.T) {
	m := startModel(t)
	for _, op := range []string{
		"accessanalyzer:ListAnalyzers", "apigateway:GetRestApis", "cloudfront:ListDistributions", "ec2:DescribeVpcs", "efs:DescribeFileSystems",
		"elbv2:DescribeLoadBalancers", "iot:ListSecurityProfiles", "kafka:ListClustersV2", "lambda:ListFunctions", "macie2:GetMacieSession",
		"mq:DescribeBroker", "network-firewall:DescribeFirewall", "route53:ListHostedZones", "s3:GetBucketLocation", "sso-admin:ListInstances",
		"stepfunctions:ListStateMachines", "wellarchitected:ListWorkloads",
	} {
		service, operation, _ := strings.Cut(op, ":")
		first, pages, err := m.Expected(t.Context(), service, operation, 1)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(first) < len(`{"a":1}`) {
			t.Errorf("%s: %s, want members", op, first)
		}
		if strings.HasPrefix(operation, "List") && pages != 2 {
			t.Errorf("%s: %d pages, want 2", op, pages)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.URL+"/any/path", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(OperationHeader, op)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode >= 300 || resp.Header.Get("X-Amzn-Requestid") == "" || resp.Header.Get("Date") == "" {
			t.Errorf("%s: %s, header %v; want a success with request id and date", op, resp.Status, resp.Header)
		}
	}
}

func TestModelPages(t *testing.T) {
	m := startModel(t)
	names := map[string]bool{}
	var tokens []string
	for page := 1; page <= 2; page++ {
		data, _, err := m.Expected(t.Context(), "lambda", "ListFunctions", page)
		if err != nil {
			t.Fatal(err)
		}
		var out struct {
			NextMarker string
			Functions  []struct{ FunctionName string }
		}
		if err := json.Unmarshal(data, &out); err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, out.NextMarker)
		for _, f := range out.Functions {
			names[f.FunctionName] = true
		}
	}
	if len(names) != 4 || tokens[0] == "" || tokens[1] != "" {
		t.Errorf("functions %v and tokens %q, want four names and a token on the first page only", names, tokens)
	}
}

func TestModelRefuses(t *testing.T) {
	m := startModel(t)
	for op, want := range map[string]string{
		"nosuch:ListThings": "no service nosuch", "lambda:ListThings": "no operation ListThings", "": "X-Auditpack-Operation is missing",
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if op != "" {
			req.Header.Set(OperationHeader, op)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), want) {
			t.Errorf("%q: %s %s (%v), want status 400 and %q", op, resp.Status, body, err, want)
		}
	}
}

// TestRoute sends one operation to the server of modelled answers and all else to the emulator.
func TestRoute(t *testing.T) {
	m := startModel(t)
	e, err := StartEmulator(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Stop)
	p, err := NewProxy(e.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	if err := p.Route(func(r *Request) bool { return r.Operation == "ListAnalyzers" }, m.URL); err != nil {
		t.Fatal(err)
	}
	for op, modelled := range map[string]bool{"accessanalyzer:ListAnalyzers": true, "iam:ListUsers": false} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+"/moto-api/data.json", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(OperationHeader, op)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := strings.HasPrefix(resp.Header.Get("X-Amzn-Requestid"), "model-"); got != modelled {
			t.Errorf("%s was answered by the model: %v, want %v", op, got, modelled)
		}
	}
}
