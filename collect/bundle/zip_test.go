package bundle

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
)

// sparse is a file of zeros with some chunks in it.
type sparse struct {
	size   int64
	chunks []chunk // ascending
}

type chunk struct {
	off  int64
	data []byte
}

func (s *sparse) Write(b []byte) (int, error) {
	if bytes.Count(b, []byte{0}) < len(b) {
		s.chunks = append(s.chunks, chunk{s.size, bytes.Clone(b)})
	}
	s.size += int64(len(b))
	return len(b), nil
}

func (s *sparse) ReadAt(b []byte, off int64) (int, error) {
	n := int(min(int64(len(b)), max(0, s.size-off)))
	clear(b[:n])
	first, _ := slices.BinarySearchFunc(s.chunks, off, func(c chunk, off int64) int { return cmp.Compare(c.off+int64(len(c.data)), off) })
	for _, c := range s.chunks[first:] {
		if c.off >= off+int64(n) {
			break
		}
		if from, to := max(off, c.off), min(off+int64(n), c.off+int64(len(c.data))); from < to {
			copy(b[from-off:to-off], c.data[from-c.off:to-c.off])
		}
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// sparseZip is a zip file of n entries of the same content.
func sparseZip(n int, content packed) (*sparse, int64) {
	s := new(sparse)
	z := zipWriter{w: s}
	for i := range n {
		if err := z.add(fmt.Sprintf("f%05d", i), content); err != nil {
			panic(err)
		}
	}
	if err := z.close(); err != nil {
		panic(err)
	}
	return s, s.size
}

// TestZip64 pins that files beyond the limits of the old format are written and read, by others too.
func TestZip64(t *testing.T) {
	zeros := make([]byte, MaxEntry)
	for _, c := range []struct {
		name    string
		entries int
		content packed
	}{
		{"offsets", 66, packed{method: methodStore, crc: crc32.ChecksumIEEE(zeros), size: MaxEntry, data: zeros}},
		{"entries", max16 + 1, stored([]byte("x"))},
		{"just below", max16 - 1, stored([]byte("x"))},
		{"at the limit", max16, stored([]byte("x"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, size := sparseZip(c.entries, c.content)
			a, err := openArchive(r, size)
			if err != nil {
				t.Fatal(err)
			}
			var f inflater
			b, err := f.read(a, c.entries-1, MaxEntry)
			if err != nil || len(b) != c.content.size {
				t.Errorf("last entry: got %d bytes, %v, want %d", len(b), err, c.content.size)
			}
			other, err := zip.NewReader(r, size)
			if err != nil {
				t.Fatalf("archive/zip: %v", err)
			}
			last := other.File[len(other.File)-1]
			if len(other.File) != c.entries || last.Name != a.entries[c.entries-1].path || last.UncompressedSize64 != uint64(c.content.size) {
				t.Errorf("archive/zip: got %d entries, the last %v", len(other.File), last.FileHeader)
			}
		})
	}
}

// TestZip64Defects pins the rules that only large files show.
func TestZip64Defects(t *testing.T) {
	zeros := make([]byte, MaxEntry)
	r, size := sparseZip(66, packed{method: methodStore, crc: crc32.ChecksumIEEE(zeros), size: MaxEntry, data: zeros})
	dir := &r.chunks[len(r.chunks)-2]
	last := len(dir.data) - lenCentral - len("f00000") - lenOffset
	for _, c := range []struct {
		name   string
		at     int
		reason Reason
	}{
		{"id of the extra field", last + lenCentral + 6, ReasonExtra},
		{"length of the extra field", last + lenCentral + 6 + 2, ReasonExtra},
		{"offset", last + lenCentral + 6 + 4, ReasonGap},
		{"version", last + 6, ReasonMetadata},
	} {
		dir.data[c.at] ^= 1
		_, err := openArchive(r, size)
		dir.data[c.at] ^= 1
		var e *Error
		if !errors.As(err, &e) || e.Reason != c.reason {
			t.Errorf("%s: got %v, want %s", c.name, err, c.reason)
		}
	}
}

// TestEveryTruncation pins that no prefix of a bundle is a bundle.
func TestEveryTruncation(t *testing.T) {
	good := seal(t, testRun())
	p := Policy{Trust: testTrust(t, "", "alice")}
	for n := range good {
		_, err := verifyBytes(good[:n], p)
		if !errors.Is(err, ErrMalformed) {
			t.Fatalf("the first %d bytes: got %v, want a malformed container", n, err)
		}
	}
}

// TestEveryBitFlip pins that no single bit of a bundle can be changed without being noticed. The one exception is
// deflate: it has more than one code for the same bytes, namely the unused bits after the end of its stream and a copy
// from another place where the same text stands. Such a flip is accepted only if it lies in the data of a deflated
// entry and each file inflates to the same bytes.
func TestEveryBitFlip(t *testing.T) {
	good := seal(t, testRun())
	a, err := openArchive(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		t.Fatal(err)
	}
	p := Policy{Trust: testTrust(t, "", "alice")}
	step := 1
	if testing.Short() || raceEnabled {
		step = 17
	}
	bad := bytes.Clone(good)
	accepted := 0
	for i := 0; i < 8*len(good); i += step {
		at, bit := i/8, byte(1)<<(i%8)
		bad[at] ^= bit
		_, err := verifyBytes(bad, p)
		var e *Error
		switch {
		case err == nil:
			accepted++
			if !deflatedAlike(t, a, good, bad, int64(at)) {
				t.Errorf("bit %d of byte %d of %d: accepted", i%8, at, len(good))
			}
		case !errors.As(err, &e):
			t.Errorf("bit %d of byte %d: %v has no reason", i%8, at, err)
		}
		bad[at] ^= bit
	}
	t.Logf("%d bytes; %d flips accepted, all within deflate streams that inflate to the same", len(good), accepted)
}

// deflatedAlike reports whether byte at lies in the data of a deflated entry that inflates to the same in both files.
func deflatedAlike(t *testing.T, a *archive, good, bad []byte, at int64) bool {
	for i, e := range a.entries {
		if at < e.data || at >= e.data+e.csize || e.method != methodDeflate {
			continue
		}
		var f, g inflater
		want, err := f.read(a, i, MaxEntry)
		if err != nil {
			t.Fatal(err)
		}
		got, err := g.read(&archive{r: bytes.NewReader(bad), entries: a.entries}, i, MaxEntry)
		return err == nil && bytes.Equal(want, got)
	}
	return false
}

// TestPackStoresWhatDeflatesTooWell pins that the writer never makes what its reader refuses as a bomb.
func TestPackStoresWhatDeflatesTooWell(t *testing.T) {
	var p packer
	for _, c := range []struct {
		data   string
		method uint16
	}{
		{strings.Repeat("x", 2<<20), methodStore},
		{strings.Repeat("x", 1<<20), methodDeflate},
		{"x", methodStore},
		{"", methodStore},
		{noise(2 << 20), methodDeflate},
	} {
		got := p.pack([]byte(c.data))
		var out bytes.Buffer
		z := zipWriter{w: &out}
		if err := z.add("x", got); err != nil {
			t.Fatal(err)
		}
		if err := z.close(); err != nil {
			t.Fatal(err)
		}
		a, err := openArchive(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil || got.method != c.method {
			t.Errorf("%d bytes: got method %d, %v, want %d", len(c.data), got.method, err, c.method)
			continue
		}
		var f inflater
		if b, err := f.read(a, 0, MaxEntry); err != nil || string(b) != c.data {
			t.Errorf("%d bytes: read back %d, %v", len(c.data), len(b), err)
		}
	}
}
