package mapping_test

import (
	"testing"

	"github.com/auditpack/auditpack/mapping/pack"
)

func TestBase(t *testing.T) {
	r := newWorld().do(t)
	for id, want := range map[string]pack.Verdict{
		"1.1": pack.VerdictNotMet, "1.2": pack.VerdictMet, "1.3": pack.VerdictMet, "1.4": pack.VerdictMet, "1.5": pack.VerdictReview, "1.6": pack.VerdictNotApplicable,
		"1.7": pack.VerdictNotApplicable, "1.8": pack.VerdictReview, "1.9": pack.VerdictMet, "2.1": pack.VerdictReview, "2.2": pack.VerdictReview,
		"2.3": pack.VerdictReview, "2.4": pack.VerdictReview, "2.5": pack.VerdictReview,
	} {
		if q := r.requirement(t, "f@1", id); q.Verdict != want {
			t.Errorf("%s: got %s, want %s: %v", id, q.Verdict, want, q.Reasons)
		}
	}
	for k, f := range r.findings {
		t.Logf("%-90s %s %v %v", k, f.Result, f.Reasons, f.Gaps)
	}
}
