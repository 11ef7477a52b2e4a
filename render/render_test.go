package render

import (
	"math"
	"testing"
	"time"

	"github.com/auditpack/auditpack/mapping/pack"
)

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -100: "-100", -1000: "-1,000"} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestOptions(t *testing.T) {
	o, err := Options{Lang: "ja"}.Checked()
	if err != nil || o.MaxFindings != DefaultMaxFindings {
		t.Errorf("got %+v, %v", o, err)
	}
	for _, bad := range []Options{{}, {Lang: "fr"}, {Lang: "en", MaxFindings: -1}} {
		if _, err := bad.Checked(); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}

// TestGreenIsMet pins the rule of the legend: green says met and nothing else, and no two verdicts share a mark.
func TestGreenIsMet(t *testing.T) {
	seen := map[Mark]pack.Verdict{}
	for _, v := range pack.Verdicts() {
		s := VerdictStyle(v)
		if (s.Tint == green.Tint) != (v == pack.VerdictMet) {
			t.Errorf("%s has the wrong colour", v)
		}
		if other, twice := seen[s.Mark]; twice {
			t.Errorf("%s and %s share the mark %s", v, other, s.Mark)
		}
		seen[s.Mark] = v
		if c := contrast(s.Strong, s.Tint); c < 4.5 {
			t.Errorf("%s: contrast %.1f", v, c)
		}
	}
	for _, s := range pack.Severities() {
		if c := contrast(SeverityStyle(s).Strong, SeverityStyle(s).Tint); c < 4.5 {
			t.Errorf("%s: contrast %.1f", s, c)
		}
	}
}

// contrast is the contrast ratio of WCAG 2.
func contrast(a, b Colour) float64 {
	la, lb := luminance(a), luminance(b)
	if la < lb {
		la, lb = lb, la
	}
	return (la + 0.05) / (lb + 0.05)
}

func luminance(c Colour) float64 {
	lin := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c[0]) + 0.7152*lin(c[1]) + 0.0722*lin(c[2])
}

func TestMoment(t *testing.T) {
	at := time.Date(2026, 11, 1, 3, 4, 5, 0, time.UTC)
	if got, want := Moment("en", at), "2026-11-01 03:04:05 UTC"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := Day("ja", time.Date(2026, 11, 25, 17, 0, 0, 0, time.UTC)), "2026-11-26"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := Moment("ja", at), "2026-11-01 12:04:05 JST（2026-11-01 03:04:05 UTC）"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
