package render

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/templates"
)

func words(t *testing.T, lang string, p *pack.Pack) *Words {
	t.Helper()
	m, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	return NewWords(m, lang, p)
}

func testPack() *pack.Pack {
	text := func(en, ja string) pack.Text { return pack.Text{En: en, Ja: ja} }
	return &pack.Pack{
		Rules:      []pack.Rule{{ID: "s3.a", Title: text("A is on", "Aが有効であること")}, {ID: "s3.b", Title: text("B is on", "Bが有効であること")}},
		Frameworks: []pack.Framework{{ID: "x", Edition: "1.0", Short: text("X", "エックス"), Title: text("X 1.0", "エックス")}},
	}
}

func TestReasonsOfOneCodeAreOneSentence(t *testing.T) {
	list := []pack.Reason{
		{Code: pack.ReasonSupportsFailed, Args: map[string]string{"rule": "s3.a", "count": "2"}},
		{Code: pack.ReasonAttestationMissing},
		{Code: pack.ReasonSupportsFailed, Args: map[string]string{"rule": "s3.b", "count": "1"}},
	}
	for lang, want := range map[string]string{"en": "“A is on” (2), “B is on” (1)", "ja": "「Aが有効であること」（2件）、「Bが有効であること」（1件）"} {
		got := words(t, lang, testPack()).Reasons(list)
		if len(got) != 2 || !strings.Contains(got[0], want) || strings.Contains(got[0], "s3.") {
			t.Errorf("%s: got %q", lang, got)
		}
	}
}

// TestReasonsShowNoCodes gives every reason a known rule and kind and expects neither code in any sentence.
func TestReasonsShowNoCodes(t *testing.T) {
	for _, lang := range templates.Languages() {
		w := words(t, lang, testPack())
		for _, code := range pack.ReasonCodes() {
			got := w.Reason(pack.Reason{Code: code, Args: map[string]string{"rule": "s3.a", "kind": "s3.bucket", "count": "3"}})
			if strings.Contains(got, "s3.") || strings.Contains(got, "⟦") || got == "" {
				t.Errorf("%s: %s reads %q", lang, code, got)
			}
		}
	}
}

func TestSubject(t *testing.T) {
	w := words(t, "en", testPack())
	for want, f := range map[string]pack.Finding{
		"arn:aws:s3:::x":           {Kind: "s3.bucket", ID: "x", ARN: "arn:aws:s3:::x"},
		"x":                        {Kind: "s3.bucket", ID: "x"},
		"Population of S3 buckets": {Kind: "population", ID: "s3.bucket"},
		"Region eu-west-1":         {Kind: "region", ID: "eu-west-1"},
		"Account 111122223333":     {Kind: "account", ID: "111122223333"},
		"Population of new.kind":   {Kind: "population", ID: "new.kind"},
	} {
		if got := w.Subject(&f); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := w.Region(&pack.Finding{Kind: "population"}); got != "all regions in scope" {
		t.Errorf("region of a population over all regions: %q", got)
	}
}

func TestFact(t *testing.T) {
	w := words(t, "en", testPack())
	for _, x := range []struct{ pointer, value, place, want string }{
		{"/parts/Encryption/data/On", `false`, "Encryption/On", "false"},
		{"/parts/Policy/data", `"a<b"`, "Policy", `"a<b"`},
		{"/parts/Tags/data/a~1b", `1`, "Tags/a/b", "1"},
		{"/parts/C/data/Name", `{"__redacted":"account.Name","present":true}`, "C/Name", "(withheld at collection)"},
		{"/parts/I/data", `"{\"cut\":1…"`, "I", `{"cut":1…`},
	} {
		place, value := w.Fact(pack.Fact{Pointer: x.pointer, Value: json.RawMessage(x.value)})
		if place != x.place || value != x.want {
			t.Errorf("%s: got %q = %q, want %q = %q", x.pointer, place, value, x.place, x.want)
		}
	}
	long := `{"a":"` + strings.Repeat("x", 300) + `"}`
	if _, value := w.Fact(pack.Fact{Pointer: "/parts/I/data", Value: json.RawMessage(long)}); len([]rune(value)) != maxBulk+1 {
		t.Errorf("an object is printed with %d characters", len([]rune(value)))
	}
}

func TestFreshness(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, x := range []struct{ collected, from, to, want string }{
		{"2026-06-01", "2026-04-01", "2026-09-30", "within"},
		{"2026-09-30", "2026-04-01", "2026-09-30", "within"},
		{"2026-10-01", "2026-04-01", "2026-09-30", "1 days after"},
		{"2026-11-25", "2026-04-01", "2026-09-30", "56 days after"},
		{"2026-03-30", "2026-04-01", "2026-09-30", "days before"},
		{"2026-03-30", "", "", ""},
	} {
		p := testPack()
		p.Bundle.Start, p.Bundle.End = day(x.collected), day(x.collected).Add(time.Hour)
		p.AsOf = p.Bundle.End.AddDate(0, 0, 10)
		p.Engagement.PeriodFrom, p.Engagement.PeriodTo = x.from, x.to
		got := words(t, "en", p).Freshness()
		if !strings.Contains(got[0], ": 10.") || x.want == "" && len(got) != 1 || x.want != "" && (len(got) != 2 || !strings.Contains(got[1], x.want)) {
			t.Errorf("collected %s, period %s to %s: got %q, want %q", x.collected, x.from, x.to, got, x.want)
		}
	}
}

func TestEditionsAreNamedOnce(t *testing.T) {
	w := words(t, "en", testPack())
	if got := w.Framework("x@1.0"); got != "X 1.0" {
		t.Errorf("got %q", got)
	}
	if got := w.Title(&testPack().Frameworks[0]); got != "X 1.0" {
		t.Errorf("got %q", got)
	}
	if got := w.Requirement("x@1.0#2.1"); got != "X 1.0 · 2.1" {
		t.Errorf("got %q", got)
	}
	if got := w.Requirement("gone@1#2"); got != "gone@1#2" {
		t.Errorf("got %q", got)
	}
}
