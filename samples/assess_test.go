package samples_test

import (
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/frameworks"
	"github.com/auditpack/auditpack/mapping"
	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/engagement"
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/rules"
)

var loadCatalog = sync.OnceValues(func() (*catalog.Catalog, error) { return catalog.Load(rules.FS, frameworks.FS, nil) })

// assessment is a pack, read into memory.
type assessment struct {
	reader   *pack.Reader
	findings map[string]pack.Finding // by fingerprint
	gaps     map[int]pack.Gap
	verdicts map[string]pack.Verdict // by edition and requirement
}

// assess maps the evidence with all rules and frameworks and the engagement of the sample.
func assess(t *testing.T, e *evidence) *assessment {
	t.Helper()
	c, err := loadCatalog()
	if err != nil {
		t.Fatal(err)
	}
	people, err := engagement.Load("engagement.toml")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "pack")
	w, err := pack.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mapping.Map(t.Context(), mapping.Input{Bundle: e.bundle, Report: e.report, Catalog: c, Engagement: people, TempDir: t.TempDir()}, w); err != nil {
		t.Fatal(err)
	}
	r, err := pack.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	a := &assessment{reader: r, findings: map[string]pack.Finding{}, gaps: map[int]pack.Gap{}, verdicts: map[string]pack.Verdict{}}
	for f, err := range r.Findings() {
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := a.findings[f.Fingerprint]; ok {
			t.Errorf("findings %d and %d have the same fingerprint", other.N, f.N)
		}
		a.findings[f.Fingerprint] = f
	}
	for g, err := range r.Gaps() {
		if err != nil {
			t.Fatal(err)
		}
		a.gaps[g.N] = g
	}
	for _, f := range r.Pack().Frameworks {
		for _, q := range f.Requirements {
			a.verdicts[f.Key()+" "+q.ID] = q.Verdict
		}
	}
	return a
}

// check compares an assessment after the denial of op with the one before it. No finding may move to pass, to fail or to not
// applicable; what changes is not assessed and names the call and an IAM action; what vanishes leaves such a finding of its rule
// behind; and no verdict gets better or turns red.
// It returns the rules of which something became not assessed.
func (a *assessment) check(t *testing.T, op collect.Operation, denied *assessment) map[string]bool {
	t.Helper()
	unseen := map[string]bool{}
	for fp, f := range denied.findings {
		before, known := a.findings[fp]
		switch {
		case known && before.Result == f.Result:
			// Nothing changed; what was not assessed before may have one more reason now.
			if f.Result == pack.NotAssessed && denied.names(f, op) {
				unseen[f.Rule] = true
			}
		case f.Result != pack.NotAssessed:
			t.Errorf("finding of %s on %s %s moved from %q to %s", f.Rule, f.Region, subject(f), before.Result, f.Result)
		case !denied.names(f, op):
			t.Errorf("finding of %s on %s %s is not assessed (was %q), but its reasons %v and gaps %v do not name %s:%s and an action of %v",
				f.Rule, f.Region, subject(f), before.Result, f.Reasons, denied.gapsOf(f), op.Service, op.Name, op.Actions)
		default:
			unseen[f.Rule] = true
		}
	}
	for fp, f := range a.findings {
		if _, still := denied.findings[fp]; !still && !unseen[f.Rule] {
			t.Errorf("finding of %s on %s %s (%s) vanished and nothing of the rule became not assessed", f.Rule, f.Region, subject(f), f.Result)
		}
	}
	for id, before := range a.verdicts {
		after, ok := denied.verdicts[id]
		switch {
		case !ok:
			t.Errorf("requirement %s vanished", id)
		case after != before && after != pack.VerdictNotAssessed && !(after == pack.VerdictReview && before == pack.VerdictMet):
			t.Errorf("requirement %s moved from %s to %s", id, before, after)
		}
	}
	return unseen
}

// decided returns the rules with a finding that passes or fails.
func (a *assessment) decided() map[string]bool {
	rules := map[string]bool{}
	for _, f := range a.findings {
		if f.Result == pack.Pass || f.Result == pack.Fail {
			rules[f.Rule] = true
		}
	}
	return rules
}

// count returns how many findings have each result.
func (a *assessment) count() map[pack.Result]int {
	n := map[pack.Result]int{}
	for _, f := range a.findings {
		n[f.Result]++
	}
	return n
}

func subject(f pack.Finding) string {
	if f.ARN != "" {
		return f.ARN
	}
	return f.Kind + " " + f.ID
}

// names says whether one of the finding's gaps is the denied call with an action that would open it.
func (a *assessment) names(f pack.Finding, op collect.Operation) bool {
	return slices.ContainsFunc(a.gapsOf(f), func(g pack.Gap) bool {
		return g.Service == op.Service && g.Operation == op.Name && slices.Contains(op.Actions, g.Action)
	})
}

func (a *assessment) gapsOf(f pack.Finding) []pack.Gap {
	var gaps []pack.Gap
	for _, n := range f.Gaps {
		gaps = append(gaps, a.gaps[n])
	}
	return gaps
}
