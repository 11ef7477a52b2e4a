package templates

import (
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
