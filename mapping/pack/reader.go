package pack

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
)

// Limits of a pack that a reader accepts.
const (
	maxPackFile = 256 << 20 // bytes of pack.json
	maxLine     = 4 << 20   // bytes of one JSON line
)

// ErrNotAPack is the parent of every error about a directory that is not a pack or was changed.
var ErrNotAPack = errors.New("not a valid pack")

// Reader reads a pack directory.
type Reader struct {
	dir  string
	pack Pack
	raw  []byte
}

// Open reads pack.json and compares every file of the pack with its digest. Unknown members, a different type, a missing,
// an extra and a changed file are errors that wrap ErrNotAPack and name the file.
func Open(dir string) (*Reader, error) {
	raw, err := readBounded(filepath.Join(dir, packFile))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrNotAPack, dir, err)
	}
	r := &Reader{dir: dir, raw: raw}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r.pack); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrNotAPack, filepath.Join(dir, packFile), err)
	}
	if r.pack.Type != Type {
		return nil, fmt.Errorf("%w: %s has type %q; this version reads %q", ErrNotAPack, filepath.Join(dir, packFile), r.pack.Type, Type)
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return r, nil
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxPackFile+1))
	if err == nil && len(b) > maxPackFile {
		err = fmt.Errorf("%s is larger than %d bytes", path, maxPackFile)
	}
	return b, err
}

// check compares the directory with the list of files.
func (r *Reader) check() error {
	listed := map[string]bool{packFile: true}
	for _, f := range r.pack.Files {
		if _, ok := stemOf(f.Name); !ok {
			return fmt.Errorf("%w: %s: %q is no name of a pack's file", ErrNotAPack, r.dir, f.Name)
		}
		listed[f.Name] = true
		got, err := digest(filepath.Join(r.dir, f.Name))
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNotAPack, err)
		}
		if got != f.SHA256 {
			return fmt.Errorf("%w: %s was changed: its SHA-256 is %s, pack.json says %s", ErrNotAPack, filepath.Join(r.dir, f.Name), got, f.SHA256)
		}
	}
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotAPack, err)
	}
	for _, e := range entries {
		if _, ours := stemOf(e.Name()); ours && !listed[e.Name()] {
			return fmt.Errorf("%w: %s is not listed in pack.json", ErrNotAPack, filepath.Join(r.dir, e.Name()))
		}
	}
	return nil
}

func digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("reading %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Pack returns pack.json. The caller must not change it.
func (r *Reader) Pack() *Pack { return &r.pack }

// JSON returns the bytes of pack.json as they are on the disk, for attaching.
func (r *Reader) JSON() []byte { return r.raw }

// Findings yields every finding in order.
func (r *Reader) Findings() iter.Seq2[Finding, error] { return lines[Finding](r, findingsStem) }

// Evidence yields the evidence register in order.
func (r *Reader) Evidence() iter.Seq2[Evidence, error] { return lines[Evidence](r, evidenceStem) }

// Populations yields every population in order.
func (r *Reader) Populations() iter.Seq2[Population, error] {
	return lines[Population](r, populationsStem)
}

// Calls yields every API call in order.
func (r *Reader) Calls() iter.Seq2[Call, error] { return lines[Call](r, callsStem) }

// Gaps yields everything that could not be seen, in order.
func (r *Reader) Gaps() iter.Seq2[Gap, error] { return lines[Gap](r, gapsStem) }

// lines yields the decoded lines of all files of one stem. After an error it stops.
func lines[T any](r *Reader, stem string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, f := range r.pack.Files {
			if s, _ := stemOf(f.Name); s != stem {
				continue
			}
			if !fileLines(filepath.Join(r.dir, f.Name), f.Lines, yield) {
				return
			}
		}
	}
}

// fileLines yields the lines of one file and reports whether to go on.
func fileLines[T any](path string, want int, yield func(T, error) bool) bool {
	var zero T
	f, err := os.Open(path)
	if err != nil {
		yield(zero, fmt.Errorf("%w: %w", ErrNotAPack, err))
		return false
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 0, 64<<10), maxLine)
	n := 0
	for sc.Scan() {
		n++
		var v T
		dec := json.NewDecoder(bytes.NewReader(sc.Bytes()))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&v); err != nil {
			yield(zero, fmt.Errorf("%w: %s line %d: %w", ErrNotAPack, path, n, err))
			return false
		}
		if !yield(v, nil) {
			return false
		}
	}
	if err := sc.Err(); err != nil {
		yield(zero, fmt.Errorf("%w: %s line %d: %w", ErrNotAPack, path, n+1, err))
		return false
	}
	if n != want {
		yield(zero, fmt.Errorf("%w: %s has %d lines, pack.json says %d", ErrNotAPack, path, n, want))
		return false
	}
	return true
}
