package pack_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/pack/packtest"
)

func TestRoundTrip(t *testing.T) {
	const per = 3
	r := packtest.Build(t, per)
	count := 0
	for f, err := range r.Findings() {
		if err != nil {
			t.Fatal(err)
		}
		count++
		if f.N != count {
			t.Errorf("finding %d has number %d", count, f.N)
		}
	}
	if want := len(r.Pack().Rules) * 4 * per; count != want {
		t.Errorf("got %d findings, want %d", count, want)
	}
	c := r.Pack().Totals.Findings
	if got := c.Pass + c.Fail + c.NotAssessed + c.NotApplicable; got != count {
		t.Errorf("totals say %d findings, the files hold %d", got, count)
	}
}

// copyPack copies a pack so that it can be damaged.
func copyPack(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "copy")
	w, err := pack.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Gap(&pack.Gap{N: 1, Calls: []string{}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(&pack.Pack{}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOpenRefusesDamage(t *testing.T) {
	for name, damage := range map[string]func(dir string) error{
		"changed file": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "gaps-00000.jsonl"), []byte("{}\n"), 0o644)
		},
		"missing file": func(dir string) error { return os.Remove(filepath.Join(dir, "gaps-00000.jsonl")) },
		"extra file": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "findings-00007.jsonl"), nil, 0o644)
		},
		"no pack.json": func(dir string) error { return os.Remove(filepath.Join(dir, "pack.json")) },
		"other type": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "pack.json"), []byte(`{"type":"auditpack.pack/v2"}`), 0o644)
		},
		"unknown member": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "pack.json"), []byte(`{"type":"auditpack.pack/v1","surprise":1}`), 0o644)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyPack(t)
			if _, err := pack.Open(dir); err != nil {
				t.Fatalf("before the damage: %v", err)
			}
			if err := damage(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := pack.Open(dir); !errors.Is(err, pack.ErrNotAPack) {
				t.Errorf("got %v, want ErrNotAPack", err)
			}
		})
	}
}

func TestWriterLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	w, err := pack.NewWriter(filepath.Join(parent, "p"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Gap(&pack.Gap{}); err != nil {
		t.Fatal(err)
	}
	w.Abort()
	left, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 0 {
		t.Errorf("after Abort %d entries remain: %v", len(left), left)
	}
}

func TestWriterNeverOverwrites(t *testing.T) {
	dir := copyPack(t)
	if _, err := pack.NewWriter(dir); err == nil {
		t.Error("a folder that is not empty was accepted")
	}
}

func TestVerdictCounts(t *testing.T) {
	var c pack.VerdictCounts
	for i, v := range pack.Verdicts() {
		for range i + 1 {
			c.Add(v)
		}
	}
	total := 0
	for i, v := range pack.Verdicts() {
		if got := c.Of(v); got != i+1 {
			t.Errorf("%s: got %d, want %d", v, got, i+1)
		}
		total += i + 1
	}
	if c.Total() != total {
		t.Errorf("total: got %d, want %d", c.Total(), total)
	}
}
