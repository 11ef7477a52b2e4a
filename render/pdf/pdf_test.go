package pdf

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/pack/packtest"
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/templates"
)

func messages(tb testing.TB) *templates.Messages {
	tb.Helper()
	m, err := templates.Load()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// renderPack renders to memory and to a file for tools to read.
func renderPack(tb testing.TB, p *pack.Reader, lang string) (content []byte, path string) {
	tb.Helper()
	var b bytes.Buffer
	if err := Render(context.Background(), p, messages(tb), render.Options{Lang: lang}, &b); err != nil {
		tb.Fatal(err)
	}
	path = filepath.Join(tb.TempDir(), lang+".pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes(), path
}

// TestOneSectionOneFile pins the layout of this package: each part stands in a file of its name, and no file that draws a
// section is forgotten in the list.
func TestOneSectionOneFile(t *testing.T) {
	shared := []string{"pdf", "document", "type", "table", "marks", "chart", "plan", "findings", "cover", "control", "furniture", "finish", "structure"}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		if name := strings.TrimSuffix(f, ".go"); !strings.HasSuffix(name, "_test") && !slices.Contains(shared, name) {
			got = append(got, name)
		}
	}
	var want []string
	for _, p := range parts() {
		want = append(want, p.key)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("files %v, parts %v", got, want)
	}
}

func TestSameBytes(t *testing.T) {
	p := packtest.Build(t, 12)
	for _, lang := range templates.Languages() {
		first, _ := renderPack(t, p, lang)
		second, _ := renderPack(t, p, lang)
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two renderings differ", lang)
		}
	}
}

// TestLinksLeadSomewhere checks that every link of the document has a target: findings, requirements, evidence, rules and
// calls lead to each other.
func TestLinksLeadSomewhere(t *testing.T) {
	d, err := layout(context.Background(), packtest.Build(t, 30), messages(t), render.Options{Lang: "en", MaxFindings: 25})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, l := range d.links {
		if _, ok := d.action(l.to); !ok {
			t.Errorf("page %d: a link leads to %q, which is nowhere", l.page, l.to)
		}
		kind, _, _ := strings.Cut(l.to, ":")
		kinds[kind]++
	}
	for _, kind := range []string{"req", "result", "finding", "record", "call", "rule", "gap", "acceptance", "attestation", "report", "framework", "https"} {
		if kinds[kind] == 0 {
			t.Errorf("no link leads to a %s", kind)
		}
	}
	for page := range d.number() {
		if d.final(page+1, d.tocPages()) < 1 {
			t.Errorf("page %d has no place", page+1)
		}
	}
}

// TestMessagesCanBeDrawn checks that the fonts have every character of both catalogues and that every message of this
// package says no more than evidence can.
func TestMessagesCanBeDrawn(t *testing.T) {
	m := messages(t)
	d, err := newDocument(context.Background(), packtest.Build(t, 1), m, render.Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range m.Keys() {
		if strings.HasPrefix(key, "xlsx.") {
			continue
		}
		for _, lang := range templates.Languages() {
			s := m.Get(lang, key)
			for _, f := range []*font{d.sans, d.bold} {
				if c := f.CleanProse(s); len(c.Tokens) > 0 {
					t.Errorf("%s, %s: %q cannot be drawn: %q", key, lang, s, c.S)
				}
			}
			if !strings.HasPrefix(key, "pdf.") {
				continue
			}
			for _, word := range []string{"complian", "compliant", "certif", "準拠", "適合", "保証", "監査意見", "opinion on"} {
				if strings.Contains(strings.ToLower(s), word) {
					t.Errorf("%s, %s: %q uses %q", key, lang, s, word)
				}
			}
		}
	}
}

func TestMaxFindings(t *testing.T) {
	p := packtest.Build(t, 30)
	for _, max := range []int{1, 25, 1000} {
		d, err := layout(context.Background(), p, messages(t), render.Options{Lang: "en", MaxFindings: max})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range d.plan.home {
			if n := len(s.fails) + len(s.unseen); n > max {
				t.Errorf("%d findings of %s are printed, at most %d are allowed", n, s.rule.ID, max)
			}
		}
		if n := len(d.printed()); n == 0 {
			t.Errorf("with %d allowed, none is printed", max)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := Render(ctx, packtest.Build(t, 1), messages(t), render.Options{Lang: "en"}, &bytes.Buffer{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := Render(context.Background(), packtest.Build(t, 1), messages(t), render.Options{Lang: "xx"}, &bytes.Buffer{}); err == nil {
		t.Error("an unknown language is accepted")
	}
}

// write makes a pack of p alone, without findings or evidence.
func write(tb testing.TB, p *pack.Pack) *pack.Reader {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "pack")
	w, err := pack.NewWriter(dir)
	if err != nil {
		tb.Fatal(err)
	}
	defer w.Abort()
	if err := w.Close(p); err != nil {
		tb.Fatal(err)
	}
	r, err := pack.Open(dir)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestEmptyPack(t *testing.T) {
	p := write(t, &pack.Pack{})
	for _, lang := range templates.Languages() {
		_, path := renderPack(t, p, lang)
		check(t, path)
	}
}

// poison replaces every string below v.
func poison(v reflect.Value, next func() string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem(), next)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				poison(v.Field(i), next)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), next)
		}
	case reflect.String:
		v.SetString(next())
	}
}

// TestHostileEverywhere puts hostile text into every string of pack.json, also where only our own words belong.
func TestHostileEverywhere(t *testing.T) {
	for shift := range 3 {
		p := *packtest.Build(t, 1).Pack()
		n := shift * 7
		poison(reflect.ValueOf(&p).Elem(), func() string {
			n++
			return packtest.Hostile[n%len(packtest.Hostile)]
		})
		p.Files = nil
		p.Type = pack.Type
		_, path := renderPack(t, write(t, &p), templates.Languages()[shift%2])
		check(t, path)
	}
}

func BenchmarkRender(b *testing.B) {
	p := packtest.Build(b, 1000)
	m := messages(b)
	for b.Loop() {
		if err := Render(context.Background(), p, m, render.Options{Lang: "ja"}, &bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
	}
}
