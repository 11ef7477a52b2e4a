package bundle

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// Policy says what Verify demands beyond integrity.
type Policy struct {
	// Trust says who may sign. With nil only integrity is checked: signatures must be valid, but the signer is unknown.
	Trust *Trust
	// Now is the time at which the validity of keys is judged, never a time that the signer claims. Zero: time.Now.
	Now time.Time
}

// Signature is one signature over SEAL. It is valid; Trusted says whether the trust file names its key.
type Signature struct {
	Name        string // of the file, without folder and ending; the signer's claim
	Principals  string // of the trust file's line for the key; empty: none
	Fingerprint string // SHA256:… as ssh-keygen prints it
	Algorithm   string // "ssh-ed25519" or "ecdsa-sha2-nistp256"
	Trusted     bool
	Reason      Reason // why it is not trusted; empty if it is, or if there is no trust file
}

// Report says what Verify has found in a bundle that it accepts.
type Report struct {
	SealSHA256 Digest // of the file SEAL: what a pack, and the next bundle of the client, refer to
	Manifest   Manifest
	Signatures []Signature    // sorted by Name
	Trusted    bool           // at least one signature is trusted
	Records    map[string]int // by Shard.Kind
	Shards     int
	Bytes      int64 // of all shards, inflated
	Redacted   bool  // records are withheld
}

// Verify checks a bundle of size bytes from its first byte to its last: the container, the signatures, the lists
// and each record, in memory that does not grow with the number of records. A bundle that is refused gives an
// *Error; other errors are ctx's or those of reading r. Nothing in the bundle is used before its signature is checked.
func Verify(ctx context.Context, r io.ReaderAt, size int64, p Policy) (*Report, error) {
	if p.Now.IsZero() {
		p.Now = time.Now()
	}
	a, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	seal, err := readSeal(a)
	if err != nil {
		return nil, err
	}
	rep := &Report{Records: make(map[string]int)}
	if rep.Signatures, err = p.signatures(a, seal); err != nil {
		return nil, err
	}
	rep.Trusted = slices.ContainsFunc(rep.Signatures, func(s Signature) bool { return s.Trusted })
	l, err := readLists(ctx, a, seal)
	if err != nil {
		return nil, err
	}
	if err := checkReadme(a, l); err != nil {
		return nil, err
	}
	rep.SealSHA256, rep.Manifest, rep.Shards = l.seal, l.manifest, len(l.shards)
	for _, s := range l.shards {
		rep.Records[s.Kind] += s.Count
		rep.Bytes += a.entries[s.entry].usize
	}
	return rep, checkShards(ctx, a, l)
}

func readSeal(a *archive) ([]byte, error) {
	i := a.find(fileSeal)
	if i < 0 {
		return nil, refuse(ReasonNotABundle, "", "a zip file without %s", fileSeal)
	}
	var f inflater
	return f.read(a, i, MaxSeal)
}

// signatures checks every signature over SEAL: all must be valid, and with a trust file at least one trusted.
func (p Policy) signatures(a *archive, seal []byte) ([]Signature, error) {
	var all []Signature
	var untrusted error
	trusted := false
	var f inflater
	for i := range a.entries {
		path := a.entries[i].path
		if !isSignature(path) {
			continue
		}
		if len(all) == MaxSignatures {
			return nil, refuse(ReasonSigInvalid, path, "more than %d signatures", MaxSignatures)
		}
		text, err := f.read(a, i, MaxSignature)
		if err != nil {
			return nil, err
		}
		key, err := verifySig(text, Namespace, seal)
		if err != nil {
			return nil, refuse(ReasonSigInvalid, path, "%v", err)
		}
		s := Signature{Name: strings.TrimSuffix(strings.TrimPrefix(path, dirSignatures), extSignature)}
		s.Fingerprint, s.Algorithm = ssh.FingerprintSHA256(key), key.Type()
		if p.Trust != nil {
			s.Principals, s.Reason = p.Trust.judge(key, Namespace, p.Now)
			s.Trusted = s.Reason == ""
			trusted = trusted || s.Trusted
			if !s.Trusted && untrusted == nil {
				untrusted = refuse(s.Reason, path, "key %s %s", s.Fingerprint, s.Principals)
			}
		}
		all = append(all, s)
	}
	switch {
	case len(all) == 0:
		return nil, refuse(ReasonSigMissing, fileSeal, "no signature over it")
	case p.Trust != nil && !trusted:
		return nil, untrusted
	}
	return all, nil
}

// checkReadme checks the one listed file that is neither a shard nor a list.
func checkReadme(a *archive, l *lists) error {
	var f inflater
	_, digest, err := f.readSum(a, a.find(fileReadme), MaxManifest)
	if err != nil {
		return err
	}
	if digest != l.readme {
		return refuse(ReasonDigestMismatch, fileReadme, "its digest is not the one in %s", fileSums)
	}
	return nil
}

// checkShards is step 5, on all processors. If several shards are at fault it is the first that is reported.
func checkShards(ctx context.Context, a *archive, l *lists) error {
	c := &shardChecker{a: a, l: l, counts: make(map[group]int), failed: len(l.shards), edges: make([]edges, len(l.shards))}
	for i := range l.shards {
		c.counts[l.shards[i].group()] += l.shards[i].Count
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(1, len(l.shards))) {
		wg.Go(func() { c.work(ctx) })
	}
	wg.Wait()
	if c.err != nil {
		return c.err
	}
	if err := c.ordered(); err != nil {
		return err
	}
	if c.calls != l.manifest.Calls {
		return refuse(ReasonCountMismatch, fileManifest, "calls %+v, but the run records say %+v", l.manifest.Calls, c.calls)
	}
	if c.counts[groupOf("", "", KindRun)] == 0 {
		return refuse(ReasonMissingFile, groupOf("", "", KindRun).path(0), "no run record")
	}
	return nil
}

type shardChecker struct {
	a      *archive
	l      *lists
	counts map[group]int // records by group, as listed

	mu     sync.Mutex
	next   int
	failed int // the first shard that is at fault
	err    error
	calls  CallCounts
	edges  []edges // by shard
}

// edges are the first and the last record of a shard.
type edges struct{ first, last recordKey }

// take hands out the shards in order, as long as none before them was refused.
func (c *shardChecker) take() (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	return c.next - 1, c.next-1 < c.failed
}

func (c *shardChecker) work(ctx context.Context) {
	var w shardWorker
	for i, ok := c.take(); ok; i, ok = c.take() {
		err := context.Cause(ctx)
		if err == nil {
			err = w.check(c, &c.l.shards[i])
		}
		c.mu.Lock()
		if err != nil && i < c.failed {
			c.failed, c.err = i, err
		}
		c.edges[i] = edges{w.first, w.last.key()}
		c.mu.Unlock()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls.add(w.calls)
}

// shardWorker has the buffers for checking one shard after the other.
type shardWorker struct {
	f     inflater
	leaf  leafHasher
	tree  treeHasher
	calls CallCounts
	first recordKey
	last  record

	before repeats
}

// recordKey is a record's place in the order of its group.
type recordKey struct{ id, arn string }

func (rec *record) key() recordKey { return recordKey{string(rec.id), string(rec.arn)} }

// ordered checks the order across the shards of a group, whose first and last records are given.
func (c *shardChecker) ordered() error {
	for i := 1; i < len(c.edges); i++ {
		s, last, first := &c.l.shards[i], c.edges[i-1].last, c.edges[i].first
		if s.group() != c.l.shards[i-1].group() {
			continue
		}
		d := cmp.Or(strings.Compare(first.id, last.id), strings.Compare(first.arn, last.arn))
		if d < 0 || d == 0 && (s.Kind == KindCalls || s.Kind == KindPopulations) {
			return refuseLine(ReasonRecordMisplaced, s.Path, 1, "id %.100q does not come after %.100q", first.id, last.id)
		}
	}
	return nil
}

func (w *shardWorker) check(c *shardChecker, s *listedShard) error {
	text, digest, err := w.f.readSum(c.a, s.entry, MaxRecord+1)
	if err != nil {
		return err
	}
	if digest != s.digest {
		return refuse(ReasonDigestMismatch, s.Path, "its digest is not the one in %s", fileSums)
	}
	if len(text) > MaxShard && bytes.IndexByte(text, '\n') < len(text)-1 {
		return refuse(ReasonSize, s.Path, "%d bytes, at most %d for more than one record", len(text), MaxShard)
	}
	w.tree.reset()
	w.last, w.first = record{}, recordKey{}
	err = eachRecordLine(s.Path, text, func(n int, line []byte) error {
		w.tree.add(w.leaf.leaf(line))
		return placed(w.record(c, &s.Shard, line), s.Path, n)
	})
	if err != nil {
		return err
	}
	if w.tree.n != s.Count {
		return refuse(ReasonCountMismatch, s.Path, "%d records, %s says %d", w.tree.n, fileShards, s.Count)
	}
	if w.tree.root() != s.Root {
		return refuse(ReasonTreeMismatch, s.Path, "the root over its %d records is not the one in %s", s.Count, fileShards)
	}
	return nil
}

// record checks one record and that it belongs where it stands.
func (w *shardWorker) record(c *shardChecker, s *Shard, line []byte) error {
	if strings.HasPrefix(string(line[:min(len(line), len(tombstone))]), tombstone) {
		return refuse(ReasonRedactionUndeclared, "", "a withheld record")
	}
	rec := record{before: &w.before}
	if err := checkLine(line, &rec); err != nil {
		return err
	}
	if rec.typ != typeArtifact || string(rec.kind) != s.Kind {
		if kind := rec.typ.shardKind(rec.kind); kind != s.Kind {
			return refuse(ReasonRecordMisplaced, "", "a record of %s", kind)
		}
	}
	if rec.typ != typeRun && (string(rec.account) != s.Account || string(rec.region) != s.Region) {
		return refuse(ReasonRecordMisplaced, "", "a record of %s/%s", rec.account, rec.region)
	}
	if w.last.typ != "" {
		if d := rec.compare(&w.last); d < 0 || d == 0 && (rec.typ == typeCall || rec.typ == typePopulation) {
			return refuse(ReasonRecordMisplaced, "", "id %.100q does not come after %.100q", rec.id, w.last.id)
		}
	}
	if w.last.typ == "" {
		w.first = rec.key()
	}
	w.last = rec
	switch rec.typ {
	case typeRun:
		w.calls.add(rec.calls)
	case typePopulation:
		g := groupOf(s.Account, s.Region, string(rec.kind))
		if have := c.counts[g]; rec.counted() && rec.count != have {
			return refuse(ReasonCountMismatch, "", "population of %d, but there are %d artifacts of %s", rec.count, have, rec.kind)
		}
	}
	return nil
}
