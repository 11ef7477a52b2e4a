package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
)

// Name of the bounded file of a pack.
const packFile = "pack.json"

// The streamed files, by the stem of their names.
const (
	findingsStem    = "findings"
	evidenceStem    = "evidence"
	populationsStem = "populations"
	callsStem       = "calls"
	gapsStem        = "gaps"
)

// Writer writes a pack directory. The directory appears under its name only when Close succeeds; until then
// everything is in a temporary sibling, which Abort removes. A Writer is not safe for concurrent use.
type Writer struct {
	final, temp string
	streams     map[string]*stream
	files       []File
	done        bool
}

// NewWriter starts a pack that will be the directory dir. It is an error if dir exists and is not an empty directory:
// a pack is never mixed with other files and never overwritten.
func NewWriter(dir string) (*Writer, error) {
	if err := vacant(dir); err != nil {
		return nil, err
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, fmt.Errorf("creating the folder for pack %s: %w", dir, err)
	}
	temp, err := os.MkdirTemp(parent, ".auditpack-*")
	if err != nil {
		return nil, fmt.Errorf("creating a temporary folder for pack %s: %w", dir, err)
	}
	return &Writer{final: dir, temp: temp, streams: map[string]*stream{}}, nil
}

// vacant reports an error unless dir does not exist or is an empty directory.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("pack folder %s: %w", dir, err)
	case len(entries) > 0:
		return fmt.Errorf("pack folder %s is not empty; name a new folder or remove it first", dir)
	}
	return nil
}

// Finding appends one finding. The caller writes findings in the order that package pack documents and numbers them from 1.
func (w *Writer) Finding(f *Finding) error { return w.line(findingsStem, f) }

// Evidence appends one artifact record to the register.
func (w *Writer) Evidence(e *Evidence) error { return w.line(evidenceStem, e) }

// Population appends one population.
func (w *Writer) Population(p *Population) error { return w.line(populationsStem, p) }

// Call appends one API call.
func (w *Writer) Call(c *Call) error { return w.line(callsStem, c) }

// Gap appends one gap.
func (w *Writer) Gap(g *Gap) error { return w.line(gapsStem, g) }

func (w *Writer) line(stem string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding a line of %s of pack %s: %w", stem, w.final, err)
	}
	return w.encoded(stem, b)
}

// encoded appends a line that is encoded already.
func (w *Writer) encoded(stem string, line []byte) error {
	s := w.streams[stem]
	if s == nil {
		s = &stream{dir: w.temp, stem: stem}
		w.streams[stem] = s
	}
	if err := s.write(line); err != nil {
		return fmt.Errorf("writing %s of pack %s: %w", stem, w.final, err)
	}
	return nil
}

// Close writes pack.json with the digests of all files and gives the directory its name. p.Type and p.Files are filled in.
// After an error nothing of the pack remains.
func (w *Writer) Close(p *Pack) (err error) {
	if w.done {
		return fmt.Errorf("pack %s is closed already", w.final)
	}
	defer func() {
		if err != nil {
			w.Abort()
		}
	}()
	stems := make([]string, 0, len(w.streams))
	for stem := range w.streams {
		stems = append(stems, stem)
	}
	slices.Sort(stems)
	for _, stem := range stems {
		files, err := w.streams[stem].close()
		if err != nil {
			return fmt.Errorf("closing %s of pack %s: %w", stem, w.final, err)
		}
		w.files = append(w.files, files...)
	}
	p.Type, p.Files = Type, w.files
	if p.Files == nil {
		p.Files = []File{}
	}
	b, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return fmt.Errorf("encoding pack %s: %w", w.final, err)
	}
	if err := os.WriteFile(filepath.Join(w.temp, packFile), append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing pack %s: %w", w.final, err)
	}
	if err := vacant(w.final); err != nil {
		return err
	}
	// Windows does not rename onto an existing directory, not even an empty one.
	if err := os.Remove(w.final); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("replacing the empty folder %s: %w", w.final, err)
	}
	if err := os.Chmod(w.temp, 0o755); err != nil {
		return fmt.Errorf("opening pack %s to readers: %w", w.final, err)
	}
	if err := os.Rename(w.temp, w.final); err != nil {
		return fmt.Errorf("naming pack %s: %w", w.final, err)
	}
	w.done = true
	return nil
}

// Abort removes everything that was written. It does nothing after a successful Close.
func (w *Writer) Abort() {
	if w.done {
		return
	}
	w.done = true
	for _, s := range w.streams {
		s.abandon()
	}
	os.RemoveAll(w.temp)
}

// stream writes the rolling files of one stem.
type stream struct {
	dir, stem string
	files     []File
	out       *output // the open file
	lines     int
}

func (s *stream) write(line []byte) error {
	if s.out != nil && s.lines == LinesPerFile {
		if err := s.finish(); err != nil {
			return err
		}
	}
	if s.out == nil {
		name := fmt.Sprintf("%s-%05d.jsonl", s.stem, len(s.files))
		f, err := os.Create(filepath.Join(s.dir, name))
		if err != nil {
			return err
		}
		s.out, s.lines = newOutput(f), 0
		s.files = append(s.files, File{Name: name})
	}
	s.lines++
	return s.out.line(line)
}

// finish closes the open file and notes its digest.
func (s *stream) finish() error {
	sum, err := s.out.close()
	last := &s.files[len(s.files)-1]
	last.Lines, last.SHA256 = s.lines, sum
	s.out = nil
	return err
}

func (s *stream) close() ([]File, error) {
	if s.out == nil {
		return s.files, nil
	}
	err := s.finish()
	return s.files, err
}

func (s *stream) abandon() {
	if s.out != nil {
		s.out.close()
		s.out = nil
	}
}

// output hashes and writes a file beside whoever makes its lines.
type output struct {
	now    []byte      // the block that is being filled
	full   chan []byte // to be hashed and written
	empty  chan []byte
	done   chan struct{}
	failed atomic.Bool // err is set
	err    error       // the first one, of writing and closing
	sum    string
}

// Blocks of an output: their size in bytes, and how many there are.
const (
	blockSize = 128 << 10
	blocks    = 3
)

func newOutput(f *os.File) *output {
	o := &output{full: make(chan []byte, blocks), empty: make(chan []byte, blocks), done: make(chan struct{})}
	for range blocks - 1 {
		o.empty <- nil // grows when it is filled
	}
	go o.run(f)
	return o
}

// run writes what it is given to f, and closes it.
func (o *output) run(f *os.File) {
	defer close(o.done)
	sum := sha256.New()
	for b := range o.full {
		sum.Write(b)
		if o.err == nil {
			if _, err := f.Write(b); err != nil {
				o.err = err
				o.failed.Store(true)
			}
		}
		o.empty <- b[:0]
	}
	o.sum = hex.EncodeToString(sum.Sum(nil))
	o.err = errors.Join(o.err, f.Close())
}

// line appends a line, without its line end.
func (o *output) line(line []byte) error {
	o.now = append(append(o.now, line...), '\n')
	if len(o.now) < blockSize {
		return nil
	}
	o.full <- o.now
	o.now = <-o.empty
	if o.failed.Load() {
		return o.err
	}
	return nil
}

// close writes what is left and returns the digest of the file.
func (o *output) close() (sum string, err error) {
	o.full <- o.now
	close(o.full)
	<-o.done
	return o.sum, o.err
}

// stemOf returns the stem of a JSON Lines file of a pack and whether the name is one.
func stemOf(name string) (string, bool) {
	stem, rest, ok := strings.Cut(name, "-")
	if !ok || len(rest) != len("00000.jsonl") || !strings.HasSuffix(rest, ".jsonl") {
		return "", false
	}
	for _, c := range rest[:5] {
		if c < '0' || c > '9' {
			return "", false
		}
	}
	switch stem {
	case findingsStem, evidenceStem, populationsStem, callsStem, gapsStem:
		return stem, true
	}
	return "", false
}
