package services

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
	"github.com/auditpack/auditpack/frameworks"
	"github.com/auditpack/auditpack/mapping"
	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/rules"
)

// wire is a client that puts secrets into answers and keeps all answers by operation.
type wire struct {
	next  testbed.Doer
	edits map[string][]func([]byte) []byte
	fail  func(operation string) (status int, body string) // status 0: no failure

	mu      sync.Mutex
	answers map[string][][]byte
}

func (w *wire) Do(req *http.Request) (*http.Response, error) {
	operation := awsread.OperationOf(req.Context()).String()
	if operation == ":" { // of the credentials themselves
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		r := testbed.Identify(req, body)
		operation = r.Service + ":" + r.Operation
	}
	if w.fail != nil {
		if status, body := w.fail(operation); status != 0 {
			w.keep(operation, []byte(body))
			return &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Request: req, Body: io.NopCloser(strings.NewReader(body)),
				Header: http.Header{"Content-Type": {"text/xml"}, "X-Amzn-Requestid": {"1"}}}, nil
		}
	}
	resp, err := w.next.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var from io.Reader = resp.Body
	if resp.Header.Get("Content-Encoding") == "gzip" {
		if from, err = gzip.NewReader(resp.Body); err != nil {
			return nil, err
		}
		resp.Header.Del("Content-Encoding")
	}
	body, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	for _, edit := range w.edits[operation] {
		body = edit(body)
	}
	w.keep(operation, body)
	resp.Header.Del("Content-Length")
	resp.ContentLength, resp.Body = int64(len(body)), io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func (w *wire) keep(operation string, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[operation] = append(w.answers[operation], body)
}

// find adds to the secrets those that AWS invents for the answers to an operation: the first group of a pattern.
func (v *vault) find(w *wire, place, operation, pattern string) {
	n := 0
	for _, body := range w.answers[operation] {
		for _, m := range regexp.MustCompile(pattern).FindAllSubmatch(body, -1) {
			v.secrets = append(v.secrets, &secret{place: place, value: string(m[1]), in: operation})
			n++
		}
	}
	if n == 0 {
		v.t.Errorf("no answer to %s holds a %s", operation, place)
	}
}

// written is everything that a collection writes, by name.
type written map[string][]byte

// folder adds the files of a folder.
func (w written) folder(t *testing.T, name, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		w[name+"/"+filepath.ToSlash(rel)] = data
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// bundle adds the entries of a bundle, inflated.
func (w written) bundle(t *testing.T, name, path string) {
	t.Helper()
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		in.Close()
		if err != nil {
			t.Fatal(err)
		}
		w[name+"/"+f.Name] = data
	}
}

// watcher writes every update as the JSON progress does, copies the work directory with the last one, and stops a run after some calls.
type watcher struct {
	out   bytes.Buffer
	stop  context.CancelFunc // nil: not at all
	after int
	last  func()
}

func (p *watcher) Update(u collect.Update) {
	(&collect.JSONProgress{W: &p.out}).Update(u)
	if p.stop != nil && u.Calls >= p.after {
		p.stop()
	}
	if p.last != nil && u.Planned == u.Done {
		p.last()
	}
}

// vaultServices are the services in which secrets are planted.
func vaultServices() []collect.Service {
	names := []string{"apigateway", "apigatewayv2", "autoscaling", "cloudformation", "cloudfront", "codebuild", "cognito-idp", "dms", "ec2", "ecs",
		"elasticache", "elasticbeanstalk", "emr", "events", "glue", "iam", "lambda", "rds", "s3", "sagemaker", "secretsmanager", "sns", "ssm", "stepfunctions"}
	return slices.DeleteFunc(All(), func(s collect.Service) bool { return !slices.Contains(names, s.Name) })
}

// TestNoSecretIsWritten plants secrets in an account, collects it with a work directory through an assumed role, interrupted once, and
// makes a pack of the bundle. None of the secrets may be in anything that was written, in whatever form; and each must have been
// in the answers, or else the operation that answers with it not have been called.
func TestNoSecretIsWritten(t *testing.T) {
	needEmulator(t)
	e, err := testbed.StartEmulator(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Stop)
	p := inFrontOf(t, e)
	v := &vault{seeder: newSeeder(t, p), edits: map[string][]func([]byte) []byte{}}
	v.compute()
	v.identity()
	v.pipelines()
	v.data()
	out := written{}
	w := &wire{next: named{p.Client()}, edits: v.edits, answers: map[string][][]byte{}}
	t.Setenv("AWS_ACCESS_KEY_ID", v.key("access key id of the caller", ""))
	t.Setenv("AWS_SECRET_ACCESS_KEY", v.kept("secret access key of the caller", "-"))
	t.Setenv("AWS_SESSION_TOKEN", v.kept("session token of the caller", "-"))
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tool, dir := bundle.Tool{Name: "auditpack", Version: "test"}, t.TempDir()
	work, err := collect.CreateWork(filepath.Join(dir, "work"), collect.Settings{Tool: tool, ExternalID: true})
	if err != nil {
		t.Fatal(err)
	}
	o := collect.Options{
		Source: awsread.Source{Region: "us-east-1", HTTPClient: w}, Regions: []string{"us-east-1"}, Services: vaultServices(), Tool: tool, Work: work,
		Roles: []string{"arn:aws:iam::" + emulated + ":role/vault"}, ExternalID: v.kept("external id of the role", "-"),
		Signers: []bundle.Signer{{Name: "test", Key: key}}, Out: filepath.Join(dir, "first.zip"),
	}
	run := func(name string, ctx context.Context, progress *watcher) {
		t.Helper()
		o.Progress = progress
		result, err := collect.Run(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		out[name+" progress"], out[name+" result"] = progress.out.Bytes(), fmt.Appendf(nil, "%+v", result)
		out.bundle(t, name, o.Out)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	run("interrupted", ctx, &watcher{stop: stop, after: 150})
	out.folder(t, "interrupted work", work.Dir)
	if o.Work, err = collect.OpenWork(work.Dir, tool); err != nil {
		t.Fatal(err)
	}
	o.Out = filepath.Join(dir, "whole.zip")
	run("resumed", t.Context(), &watcher{last: func() { out.folder(t, "resumed work", work.Dir) }})
	o.Work = nil
	packed(t, out, o.Out)

	// AWS refuses every call, and repeats in its messages what it was sent, as it does when a signature does not match.
	message := "The request of " + v.key("access key id in a message", "ec2:DescribeRegions") + " in https://bob:" +
		v.sent("address in a message", "ec2:DescribeRegions") + "@aws.example/ is wrong. The Canonical String should have been 'x-amz-security-token:" + v.sent("session token in a message", "ec2:DescribeRegions") + "'"
	w.fail = func(operation string) (int, string) {
		if strings.HasPrefix(operation, "sts:") {
			return 0, ""
		}
		return 400, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>" + message + "</Message></Error><RequestId>1</RequestId></ErrorResponse>"
	}
	o.Out = filepath.Join(dir, "refused.zip")
	run("refused", t.Context(), &watcher{})
	w.fail = func(string) (int, string) {
		return 403, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>" + message + "</Message></Error><RequestId>1</RequestId></ErrorResponse>"
	}
	o.Progress = nil
	_, err = collect.Run(t.Context(), o)
	if err == nil {
		t.Fatal("no error, want one: nobody can be entered")
	}
	out["error"] = []byte(err.Error())

	v.find(w, "temporary secret access key", "sts:AssumeRole", "<SecretAccessKey>([^<]+)</")
	v.find(w, "temporary session token", "sts:AssumeRole", "<SessionToken>([^<]+)</")
	v.find(w, "temporary access key id", "sts:AssumeRole", "<AccessKeyId>([^<]+)</")
	v.find(w, "pre-shared key of a customer gateway", "ec2:DescribeVpnConnections", "pre_shared_key&gt;([^&]+)&lt;")
	v.check(w, out)
}

// packed verifies a bundle, maps it with all rules and adds the pack to what was written.
func packed(t *testing.T, out written, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := bytes.NewReader(data)
	report, err := bundle.Verify(t.Context(), r, r.Size(), bundle.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := bundle.Open(r, r.Size())
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(rules.FS, frameworks.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "pack")
	w, err := pack.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mapping.Map(t.Context(), mapping.Input{Bundle: b, Report: report, AllowUnverified: true, Catalog: c, TempDir: t.TempDir()}, w); err != nil {
		t.Fatal(err)
	}
	out.folder(t, "pack", dir)
}

// check looks for each secret in what was written, and makes sure that it was there to be found.
func (v *vault) check(w *wire, out written) {
	t := v.t
	places, size := map[string]bool{}, 0
	for _, s := range v.secrets {
		places[s.place] = true
		called := len(w.answers[s.never]) > 0
		switch {
		case s.in != "" && !slices.ContainsFunc(w.answers[s.in], s.isIn):
			t.Errorf("%s: no answer to %s holds it: the test proves nothing", s.place, s.in)
		case s.never != "" && called:
			t.Errorf("%s: %s was called", s.place, s.never)
		case s.never != "":
			for operation, bodies := range w.answers {
				if slices.ContainsFunc(bodies, s.isIn) {
					t.Errorf("%s: %s has answered with it: it does not belong to those that AWS never sends", s.place, operation)
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(out)) {
			if s.isIn(out[name]) {
				t.Errorf("%s: it is in %s: %s", s.place, name, around(out[name], s))
			}
		}
	}
	for name, data := range out {
		size += len(data)
		if len(data) == 0 {
			t.Logf("%s is empty", name)
		}
	}
	for _, want := range []string{"interrupted work/journal.jsonl", "interrupted work/settings.json", "resumed work/journal.jsonl", "pack/pack.json", "error"} {
		if len(out[want]) == 0 {
			t.Errorf("%s was not looked at", want)
		}
	}
	t.Logf("%d secrets in %d places, %d operations, %d texts of %d bytes", len(v.secrets), len(places), len(w.answers), len(out), size)
}

// around returns the first form of a secret in a text with what stands before it.
func around(text []byte, s *secret) string {
	for _, form := range s.forms() {
		if at := bytes.Index(text, form); at >= 0 {
			return string(text[max(0, at-160):min(len(text), at+len(form)+40)])
		}
	}
	return ""
}
