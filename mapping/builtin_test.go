package mapping_test

import (
	"testing"

	"github.com/auditpack/auditpack/frameworks"
	"github.com/auditpack/auditpack/mapping"
	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/rules"
)

// TestNothingCollected pins invariants 1 and 4 on the catalogue of the product: a bundle in which nothing was collected leads
// to a pack that holds every requirement of every edition, of which none is met, not met or not applicable.
func TestNothingCollected(t *testing.T) {
	c, err := catalog.Load(rules.FS, frameworks.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld()
	w.artifacts, w.populations = nil, nil
	r := w.do(t, func(in *mapping.Input) { in.Catalog = c })
	p := r.Pack()
	if len(p.Frameworks) != len(c.Frameworks) || len(p.Rules) != len(c.Rules) {
		t.Fatalf("got %d editions and %d rules", len(p.Frameworks), len(p.Rules))
	}
	for i, f := range p.Frameworks {
		if len(f.Requirements) != len(c.Frameworks[i].Requirements) {
			t.Errorf("%s: got %d requirements, want %d", f.Key(), len(f.Requirements), len(c.Frameworks[i].Requirements))
		}
		for _, q := range f.Requirements {
			if q.Verdict != pack.VerdictNotAssessed && q.Verdict != pack.VerdictReview {
				t.Errorf("%s %s: got %s: %v", f.Key(), q.ID, q.Verdict, q.Reasons)
			}
			if len(q.Reasons) == 0 {
				t.Errorf("%s %s: %s without a reason", f.Key(), q.ID, q.Verdict)
			}
		}
	}
	for key, f := range r.findings {
		if f.Result != pack.NotAssessed || len(f.Gaps) == 0 {
			t.Errorf("%s: got %s, gaps %v, %v", key, f.Result, f.Gaps, f.Reasons)
		}
	}
	for _, rule := range p.Rules {
		if rule.Counts.NotAssessed == 0 {
			t.Errorf("rule %s says nothing", rule.ID)
		}
	}
}
