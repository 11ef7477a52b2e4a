package mapping_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping"
	"github.com/auditpack/auditpack/mapping/pack"
)

func TestVerdictsOfACompleteBundle(t *testing.T) {
	r := newWorld().do(t)
	for id, want := range map[string]pack.Verdict{
		"1.1": pack.VerdictNotMet, "1.2": pack.VerdictMet, "1.3": pack.VerdictMet, "1.4": pack.VerdictMet,
		"1.5": pack.VerdictReview,        // the rule passes, a person's answer is part of it
		"1.6": pack.VerdictNotApplicable, // no users at all
		"1.7": pack.VerdictNotApplicable, // the condition holds for no bucket
		"1.8": pack.VerdictReview,        // a supporting rule fails
		"1.9": pack.VerdictMet,           // a rule that only indicates fails
		"2.1": pack.VerdictReview,        // no report for the portion of AWS
		"2.2": pack.VerdictReview, "2.3": pack.VerdictReview, "2.4": pack.VerdictReview, "2.5": pack.VerdictReview,
	} {
		if q := r.requirement(t, "f@1", id); q.Verdict != want {
			t.Errorf("%s: got %s, want %s: %v", id, q.Verdict, want, q.Reasons)
		}
	}
}

// TestReasonsWhereNoRuleAnswers pins what is said where only people can answer.
func TestReasonsWhereNoRuleAnswers(t *testing.T) {
	w := newWorld()
	w.artifact("s3.bucket", "plain").Parts["Encryption"] = ok(`{"Algorithm":"AES256"}`)
	r := w.do(t)
	for id, want := range map[string]string{"2.3": pack.ReasonAttestationMissing, "2.4": pack.ReasonSupportsOnly, "2.5": pack.ReasonNothingLinked} {
		if q := r.requirement(t, "f@1", id); len(q.Reasons) != 1 || q.Reasons[0].Code != want {
			t.Errorf("%s: got %v, want %s", id, q.Reasons, want)
		}
	}
}

// TestEveryRequirementIsThere pins that a pack holds every requirement of each edition, in its order, and that groups and counts agree.
func TestEveryRequirementIsThere(t *testing.T) {
	p := newWorld().do(t).Pack()
	if len(p.Frameworks) != 3 {
		t.Fatalf("got %d frameworks", len(p.Frameworks))
	}
	for _, f := range p.Frameworks {
		var got []string
		var counts pack.VerdictCounts
		for _, q := range f.Requirements {
			got = append(got, q.ID)
			counts.Add(q.Verdict)
		}
		var want []string
		for _, q := range testRequirements {
			want = append(want, q.id)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", f.Key(), diff)
		}
		if counts != f.Counts || f.Groups[0].Counts.Total()+f.Groups[1].Counts.Total() != len(want) || f.Accounts[0].Counts.Total() != len(want) {
			t.Errorf("%s: the counts do not agree: %+v", f.Key(), f)
		}
		if f.Groups[0].Verdict != pack.VerdictNotMet {
			t.Errorf("%s: the worst of group 1 is not_met, got %s", f.Key(), f.Groups[0].Verdict)
		}
	}
}

// TestPerAccount pins that a failure in one account is not another's.
func TestPerAccount(t *testing.T) {
	got := map[string]pack.Verdict{}
	for _, a := range newWorld().do(t).requirement(t, "f@1", "1.1").Accounts {
		got[a.Account] = a.Verdict
	}
	if want := (map[string]pack.Verdict{acctA: pack.VerdictNotMet, acctB: pack.VerdictMet}); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestNothingExists pins invariant 3: zero resources are not a pass, and what must exist fails where nothing does.
func TestNothingExists(t *testing.T) {
	w := newWorld()
	w.artifacts = slices.DeleteFunc(w.artifacts, func(a bundle.Artifact) bool { return a.Kind != "ec2.region" })
	w.list()
	r := w.do(t)
	for id, want := range map[string]pack.Verdict{"1.1": pack.VerdictNotApplicable, "1.2": pack.VerdictNotApplicable, "1.3": pack.VerdictNotMet, "1.4": pack.VerdictNotMet} {
		if q := r.requirement(t, "f@1", id); q.Verdict != want {
			t.Errorf("%s: got %s, want %s: %v", id, q.Verdict, want, q.Reasons)
		}
	}
	f := r.findings["ec2.volume-encrypted "+acctA+"  population ec2.volume"]
	if f.Result != pack.NotApplicable || len(f.Evidence) != 2 || len(f.Evidence[0].Calls) == 0 {
		t.Errorf("no finding cites the two empty populations: %+v", f)
	}
}

// TestRegionDenied pins that a region that a service control policy closes is not assessed until the engagement decides.
func TestRegionDenied(t *testing.T) {
	w := newWorld()
	w.artifacts = slices.DeleteFunc(w.artifacts, func(a bundle.Artifact) bool { return a.Kind == "ec2.volume" })
	w.list()
	for i := range w.populations {
		if p := &w.populations[i]; p.Region == euW1 && p.Account == acctA {
			w.deny(p, bundle.StatusRegionDenied, false)
		}
	}
	r := w.do(t)
	for id, want := range map[string]pack.Verdict{"1.2": pack.VerdictNotAssessed, "1.3": pack.VerdictNotAssessed, "1.4": pack.VerdictMet} {
		if got := r.verdict(t, id); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
	f := r.findings["ec2.volume-encrypted "+acctA+" "+euW1+" population ec2.volume"]
	if f.Result != pack.NotAssessed || len(f.Gaps) != 1 || len(f.Reasons) != 1 || f.Reasons[0].Code != pack.ReasonRegionDenied {
		t.Errorf("got %+v", f)
	}
	decided := w.do(t, with("[[exclusion]]\nregion = \"eu-west-1\"\nreason = \"closed\"\nby = \"CISO\"\n"))
	for id, want := range map[string]pack.Verdict{"1.2": pack.VerdictNotApplicable, "1.3": pack.VerdictMet} {
		if got := decided.verdict(t, id); got != want {
			t.Errorf("with the region excluded, %s: got %s, want %s", id, got, want)
		}
	}
}

// TestNotOffered pins that a region without the service neither fails nor weighs on the requirement.
func TestNotOffered(t *testing.T) {
	w := newWorld()
	w.artifacts = slices.DeleteFunc(w.artifacts, func(a bundle.Artifact) bool { return a.Kind == "guardduty.detector" && a.Region == euW1 })
	w.list()
	for _, a := range []string{acctA, acctB} {
		w.population("guardduty.detector", a, euW1).Status = bundle.StatusNotOffered
	}
	r := w.do(t)
	if got := r.verdict(t, "1.3"); got != pack.VerdictMet {
		t.Errorf("got %s", got)
	}
	if f := r.findings["guardduty.on "+acctA+" "+euW1+" region "+euW1]; f.Result != pack.NotApplicable || f.Reasons[0].Code != pack.ReasonNotOffered {
		t.Errorf("got %+v", f)
	}
}

// TestNotCollected pins that a population for which the bundle has no record counts as not seen.
func TestNotCollected(t *testing.T) {
	w := newWorld()
	w.populations = slices.DeleteFunc(w.populations, func(p bundle.Population) bool { return p.Kind == "iam.user" && p.Account == acctB })
	r := w.do(t)
	if got := r.verdict(t, "1.6"); got != pack.VerdictNotAssessed {
		t.Errorf("got %s", got)
	}
	f := r.findings["iam.user-named "+acctB+" global population iam.user"]
	if f.Result != pack.NotAssessed || f.Reasons[0].Code != pack.ReasonNotCollected || len(f.Gaps) != 1 {
		t.Errorf("got %+v", f)
	}
	for g, err := range r.Gaps() {
		if err != nil {
			t.Fatal(err)
		}
		if g.N == f.Gaps[0] && (g.Service != "iam" || g.Operation != "ListUsers" || g.Code != "NotCollected" || g.Findings != 1) {
			t.Errorf("got %+v", g)
		}
	}
}

// TestRegionsUnknown pins that an account whose list of regions was denied may have others, unless the engagement names the regions
// in scope. That collect was told to visit some regions only settles nothing.
func TestRegionsUnknown(t *testing.T) {
	w := newWorld()
	w.deny(w.population("ec2.region", acctA, "global"), bundle.StatusIncomplete, false)
	r := w.do(t)
	for id, want := range map[string]pack.Verdict{"1.2": pack.VerdictNotAssessed, "1.3": pack.VerdictNotAssessed, "1.4": pack.VerdictMet, "1.1": pack.VerdictNotMet} {
		if got := r.verdict(t, id); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
	if f := r.findings["guardduty.on "+acctA+" * region *"]; f.Result != pack.NotAssessed || len(f.Gaps) == 0 || f.Reasons[0].Code != pack.ReasonCallDenied {
		t.Errorf("got %+v", f)
	}
	if got := w.do(t, with("[scope]\nregions = [\"eu-west-1\", \"us-east-1\"]\n")).verdict(t, "1.2"); got != pack.VerdictMet {
		t.Errorf("with regions named in the engagement: got %s", got)
	}
	w.run.Requested = []bundle.KeyValue{{Key: "regions", Value: "eu-west-1,us-east-1"}}
	if got := w.do(t).verdict(t, "1.2"); got != pack.VerdictNotAssessed {
		t.Errorf("with regions named to collect: got %s", got)
	}
}

// TestRegionNotVisited pins that a region that the account has enabled and nobody visited is not taken for an empty one, until the
// engagement says what is in scope.
func TestRegionNotVisited(t *testing.T) {
	w := newWorld()
	for _, a := range w.artifacts {
		if a.Kind == "ec2.region" && a.Account == acctA && a.ID == euW1 {
			a.ID, a.ARN = "sa-east-1", ""
			a.Parts = map[string]bundle.Part{"Region": ok(`{"OptInStatus":"opt-in-not-required","RegionName":"sa-east-1"}`)}
			w.artifacts = append(w.artifacts, a)
			w.population("ec2.region", acctA, "global").Count++
			break
		}
	}
	if got := w.do(t).verdict(t, "1.2"); got != pack.VerdictNotAssessed {
		t.Errorf("a region was not visited: got %s", got)
	}
	for _, said := range []string{
		"[scope]\nregions = [\"eu-west-1\", \"us-east-1\"]\n",
		"[[exclusion]]\nregion = \"sa-east-1\"\nreason = \"not used\"\nby = \"CISO\"\n",
	} {
		if got := w.do(t, with(said)).verdict(t, "1.2"); got != pack.VerdictMet {
			t.Errorf("%s: got %s", said, got)
		}
	}
}

// TestLookupsSeeTheWholeBundle pins that a scope of regions does not hide what rules look up: the trail whose home is out of scope
// logs the region in scope.
func TestLookupsSeeTheWholeBundle(t *testing.T) {
	for _, regions := range []string{`"eu-west-1"`, `"us-east-1"`} {
		r := newWorld().do(t, with("[scope]\nregions = ["+regions+"]\n"))
		if f := r.findings["cloudtrail.multi-region "+acctA+" global account "+acctA]; f.Result != pack.Pass {
			t.Errorf("scope %s: got %+v", regions, f)
		}
	}
}

// TestOptIn pins that a region that one account has not opted in to is not missed there.
func TestOptIn(t *testing.T) {
	w := newWorld()
	w.artifacts = slices.DeleteFunc(w.artifacts, func(a bundle.Artifact) bool { return a.Account == acctB && a.Region == euW1 })
	w.populations = slices.DeleteFunc(w.populations, func(p bundle.Population) bool { return p.Account == acctB && p.Region == euW1 })
	if got := w.do(t).verdict(t, "1.3"); got != pack.VerdictNotAssessed {
		t.Errorf("an account was not visited in a region: got %s", got)
	}
	for i := range w.artifacts {
		if a := &w.artifacts[i]; a.Kind == "ec2.region" && a.Account == acctB && a.ID == euW1 {
			a.Parts["Region"] = ok(`{"OptInStatus":"not-opted-in","RegionName":"eu-west-1"}`)
		}
	}
	if got := w.do(t).verdict(t, "1.3"); got != pack.VerdictMet {
		t.Errorf("the account has not opted in: got %s", got)
	}
}

func TestScopeNamesWhatIsMissing(t *testing.T) {
	r := newWorld().do(t, with("[scope]\naccounts = [\"111122223333\", \"999999999999\"]\nregions = [\"us-east-1\", \"sa-east-1\"]\n"))
	if got, want := r.Pack().Scope.Missing, []string{"999999999999", "sa-east-1"}; !slices.Equal(got, want) {
		t.Errorf("missing: got %v, want %v", got, want)
	}
	for _, id := range []string{"1.2", "1.3", "1.4", "1.6"} {
		if got := r.verdict(t, id); got != pack.VerdictNotAssessed {
			t.Errorf("%s: got %s", id, got)
		}
	}
	if got := r.Pack().Scope.OutOfScope; got != 9 { // seven of account B, and two of account A in eu-west-1
		t.Errorf("out of scope: got %d", got)
	}
}

// TestScopeByTag pins that tags narrow the subjects and nothing else, and that tags that were not seen leave it open.
func TestScopeByTag(t *testing.T) {
	tags := with("[scope]\ntags = [{key = \"Class\", value = \"card\"}]\n")
	w := newWorld()
	r := w.do(t, tags)
	if _, in := r.findings["s3.encrypted "+acctA+" global s3.bucket logs"]; in {
		t.Error("a bucket without the tag is in scope")
	}
	if got := r.findings["s3.encrypted "+acctA+" global s3.bucket plain"].Result; got != pack.Fail {
		t.Errorf("the bucket with the tag: got %q", got)
	}
	if got := r.findings["cloudtrail.bucket-encrypted "+acctA+" "+usE1+" cloudtrail.trail t"].Result; got != pack.Pass {
		t.Errorf("a trail, which cannot carry tags here, and its untagged bucket: got %q", got)
	}
	if got := r.findings["s3.encrypted "+acctB+"  population s3.bucket"].Result; got != "" {
		t.Errorf("got %q for a region that is not the population's", got)
	}
	if got := r.findings["s3.encrypted "+acctB+" global population s3.bucket"].Result; got != pack.NotApplicable {
		t.Errorf("an account without a tagged bucket: got %q", got)
	}
	w.artifact("s3.bucket", "logs").Parts["Tags"] = denied("s3:GetBucketTagging")
	f := w.do(t, tags).findings["s3.encrypted "+acctA+" global s3.bucket logs"]
	if f.Result != pack.NotAssessed || f.Reasons[0].Code != pack.ReasonScopeUnknown || len(f.Gaps) != 1 {
		t.Errorf("tags that were denied: got %+v", f)
	}
}

// TestRuleThatIsAskedNowhere pins that a demonstrating rule for which the scope leaves no place keeps a requirement from being met
// by the others, and that nobody calls populations complete of which there are none.
func TestRuleThatIsAskedNowhere(t *testing.T) {
	w := newWorld()
	w.artifact("s3.bucket", "plain").Parts["Encryption"] = ok(`{"Algorithm":"AES256"}`)
	var out string
	for _, region := range []string{euW1, usE1} {
		out += "[[exclusion]]\nregion = \"" + region + "\"\nreason = \"r\"\nby = \"b\"\n"
	}
	r := w.do(t, with(out))
	for id, want := range map[string]pack.Reason{
		"2.6": {Code: pack.ReasonNothingInScope, Args: map[string]string{"rule": "guardduty.on"}},
		"1.2": {Code: pack.ReasonNothingInScope, Args: map[string]string{"rule": "ec2.volume-encrypted"}},
	} {
		q := r.requirement(t, "f@1", id)
		if diff := cmp.Diff([]pack.Reason{want}, q.Reasons); q.Verdict != pack.VerdictReview || diff != "" {
			t.Errorf("%s: got %s, want review; reasons -want +got:\n%s", id, q.Verdict, diff)
		}
	}
	if got := w.do(t).verdict(t, "2.6"); got != pack.VerdictMet {
		t.Errorf("with the regions in scope: got %s", got)
	}
}

func TestExclusionOfResources(t *testing.T) {
	r := newWorld().do(t, with("[[exclusion]]\nresource = \"arn:aws:s3:::plain*\"\nreason = \"r\"\nby = \"b\"\n"))
	if got := r.verdict(t, "1.1"); got != pack.VerdictMet {
		t.Errorf("got %s", got)
	}
	for e, err := range r.Evidence() {
		if err != nil {
			t.Fatal(err)
		}
		if e.ID == "plain" && e.InScope || e.ID == "logs" && !e.InScope {
			t.Errorf("in scope: %+v", e)
		}
	}
}

const acceptance = "[[acceptance]]\nid = \"RA-1\"\nrule = \"s3.encrypted\"\nresource = \"arn:aws:s3:::pl*\"\nreason = \"r\"\napprover = \"CISO\"\nexpires = "

func TestAcceptance(t *testing.T) {
	for expires, want := range map[string][2]pack.Verdict{
		"2026-01-01": {pack.VerdictRiskAccepted, pack.VerdictReview}, // the last day counts
		"2025-12-31": {pack.VerdictNotMet, pack.VerdictNotMet},
	} {
		r := newWorld().do(t, with(acceptance+expires+"\n"))
		for i, key := range []string{"f@1", "p@1"} {
			if q := r.requirement(t, key, "1.1"); q.Verdict != want[i] {
				t.Errorf("%s until %s: got %s, want %s: %v", key, expires, q.Verdict, want[i], q.Reasons)
			}
		}
		f := r.findings["s3.encrypted "+acctA+" global s3.bucket plain"]
		a := r.Pack().Engagement.Acceptances[0]
		if f.Result != pack.Fail || f.Acceptance != "RA-1" || a.Findings != 1 || a.Expired != (expires < "2026") {
			t.Errorf("until %s: the finding does not stay visible: %+v, %+v", expires, f, a)
		}
	}
	w := newWorld()
	w.artifact("s3.bucket", "logs").Parts["Encryption"] = absent("None")
	if got := w.do(t, with(acceptance+"2027-01-01\n")).verdict(t, "1.1"); got != pack.VerdictNotMet {
		t.Errorf("partly covered: got %s", got)
	}
}

func TestAcceptanceOfARegion(t *testing.T) {
	w := newWorld()
	w.artifacts = slices.DeleteFunc(w.artifacts, func(a bundle.Artifact) bool { return a.Kind == "guardduty.detector" && a.Region == euW1 })
	w.list()
	accept := strings.NewReplacer("s3.encrypted", "guardduty.on", "arn:aws:s3:::pl*", "*/eu-west-1").Replace(acceptance)
	if got := w.do(t, with(accept+"2027-01-01\n")).verdict(t, "1.3"); got != pack.VerdictRiskAccepted {
		t.Errorf("got %s", got)
	}
}

func report(series, from, to string) string {
	s := "[[inherited]]\nid = \"" + series + from + "\"\nname = \"n\"\nseries = \"" + series + "\"\nfrom = " + from + "\nobtained_by = \"x\"\nframeworks = [\"f@1\"]\n"
	if to != "" {
		s += "to = " + to + "\n"
	}
	return s
}

// TestReports pins invariant 7: without a report that reaches the period the portion of AWS is amber.
func TestReports(t *testing.T) {
	const period = "[period]\nfrom = 2025-04-01\nto = 2026-03-31\n"
	for name, c := range map[string]struct {
		toml string
		want pack.Verdict
		code string
	}{
		"none":                      {period, pack.VerdictReview, pack.ReasonReportMissing},
		"covers":                    {period + report("soc2", "2025-04-01", "2026-03-31"), pack.VerdictInherited, pack.ReasonReportCovers},
		"ends early":                {period + report("soc2", "2025-04-01", "2026-03-30"), pack.VerdictReview, pack.ReasonReportOutOfPeriod},
		"begins late":               {period + report("soc2", "2025-04-02", "2026-03-31"), pack.VerdictReview, pack.ReasonReportOutOfPeriod},
		"with a bridge letter":      {period + report("soc2", "2025-04-01", "2025-12-31") + report("soc2", "2026-01-01", "2026-04-30"), pack.VerdictInherited, pack.ReasonReportCovers},
		"with a hole":               {period + report("soc2", "2025-04-01", "2025-12-30") + report("soc2", "2026-01-01", "2026-04-30"), pack.VerdictReview, pack.ReasonReportOutOfPeriod},
		"two series":                {period + report("soc2", "2025-04-01", "2025-12-31") + report("soc1", "2026-01-01", "2026-04-30"), pack.VerdictReview, pack.ReasonReportOutOfPeriod},
		"AoC within the year":       {period + report("pci-aoc", "2025-04-01", ""), pack.VerdictInherited, pack.ReasonReportCovers},
		"AoC too old":               {period + report("pci-aoc", "2025-03-31", ""), pack.VerdictReview, pack.ReasonReportOutOfPeriod},
		"AoC after the period":      {period + report("pci-aoc", "2026-04-01", ""), pack.VerdictReview, pack.ReasonReportOutOfPeriod},
		"certificate":               {period + report("iso27001", "2024-01-01", "2026-12-31"), pack.VerdictInherited, pack.ReasonReportCovers},
		"BAA":                       {period + report("hipaa-baa", "2024-01-01", ""), pack.VerdictInherited, pack.ReasonReportCovers},
		"no period, on the day":     {report("soc2", "2026-01-01", "2026-01-01"), pack.VerdictInherited, pack.ReasonReportCovers},
		"no period, not on the day": {report("soc2", "2025-01-01", "2025-12-31"), pack.VerdictReview, pack.ReasonReportOutOfPeriod},
	} {
		t.Run(name, func(t *testing.T) {
			r := newWorld().do(t, with(c.toml))
			q := r.requirement(t, "f@1", "2.1")
			aws := q.Portions[0]
			if aws.Party != pack.PartyAWS || aws.Verdict != c.want || aws.Reasons[0].Code != c.code {
				t.Errorf("got %+v", aws)
			}
			if q.Portions[1].Verdict != pack.VerdictMet || q.Verdict != c.want {
				t.Errorf("the worse of both: got %s from %+v", q.Verdict, q.Portions)
			}
			for _, i := range r.Pack().Engagement.Inherited {
				if i.Covers != (c.want == pack.VerdictInherited) {
					t.Errorf("got %+v", i)
				}
			}
			if got := r.verdict(t, "2.2"); got != pack.VerdictReview { // the customer's own premises are still open
				t.Errorf("a requirement of AWS: got %s", got)
			}
		})
	}
	own := newWorld().do(t, with(period+report("soc2", "2025-04-01", "2026-03-31")+"[[not_applicable]]\nid = \"NA-1\"\nframework = \"f@1\"\nrequirement = \"2.2\"\nportion = \"customer\"\nreason = \"no offices\"\nby = \"CISO\"\n"))
	if q := own.requirement(t, "f@1", "2.2"); q.Verdict != pack.VerdictInherited || q.Portions[1].Verdict != pack.VerdictNotApplicable {
		t.Errorf("got %s from %+v", q.Verdict, q.Portions)
	}
}

func attestation(id, requirement, answer, evidence, expires string) string {
	s := "[[attestation]]\nid = \"" + id + "\"\nframework = \"f@1\"\nrequirement = \"" + requirement + "\"\nanswer = \"" + answer + "\"\nstatement = \"s\"\nsigner = \"CISO\"\ndate = 2025-06-01\nexpires = " + expires + "\n"
	if evidence != "" {
		s += "evidence = \"" + evidence + "\"\n"
	}
	return s
}

func TestAttestation(t *testing.T) {
	for name, c := range map[string]struct {
		toml, id string
		want     pack.Verdict
		code     string
	}{
		"beside a rule":       {attestation("A", "1.5", "yes", "doc", "2026-12-31"), "1.5", pack.VerdictMet, pack.ReasonAttested},
		"alone":               {attestation("A", "2.3", "yes", "doc", "2026-12-31"), "2.3", pack.VerdictAttested, pack.ReasonAttested},
		"beside support":      {attestation("A", "2.5", "yes", "doc", "2026-12-31"), "2.5", pack.VerdictAttested, pack.ReasonAttested},
		"support fails":       {attestation("A", "2.4", "yes", "doc", "2026-12-31"), "2.4", pack.VerdictReview, pack.ReasonSupportsFailed},
		"expired":             {attestation("A", "2.3", "yes", "doc", "2025-12-31"), "2.3", pack.VerdictReview, pack.ReasonAttestationExpired},
		"no":                  {attestation("A", "2.3", "no", "doc", "2026-12-31"), "2.3", pack.VerdictReview, pack.ReasonAttestationNo},
		"no beside a pass":    {attestation("A", "1.2", "no", "doc", "2026-12-31"), "1.2", pack.VerdictReview, pack.ReasonAttestationNo},
		"no evidence":         {attestation("A", "2.3", "yes", "", "2026-12-31"), "2.3", pack.VerdictReview, pack.ReasonAttestationBare},
		"not applicable":      {attestation("A", "2.3", "not_applicable", "", "2026-12-31"), "2.3", pack.VerdictNotApplicable, pack.ReasonScopedOut},
		"not applicable late": {attestation("A", "2.3", "not_applicable", "", "2025-12-31"), "2.3", pack.VerdictReview, pack.ReasonAttestationExpired},
		"cannot heal a fail":  {attestation("A", "1.1", "yes", "doc", "2026-12-31"), "1.1", pack.VerdictNotMet, pack.ReasonRuleFailed},
	} {
		t.Run(name, func(t *testing.T) {
			q := newWorld().do(t, with(c.toml)).requirement(t, "f@1", c.id)
			if q.Verdict != c.want || q.Reasons[0].Code != c.code || q.Attestation != "A" {
				t.Errorf("got %s, want %s (%s): %v", q.Verdict, c.want, c.code, q.Reasons)
			}
		})
	}
}

func TestQuestion(t *testing.T) {
	r := newWorld().do(t, with("[[question]]\nframework = \"q@1\"\nrequirement = \"1.2\"\nto_be = \"better\"\ndecision = \"later\"\nby = \"CTO\"\n"))
	if q := r.requirement(t, "q@1", "1.2").Question; q == nil || q.ToBe.En != "better" || q.By != "CTO" {
		t.Errorf("got %+v", q)
	}
	if q := r.requirement(t, "q@1", "1.3").Question; q == nil || q.By != "" {
		t.Errorf("nobody has answered: got %+v", q)
	}
	if q := r.requirement(t, "f@1", "1.2").Question; q != nil {
		t.Errorf("no question view: got %+v", q)
	}
}

// TestTotalsReconcile pins that every count of pack.json is the number of lines behind it.
func TestTotalsReconcile(t *testing.T) {
	w := newWorld()
	w.artifact("s3.bucket", "logs").Parts["Encryption"] = denied("s3:GetEncryptionConfiguration")
	w.deny(w.population("ec2.volume", acctB, usE1), bundle.StatusIncomplete, false)
	r := w.do(t, with(acceptance+"2027-01-01\n"))
	p := r.Pack()
	var all pack.FindingCounts
	rules, services, blamed := map[string]pack.FindingCounts{}, map[string]int{}, map[int]int{}
	first, last := map[string]int{}, map[string]int{}
	n := 0
	for f, err := range r.Findings() {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if f.N != n {
			t.Errorf("finding %d is numbered %d", n, f.N)
		}
		c := rules[f.Rule]
		for _, to := range []*pack.FindingCounts{&all, &c} {
			switch f.Result {
			case pack.Pass:
				to.Pass++
			case pack.Fail:
				to.Fail++
			case pack.NotAssessed:
				to.NotAssessed++
			case pack.NotApplicable:
				to.NotApplicable++
			}
			if f.Acceptance != "" {
				to.Accepted++
			}
		}
		rules[f.Rule] = c
		if first[f.Rule] == 0 {
			first[f.Rule] = n
		}
		last[f.Rule] = n
		services[strings.Split(f.Rule, ".")[0]+" "+f.Account]++
		for _, g := range f.Gaps {
			blamed[g]++
		}
		if f.Result == pack.NotAssessed && len(f.Gaps) == 0 {
			t.Errorf("nothing says what was not seen: %+v", f)
		}
	}
	if all != p.Totals.Findings {
		t.Errorf("totals: got %+v, counted %+v", p.Totals.Findings, all)
	}
	for _, rule := range p.Rules {
		if rule.Counts != rules[rule.ID] || rule.First != first[rule.ID] || rule.Last != last[rule.ID] {
			t.Errorf("rule %s: got %+v, counted %+v from %d to %d", rule.ID, rule, rules[rule.ID], first[rule.ID], last[rule.ID])
		}
	}
	for _, s := range p.Services {
		if got := s.Counts.Pass + s.Counts.Fail + s.Counts.NotAssessed + s.Counts.NotApplicable; got != services[s.Service+" "+s.Account] {
			t.Errorf("service %s in %s: got %d, counted %d", s.Service, s.Account, got, services[s.Service+" "+s.Account])
		}
	}
	gaps := 0
	for g, err := range r.Gaps() {
		if err != nil {
			t.Fatal(err)
		}
		gaps++
		if g.N != gaps || g.Findings != blamed[g.N] {
			t.Errorf("gap %d: got %+v, %d findings refer to it", gaps, g, blamed[g.N])
		}
	}
	if gaps != p.Totals.Gaps || gaps == 0 {
		t.Errorf("got %d gaps, counted %d", p.Totals.Gaps, gaps)
	}
	evidence := 0
	for e, err := range r.Evidence() {
		if err != nil {
			t.Fatal(err)
		}
		if e.InScope {
			evidence++
		}
	}
	if evidence != p.Totals.Artifacts {
		t.Errorf("got %d artifacts, counted %d", p.Totals.Artifacts, evidence)
	}
}

// TestFindingLeadsToCalls pins the chain from a finding to the calls behind it.
func TestFindingLeadsToCalls(t *testing.T) {
	w := newWorld()
	w.artifact("s3.bucket", "data").Parts["Encryption"] = denied("s3:GetEncryptionConfiguration")
	r := w.do(t)
	calls := map[string]bool{}
	for c, err := range r.Calls() {
		if err != nil {
			t.Fatal(err)
		}
		calls[c.ID] = true
	}
	f := r.findings["cloudtrail.bucket-encrypted "+acctA+" "+usE1+" cloudtrail.trail t"]
	parts := map[string]bool{}
	for _, e := range f.Evidence {
		parts[e.Part] = true
		for _, c := range e.Calls {
			if !calls[c] {
				t.Errorf("call %s is not in the pack", c)
			}
		}
	}
	for _, want := range []string{"Trail", "Bucket", "Encryption"} {
		if !parts[want] {
			t.Errorf("the finding does not refer to part %s: %+v", want, f.Evidence)
		}
	}
	if len(f.Facts) == 0 || f.Facts[0].Pointer == "" {
		t.Errorf("no facts: %+v", f)
	}
	g := r.findings["s3.encrypted "+acctB+" global s3.bucket data"]
	want := pack.Reason{Code: pack.ReasonCallDenied, Args: map[string]string{"service": "s3", "operation": "GetBucketEncryption", "code": "AccessDenied", "action": "s3:GetEncryptionConfiguration"}}
	if diff := cmp.Diff([]pack.Reason{want}, g.Reasons); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestDeterministic pins invariant 9, whatever the number of workers.
func TestDeterministic(t *testing.T) {
	w := newWorld()
	w.artifact("s3.bucket", "logs").Parts["Encryption"] = denied("s3:GetEncryptionConfiguration")
	w.deny(w.population("ec2.volume", acctB, usE1), bundle.StatusIncomplete, false)
	in := w.open(t)
	with(acceptance + "2027-01-01\n")(&in)
	var first map[string]string
	for _, workers := range []int{1, 2, 7} {
		in.Workers, in.TempDir = workers, t.TempDir()
		dir := filepath.Join(t.TempDir(), "pack")
		pw, err := pack.NewWriter(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := mapping.Map(t.Context(), in, pw); err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[e.Name()] = string(b)
		}
		if first == nil {
			first = files
		} else if diff := cmp.Diff(first, files); diff != "" {
			t.Errorf("with %d workers: %s", workers, diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	in := newWorld().open(t)
	for name, c := range map[string]struct {
		change func(*mapping.Input)
		want   []string
		input  bool
	}{
		"not verified":     {func(in *mapping.Input) { in.Report = nil }, []string{"was not verified"}, false},
		"another report":   {func(in *mapping.Input) { r := *in.Report; r.SealSHA256[0]++; in.Report = &r }, []string{"the seal"}, false},
		"not trusted":      {func(in *mapping.Input) { r := *in.Report; r.Trusted = false; in.Report = &r }, []string{"not trusted"}, true},
		"redacted":         {func(in *mapping.Input) { r := *in.Report; r.Redacted = true; in.Report = &r }, []string{"redacted"}, false},
		"frameworks":       {func(in *mapping.Input) { in.Frameworks = []string{"x@1", "f@1", "f@1"} }, []string{`"x@1" is not in the catalogue; there are f@1, p@1, q@1`, `"f@1" is named twice`}, true},
		"nothing in scope": {with("[[exclusion]]\naccount = \"111122223333\"\nreason = \"r\"\nby = \"b\"\n[[exclusion]]\naccount = \"444455556666\"\nreason = \"r\"\nby = \"b\"\n"), []string{"leave no account"}, true},
		"as_of too early":  {with("as_of = 2025-12-30\n"), []string{"as_of, 2025-12-30T23:59:59Z, lies before the collection"}, true},
		"unknown names": {with(strings.Replace(acceptance, "s3.encrypted", "s3.none", 1) + "2027-01-01\n" + attestation("A", "9.9", "yes", "", "2026-12-31") +
			"[[question]]\nframework = \"f@1\"\nrequirement = \"1.1\"\nto_be = \"a\"\ndecision = \"b\"\nby = \"c\"\n"),
			[]string{`engagement.toml:4: rule "s3.none"`, `engagement.toml:11: f@1 has no requirement "9.9"`, `engagement.toml:20: f@1 has no questions`}, true},
	} {
		t.Run(name, func(t *testing.T) {
			changed := in
			c.change(&changed)
			parent := t.TempDir()
			pw, err := pack.NewWriter(filepath.Join(parent, "pack"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = mapping.Map(t.Context(), changed, pw)
			if err == nil {
				t.Fatal("it was mapped")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
			if errors.Is(err, mapping.ErrInput) != c.input {
				t.Errorf("ErrInput: got %v for %v", !c.input, err)
			}
			if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
				t.Errorf("something is left: %v, %v", left, err)
			}
		})
	}
}

// TestSchemaOfAPack pins that a pack with every kind of line is what its published schema says.
func TestSchemaOfAPack(t *testing.T) {
	w := newWorld()
	w.artifact("s3.bucket", "logs").Parts["Encryption"] = denied("s3:GetEncryptionConfiguration")
	r := w.do(t, with(acceptance+"2027-01-01\n"+attestation("A", "2.3", "yes", "doc", "2026-12-31")+report("soc2", "2025-01-01", "2025-12-31")))
	c := jsonschema.NewCompiler()
	c.LoadURL = func(s string) (io.ReadCloser, error) { return nil, errors.New("the schema refers to " + s) }
	if err := c.AddResource("pack.schema.json", bytes.NewReader(pack.Schema())); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("pack.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(r.JSON(), &v); err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%#v", err)
	}
	v.(map[string]any)["scope"].(map[string]any)["surprise"] = true
	if s.Validate(v) == nil {
		t.Error("an unknown member was accepted")
	}
}

func TestUnverifiedSigner(t *testing.T) {
	in := newWorld().open(t)
	trusted := run(t, in).Pack()
	r := *in.Report
	r.Trusted = false
	in.Report, in.AllowUnverified, in.TempDir = &r, true, t.TempDir()
	unverified := run(t, in).Pack()
	if trusted.Trust.Status != pack.Trusted || unverified.Trust.Status != pack.UnverifiedSigner || trusted.ID == unverified.ID {
		t.Errorf("got %+v and %+v", trusted.Trust, unverified.Trust)
	}
}
