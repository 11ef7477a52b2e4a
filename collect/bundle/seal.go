package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

//go:embed readme.txt
var readme []byte

// Sealed says what Finish has written.
type Sealed struct {
	SealSHA256 Digest
	Manifest   Manifest
	Shards     int
	Bytes      int64 // size of the bundle
}

// Finish sorts, seals and signs the records and writes the bundle to path, replacing what is there. It writes to a
// temporary file in the same folder, which takes the place of path only when it is complete and on disk; after an
// error path is as it was, and Finish may be called again. The file can be read by its owner only.
func (w *Writer) Finish(ctx context.Context, path string, signers []Signer) (_ *Sealed, err error) {
	before, after := temporary(path)
	f, err := os.CreateTemp(filepath.Dir(path), before+"*"+after)
	if err != nil {
		return nil, fmt.Errorf("writing bundle %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close() // closed twice where Close has failed; the error at hand says more
			err = errors.Join(fmt.Errorf("writing bundle %s: %w", path, err), ignoreMissing(os.Remove(f.Name())))
		}
	}()
	w.mu.Lock()
	defer w.mu.Unlock()
	sealed, err := w.seal(ctx, f, signers)
	if err != nil {
		return nil, err
	}
	if err := f.Sync(); err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	if w.o.Complete != nil {
		if err := w.o.Complete(sealed); err != nil {
			return nil, err
		}
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return nil, err
	}
	syncDir(filepath.Dir(path))
	return sealed, w.finished()
}

// temporary returns how the name of an unfinished bundle begins and ends.
func temporary(path string) (before, after string) { return "." + filepath.Base(path) + ".", ".tmp" }

// RemoveUnfinished removes what a Finish that was killed has left beside path. No other process may be writing a bundle to that path.
func RemoveUnfinished(path string) error {
	files, err := os.ReadDir(filepath.Dir(path))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for unfinished bundles: %w", err)
	}
	before, after := temporary(path)
	for _, f := range files {
		rest, begins := strings.CutPrefix(f.Name(), before)
		number, ends := strings.CutSuffix(rest, after)
		if !begins || !ends || strings.Trim(number, "0123456789") != "" {
			continue
		}
		if err := ignoreMissing(os.Remove(filepath.Join(filepath.Dir(path), f.Name()))); err != nil {
			return fmt.Errorf("removing an unfinished bundle: %w", err)
		}
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// syncDir makes a rename last. Some systems cannot do that to a folder, and the bundle is complete either way.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// FinishTo is Finish to a stream. What it has written after an error is no bundle.
func (w *Writer) FinishTo(ctx context.Context, out io.Writer, signers []Signer) (*Sealed, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	sealed, err := w.seal(ctx, out, signers)
	if err != nil {
		return nil, fmt.Errorf("writing bundle: %w", err)
	}
	return sealed, w.finished()
}

func (w *Writer) finished() error {
	w.done = true
	return w.sorter.close()
}

// sealing is a bundle that is being written.
type sealing struct {
	zip  zipWriter
	pack packer
	sums bytes.Buffer // SHA256SUMS
	list bytes.Buffer // shards.jsonl
	tree treeHasher   // over the lines of list
	leaf leafHasher
}

func (w *Writer) seal(ctx context.Context, out io.Writer, signers []Signer) (*Sealed, error) {
	if w.done {
		return nil, errors.New("the writer is finished")
	}
	signers, err := sortSigners(signers)
	if err != nil {
		return nil, err
	}
	if err := w.consistent(); err != nil {
		return nil, err
	}
	s := &sealing{zip: zipWriter{w: out}}
	if err := s.listed(fileReadme, s.pack.pack(readme), sha256.Sum256(readme)); err != nil {
		return nil, err
	}
	if err := s.shards(ctx, &w.sorter, salter{w.o.Random}); err != nil {
		return nil, err
	}
	if err := s.listed(fileShards, s.pack.pack(s.list.Bytes()), sha256.Sum256(s.list.Bytes())); err != nil {
		return nil, err
	}
	m := Manifest{
		Type: Type, ID: w.o.ID, Created: w.o.Created, Tool: w.o.Tool, RedactionRules: w.o.RedactionRules,
		PreviousSeal: w.o.Previous, Records: w.records, Shards: Tree{s.tree.n, s.tree.root()}, Calls: w.calls,
	}
	seal, err := s.seal(m, signers)
	if err != nil {
		return nil, err
	}
	if err := s.zip.close(); err != nil {
		return nil, err
	}
	return &Sealed{SealSHA256: sha256.Sum256(seal), Manifest: m, Shards: s.tree.n, Bytes: int64(s.zip.off)}, nil
}

// sortSigners checks the signers and sorts them by name.
func sortSigners(signers []Signer) ([]Signer, error) {
	if len(signers) == 0 || len(signers) > MaxSignatures {
		return nil, fmt.Errorf("%d signers, want 1 to %d", len(signers), MaxSignatures)
	}
	signers = slices.Clone(signers)
	slices.SortFunc(signers, func(a, b Signer) int { return strings.Compare(a.Name, b.Name) })
	seen := make(map[string]bool)
	for _, s := range signers {
		if what := checkComponent(s.Name + extSignature); what != "" || s.Name == "" {
			return nil, fmt.Errorf("signer name %q: %s", s.Name, what)
		}
		if seen[strings.ToLower(s.Name)] {
			return nil, fmt.Errorf("two signers named %q", s.Name)
		}
		seen[strings.ToLower(s.Name)] = true
		if _, err := s.PublicKey(); err != nil {
			return nil, err
		}
	}
	return signers, nil
}

// listed adds a file and its line in SHA256SUMS.
func (s *sealing) listed(path string, p packed, digest Digest) error {
	fmt.Fprintf(&s.sums, "%s  %s\n", digest, path)
	return s.zip.add(path, p)
}

// seal writes SHA256SUMS, manifest.json, SEAL and the signatures, and returns SEAL.
func (s *sealing) seal(m Manifest, signers []Signer) ([]byte, error) {
	manifest, err := encodeManifest(m)
	if err != nil {
		return nil, err
	}
	seal := sealText(sha256.Sum256(s.sums.Bytes()), sha256.Sum256(manifest))
	if err := s.zip.add(fileSums, s.pack.pack(s.sums.Bytes())); err != nil {
		return nil, err
	}
	if err := s.zip.add(fileManifest, s.pack.pack(manifest)); err != nil {
		return nil, err
	}
	if err := s.zip.add(fileSeal, stored(seal)); err != nil {
		return nil, err
	}
	for _, signer := range signers {
		sig, err := signer.sign(Namespace, seal)
		if err != nil {
			return nil, err
		}
		if err := s.zip.add(dirSignatures+signer.Name+extSignature, stored(sig)); err != nil {
			return nil, err
		}
	}
	return seal, nil
}

// encodeManifest returns manifest.json: canonical JSON and LF.
func encodeManifest(m Manifest) ([]byte, error) {
	text, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	text, err = Canonical(text)
	if err == nil && len(text) >= MaxManifest {
		err = fmt.Errorf("manifest of %d bytes, at most %d", len(text), MaxManifest)
	}
	return append(text, '\n'), err
}

// sealText returns SEAL.
func sealText(sums, manifest Digest) []byte {
	return fmt.Appendf(nil, "%s  %s\n%s  %s\n", sums, fileSums, manifest, fileManifest)
}

// salter makes salts.
type salter struct{ random io.Reader }

// next returns the text of a new salt.
func (s salter) next() (text [saltText]byte, err error) {
	var salt [saltBytes]byte
	if _, err := io.ReadFull(s.random, salt[:]); err != nil {
		return text, fmt.Errorf("salt: %w", err)
	}
	base64.RawURLEncoding.Encode(text[:], salt[:])
	return text, nil
}

// appendLine appends a line: the body, a JSON object with at least one member, with a salt put in front.
func appendLine(out []byte, salt [saltText]byte, body []byte) []byte {
	out = append(out, `{"salt":"`...)
	out = append(out, salt[:]...)
	out = append(out, `",`...)
	return append(append(out, body[1:]...), '\n')
}

// shardJob is one shard on its way through the packers.
type shardJob struct {
	path   string
	raw    []byte
	count  int
	salt   [saltText]byte // of its line in shards.jsonl
	root   Digest
	digest Digest
	packed packed
	ready  chan struct{}
}

// run hashes and deflates.
func (j *shardJob) run(p *packer, leaf *leafHasher) {
	var t treeHasher
	for line := range bytes.Lines(j.raw) {
		t.add(leaf.leaf(line[:len(line)-1]))
	}
	j.root, j.digest, j.packed = t.root(), sha256.Sum256(j.raw), p.pack(j.raw)
	close(j.ready)
}

// shards writes the shards of all items: one goroutine cuts them in order, one on each processor packs, and this
// one writes them in order.
func (s *sealing) shards(ctx context.Context, items *sorter, salt salter) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	workers := runtime.GOMAXPROCS(0)
	work, ordered := make(chan *shardJob), make(chan *shardJob, workers)
	var wg sync.WaitGroup
	defer func() {
		cancel(err)
		wg.Wait()
	}()
	var cutErr error
	wg.Go(func() {
		defer close(ordered)
		defer close(work)
		cutErr = cutShards(items, salt, func(j *shardJob) error {
			for _, c := range []chan *shardJob{ordered, work} {
				select {
				case c <- j:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
	})
	for range workers {
		wg.Go(func() {
			var p packer
			var leaf leafHasher
			for j := range work {
				j.run(&p, &leaf)
			}
		})
	}
	for j := range ordered {
		select {
		case <-j.ready:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := s.shard(j); err != nil {
			return err
		}
	}
	return cutErr // set before ordered was closed
}

// shard writes one shard and its lines in the lists.
func (s *sealing) shard(j *shardJob) error {
	body := fmt.Appendf(nil, `{"count":%d,"path":"%s","root":"%s"}`, j.count, j.path, j.root)
	start := s.list.Len()
	s.list.Write(appendLine(nil, j.salt, body))
	s.tree.add(s.leaf.leaf(s.list.Bytes()[start : s.list.Len()-1]))
	return s.listed(j.path, j.packed, j.digest)
}

// cutShards cuts the sorted items into shards of at most MaxShard bytes and hands each to emit.
func cutShards(items *sorter, salt salter, emit func(*shardJob) error) error {
	var job *shardJob
	var last group
	number := 0
	flush := func() error {
		if job == nil {
			return nil
		}
		j := job
		job = nil
		return emit(j)
	}
	err := items.each(func(it *item) error {
		size := len(it.body) + len(`"salt":"",`) + saltText + 1
		if job != nil && (it.group != last || len(job.raw)+size > MaxShard) {
			if err := flush(); err != nil {
				return err
			}
			number++
		}
		if job == nil {
			if it.group != last {
				last, number = it.group, 0
			}
			if number > maxShardNumber {
				return fmt.Errorf("more than %d shards of %s", maxShardNumber+1, it.group)
			}
			listSalt, err := salt.next()
			if err != nil {
				return err
			}
			job = &shardJob{path: it.group.path(number), salt: listSalt, ready: make(chan struct{})}
		}
		lineSalt, err := salt.next()
		if err != nil {
			return err
		}
		job.count++
		job.raw = appendLine(job.raw, lineSalt, it.body)
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}
