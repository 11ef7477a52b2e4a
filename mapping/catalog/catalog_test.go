package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// good is the small catalogue of the tests.
func good(t testing.TB) (shapes *expr.Shapes, rules, frameworks fs.FS) {
	t.Helper()
	b, err := os.ReadFile("testdata/shapes.json")
	if err != nil {
		t.Fatal(err)
	}
	if shapes, err = expr.ParseShapes(b); err != nil {
		t.Fatal(err)
	}
	return shapes, os.DirFS("testdata/good/rules"), os.DirFS("testdata/good/frameworks")
}

func TestLoad(t *testing.T) {
	shapes, rules, frameworks := good(t)
	c, err := LoadWith(shapes, rules, frameworks, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.RunExamples(); err != nil {
		t.Error(err)
	}
	r := c.Rule("t.thing-on")
	if r == nil || r.Title.Ja != "対象が有効であること" || r.Remediation.En != "Turn it on." || r.Severity != pack.High || r.Line != 1 || len(r.Digest) != 12 || r.Custom {
		t.Fatalf("got %+v", r)
	}
	if got := fmt.Sprint(c.Rule("t.exists").Program.Lookups()); got != "[{all t.thing}]" {
		t.Errorf("lookups: got %s", got)
	}
	f := c.Framework("f@1")
	if f == nil || len(f.Requirements) != 1 || f.Requirement("1.10") == nil || f.Requirement("1.1") != nil || len(f.Requirements[0].Links) != 2 {
		t.Fatalf("got %+v", f)
	}
	if p, ok := c.Responsibility.Portion("f", pack.PartyCustomer, pack.PartyCustomer); !ok || p.Expected.En != "Settings." {
		t.Errorf("portion: got %+v, %v", p, ok)
	}
	if c.Rule("none") != nil || c.Framework("f@2") != nil {
		t.Error("something that does not exist was found")
	}
	o, err := r.Run(r.Examples[1])
	if err != nil || o.Result != expr.Fail {
		t.Errorf("the second example: got %+v, %v", o, err)
	}
}

// TestBadFiles loads each file of testdata/bad as a custom one. Its first lines say what has to be reported, and nothing
// else may be.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.toml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	shapes, rules, frameworks := good(t)
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, line := range strings.Split(string(b), "\n") {
				if w, ok := strings.CutPrefix(line, "# want: "); ok {
					want = append(want, w)
				}
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "own.toml"), b, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err = LoadWith(shapes, rules, frameworks, []string{dir})
			var got Problems
			if !errors.As(err, &got) || !errors.Is(err, ErrCatalog) {
				t.Fatalf("got error %v", err)
			}
			for i, w := range want {
				line, message, _ := strings.Cut(w, ": ")
				if i >= len(got) {
					t.Errorf("not reported: %s", w)
					continue
				}
				if fmt.Sprint(got[i].Line) != line || !strings.Contains(got[i].Message, message) || !strings.HasSuffix(got[i].File, "/own.toml") {
					t.Errorf("got  %s\nwant %s", got[i], w)
				}
			}
			for _, g := range got[min(len(want), len(got)):] {
				t.Errorf("reported, and not expected: %s", g)
			}
		})
	}
}

func TestCustomFolder(t *testing.T) {
	shapes, rules, frameworks := good(t)
	dir := t.TempDir()
	write := func(name, from string, replace ...string) {
		t.Helper()
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(strings.NewReplacer(replace...).Replace(string(b))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("rules/any-name.toml", "testdata/good/rules/t.toml", `"t.thing-on"`, `"own.thing-on"`, `"t.exists"`, `"own.exists"`)
	write("frameworks/any-name.toml", "testdata/good/frameworks/f-1.toml", `id = "f"`, `id = "own"`, `"t.thing-on"`, `"own.thing-on"`)
	c, err := LoadWith(shapes, rules, frameworks, []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	if r := c.Rule("own.thing-on"); r == nil || !r.Custom || c.Rule("t.thing-on").Custom || len(c.Rules) != 4 || !c.Framework("own@1").Custom {
		t.Errorf("got %d rules, %+v", len(c.Rules), r)
	}
	plain, err := LoadWith(shapes, rules, frameworks, nil)
	if err != nil {
		t.Fatal(err)
	}
	if plain.Digest == c.Digest {
		t.Error("the digest does not cover custom files")
	}
	for _, bad := range []string{t.TempDir(), filepath.Join(dir, "missing")} {
		if _, err := LoadWith(shapes, rules, frameworks, []string{bad}); !errors.Is(err, ErrCatalog) {
			t.Errorf("%s: got %v", bad, err)
		}
	}
}

// TestDigestIgnoresThePlace loads the same custom files from two folders.
func TestDigestIgnoresThePlace(t *testing.T) {
	shapes, rules, frameworks := good(t)
	text, err := os.ReadFile("testdata/good/rules/t.toml")
	if err != nil {
		t.Fatal(err)
	}
	own := strings.NewReplacer(`"t.thing-on"`, `"own.thing-on"`, `"t.exists"`, `"own.exists"`).Replace(string(text))
	var digests []string
	for range 2 {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "own.toml"), []byte(own), 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := LoadWith(shapes, rules, frameworks, []string{dir})
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, c.Digest)
	}
	if digests[0] != digests[1] {
		t.Errorf("got %v", digests)
	}
}

func TestBuiltinFilesAreInTheirPlace(t *testing.T) {
	shapes, rules, frameworks := good(t)
	read := func(f fs.FS, name string) []byte {
		b, err := fs.ReadFile(f, name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	moved := fstest.MapFS{"u.toml": {Data: read(rules, "t.toml")}}
	if _, err := LoadWith(shapes, moved, frameworks, nil); err == nil || !strings.Contains(err.Error(), "mapping/rules/u.toml:2: rule t.thing-on does not belong into this file") {
		t.Errorf("got %v", err)
	}
	renamed := fstest.MapFS{"f-2.toml": {Data: read(frameworks, "f-1.toml")}, "responsibility.toml": {Data: read(frameworks, "responsibility.toml")}}
	if _, err := LoadWith(shapes, rules, renamed, nil); err == nil || !strings.Contains(err.Error(), "belongs into f-1.toml") {
		t.Errorf("got %v", err)
	}
	without := fstest.MapFS{"f-1.toml": {Data: read(frameworks, "f-1.toml")}}
	if _, err := LoadWith(shapes, rules, without, nil); err == nil || !strings.Contains(err.Error(), "frameworks/responsibility.toml: does not say what side customer") {
		t.Errorf("got %v", err)
	}
	strange := fstest.MapFS{"f-1.toml": without["f-1.toml"], "responsibility.toml": {Data: append(read(frameworks, "responsibility.toml"),
		"[[portion]]\nparty = \"aws\"\nside = \"aws\"\nframework = \"g\"\nbasis = \"tool-default\"\nexpected = { en = \"x\", ja = \"x\" }\n"...)}}
	if _, err := LoadWith(shapes, rules, strange, nil); err == nil || !strings.Contains(err.Error(), `responsibility.toml:9: there is no framework "g"`) {
		t.Errorf("got %v", err)
	}
}

// TestSchemasAreClosed checks that no schema is loaded from anywhere and that each refuses an unknown key.
func TestSchemasAreClosed(t *testing.T) {
	for name, text := range map[string][]byte{"rule": ruleSchema, "framework": frameworkSchema, "responsibility": responsibilitySchema} {
		if _, err := compileSchema(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := compileSchema([]byte(`{"$id":"urn:x","$ref":"file:///etc/hostname"}`))
	if err == nil || !strings.Contains(err.Error(), "schemas are not loaded from") {
		t.Errorf("a reference to a file: got %v", err)
	}
}

func TestLines(t *testing.T) {
	text := "a = 1\n\n[[rule]] # comment\nid = \"x\" # [[no]]\ntitle.en = \"e\"\ntitle.ja = '''\none\ntwo'''\nlist = [\n  \"a\", # \"b\"\n  \"c\",\n]\nin = { x = 1, y = [1, 2] }\n" +
		"[[rule.example]]\nr = \"\"\"\\\n  [[x]]\"\"\"\n[[rule.example]]\nr = ''\n[[rule]]\nid = 'y'\n\"quoted key\" = 1\n[table.sub]\nk = 2026-01-01\n"
	l := findLines(text)
	for path, want := range map[string]int{
		"/a": 1, "/rule/0": 3, "/rule/0/id": 4, "/rule/0/title/en": 5, "/rule/0/title": 5, "/rule/0/title/ja": 6, "/rule/0/list": 9, "/rule/0/list/1": 11,
		"/rule/0/in/y": 13, "/rule/0/example/0": 14, "/rule/0/example/0/r": 15, "/rule/0/example/1": 17, "/rule/1": 19, "/rule/1/id": 20, "/rule/1/quoted key": 21,
		"/table/sub/k": 23, "/rule/1/nothing": 19, "/nothing": 1,
	} {
		if got := l.at(path); got != want {
			t.Errorf("%s: got line %d, want %d", path, got, want)
		}
	}
	if got := l.value["/rule/0/title/ja"]; got != 7 {
		t.Errorf("the text of a multi-line string begins on line %d, want 7", got)
	}
}
