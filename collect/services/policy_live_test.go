package services

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
)

// maxManagedPolicy is how many characters without white space IAM accepts in a managed policy. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
const maxManagedPolicy = 6144

// needsNoPermission are the actions that the emulator judges and that IAM always allows. See
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
var needsNoPermission = []string{"sts:GetCallerIdentity"}

// unserved are the gaps that the emulator leaves whatever the caller may do, by kind, region and part. Each must be there, and no
// other.
var unserved = map[string]struct{ code, why string }{
	"account.contact global ContactInformation":  {"Unclassified", "the emulator does not serve the operation"},
	"securityhub.hub us-east-1 EnabledStandards": {"Unclassified", "the emulator does not serve the operation"},
	"iam.root global OrganizationsFeatures":      {"Unclassified", "the emulator does not serve the operation"},
	"iam.server-certificate global Tags":         {"Unclassified", "the emulator does not serve the operation"},
	"iam.root global CredentialReport":           {"RowMissing", "the emulator's report has no row of the root user"},
	"rds.option-group eu-west-1":                 {"Unclassified", "the emulator lists option groups only by name"},
	"rds.option-group us-east-1":                 {"Unclassified", "the emulator lists option groups only by name"},
	"s3.access-point eu-west-1 Tags":             {"Unclassified", "the emulator does not find the path of an ARN with a slash"},
	"s3.access-point us-east-1 Tags":             {"Unclassified", "the emulator does not find the path of an ARN with a slash"},
}

// reader is an emulated account whose caller is a role with a policy of the test's choice, which the emulator enforces.
type reader struct {
	enforcer *testbed.Enforcer
	proxy    *testbed.Proxy
	iam      *iam.Client
}

const readerRole = "auditpack-reader"

// newReader seeds an account in an emulator that enforces IAM, and makes the role the caller. Without an emulator the test is
// skipped by name, and fails where CI=true.
func newReader(t *testing.T) *reader {
	t.Helper()
	if _, err := testbed.FindEmulator(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("moto_server is missing: %v", err)
	}
	e, err := testbed.StartEnforcer(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Stop)
	p, err := testbed.NewProxy(e.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	none := filepath.Join(t.TempDir(), "none")
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "example-secret", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none, "AWS_ENDPOINT_URL": p.URL, "AWS_MAX_ATTEMPTS": "1", "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
	seed(t, p)
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"), config.WithHTTPClient(p.Client()))
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{enforcer: e, proxy: p, iam: iam.NewFromConfig(cfg)}
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + emulated + `:root"},"Action":"sts:AssumeRole"}]}`
	role, err := r.iam.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String(readerRole), AssumeRolePolicyDocument: &trust})
	if err != nil {
		t.Fatal(err)
	}
	session, err := sts.NewFromConfig(cfg).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: role.Role.Arn, RoleSessionName: aws.String("test")})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", *session.Credentials.AccessKeyId)
	t.Setenv("AWS_SECRET_ACCESS_KEY", *session.Credentials.SecretAccessKey)
	t.Setenv("AWS_SESSION_TOKEN", *session.Credentials.SessionToken)
	return r
}

// collect collects with the role having exactly this policy, and returns what the emulator judged meanwhile.
func (r *reader) collect(t *testing.T, policy []byte, o collect.Options) (*snapshot, []testbed.Decision) {
	t.Helper()
	enforce := func(on bool) {
		t.Helper()
		if err := r.enforcer.Enforce(t.Context(), on); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String(readerRole), PolicyName: aws.String("collect"), PolicyDocument: aws.String(string(policy)),
	}); err != nil {
		t.Fatal(err)
	}
	r.proxy.ResetCounts()
	enforce(true)
	defer enforce(false)
	o.Source = awsread.Source{Region: "us-east-1", HTTPClient: named{r.proxy.Client()}}
	s := take(t, t.Context(), o)
	decisions, err := r.enforcer.Decisions()
	if err != nil {
		t.Fatal(err)
	}
	return s, decisions
}

// TestPolicyIsSufficientAndMinimal collects with the policy that the tool prints, from an emulator that enforces it. Nothing
// may be denied, and without any one of its actions exactly the operations that need it must be, and say so.
func TestPolicyIsSufficientAndMinimal(t *testing.T) {
	r := newReader(t)
	policy, err := collect.Policy(core())
	if err != nil {
		t.Fatal(err)
	}
	t.Run("sufficient", func(t *testing.T) {
		fits(t, policy)
		s, decisions := r.collect(t, policy, collect.Options{Regions: regions})
		sufficient(t, s)
		judged(t, decisions, r.proxy.Counts())
		corrected(t, decisions)
	})
	for _, action := range judgeable(t) {
		t.Run("without "+action, func(t *testing.T) {
			s, decisions := r.collect(t, without(t, policy, action), collect.Options{Regions: []string{"us-east-1"}, Services: needing(action)})
			necessary(t, action, s, decisions)
		})
	}
}

// fits pins that IAM accepts the policy as a managed one. A user's embedded policies may be much shorter.
func fits(t *testing.T, policy []byte) {
	n := 0
	for _, r := range string(policy) {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	if n > maxManagedPolicy {
		t.Errorf("the policy has %d characters, IAM accepts %d in a managed policy", n, maxManagedPolicy)
	}
}

// hole is a part or a population that was not seen in full.
type hole struct {
	where                 string // "kind region part", "kind region"
	code, message, action string
	calls                 []string
}

func (s *snapshot) holes() []hole {
	var out []hole
	for _, a := range s.artifacts {
		for part, p := range a.Parts {
			if p.State == bundle.StateGap {
				out = append(out, hole{a.Kind + " " + a.Region + " " + part, p.Code, p.Message, p.Action, p.Calls})
			}
		}
	}
	for _, p := range s.populations {
		for _, g := range p.Gaps {
			out = append(out, hole{p.Kind + " " + p.Region, g.Code, g.Message, g.Action, g.Calls})
		}
	}
	return out
}

// unanswered reports whether the hole is there because the emulator does not serve the last operation that was asked.
func (s *snapshot) unanswered(h hole, modelled map[string]bool) bool {
	if len(h.calls) == 0 || h.action != "" {
		return false
	}
	last := s.calls[h.calls[len(h.calls)-1]]
	return modelled[last.Service+":"+last.Operation]
}

// unreached are the operations that the emulator serves and that are never asked there, because it does not serve those which name
// what to ask for.
var unreached = map[string]string{
	"guardduty:GetFilter": "guardduty:ListFilters",
}

// sufficient pins that nothing was denied, and that everything was seen that the emulator can show.
func sufficient(t *testing.T, s *snapshot) {
	if len(s.result.Actions) > 0 || s.run.Calls.Denied > 0 {
		t.Errorf("%d calls were denied for lack of %v", s.run.Calls.Denied, s.result.Actions)
	}
	missing := map[string]bool{}
	unanswered := modelled(t)
	for _, h := range s.holes() {
		missing[h.where] = true
		if h.code != unserved[h.where].code && !s.unanswered(h, unanswered) {
			t.Errorf("%s is a gap: %s %s", h.where, h.code, h.message)
		}
	}
	for where, u := range unserved {
		if !missing[where] {
			t.Errorf("%s is no gap; it is in the table because %s", where, u.why)
		}
	}
}

// judged pins that the emulator judged every request that was made, under the action that the tables give for its operation,
// that it denied none, and that every action of the policy was needed.
func judged(t *testing.T, decisions []testbed.Decision, requests map[string]int) {
	got, want := map[string]int{}, map[string]int{}
	for _, d := range decisions {
		got[d.Action]++
		if !d.Allowed {
			t.Errorf("denied: %+v", d)
		}
	}
	for _, a := range slices.Concat(judgeable(t), needsNoPermission) {
		want[a] = 0
	}
	needs, unanswered := actionsOf(), modelled(t)
	for op, n := range requests {
		if unanswered[op] {
			continue
		}
		if len(needs[op]) == 0 {
			t.Errorf("%d requests of %s, which is in no table", n, op)
		}
		for _, a := range needs[op] {
			want[a] += n
		}
	}
	for a, n := range want {
		if n == 0 || got[a] != n {
			t.Errorf("%d requests need %s, the emulator judged %d", n, a, got[a])
		}
		delete(got, a)
	}
	for a, n := range got {
		if slices.Contains(collect.Actions(core()), a) {
			continue // of an operation that the emulator judges and does not serve
		}
		t.Errorf("the emulator judged %d requests to need %s, which the policy does not hold", n, a)
	}
}

// corrected fails on a correction that no request needed.
func corrected(t *testing.T, decisions []testbed.Decision) {
	for _, c := range testbed.Corrections() {
		if !slices.ContainsFunc(decisions, func(d testbed.Decision) bool { return d.Emulator == c.Emulator && d.Action == c.IAM }) {
			t.Errorf("no request needed the correction of %s to %s", c.Emulator, c.IAM)
		}
	}
}

// necessary pins that without an action the operations that need it are denied, and no others, and that each gap they leave
// names the action.
func necessary(t *testing.T, action string, s *snapshot, decisions []testbed.Decision) {
	refused := 0
	for _, d := range decisions {
		if !d.Allowed {
			refused++
		}
		if d.Allowed != (d.Action != action) {
			t.Errorf("judged %+v", d)
		}
	}
	if refused == 0 || s.run.Calls.Denied != refused {
		t.Errorf("the emulator refused %d requests, the run counts %d denied calls", refused, s.run.Calls.Denied)
	}
	if !slices.Equal(s.result.Actions, []string{action}) {
		t.Errorf("the result asks for %v, want %s", s.result.Actions, action)
	}
	denied, unanswered := map[string]bool{}, modelled(t)
	for _, h := range s.holes() {
		switch {
		case h.action == "" && (h.code == unserved[h.where].code || s.unanswered(h, unanswered)):
		case h.action != action || len(h.calls) == 0:
			t.Errorf("the gap %+v does not name the action", h)
		default:
			last := s.calls[h.calls[len(h.calls)-1]]
			denied[last.Service+":"+last.Operation] = true
		}
	}
	var want []string
	for op, actions := range actionsOf() {
		if slices.Contains(actions, action) {
			want = append(want, op)
		}
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(denied)); !slices.Equal(got, want) {
		t.Errorf("the gaps are of %v, want %v", got, want)
	}
}

// judgeable are the actions of the core services that the emulator can be asked for: not those that are needed only by operations
// which it does not serve.
func judgeable(t *testing.T) []string {
	t.Helper()
	unanswered, served := modelled(t), map[string]bool{}
	for op, actions := range actionsOf() {
		for _, a := range actions {
			served[a] = served[a] || !unanswered[op] && unreached[op] == ""
		}
	}
	return slices.DeleteFunc(collect.Actions(core()), func(a string) bool { return !served[a] })
}

// actionsOf returns the IAM actions by "service:Operation", of every table and of the runner.
func actionsOf() map[string][]string {
	out := map[string][]string{}
	for _, op := range everyOperation() {
		out[op.String()] = op.Actions
	}
	return out
}

// needing returns the services that need the action: all of them for what the runner itself asks.
func needing(action string) []collect.Service {
	return slices.DeleteFunc(core(), func(s collect.Service) bool {
		return !slices.Contains(collect.Actions([]collect.Service{s}), action)
	})
}

// without returns the policy without one of its actions.
func without(t *testing.T, policy []byte, action string) []byte {
	t.Helper()
	var doc struct {
		Version   string
		Statement []struct {
			Sid, Effect string
			Action      []string
			Resource    string
		}
	}
	if err := json.Unmarshal(policy, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Statement) != 1 || !slices.Contains(doc.Statement[0].Action, action) {
		t.Fatalf("%s is not in the one statement of the policy", action)
	}
	doc.Statement[0].Action = slices.DeleteFunc(doc.Statement[0].Action, func(a string) bool { return a == action })
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
