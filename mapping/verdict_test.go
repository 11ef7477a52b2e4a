package mapping

import (
	"testing"

	"github.com/auditpack/auditpack/mapping/pack"
)

// row is one line of the verdict table, in the words of the design and in another form than the code.
type row struct {
	verdict pack.Verdict
	holds   func(s Side) bool
}

// table is the verdict table of the design. The last row is what makes it total.
var table = []row{
	{pack.VerdictNotApplicable, func(s Side) bool {
		nothing := s.FailOpen+s.FailAccepted+s.Unseen+s.Pass == 0
		return s.ScopedOut || s.Demonstrating >= 1 && s.EachResource && s.Idle == s.Demonstrating && nothing
	}},
	{pack.VerdictNotMet, func(s Side) bool { return s.FailOpen >= 1 }},
	{pack.VerdictNotAssessed, func(s Side) bool { return s.Unseen >= 1 }},
	{pack.VerdictRiskAccepted, func(s Side) bool { return s.FailAccepted >= 1 && !s.NoAcceptance }},
	{pack.VerdictReview, func(s Side) bool { return s.FailAccepted >= 1 }},                                        // a compensating control
	{pack.VerdictReview, func(s Side) bool { return s.SupportsFail+s.SupportsUnseen >= 1 || s.Answer == Denied }}, // a judgement
	{pack.VerdictReview, func(s Side) bool { return !s.AWS && s.Silent >= 1 }},                                    // a rule that was asked nowhere
	{pack.VerdictReview, func(s Side) bool { return !s.AWS && s.Attestation && s.Answer != Attested }},            // an attestation
	{pack.VerdictReview, func(s Side) bool { return s.AWS && !s.ReportCovers }},                                   // evidence missing
	{pack.VerdictReview, func(s Side) bool { return !s.AWS && s.Demonstrating == 0 && s.Answer != Attested }},     // nobody has answered
	{pack.VerdictInherited, func(s Side) bool { return s.AWS && s.ReportCovers }},                                 //
	{pack.VerdictAttested, func(s Side) bool { return s.Demonstrating == 0 && s.Answer == Attested }},             //
	{pack.VerdictMet, func(s Side) bool { return s.Demonstrating >= 1 && s.Pass >= 1 }},                           //
	{pack.VerdictReview, func(s Side) bool { return true }},                                                       // nothing that must exist applied
}

// combinations yields every combination of what the table asks for.
func combinations(yield func(Side)) {
	flags := 1 << 6
	for f := range flags {
		bit := func(i int) bool { return f>>i&1 == 1 }
		for demonstrating := range 3 {
			for idle := range demonstrating + 1 {
				for counts := range 1 << 7 {
					n := func(i int) int { return counts >> i & 1 * 2 }
					for answer := Unanswered; answer <= Bare; answer++ {
						yield(Side{
							AWS: bit(0), ScopedOut: bit(1), EachResource: bit(2), NoAcceptance: bit(3), Attestation: bit(4), ReportCovers: bit(5),
							Demonstrating: demonstrating, Idle: idle, FailOpen: n(0), FailAccepted: n(1), Unseen: n(2), Pass: n(3), SupportsFail: n(4), SupportsUnseen: n(5), Silent: min(n(6), demonstrating-idle), Answer: answer,
						})
					}
				}
			}
		}
	}
}

// TestVerdictTable walks all combinations and compares with the table, and with what no combination may ever do.
func TestVerdictTable(t *testing.T) {
	seen := map[pack.Verdict]int{}
	combinations(func(s Side) {
		got := s.Verdict()
		seen[got]++
		for _, r := range table {
			if r.holds(s) {
				if got != r.verdict {
					t.Fatalf("%+v: got %s, want %s", s, got, r.verdict)
				}
				break
			}
		}
		switch {
		case got == pack.VerdictRiskAccepted && s.NoAcceptance:
			t.Fatalf("%+v: a risk is accepted where the framework does not know it", s)
		case got == pack.VerdictMet && (s.Demonstrating == 0 || s.Pass == 0 || s.Unseen+s.FailOpen+s.FailAccepted+s.Silent > 0 || s.AWS):
			t.Fatalf("%+v: met without a rule that passes, or beside something else", s)
		case got == pack.VerdictInherited && !(s.AWS && s.ReportCovers):
			t.Fatalf("%+v: inherited without a report", s)
		case got == pack.VerdictNotApplicable && !s.ScopedOut && s.Unseen > 0:
			t.Fatalf("%+v: not applicable although something was not seen", s)
		}
	})
	for _, v := range pack.Verdicts() {
		if seen[v] == 0 {
			t.Errorf("no combination leads to %s", v)
		}
	}
}

// TestUnseenNeverImproves pins that one more finding that was not seen, or one that turns from a result to unseen, never leads to
// not_applicable, met or (from anything but not_met itself) to not_met.
func TestUnseenNeverImproves(t *testing.T) {
	combinations(func(s Side) {
		if s.ScopedOut {
			return
		}
		before := s.Verdict()
		for _, take := range []func(*Side){func(*Side) {}, func(s *Side) { s.Pass = 0 }, func(s *Side) { s.FailOpen = 0 }, func(s *Side) { s.FailAccepted = 0 }, func(s *Side) { s.Idle = 0 }} {
			denied := s
			take(&denied)
			denied.Unseen++
			after := denied.Verdict()
			if after != pack.VerdictNotAssessed && after != pack.VerdictNotMet || after == pack.VerdictNotMet && before != pack.VerdictNotMet {
				t.Fatalf("%+v: %s became %s when something was not seen", s, before, after)
			}
		}
	})
}

// TestUnseenSupportNeverImproves pins the same for a rule that supports the requirement.
func TestUnseenSupportNeverImproves(t *testing.T) {
	combinations(func(s Side) {
		denied := s
		denied.SupportsFail, denied.SupportsUnseen = 0, s.SupportsFail+s.SupportsUnseen+1
		before, after := s.Verdict(), denied.Verdict()
		if after != before && after != pack.VerdictReview {
			t.Fatalf("%+v: %s became %s when a supporting rule was not seen", s, before, after)
		}
	})
}

func TestWorse(t *testing.T) {
	order := pack.Verdicts()[1:]
	for i, a := range order {
		for j, b := range order {
			if got, want := Worse(a, b), order[min(i, j)]; got != want {
				t.Errorf("Worse(%s, %s): got %s, want %s", a, b, got, want)
			}
		}
		for _, none := range []pack.Verdict{"", pack.VerdictNotApplicable} {
			if Worse(a, none) != a || Worse(none, a) != a {
				t.Errorf("%s beside %q does not stand", a, none)
			}
		}
	}
	if got := Worse(pack.VerdictNotApplicable, pack.VerdictNotApplicable); got != pack.VerdictNotApplicable {
		t.Errorf("got %s", got)
	}
	if got := Worse("", pack.VerdictNotApplicable); got != pack.VerdictNotApplicable {
		t.Errorf("got %s", got)
	}
}
