package collect

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// wire answers requests of EC2 and STS, by the name of the operation, as AWS would on the wire: a status and a body.
type wire struct {
	mu     sync.Mutex
	asked  []string
	answer func(operation, credential string, form url.Values) (int, string)
}

// Do answers one request.
func (w *wire) Do(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	_, credential, _ := strings.Cut(req.Header.Get("Authorization"), "Credential=")
	credential, _, _ = strings.Cut(credential, "/")
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, form.Get("Action"))
	status, text := w.answer(form.Get("Action"), credential, form)
	return &http.Response{
		StatusCode: status, Request: req, Body: io.NopCloser(strings.NewReader(text)),
		Header: http.Header{"X-Amzn-Requestid": {fmt.Sprintf("r-%d", len(w.asked))}, "Content-Type": {"text/xml"}},
	}, nil
}

// Answers on the wire.
const (
	regionsXML = `<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></DescribeRegionsResponse>`
	vpcsXML    = `<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>`
	expiredXML = `<Response><Errors><Error><Code>RequestExpired</Code><Message>Request has expired.</Message></Error></Errors></Response>`
)

func identityXML(account string) string {
	return `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::` + account + `:assumed-role/reader/x</Arn><UserId>A</UserId><Account>` +
		account + `</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
}

func assumedXML(account string) string {
	return `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ID` + account + `</AccessKeyId><SecretAccessKey>s</SecretAccessKey>` +
		`<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
}

// vpcs is a service with one kind, whose details ask once more.
func vpcs() Service {
	list := NewOp("ec2", "DescribeVpcs", func(ctx context.Context, cfg aws.Config, in *ec2.DescribeVpcsInput) (*ec2.DescribeVpcsOutput, error) {
		return ec2.NewFromConfig(cfg).DescribeVpcs(ctx, in)
	}).Paged(func(in *ec2.DescribeVpcsInput, out *ec2.DescribeVpcsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	return Service{Name: "ec2", Kinds: []Kind{Listed(Kind{Name: "ec2.vpc", Scope: bundle.ScopeRegion, Item: "Vpc"},
		list, ec2.DescribeVpcsInput{}, func(out *ec2.DescribeVpcsOutput) []types.Vpc { return out.Vpcs },
		func(_ *Session, v types.Vpc, _ bundle.From) ID { return ID{ID: aws.ToString(v.VpcId)} },
		Read("Again", list, func(v types.Vpc) *ec2.DescribeVpcsInput {
			return &ec2.DescribeVpcsInput{VpcIds: []string{aws.ToString(v.VpcId)}}
		}))}}
}

// wired are options for a run of that service, with a work directory.
func wired(t *testing.T, w *wire, s Settings) Options {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "example")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	s.Started = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	work, err := CreateWork(filepath.Join(t.TempDir(), "work"), s)
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Source: awsread.Source{Region: "eu-west-1", HTTPClient: w}, Services: []Service{vpcs()}, Work: work,
		Out: filepath.Join(t.TempDir(), "b.zip"), Signers: []bundle.Signer{{Name: "test", Key: ed25519.NewKeyFromSeed(make([]byte, 32))}},
	}
}

// TestExpired pins that a run whose credentials expire half-way leaves its work directory to be resumed, and that its bundle says
// that it was interrupted.
func TestExpired(t *testing.T) {
	expired := true
	w := &wire{answer: func(operation, _ string, form url.Values) (int, string) {
		switch {
		case operation == "GetCallerIdentity":
			return 200, identityXML("111122223333")
		case operation == "DescribeRegions":
			return 200, regionsXML
		case expired && form.Has("VpcId.1"):
			return 400, expiredXML
		}
		return 200, vpcsXML
	}}
	o := wired(t, w, Settings{})
	dir := o.Work.Dir
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Interrupted {
		t.Error("the run says that it was not interrupted")
	}
	expired = false
	if o.Work, err = OpenWork(dir, bundle.Tool{}); err != nil {
		t.Fatalf("the work directory is gone: %v", err)
	}
	if r, err = Run(t.Context(), o); err != nil || r.Interrupted || r.Gaps != 0 {
		t.Fatalf("resumed: %+v, error %v", r, err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the work directory is still there after a complete run")
	}
}

// TestCloseNamesEveryAccount pins that a run of two accounts that was killed in the first, and is closed, says that the second was
// not seen.
func TestCloseNamesEveryAccount(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	w := &wire{answer: func(operation, credential string, form url.Values) (int, string) {
		account := strings.TrimPrefix(credential, "ID")
		switch operation {
		case "AssumeRole":
			if strings.Contains(form.Get("RoleArn"), "444455556666") {
				return 500, ""
			}
			return 200, assumedXML("111122223333")
		case "GetCallerIdentity":
			return 200, identityXML(account)
		case "DescribeRegions":
			return 200, regionsXML
		}
		stop()
		return 200, vpcsXML
	}}
	defer stop()
	o := wired(t, w, Settings{})
	o.Roles, o.Accounts = []string{"reader"}, []string{"111122223333", "444455556666"}
	dir := o.Work.Dir
	if _, err := Run(ctx, o); err != nil {
		t.Fatal(err)
	}
	work, err := OpenWork(dir, bundle.Tool{})
	if err != nil {
		t.Fatal(err)
	}
	o.Work, o.CloseOnly = work, true
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Accounts) != 2 || r.Accounts[1].ID != "444455556666" || r.Accounts[1].Code == "" {
		t.Errorf("accounts %+v, want the second one too, with a code", r.Accounts)
	}
	if !r.Interrupted {
		t.Error("the run says that it was not interrupted")
	}
}

// TestForget pins that nothing of an account stays in memory once it has been visited.
func TestForget(t *testing.T) {
	w := &wire{answer: func(operation, _ string, _ url.Values) (int, string) {
		switch operation {
		case "GetCallerIdentity":
			return 200, identityXML("111122223333")
		case "DescribeRegions":
			return 200, regionsXML
		}
		return 200, vpcsXML
	}}
	o := wired(t, w, Settings{})
	base, err := awsread.Load(t.Context(), o.Source)
	if err != nil {
		t.Fatal(err)
	}
	r := testSession(t).run
	o.Progress, o.Work = NoProgress{}, nil
	r.o = o
	if err := r.visit(t.Context(), target{cfg: base}); err != nil {
		t.Fatal(err)
	}
	if len(r.accounts) != 1 || len(r.sessions) != 1 { // the one is testSession's own
		t.Errorf("%d accounts visited, %d sessions left, want 1 and 1", len(r.accounts), len(r.sessions))
	}
}

// TestStaleToken pins that a list which a run has begun, and whose page token AWS does not take any more when the run is resumed, is
// read anew; and that the run after that one does not go back to the old token.
func TestStaleToken(t *testing.T) {
	good, begun := "t1", 0
	var stop context.CancelFunc
	w := &wire{}
	w.answer = func(operation, _ string, form url.Values) (int, string) {
		page := func(id, next string) (int, string) {
			return 200, `<DescribeVpcsResponse><vpcSet><item><vpcId>` + id + `</vpcId></item></vpcSet><nextToken>` + next + `</nextToken></DescribeVpcsResponse>`
		}
		switch token := form.Get("NextToken"); {
		case operation == "GetCallerIdentity":
			return 200, identityXML("111122223333")
		case operation == "DescribeRegions":
			return 200, regionsXML
		case form.Has("VpcId.1"):
			return 200, vpcsXML
		case token == "" && !form.Has("VpcId.1"):
			begun++
			return page("vpc-1", good)
		case token != good:
			return 400, strings.NewReplacer("RequestExpired", "InvalidNextToken").Replace(expiredXML)
		case stop != nil:
			stop()
			return 500, ""
		}
		return page("vpc-2", "")
	}
	o := wired(t, w, Settings{})
	dir := o.Work.Dir
	for _, good = range []string{"t1", "t2", "t3"} {
		ctx, cancel := context.WithCancel(t.Context())
		stop = cancel
		r, err := Run(ctx, o)
		cancel()
		if err != nil || !r.Interrupted {
			t.Fatalf("with %s: %+v, error %v", good, r, err)
		}
		if o.Work, err = OpenWork(dir, bundle.Tool{}); err != nil {
			t.Fatal(err)
		}
	}
	stop = nil
	r, err := Run(t.Context(), o)
	if err != nil || r.Gaps != 0 || r.Artifacts != 2 || r.Interrupted {
		t.Errorf("resumed: %+v, error %v; want two artifacts and no gap", r, err)
	}
	if begun != 3 {
		t.Errorf("the list was begun %d times, want once for each token", begun)
	}
}

// TestJournal pins that a line that cannot be read is passed over, and that a run which is resumed to another file knows where its
// own bundle is.
func TestJournal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "work")
	w, err := CreateWork(dir, Settings{Out: "/somewhere/a.zip"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.write(entry{Key: make([]byte, 32), Call: &bundle.Call{ID: "c7"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.journal.WriteAt([]byte("\x00\x00\x00\n{\"key\":"), w.size); err != nil {
		t.Fatal(err)
	}
	if err := w.sealedAs("b.zip", &bundle.Sealed{SealSHA256: bundle.Digest{1}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w, err = OpenWork(dir, bundle.Tool{}); err != nil {
		t.Fatal(err)
	}
	if e, err := w.find(answerKey{}); err != nil || e == nil || e.Call.ID != "c7" || w.lastID != 7 {
		t.Errorf("found %+v, error %v; want the answer before the broken line", e, err)
	}
	if want, err := filepath.Abs("b.zip"); err != nil || w.Settings.Out != want || !slices.Equal(w.Settings.Sealed, []string{bundle.Digest{1}.String()}) {
		t.Errorf("settings %+v, want the bundle that was sealed last", w.Settings)
	}
	if _, err := OpenWork(dir, bundle.Tool{}); err == nil {
		t.Error("a work directory that is in use could be opened")
	}
}

// TestSweep pins that nothing half-written of a run that was killed stays, and that nothing else is removed.
func TestSweep(t *testing.T) {
	folder := t.TempDir()
	dir := filepath.Join(folder, "b.zip.work")
	w, err := CreateWork(dir, Settings{Out: filepath.Join(folder, "b.zip")})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	left := []string{filepath.Join(dir, "auditpack-records-1.tmp"), filepath.Join(folder, ".b.zip.2.tmp")}
	others := []string{filepath.Join(folder, "b.zip"), filepath.Join(folder, ".c.zip.3.tmp")}
	for _, path := range append(left, others...) {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := OpenWork(dir, bundle.Tool{}); err != nil {
		t.Fatal(err)
	}
	for _, path := range left {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is still there", path)
		}
	}
	for _, path := range others {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s was removed", path)
		}
	}
}
