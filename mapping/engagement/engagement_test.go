package engagement

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auditpack/auditpack/mapping/pack"
)

func TestExampleLoads(t *testing.T) {
	e, err := Parse("example.toml", []byte(Example()))
	if err != nil {
		t.Fatal(err)
	}
	if e.Client.Ja != "例示商事株式会社" || e.Period.To != "2026-10-31" || e.Status != "draft" || len(e.Digest) != 64 {
		t.Errorf("got %+v", e)
	}
}

// uncommented is the example with every optional table switched on.
func uncommented() string {
	var b strings.Builder
	for line := range strings.Lines(Example()) {
		if rest, ok := strings.CutPrefix(line, "# "); ok {
			key, _, isPair := strings.Cut(rest, " = ")
			if strings.HasPrefix(rest, "[[") || isPair && !strings.ContainsAny(key, " :") {
				line = rest
			}
		}
		b.WriteString(line)
	}
	return b.String()
}

func TestExampleUncommentedLoads(t *testing.T) {
	e, err := Parse("example.toml", []byte(uncommented()))
	if err != nil {
		t.Fatalf("%v\n%s", err, uncommented())
	}
	for name, n := range map[string]int{
		"exclusion": len(e.Exclusions), "inherited": len(e.Inherited), "attestation": len(e.Attestations), "acceptance": len(e.Acceptances),
		"not_applicable": len(e.NotApplicable), "question": len(e.Questions), "tags": len(e.Scope.Tags) - 1, "accounts": len(e.Scope.Accounts),
		"regions": len(e.Scope.Regions) - 1, "frameworks": len(e.Frameworks) - 2, "revision": len(e.Revisions),
	} {
		if n != 1 {
			t.Errorf("the example has no commented %s (%d)", name, n)
		}
	}
	if got, want := e.AsOf.Time, time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC); !got.Equal(want) {
		t.Errorf("as_of: got %s, want %s", got, want)
	}
	if got, want := e.Scope.Tags[0].String()+" "+e.Scope.Tags[1].String(), "DataClass=cardholder PHI=*"; got != want {
		t.Errorf("tags: got %q, want %q", got, want)
	}
	if got := lineOf(t, uncommented(), "id = \"AT-001\"") - 1; e.Attestations[0].Line != got {
		t.Errorf("the attestation is said to be in line %d, it is in %d", e.Attestations[0].Line, got)
	}
}

func lineOf(t *testing.T, text, what string) int {
	t.Helper()
	i := strings.Index(text, what)
	if i < 0 {
		t.Fatalf("no %q", what)
	}
	return 1 + strings.Count(text[:i], "\n")
}

const head = "version = 1\nclient = \"C\"\ntitle = \"T\"\n"

func TestTextAsOneString(t *testing.T) {
	e, err := Parse("e.toml", []byte("\ufeff"+strings.ReplaceAll(head, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	if want := (Text{En: "C", Ja: "C"}); e.Client != want {
		t.Errorf("got %v, want %v", e.Client, want)
	}
}

// TestMistakes pins that every mistake is reported, with its line.
func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"empty":   {"", "1: \"client\" is missing\n1: \"title\" is missing\n1: \"version\" is missing"},
		"syntax":  {"version = 1\nclient = \n", "2: expected value but found '\\n' instead"},
		"version": {strings.Replace(head, "1", "2", 1), "1: this program reads version 1 of the format in version"},
		"unknown keys": {head + "owner = 1\n[period]\nfrom = 2026-01-01\nto = 2026-02-01\nuntil = 2\n[[exclusion]]\nregion = \"eu-west-1\"\nreason = {en = \"a\", ja = \"b\", de = \"c\"}\nby = \"x\"\n",
			"4: unknown key \"owner\"\n8: unknown key \"until\" in period\n11: unknown key \"de\" in exclusion 1 reason"},
		"one language":    {head + "classification = {en = \"a\"}\n", "4: \"ja\" is missing in classification"},
		"empty text":      {head + "classification = \"\"\n", "4: must not be empty in classification"},
		"exclusion of no": {head + "[[exclusion]]\nreason = \"a\"\nby = \"x\"\n", "4: one of account, region and resource must be given in exclusion 1"},
		"second of two": {head + "[[revision]]\nversion = \"1\"\ndate = 2026-01-01\nauthor = \"a\"\nnote = \"n\"\n\n[[revision]]\nversion = \"2\"\ndate = \"1.2.2026\"\nnote = \"n\"\n",
			"10: \"author\" is missing in revision 2\n12: a date must be written YYYY-MM-DD in revision 2 date"},
		"no such day":  {head + "[period]\nfrom = \"2026-02-30\"\nto = \"2026-03-01\"\n", "5: there is no day 2026-02-30"},
		"end first":    {head + "[period]\nfrom = 2026-03-01\nto = 2026-02-01\n", "6: ends on 2026-02-01, before its beginning on 2026-03-01"},
		"account":      {head + "[scope]\naccounts = [\n  \"111122223333\",\n  \"12\",\n]\n", "7: an account is 12 digits in quotes in scope accounts 2"},
		"framework":    {head + "frameworks = [\"cis\"]\n", "4: a framework is named id@edition, such as cis-aws@5.0.0 in frameworks 1"},
		"id twice":     {head + acceptance("A") + acceptance("A"), "11: id A is given twice: also in acceptance 1"},
		"answer twice": {head + attestation("A") + attestation("B"), "13: f@1 7 is answered twice: also in attestation 1"},
		"report end":   {head + "[[inherited]]\nid = \"a\"\nname = \"n\"\nseries = \"soc2\"\nfrom = 2026-01-01\nobtained_by = \"x\"\nframeworks = [\"f@1\"]\n", "4: \"to\" is missing in inherited 1"},
		"no zone":      {head + "as_of = 2026-11-01T09:00:00\n", "4: a time without a zone, write 2026-11-01T09:00:00+09:00 in as_of"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("e.toml", []byte(c.file))
			if err == nil {
				t.Fatal("it was accepted")
			}
			got := strings.ReplaceAll(err.Error(), "e.toml:", "")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func acceptance(id string) string {
	return fmt.Sprintf("[[acceptance]]\nid = %q\nrule = \"r\"\nresource = \"*\"\nreason = \"x\"\napprover = \"a\"\nexpires = 2027-01-01\n", id)
}

func attestation(id string) string {
	return fmt.Sprintf("[[attestation]]\nid = %q\nframework = \"f@1\"\nrequirement = \"7\"\nanswer = \"yes\"\nstatement = \"s\"\nsigner = \"x\"\ndate = 2026-01-01\nexpires = 2027-01-01\n", id)
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "engagement.toml")
	if _, err := Load(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: got %v", err)
	}
	if err := os.WriteFile(path, []byte(head+"x = 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Load(path)
	var e *Error
	if !errors.As(err, &e) || e.Line != 4 || e.File != path {
		t.Errorf("got %v", err)
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true}, {"*", "arn:aws:s3:::b", true}, {"arn:aws:s3:::b", "arn:aws:s3:::b", true}, {"arn:aws:s3:::b", "arn:aws:s3:::bb", false},
		{"arn:aws:s3:::b*", "arn:aws:s3:::bb", true}, {"arn:*:b", "arn:aws:s3:::a:b", true}, {"*b", "ab", true}, {"*b", "ba", false}, {"a**b", "ab", true},
		{"", "", true}, {"", "a", false}, {"a?", "ab", false}, {"[a]", "a", false}, {"*a*a*a*a*a*b", strings.Repeat("a", 200), false},
	} {
		if got := Matches(c.pattern, c.text); got != c.want {
			t.Errorf("Matches(%q, %q): got %v", c.pattern, c.text, got)
		}
	}
}

// TestSchemaHoldsEveryMember pins that the published schema and the Go types hold the same members.
func TestSchemaHoldsEveryMember(t *testing.T) {
	var s struct {
		Properties map[string]any `json:"properties"`
	}
	if err := json.Unmarshal(Schema(), &s); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(Engagement{})
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatal(err)
	}
	for name := range fields {
		if _, ok := s.Properties[name]; !ok {
			t.Errorf("the schema does not know %q", name)
		}
	}
	for name := range s.Properties {
		if _, ok := fields[name]; !ok {
			t.Errorf("the type does not know %q", name)
		}
	}
	if _, err := compiled(); err != nil {
		t.Error(err)
	}
}

func TestTextType(t *testing.T) {
	var x struct{ T Text }
	for in, want := range map[string]pack.Text{`{"T":"a"}`: {En: "a", Ja: "a"}, `{"T":{"en":"a","ja":"b"}}`: {En: "a", Ja: "b"}} {
		if err := json.Unmarshal([]byte(in), &x); err != nil || pack.Text(x.T) != want {
			t.Errorf("%s: got %v, %v", in, x.T, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Example())
	f.Add(uncommented())
	f.Add("version = nan\nas_of = inf\n")
	f.Add("a.b.\"c d\" = [[1], {x = 1}]\n[a]\n[[b.c]]\n'q' = \"\"\"x\"\"\"\"\"\n")
	f.Fuzz(func(t *testing.T, s string) {
		locate(s)
		_, _ = Parse("f", []byte(s))
	})
}
