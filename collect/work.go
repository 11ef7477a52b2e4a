package collect

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Work is a work directory: the answers of a run that is under way, or that ended before it was done. A run that is given the
// directory again asks only what has no answer there.
//
// It holds settings.json and journal.jsonl. The journal has one line for each answer, written with one system call before the
// answer is used, and with the same replacements for secrets as the bundle. A line that was cut short by a kill is the last one
// and is not counted. Nothing in the directory is evidence: only the sealed bundle is.
type Work struct {
	Dir      string
	Settings Settings

	fresh bool // made by this run

	mu      sync.Mutex
	journal *os.File
	size    int64
	lines   int // answers
	answers map[answerKey]place
	own     *bundle.Account // the caller's own account, if it was collected from
	entered map[string]bundle.Account
	planned map[string]bundle.Account // to be entered, as far as their numbers were known
	region  string                    // of the calls that any region answers; what is kept of them is found by it
	lastID  int64
}

// Settings are what a run that is resumed has to do as the run before it. Secrets are not among them: keys, credentials and the
// external id are given anew.
type Settings struct {
	Type            string      `json:"type"`
	Tool            bundle.Tool `json:"tool"`
	RedactionRules  string      `json:"redaction_rules"`
	Started         time.Time   `json:"started"`
	Salt            []byte      `json:"salt"` // of the digests by which answers are found again
	Out             string      `json:"out"`  // absolute path of the bundle
	Roles           []string    `json:"roles,omitempty"`
	Accounts        []string    `json:"accounts,omitempty"`
	ExcludeAccounts []string    `json:"exclude_accounts,omitempty"`
	Organization    bool        `json:"organization,omitempty"`
	ExternalID      bool        `json:"external_id,omitempty"` // one was given
	Regions         []string    `json:"regions,omitempty"`
	ExcludeRegions  []string    `json:"exclude_regions,omitempty"`
	Services        []string    `json:"services"`
	ExcludeServices []string    `json:"exclude_services,omitempty"`
	Sealed          []string    `json:"sealed,omitempty"` // SHA-256 of the SEALs of the run's bundles: the one at Out is one of them
}

const (
	workType     = "auditpack.collect-work/v1"
	settingsFile = "settings.json"
	journalFile  = "journal.jsonl"
)

// answerKey finds an answer: a digest of what was asked where. It is salted, because an input can hold what must not be kept.
type answerKey [sha256.Size]byte

// place is where a line stands in the journal.
type place struct {
	at     int64
	length int
}

// entry is a line of the journal: an answer, answers that no longer count, the accounts that are to be entered, or one that was.
type entry struct {
	Key     []byte          `json:"key,omitempty"`
	Call    *bundle.Call    `json:"call,omitempty"`
	Skew    *time.Duration  `json:"skew,omitempty"`
	Out     json.RawMessage `json:"out,omitempty"`
	Next    string          `json:"next,omitempty"` // token of the next page
	Failure *Failure        `json:"failure,omitempty"`

	Forget  [][]byte         `json:"forget,omitempty"` // keys of answers above that are good no longer
	Planned []bundle.Account `json:"planned,omitempty"`
	Account *bundle.Account  `json:"account,omitempty"`
	Own     bool             `json:"own,omitempty"`
	Region  string           `json:"region,omitempty"` // of the calls that any region answers
}

func newWork(dir string) *Work {
	return &Work{Dir: dir, answers: map[answerKey]place{}, entered: map[string]bundle.Account{}, planned: map[string]bundle.Account{}}
}

// CreateWork makes the work directory dir. It must not exist.
func CreateWork(dir string, s Settings) (*Work, error) {
	s.Type, s.RedactionRules = workType, awsread.RulesVersion
	s.Salt = make([]byte, 32)
	if _, err := io.ReadFull(rand.Reader, s.Salt); err != nil {
		return nil, fmt.Errorf("making work directory %s: %w", dir, err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the work directory: %w", err)
	}
	w := newWork(dir)
	w.Settings, w.fresh = s, true
	if err := w.save(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return w, w.open()
}

// OpenWork opens a work directory that an earlier run has left, for this version of the tool: another version may ask other
// things, or hide other members. What that run left half-written is removed or ignored.
func OpenWork(dir string, tool bundle.Tool) (*Work, error) {
	data, err := os.ReadFile(filepath.Join(dir, settingsFile))
	if err != nil {
		return nil, usage("%s is no work directory of collect: %v", dir, err)
	}
	w := newWork(dir)
	if err := json.Unmarshal(data, &w.Settings); err != nil {
		return nil, fmt.Errorf("reading %s: %w", filepath.Join(dir, settingsFile), err)
	}
	switch s := w.Settings; {
	case s.Type != workType:
		return nil, fmt.Errorf("%s has the type %q, want %q", filepath.Join(dir, settingsFile), s.Type, workType)
	case s.Tool.Version != tool.Version || s.Tool.Commit != tool.Commit || s.RedactionRules != awsread.RulesVersion:
		return nil, usage("%s was begun by version %s %s of the tool; resume it with that version, or collect anew",
			dir, s.Tool.Version, s.Tool.Commit)
	}
	if err := w.open(); err != nil {
		return nil, err
	}
	if err := w.index(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, w.sweep()
}

func (w *Work) save() error {
	data, err := json.MarshalIndent(w.Settings, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the settings of %s: %w", w.Dir, err)
	}
	path := filepath.Join(w.Dir, settingsFile)
	if err := os.WriteFile(path+".new", append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("writing the settings: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("writing the settings: %w", err)
	}
	return nil
}

// open opens the journal, and makes sure that no other process has it open.
func (w *Work) open() error {
	f, err := openAlone(filepath.Join(w.Dir, journalFile))
	switch {
	case errors.Is(err, errInUse):
		return usage("%s is in use by another collect (%v)", w.Dir, err)
	case err != nil:
		return fmt.Errorf("opening the journal: %w", err)
	}
	w.journal = f
	return nil
}

// errInUse is wrapped by the error of openAlone for a file that another process has open.
var errInUse = errors.New("the journal is open")

// index reads the journal and cuts off a last line without end. A line that cannot be read, as a power failure can leave one, is
// passed over: what it answered is asked again.
func (w *Work) index() error {
	r := bufio.NewReaderSize(w.journal, 1<<20)
	for {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // line has no end: the run was killed while it wrote
		}
		if err != nil {
			return fmt.Errorf("reading the journal of %s: %w", w.Dir, err)
		}
		var e entry
		if json.Unmarshal(line, &e) == nil {
			w.note(e, place{w.size, len(line)})
		}
		w.size += int64(len(line))
	}
	if err := w.journal.Truncate(w.size); err != nil {
		return fmt.Errorf("mending the journal of %s: %w", w.Dir, err)
	}
	return nil
}

// note takes a line of the journal into the index. Of two equal questions the first answer stays.
func (w *Work) note(e entry, at place) {
	for _, p := range e.Planned {
		w.planned[p.ID] = p
	}
	for _, old := range e.Forget {
		var key answerKey
		copy(key[:], old)
		delete(w.answers, key)
	}
	if e.Account != nil {
		w.entered[e.Account.ID] = *e.Account
		w.region = e.Region
		if e.Own {
			w.own = e.Account
		}
	}
	if len(e.Key) == 0 {
		return
	}
	w.lines++
	var key answerKey
	copy(key[:], e.Key)
	if _, known := w.answers[key]; !known {
		w.answers[key] = at
	}
	if e.Call != nil {
		var n int64
		if _, err := fmt.Sscanf(e.Call.ID, "c%d", &n); err == nil {
			w.lastID = max(w.lastID, n)
		}
	}
}

// sweep removes the temporary files of a run that was killed: its records, and a bundle that it had not yet given its name.
func (w *Work) sweep() error {
	files, err := os.ReadDir(w.Dir)
	if err != nil {
		return fmt.Errorf("reading %s: %w", w.Dir, err)
	}
	for _, f := range files {
		if name := f.Name(); strings.HasPrefix(name, "auditpack-records-") && strings.HasSuffix(name, ".tmp") {
			if err := os.Remove(filepath.Join(w.Dir, name)); err != nil {
				return fmt.Errorf("removing what an earlier run left: %w", err)
			}
		}
	}
	return w.sweepOut(w.Settings.Out)
}

// sweepOut removes the unfinished bundles that runs over this directory have left, beside out and where the first run was to put it.
func (w *Work) sweepOut(out string) error {
	err := bundle.RemoveUnfinished(out)
	if first := w.Settings.Out; first != "" && first != out {
		err = errors.Join(err, bundle.RemoveUnfinished(first))
	}
	return err
}

// empty reports whether the journal holds nothing that another run could use.
func (w *Work) empty() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lines == 0
}

// key is the key of a question.
func (w *Work) key(s *Session, op Operation, in any) (answerKey, error) {
	input, err := json.Marshal(in)
	if err != nil {
		return answerKey{}, fmt.Errorf("noting the input of %s: %w", op, err)
	}
	h := sha256.New()
	h.Write(w.Settings.Salt)
	for _, part := range []string{s.account.ID, s.region, op.Service, op.Name} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	h.Write(input)
	return answerKey(h.Sum(nil)), nil
}

// find returns the answer that an earlier run had to a question, or nil.
func (w *Work) find(key answerKey) (*entry, error) {
	w.mu.Lock()
	at, ok := w.answers[key]
	w.mu.Unlock()
	if !ok {
		return nil, nil
	}
	line := make([]byte, at.length)
	if _, err := w.journal.ReadAt(line, at.at); err != nil {
		return nil, fmt.Errorf("reading the journal of %s: %w", w.Dir, err)
	}
	e := new(entry)
	if err := json.Unmarshal(line, e); err != nil {
		return nil, fmt.Errorf("reading the journal of %s: byte %d: %w", w.Dir, at.at, err)
	}
	return e, nil
}

// write appends a line to the journal.
func (w *Work) write(e entry) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.journal.WriteAt(b.Bytes(), w.size)
	if err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	w.size += int64(n)
	if e.Account != nil {
		w.entered[e.Account.ID] = *e.Account
	}
	if len(e.Key) > 0 {
		w.lines++
	}
	return nil
}

// forget takes answers out of the index, in this run and in those after it.
func (w *Work) forget(keys []answerKey) error {
	var e entry
	w.mu.Lock()
	for _, key := range keys {
		delete(w.answers, key)
		e.Forget = append(e.Forget, key[:])
	}
	w.mu.Unlock()
	return w.write(e)
}

// sealedAs notes a bundle and its place before it gets its name: it may be replaced when the run is resumed, also if the run is killed
// before it could remove the directory.
func (w *Work) sealedAs(out string, b *bundle.Sealed) error {
	path, err := filepath.Abs(out)
	if err != nil {
		return fmt.Errorf("finding %s: %w", out, err)
	}
	w.Settings.Out, w.Settings.Sealed = path, append(w.Settings.Sealed, b.SealSHA256.String())
	return w.save()
}

// Close leaves the directory as it is, to be resumed.
func (w *Work) Close() error {
	if err := w.journal.Close(); err != nil {
		return fmt.Errorf("closing the journal: %w", err)
	}
	return nil
}

// Remove removes the directory, once its answers are in a sealed bundle.
func (w *Work) Remove() error {
	if err := errors.Join(w.journal.Close(), os.RemoveAll(w.Dir)); err != nil {
		return fmt.Errorf("removing the work directory: %w", err)
	}
	return nil
}
