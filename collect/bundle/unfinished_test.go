package bundle

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestRemoveUnfinished pins that only unfinished bundles of the path itself are removed.
func TestRemoveUnfinished(t *testing.T) {
	dir := t.TempDir()
	for name, stays := range map[string]bool{
		".a.zip.123.tmp": false, ".a.zip.123": true, ".a.zip.x.tmp": true, ".b.zip.123.tmp": true, "a.zip": true, ".a.zip.tmp": true,
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := RemoveUnfinished(filepath.Join(dir, "a.zip")); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); (err == nil) != stays {
			t.Errorf("%s: %v, want it to stay: %t", name, err, stays)
		}
	}
	if err := RemoveUnfinished(filepath.Join(dir, "none", "a.zip")); err != nil {
		t.Errorf("a folder that does not exist: %v", err)
	}
}

// TestComplete pins that Finish tells of a bundle before the bundle has its name, and that an error then leaves nothing.
func TestComplete(t *testing.T) {
	for _, refusal := range []error{nil, errors.New("no")} {
		path := filepath.Join(t.TempDir(), "a.zip")
		var told *Sealed
		w, err := NewWriter(t.TempDir(), WriterOptions{Complete: func(s *Sealed) error {
			if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the bundle has its name already: %v", err)
			}
			told = s
			return refusal
		}})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Run(Run{}); err != nil {
			t.Fatal(err)
		}
		sealed, err := w.Finish(t.Context(), path, []Signer{testSigner("alice")})
		if !errors.Is(err, refusal) || told == nil || refusal == nil && sealed.SealSHA256 != told.SealSHA256 {
			t.Errorf("Finish() = %v, %v; told %v", sealed, err, told)
		}
		files, err := os.ReadDir(filepath.Dir(path))
		if err != nil || (len(files) == 1) != (refusal == nil) {
			t.Errorf("left are %v, %v", files, err)
		}
	}
}
