package mapping_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping/pack"
)

// TestDenialsNeverImprove is invariants 1 and 2 over a whole bundle: each part and each population of it in turn becomes a
// gap. No finding may then move to pass, to fail or to not_applicable, and no requirement to anything but not_assessed or, where
// only a supporting rule was not seen, review.
func TestDenialsNeverImprove(t *testing.T) {
	engagement := with(acceptance + "2027-01-01\n" + attestation("A1", "1.5", "yes", "doc", "2026-12-31") + attestation("A2", "2.4", "yes", "doc", "2026-12-31"))
	for name, base := range map[string]*world{"mixed": newWorld(), "good": goodWorld(), "nothing": emptyWorld(), "one region is bad": regionWorld()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := base.do(t, engagement)
			for what, w := range denials(base) {
				after := w.do(t, engagement)
				compareFindings(t, what, before, after)
				compareVerdicts(t, what, before, after)
			}
		})
	}
}

func compareVerdicts(t *testing.T, what string, before, after *result) {
	t.Helper()
	for _, f := range before.Pack().Frameworks {
		for _, q := range f.Requirements {
			got := after.requirement(t, f.Key(), q.ID).Verdict
			if got != q.Verdict && got != pack.VerdictNotAssessed && got != pack.VerdictReview {
				t.Errorf("%s: %s %s was %s and became %s", what, f.Key(), q.ID, q.Verdict, got)
			}
			if q.Verdict == pack.VerdictNotAssessed && got != q.Verdict {
				t.Errorf("%s: %s %s was not assessed and became %s", what, f.Key(), q.ID, got)
			}
		}
	}
}

func compareFindings(t *testing.T, what string, before, after *result) {
	t.Helper()
	for key, f := range after.findings {
		was, known := before.findings[key]
		if f.Result != pack.NotAssessed && (!known || was.Result != f.Result) {
			t.Errorf("%s: %s was %q and became %s", what, key, was.Result, f.Result)
		}
		if f.Result == pack.NotAssessed && len(f.Reasons) == 0 {
			t.Errorf("%s: %s does not say why it is not assessed", what, key)
		}
	}
	worse := false
	for key, f := range after.findings {
		worse = worse || f.Result != before.findings[key].Result
	}
	if !worse && after.Pack().Totals.Gaps == 0 {
		t.Errorf("%s: the pack does not show that anything was denied", what)
	}
}

// denials yields the world with one thing denied at a time.
func denials(base *world) map[string]*world {
	out := map[string]*world{}
	for i, a := range base.artifacts {
		for name, p := range a.Parts {
			w := base.clone()
			w.artifacts[i].Parts[name] = bundle.Part{State: bundle.StateGap, Calls: p.Calls, Code: "AccessDenied", Message: "no", Action: "x:Y"}
			out[fmt.Sprintf("part %s of %s %s in %s", name, a.Kind, a.ID, a.Account)] = w
		}
	}
	for i, p := range base.populations {
		for _, status := range []string{bundle.StatusIncomplete, bundle.StatusRegionDenied} {
			if status == bundle.StatusRegionDenied && p.Region == "global" {
				continue
			}
			for _, stay := range []bool{true, false} {
				if stay && (p.Count == 0 || status == bundle.StatusRegionDenied) {
					continue
				}
				w := base.clone()
				w.deny(&w.populations[i], status, stay)
				out[fmt.Sprintf("population %s in %s %s: %s, seen artifacts stay: %v", p.Kind, p.Account, p.Region, status, stay)] = w
			}
		}
		w := base.clone()
		w.populations = slices.Delete(w.populations, i, i+1)
		out[fmt.Sprintf("no population record of %s in %s %s", p.Kind, p.Account, p.Region)] = w
	}
	for _, denied := range [][]string{{acctA}, {acctB}, {acctA, acctB}} { // DescribeRegions: only one region was visited
		w := base.clone()
		for _, account := range denied {
			w.deny(w.population("ec2.region", account, "global"), bundle.StatusIncomplete, false)
		}
		unvisited := func(account, region string) bool { return region == euW1 && slices.Contains(denied, account) }
		w.artifacts = slices.DeleteFunc(w.artifacts, func(a bundle.Artifact) bool { return unvisited(a.Account, a.Region) })
		w.populations = slices.DeleteFunc(w.populations, func(p bundle.Population) bool { return unvisited(p.Account, p.Region) })
		if len(denied) == 2 {
			w.run.Regions = []string{usE1}
		}
		out[fmt.Sprintf("regions of %v", denied)] = w
	}
	return out
}

// goodWorld is one in which every rule passes.
func goodWorld() *world {
	w := newWorld()
	w.artifact("s3.bucket", "plain").Parts["Encryption"] = ok(`{"Algorithm":"AES256"}`)
	w.artifact("s3.bucket", "data").Parts["Versioning"] = ok(`{"Status":"Enabled"}`)
	return w
}

// emptyWorld is one in which nothing exists, and the region records say so.
func emptyWorld() *world {
	w := newWorld()
	w.artifacts = slices.DeleteFunc(w.artifacts, func(a bundle.Artifact) bool { return a.Kind != "ec2.region" })
	w.list()
	return w
}

// regionWorld is one in which everything that fails is in one region.
func regionWorld() *world {
	w := goodWorld()
	w.artifacts = slices.DeleteFunc(w.artifacts, func(a bundle.Artifact) bool {
		return a.Kind == "guardduty.detector" && a.Region == euW1 && a.Account == acctB
	})
	w.artifact("ec2.volume", "vol-2").Parts["Volume"] = ok(`{"Encrypted":false,"VolumeId":"vol-2"}`)
	w.list()
	return w
}

// TestFingerprintsStay pins that a finding about the same thing has the same fingerprint in every pack.
func TestFingerprintsStay(t *testing.T) {
	a, b := newWorld().do(t), goodWorld().do(t)
	seen := map[string]string{}
	for key, f := range a.findings {
		if other, twice := seen[f.Fingerprint]; twice {
			t.Errorf("%s and %s have one fingerprint", key, other)
		}
		seen[f.Fingerprint] = key
		if g, ok := b.findings[key]; ok && g.Fingerprint != f.Fingerprint {
			t.Errorf("%s: %s and %s", key, f.Fingerprint, g.Fingerprint)
		}
	}
	if len(seen) == 0 || !slices.Equal(slices.Sorted(maps.Keys(a.findings)), slices.Sorted(maps.Keys(b.findings))) {
		t.Error("the same resources have other findings: " + strings.Join(slices.Sorted(maps.Keys(b.findings)), "\n"))
	}
}
