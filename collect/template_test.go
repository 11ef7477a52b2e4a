package collect

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// many are actions that do not fit one managed policy.
func many() []string {
	var out []string
	for s := range 6 {
		for n := range 60 {
			out = append(out, fmt.Sprintf("service%d:DescribeSomethingNumber%d", s, n))
		}
	}
	slices.Sort(out)
	return out
}

// TestSplit pins that documents fit, hold every action once, and do not part a service that fits.
func TestSplit(t *testing.T) {
	var got []string
	where := map[string]int{}
	for i, d := range split(many()) {
		if n := size(d); n > maxManagedPolicy {
			t.Errorf("document %d has %d characters", i, n)
		}
		for _, a := range d.Statement[0].Action.([]string) {
			got = append(got, a)
			if last, ok := where[prefix(a)]; ok && last != i {
				t.Errorf("%s is in documents %d and %d", prefix(a), last, i)
			}
			where[prefix(a)] = i
		}
	}
	if !slices.Equal(got, many()) {
		t.Errorf("%d actions came out of %d, or in another order", len(got), len(many()))
	}
	long := "service:" + strings.Repeat("A", 40)
	var one []string
	for n := range 300 {
		one = append(one, fmt.Sprintf("%s%03d", long, n))
	}
	if parts := split(one); len(parts) < 2 || size(parts[0]) > maxManagedPolicy {
		t.Errorf("a service that does not fit came out as %d documents", len(parts))
	}
}

// TestTemplate pins what the template makes: a role that trusts a principal only with the external id, and policies that it is given.
func TestTemplate(t *testing.T) {
	services := []Service{{Name: "x", Kinds: []Kind{{List: []Operation{{Actions: many()}}}}}}
	text, err := Template(services, RoleOptions{Name: "reader", Principal: "111122223333"})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Parameters map[string]struct{ Default string }
		Resources  map[string]struct {
			Type       string
			Properties struct {
				AssumeRolePolicyDocument document
				ManagedPolicyArns        []struct{ Ref string }
				PolicyDocument           document
			}
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	role := got.Resources["Role"]
	trust := role.Properties.AssumeRolePolicyDocument.Statement
	if len(trust) != 1 || !strings.Contains(fmt.Sprint(trust[0].Condition), "sts:ExternalId") || trust[0].Action != "sts:AssumeRole" {
		t.Errorf("trust %+v", trust)
	}
	if p := got.Parameters; p["TrustedPrincipal"].Default != "111122223333" || p["ExternalId"].Default != "" || p["RoleName"].Default != "reader" {
		t.Errorf("parameters %+v", p)
	}
	actions := map[string]bool{}
	for _, ref := range role.Properties.ManagedPolicyArns {
		p := got.Resources[ref.Ref]
		if p.Type != "AWS::IAM::ManagedPolicy" {
			t.Errorf("%s is a %q", ref.Ref, p.Type)
		}
		for _, a := range p.Properties.PolicyDocument.Statement[0].Action.([]any) {
			actions[a.(string)] = true
		}
	}
	if want := len(Actions(services)); len(actions) != want || len(got.Resources) != 1+len(role.Properties.ManagedPolicyArns) {
		t.Errorf("%d actions in %d resources, want %d", len(actions), len(got.Resources), want)
	}
}
