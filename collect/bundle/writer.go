package bundle

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Type is the manifest's type: the name and version of the format. A reader refuses every other one.
const Type = "auditpack.bundle/v1"

// WriterOptions say what the manifest states beside what follows from the records.
type WriterOptions struct {
	ID             string    // 32 lower-case hexadecimal digits; empty: random
	Created        time.Time // zero: now
	Tool           Tool
	RedactionRules string // version of the rules by which secrets were taken out at collection; may be empty
	Previous       string // SHA-256 of the SEAL of the client's previous bundle, 64 digits; empty: none
	// Random is the source of the salts and of the id; nil: crypto/rand. Anything else is for tests of determinism
	// only: who can predict a salt can guess a withheld record.
	Random io.Reader
	// Complete, if set, is called by Finish when the bundle is written, before it gets its name. An error undoes it.
	Complete func(*Sealed) error
}

// Tool names the program that made a bundle.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Commit  string `json:"commit"`
}

// Tree is the root of a hash tree and the number of its leaves.
type Tree struct {
	Count int    `json:"count"`
	Root  Digest `json:"root"`
}

// Manifest is manifest.json.
type Manifest struct {
	Type           string     `json:"type"`
	ID             string     `json:"id"`
	Created        time.Time  `json:"created"`
	Tool           Tool       `json:"tool"`
	RedactionRules string     `json:"redaction_rules"`
	PreviousSeal   string     `json:"previous_seal,omitempty"`
	Records        int        `json:"records"`
	Shards         Tree       `json:"shards"` // over the lines of shards.jsonl
	Calls          CallCounts `json:"calls"`  // the sum over the run records
}

// Writer takes records in any order, from any number of goroutines, and seals them into a bundle. It keeps them in
// bounded memory and one temporary file. Each method that takes a record checks it and says at once what is wrong;
// a record that was refused leaves no trace.
type Writer struct {
	o WriterOptions

	mu          sync.Mutex
	done        bool
	sorter      sorter
	records     int
	runs        int
	calls       CallCounts
	made, cited idSet
	artifacts   map[group]int
	populations map[populationKey]int
}

type populationKey struct {
	group group
	scope string
}

// NewWriter returns a writer that buffers in a temporary file in tmpDir ("" is the system's folder for such files).
// Call Finish, and Abort where Finish was not reached or gave an error.
func NewWriter(tmpDir string, o WriterOptions) (*Writer, error) {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Created.IsZero() {
		o.Created = time.Now()
	}
	o.Created = wireTime(o.Created)
	if o.ID == "" {
		var id [16]byte
		if _, err := io.ReadFull(o.Random, id[:]); err != nil {
			return nil, fmt.Errorf("bundle id: %w", err)
		}
		o.ID = hex.EncodeToString(id[:])
	}
	if !isBundleID(o.ID) {
		return nil, fmt.Errorf("bundle id %q: want 32 lower-case hexadecimal digits", o.ID)
	}
	if o.Previous != "" {
		if _, err := ParseDigest(o.Previous); err != nil {
			return nil, fmt.Errorf("previous seal: %w", err)
		}
	}
	w := &Writer{o: o, artifacts: make(map[group]int), populations: make(map[populationKey]int)}
	w.sorter = sorter{dir: tmpDir, limit: spillAt}
	return w, nil
}

func isBundleID(s string) bool {
	_, err := ParseDigest(s + s)
	return err == nil
}

// Call adds a call record. Its id must be new.
func (w *Writer) Call(c Call) error {
	err := w.add(c)
	if err != nil {
		return fmt.Errorf("call %q (%s:%s): %w", c.ID, c.Service, c.Operation, err)
	}
	return nil
}

// Artifact adds an artifact record. If it is larger than MaxRecord, its largest parts become gaps with code TooLarge.
func (w *Writer) Artifact(a Artifact) error {
	err := w.add(a)
	for errors.Is(err, errTooLarge) {
		smaller, ok := dropLargest(a)
		if !ok {
			break
		}
		a = smaller
		err = w.add(a)
	}
	if err != nil {
		return fmt.Errorf("artifact %s %q in %s/%s: %w", a.Kind, a.ID, a.Account, a.Region, err)
	}
	return nil
}

// Population adds a population record. There is at most one of a kind and scope in an account and region.
func (w *Writer) Population(p Population) error {
	if err := w.add(p); err != nil {
		return fmt.Errorf("population of %s in %s/%s: %w", p.Kind, p.Account, p.Region, err)
	}
	return nil
}

// Run adds a run record. A bundle needs at least one.
func (w *Writer) Run(r Run) error {
	if err := w.add(r); err != nil {
		return fmt.Errorf("run record: %w", err)
	}
	return nil
}

// TooLarge is the code of a part whose data was left out because its record exceeded MaxRecord.
const TooLarge = "too_large"

var errTooLarge = fmt.Errorf("record larger than %d bytes", MaxRecord)

// dropLargest returns a with its largest data replaced by a gap.
func dropLargest(a Artifact) (Artifact, bool) {
	largest := ""
	for name, p := range a.Parts {
		l := len(a.Parts[largest].Data)
		if n := len(p.Data); n > l || n == l && n > 0 && name < largest {
			largest = name
		}
	}
	if largest == "" {
		return a, false
	}
	parts := make(map[string]Part, len(a.Parts))
	for name, p := range a.Parts {
		parts[name] = p
	}
	p := parts[largest]
	message := fmt.Sprintf("%d bytes of JSON; a record holds at most %d", len(p.Data), MaxRecord)
	parts[largest] = Part{State: StateGap, Calls: p.Calls, Code: TooLarge, Message: message}
	a.Parts = parts
	return a, true
}

// add checks a record by the rules of the reader, and takes it.
func (w *Writer) add(v any) error {
	body, err := encodeRecord(v)
	if err != nil {
		return err
	}
	if len(body)+saltText+len(`"salt":"",`) > MaxRecord {
		return errTooLarge
	}
	var cited []int
	rec := record{cited: func(id []byte) { cited = append(cited, callNumber(id)) }}
	s := scanner{b: body, i: 1, depth: 1}
	if err := rec.check(&s); err != nil {
		var e *Error
		if errors.As(err, &e) {
			return fmt.Errorf("%s", e.Detail)
		}
		return err
	}
	it := item{
		group: groupOf(string(rec.account), string(rec.region), rec.typ.shardKind(rec.kind)),
		id:    string(rec.id), arn: string(rec.arn), body: body,
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return errors.New("the writer is finished")
	}
	if err := w.account(&rec, it.group); err != nil {
		return err
	}
	for _, n := range cited {
		w.cited.add(n)
	}
	w.records++
	return w.sorter.add(it)
}

// account notes what Finish checks across records.
func (w *Writer) account(rec *record, g group) error {
	switch rec.typ {
	case typeCall:
		if !w.made.add(callNumber(rec.id)) {
			return errors.New("the id is already used")
		}
	case typeArtifact:
		w.artifacts[g]++
	case typePopulation:
		key := populationKey{groupOf(string(rec.account), string(rec.region), string(rec.kind)), string(rec.scope)}
		if _, ok := w.populations[key]; ok {
			return errors.New("there is already one")
		}
		w.populations[key] = -1
		if rec.counted() {
			w.populations[key] = rec.count
		}
	case typeRun:
		w.calls.add(rec.calls)
		w.runs++
	}
	return nil
}

// counted reports whether a population's count must be the number of the artifacts in its place.
func (rec *record) counted() bool {
	return string(rec.scope) != ScopeOrganization && (string(rec.status) == StatusComplete || string(rec.status) == StatusNotOffered)
}

// consistent checks what no single record shows.
func (w *Writer) consistent() error {
	var errs []error
	if w.runs == 0 {
		errs = append(errs, errors.New("no run record"))
	}
	for key, n := range w.populations {
		if have := w.artifacts[key.group]; n >= 0 && n != have {
			errs = append(errs, fmt.Errorf("population %s: count %d, but %d artifacts", key.group, n, have))
		}
	}
	if n := w.cited.notIn(&w.made); n != 0 {
		errs = append(errs, fmt.Errorf("call c%d is cited, but there is no record of it", n))
	}
	return errors.Join(errs...)
}

// Abort removes what the writer has buffered. After a successful Finish it does nothing.
func (w *Writer) Abort() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = true
	return w.sorter.close()
}

// idSet is a set of numbers of call ids: a bitmap in pages, because ids are dense.
type idSet struct{ pages map[int]*[512]uint64 }

const idsPerPage = 512 * 64

// add puts n in and reports whether it is new.
func (s *idSet) add(n int) bool {
	if s.pages == nil {
		s.pages = make(map[int]*[512]uint64)
	}
	p := s.pages[n/idsPerPage]
	if p == nil {
		p = new([512]uint64)
		s.pages[n/idsPerPage] = p
	}
	word, bit := n%idsPerPage/64, uint64(1)<<(n%64)
	isNew := p[word]&bit == 0
	p[word] |= bit
	return isNew
}

// notIn returns a number that is in s but not in o, or 0.
func (s *idSet) notIn(o *idSet) int {
	for i, p := range s.pages {
		q := o.pages[i]
		for j, word := range p {
			if q != nil {
				word &^= q[j]
			}
			for b := range 64 {
				if word>>b&1 == 1 {
					return i*idsPerPage + j*64 + b
				}
			}
		}
	}
	return 0
}
