package templates

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func TestEmbeddedMessages(t *testing.T) {
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Keys()) < 50 {
		t.Errorf("only %d messages", len(m.Keys()))
	}
	for _, lang := range Languages() {
		if got := m.Get(lang, "verdict.met"); strings.HasPrefix(got, "⟦") {
			t.Errorf("%s: verdict.met is missing", lang)
		}
	}
}

func TestLoadReportsAllErrors(t *testing.T) {
	_, err := load(fstest.MapFS{
		"messages/a.toml": {Data: []byte("[x]\nen=\"one {n}\"\nja=\"一\"\n[y]\nen=\"only\"\n")},
		"messages/b.toml": {Data: []byte("[z]\nen=\"a\"\nja=\"b\"\nfr=\"c\"\n")},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"a.toml: x:", "a.toml: y:", "b.toml: z:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from:\n%v", want, err)
		}
	}
}

func TestGetFillsOnce(t *testing.T) {
	m, err := load(fstest.MapFS{"messages/a.toml": {Data: []byte("[x]\nen=\"{a} and {b}\"\nja=\"{b}と{a}\"\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.Get("en", "x", "a", "{b}", "b", "2"), "{b} and 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := m.Get("ja", "x", "a", "1", "b", "2"), "2と1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := m.Get("en", "nope"), "⟦nope⟧"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestKindsAndServicesHaveNames reads the list of kinds that the collector knows and expects a name for each: people do not read
// codes such as rds.db-instance.
func TestKindsAndServicesHaveNames(t *testing.T) {
	b, err := os.ReadFile("../mapping/expr/shapes.json")
	if err != nil {
		t.Fatal(err)
	}
	var shapes struct {
		Kinds map[string]struct {
			Service string `json:"service"`
		} `json:"kinds"`
	}
	if err := json.Unmarshal(b, &shapes); err != nil {
		t.Fatal(err)
	}
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(shapes.Kinds) == 0 {
		t.Fatal("no kinds")
	}
	for kind, k := range shapes.Kinds {
		for _, key := range []string{"kind." + kind, "service." + k.Service} {
			if !m.Has(key) {
				t.Errorf("messages/names.toml has no %s", key)
			}
		}
	}
}

// conclusion matches what would read as assurance or as a conclusion about conformity. Only a named person draws one.
var conclusion = regexp.MustCompile(`(?i)\b(non-?)?complian(t|ce)\b|\bcertif(y|ied)\b|\bguarantee|\bwe (believe|conclude)|準拠|適合|保証(する|します|される)|監査意見|合致`)

func TestMessagesDrawNoConclusion(t *testing.T) {
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range m.Keys() {
		for _, lang := range Languages() {
			if s := m.Get(lang, key); conclusion.MatchString(s) {
				t.Errorf("%s %s reads like a conclusion: %s", lang, key, s)
			}
		}
	}
}

// TestJapaneseTypography holds brackets and commas of Japanese messages to one form.
func TestJapaneseTypography(t *testing.T) {
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range m.Keys() {
		if s := m.Get("ja", key); strings.ContainsAny(s, "()，．｡､") {
			t.Errorf("%s: %s", key, s)
		}
	}
}
