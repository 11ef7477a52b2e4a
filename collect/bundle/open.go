package bundle

import (
	"bytes"
	"context"
	"io"
	"iter"
	"sync"
)

// Shard is one file of records.
type Shard struct {
	Path    string
	Account string // empty for the run shard
	Region  string // empty for the run shard
	Kind    string // artifact kind, KindCalls, KindPopulations or KindRun
	Count   int    // records
	Root    Digest // of the hash tree over its lines
}

// Line is one record of a shard.
type Line struct {
	Digest Digest // leaf hash: the digest by which findings cite the record
	N      int    // counted from 1
	Raw    []byte // without LF, with its salt; valid until the next line
}

// Bundle is an open bundle.
type Bundle struct {
	a       *archive
	l       *lists
	entries map[string]int // in l.shards, by path
	readers sync.Pool      // *shardReader
}

// Open opens a bundle for reading its records. It checks the container and the lists, but no signature: call Verify
// before, on the same r, and compare SealSHA256 with the report's. Any number of goroutines may read a Bundle.
func Open(r io.ReaderAt, size int64) (*Bundle, error) {
	a, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	seal, err := readSeal(a)
	if err != nil {
		return nil, err
	}
	l, err := readLists(context.Background(), a, seal)
	if err != nil {
		return nil, err
	}
	b := &Bundle{a: a, l: l, entries: make(map[string]int, len(l.shards))}
	b.readers.New = func() any { return new(shardReader) }
	for i := range l.shards {
		b.entries[l.shards[i].Path] = i
	}
	return b, nil
}

// SealSHA256 is the digest of the SEAL on which everything that the Bundle returns rests.
func (b *Bundle) SealSHA256() Digest { return b.l.seal }

// Manifest returns manifest.json.
func (b *Bundle) Manifest() Manifest { return b.l.manifest }

// Shards returns the shards in the order of the bundle: by account, region, kind and number, "run" last.
func (b *Bundle) Shards() []Shard {
	s := make([]Shard, len(b.l.shards))
	for i := range s {
		s[i] = b.l.shards[i].Shard
	}
	return s
}

// shardReader has the buffers of one reading goroutine.
type shardReader struct {
	f       inflater
	leaf    leafHasher
	tree    treeHasher
	digests []Digest
}

// Lines returns the records of a shard. No line is yielded before the whole shard has been checked against the hash
// tree of the sealed list; if it differs, or cannot be read, the sequence is one zero Line with the error.
func (b *Bundle) Lines(s Shard) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		i, ok := b.entries[s.Path]
		if !ok {
			yield(Line{}, refuse(ReasonMissingFile, s.Path, "no such shard in this bundle"))
			return
		}
		r := b.readers.Get().(*shardReader)
		defer b.readers.Put(r)
		text, err := r.read(b.a, &b.l.shards[i])
		if err != nil {
			yield(Line{}, err)
			return
		}
		for n, d := range r.digests {
			end := bytes.IndexByte(text, '\n')
			if !yield(Line{Digest: d, N: n + 1, Raw: text[:end:end]}, nil) {
				return
			}
			text = text[end+1:]
		}
	}
}

// read returns a shard that is what the lists say, and leaves the digests of its lines in r.digests.
func (r *shardReader) read(a *archive, s *listedShard) ([]byte, error) {
	text, err := r.f.read(a, s.entry, MaxRecord+1)
	if err != nil {
		return nil, err
	}
	r.digests = r.digests[:0]
	r.tree.reset()
	err = eachRecordLine(s.Path, text, func(_ int, line []byte) error {
		d := r.leaf.leaf(line)
		r.digests = append(r.digests, d)
		r.tree.add(d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if r.tree.n != s.Count || r.tree.root() != s.Root {
		return nil, refuse(ReasonTreeMismatch, s.Path, "its %d records are not the %d that were sealed", r.tree.n, s.Count)
	}
	return text, nil
}
