package bundle

import (
	"bufio"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"strings"
)

// archive is a zip file of the one shape that zipWriter makes: entries contiguous from byte 0 in the order of the
// directory, the end record ending the file, and nothing that a reader could see in two ways.
type archive struct {
	r       io.ReaderAt
	entries []entry
	index   map[string]int32 // by lower-case path
}

type entry struct {
	path   string
	method uint16
	crc    uint32
	csize  int64 // as it stands in the file
	usize  int64 // inflated
	data   int64 // offset of the data
}

// find returns the number of the entry, or -1.
func (a *archive) find(path string) int {
	if i, ok := a.index[strings.ToLower(path)]; ok && a.entries[i].path == path {
		return int(i)
	}
	return -1
}

// openArchive checks all of the container but the data of its entries, which read checks.
func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	end, err := readEnd(r, size)
	if err != nil {
		return nil, err
	}
	a := &archive{r: r, index: make(map[string]int32)}
	dir := bufio.NewReaderSize(io.NewSectionReader(r, end.start, end.size), 64<<10)
	var pos, total int64
	rest := end.size
	for range end.entries {
		e, n, err := readCentral(dir, rest)
		if err != nil {
			return nil, err
		}
		rest -= n
		if err := a.admit(e, pos, end.start); err != nil {
			return nil, err
		}
		if pos, err = a.readLocal(e); err != nil {
			return nil, err
		}
		e.data = pos - e.csize
		if total += e.usize; total > MaxTotal {
			return nil, refuse(ReasonTotal, "", "more than %d bytes inflated", int64(MaxTotal))
		}
		a.index[strings.ToLower(e.path)] = int32(len(a.entries))
		a.entries = append(a.entries, e.entry)
	}
	if rest != 0 {
		return nil, refuse(ReasonStructure, "", "%d bytes in the directory after its last entry", rest)
	}
	if pos != end.start {
		return nil, refuse(ReasonGap, "", "%d bytes between the last entry and the directory", end.start-pos)
	}
	return a, a.folders()
}

// endOf is what the end records say.
type endOf struct{ entries, start, size int64 }

// readEnd reads the end records and requires them to be exactly those that endRecords makes of their numbers.
func readEnd(r io.ReaderAt, size int64) (e endOf, err error) {
	if size < lenEnd {
		return e, refuse(ReasonTruncated, "", "%d bytes are no zip file", size)
	}
	b := make([]byte, min(size, lenEnd64+lenLoc64+lenEnd))
	if err := readAt(r, b, size-int64(len(b))); err != nil {
		return e, err
	}
	le := binary.LittleEndian
	tail := b[len(b)-lenEnd:]
	if le.Uint32(tail) != sigEnd || le.Uint16(tail[20:]) != 0 {
		return e, endMissing(r, size)
	}
	n, dirSize, start := uint64(le.Uint16(tail[10:])), uint64(le.Uint32(tail[12:])), uint64(le.Uint32(tail[16:]))
	if n == max16 || dirSize == max32 || start == max32 {
		if len(b) < lenEnd64+lenLoc64+lenEnd || le.Uint32(b) != sigEnd64 {
			return e, refuse(ReasonStructure, "", "no zip64 end record where the end record points to one")
		}
		n, dirSize, start = le.Uint64(b[32:]), le.Uint64(b[40:]), le.Uint64(b[48:])
	}
	if n == 0 || n > MaxEntries {
		return e, refuse(ReasonTooManyEntries, "", "%d files, want 1 to %d", n, MaxEntries)
	}
	want := endRecords(n, start, dirSize)
	if len(want) > len(b) || string(want) != string(b[len(b)-len(want):]) {
		return e, refuse(ReasonStructure, "", "end records are not the canonical ones")
	}
	dirEnd := uint64(size) - uint64(len(want))
	if dirSize > maxDirectory || start > dirEnd || dirEnd-start != dirSize || dirSize < n*lenCentral {
		return e, refuse(ReasonStructure, "", "the directory of %d bytes at byte %d does not end where the end records begin", dirSize, start)
	}
	return endOf{int64(n), int64(start), int64(dirSize)}, nil
}

// endMissing tells a truncated file from one with a comment or bytes after its end record: in the latter the end
// record is there, further to the front.
func endMissing(r io.ReaderAt, size int64) error {
	b := make([]byte, min(size, max16+lenEnd))
	if err := readAt(r, b, size-int64(len(b))); err != nil {
		return err
	}
	if i := strings.LastIndex(string(b), "PK\x05\x06"); i >= 0 && i+lenEnd <= len(b) {
		return refuse(ReasonTrailing, "", "%d bytes after the end record", len(b)-i-lenEnd)
	}
	return refuse(ReasonTruncated, "", "no end record at the end of the file")
}

func readAt(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return refuse(ReasonTruncated, "", "%d bytes missing at byte %d", len(b)-n, off+int64(n))
	}
	return err
}

// directoryEntry is an entry with what only the headers need.
type directoryEntry struct {
	entry
	header  int64  // offset of the local header
	version uint16 // needed to extract
	common  [lenCommon]byte
}

const lenCommon = 24 // of both headers: version needed to length of the name

// readCentral reads one entry of the directory, of which rest bytes remain, and returns its length.
func readCentral(dir *bufio.Reader, rest int64) (e directoryEntry, n int64, err error) {
	var h [lenCentral]byte
	if rest < lenCentral {
		return e, 0, refuse(ReasonStructure, "", "the directory ends within an entry")
	}
	if _, err := io.ReadFull(dir, h[:]); err != nil {
		return e, 0, notRead(err)
	}
	le := binary.LittleEndian
	if le.Uint32(h[:]) != sigCentral {
		return e, 0, refuse(ReasonStructure, "", "no directory entry where one must be")
	}
	nameLen, extraLen, commentLen := int64(le.Uint16(h[28:])), int64(le.Uint16(h[30:])), int64(le.Uint16(h[32:]))
	n = lenCentral + nameLen + extraLen + commentLen
	if n > rest {
		return e, 0, refuse(ReasonStructure, "", "the directory ends within an entry")
	}
	b := make([]byte, n-lenCentral)
	if _, err := io.ReadFull(dir, b); err != nil {
		return e, 0, notRead(err)
	}
	e.path = string(b[:nameLen])
	if what := checkName(e.path); what != "" {
		return e, 0, refuse(ReasonName, "", "%.200q: %s", e.path, what)
	}
	copy(e.common[:], h[6:])
	e.version, e.method, e.crc = le.Uint16(h[6:]), le.Uint16(h[10:]), le.Uint32(h[16:])
	e.csize, e.usize = int64(le.Uint32(h[20:])), int64(le.Uint32(h[24:]))
	e.header = int64(le.Uint32(h[42:]))
	switch made := le.Uint16(h[4:]); {
	case le.Uint16(h[8:]) != 0:
		err = refuse(ReasonFlags, e.path, "%#04x: encrypted, streamed or otherwise flagged", le.Uint16(h[8:]))
	case e.method != methodStore && e.method != methodDeflate:
		err = refuse(ReasonMethod, e.path, "compression method %d", e.method)
	case le.Uint16(h[36:]) != 0 || le.Uint32(h[38:]) != 0 || le.Uint16(h[34:]) != 0:
		err = refuse(ReasonNotRegular, e.path, "attributes %#04x %#08x, disk %d", le.Uint16(h[36:]), le.Uint32(h[38:]), le.Uint16(h[34:]))
	case commentLen != 0:
		err = refuse(ReasonExtra, e.path, "comment of %d bytes", commentLen)
	case le.Uint16(h[12:]) != dosTime || le.Uint16(h[14:]) != dosDate:
		err = refuse(ReasonMetadata, e.path, "time %#04x %#04x, want 1980-01-01 00:00", le.Uint16(h[14:]), le.Uint16(h[12:]))
	default:
		if err = e.readOffset(b[nameLen : nameLen+extraLen]); err == nil && made != e.version {
			err = refuse(ReasonMetadata, e.path, "made by version %#04x, want %d", made, e.version)
		}
	}
	return e, n, err
}

// readOffset takes the offset of the local header from the extra field, which is there if and only if it is needed.
func (e *directoryEntry) readOffset(extra []byte) error {
	le, want := binary.LittleEndian, uint16(versionPlain)
	if e.header == max32 {
		want = versionZip64
		if len(extra) != lenOffset || le.Uint32(extra) != 8<<16|1 || le.Uint64(extra[4:]) < max32 || le.Uint64(extra[4:]) > MaxTotal*2 {
			return refuse(ReasonExtra, e.path, "extra field is not an offset beyond 4 GiB")
		}
		e.header = int64(le.Uint64(extra[4:]))
	} else if len(extra) != 0 {
		return refuse(ReasonExtra, e.path, "extra field of %d bytes", len(extra))
	}
	if e.version != want {
		return refuse(ReasonMetadata, e.path, "needs version %#04x, want %d", e.version, want)
	}
	return nil
}

// admit checks what the directory says of an entry that must begin at pos.
func (a *archive) admit(e directoryEntry, pos, dirStart int64) error {
	if i, ok := a.index[strings.ToLower(e.path)]; ok {
		if other := a.entries[i].path; other != e.path {
			return refuse(ReasonCaseCollision, e.path, "differs from %s only in case", other)
		}
		return refuse(ReasonDuplicate, e.path, "two entries of this name")
	}
	switch {
	case e.header < pos:
		return refuse(ReasonOverlap, e.path, "begins at byte %d, within the entry before it", e.header)
	case e.header > pos:
		return refuse(ReasonGap, e.path, "%d bytes before it that belong to no entry", e.header-pos)
	case e.usize > MaxEntry:
		return refuse(ReasonSize, e.path, "%d bytes inflated, at most %d", e.usize, MaxEntry)
	case e.method == methodStore && e.csize != e.usize:
		return refuse(ReasonSize, e.path, "stored, but %d bytes of %d", e.csize, e.usize)
	case e.usize > ratioFloor && e.usize/MaxRatio >= e.csize:
		return refuse(ReasonRatio, e.path, "%d bytes inflate to %d", e.csize, e.usize)
	case e.header+lenLocal+int64(len(e.path))+e.csize > dirStart:
		return refuse(ReasonOverlap, e.path, "runs into the directory")
	}
	return nil
}

// readLocal requires the local header to repeat the directory, and returns the offset after the entry's data.
func (a *archive) readLocal(e directoryEntry) (int64, error) {
	h := make([]byte, lenLocal+len(e.path))
	if err := readAt(a.r, h, e.header); err != nil {
		return 0, err
	}
	le := binary.LittleEndian
	if le.Uint32(h) != sigLocal || string(h[4:4+lenCommon]) != string(e.common[:]) || string(h[lenLocal:]) != e.path {
		return 0, refuse(ReasonLocalMismatch, e.path, "its two headers differ")
	}
	if n := le.Uint16(h[28:]); n != 0 {
		return 0, refuse(ReasonExtra, e.path, "extra field of %d bytes in the local header", n)
	}
	return e.header + int64(len(h)) + e.csize, nil
}

// folders refuses a file whose path is also a folder of another file.
func (a *archive) folders() error {
	for _, e := range a.entries {
		p := strings.ToLower(e.path)
		for i := range len(p) {
			if p[i] != '/' {
				continue
			}
			if j, ok := a.index[p[:i]]; ok {
				return refuse(ReasonCaseCollision, a.entries[j].path, "a file and also a folder of %s", e.path)
			}
		}
	}
	return nil
}

// inflater reads entries. It keeps its buffers, so that reading many entries costs the largest of them.
// It is not safe for concurrent use.
type inflater struct {
	buf   []byte
	br    *bufio.Reader
	flate io.ReadCloser
	hash  hash.Hash
}

// readChunk is how much is inflated before it is hashed: little enough to be still in the processor's cache.
const readChunk = 64 << 10

// read returns the data of entry i of at most limit bytes, checked against size and checksum. The result is valid
// until the next read.
func (f *inflater) read(a *archive, i int, limit int64) ([]byte, error) {
	return f.readInto(a, i, limit, nil)
}

// readSum is read and also returns the SHA-256 digest of the data.
func (f *inflater) readSum(a *archive, i int, limit int64) ([]byte, Digest, error) {
	if f.hash == nil {
		f.hash = sha256.New()
	}
	f.hash.Reset()
	b, err := f.readInto(a, i, limit, f.hash)
	return b, Digest(f.hash.Sum(nil)), err
}

func (f *inflater) readInto(a *archive, i int, limit int64, sum hash.Hash) ([]byte, error) {
	e := &a.entries[i]
	if e.usize > limit {
		return nil, refuse(ReasonSize, e.path, "%d bytes, at most %d", e.usize, limit)
	}
	src, err := f.open(a, e)
	if err != nil {
		return nil, err
	}
	if int64(cap(f.buf)) < e.usize {
		// What a directory claims is allocated only up to MaxRatio times what is there, see admit.
		f.buf = make([]byte, e.usize)
	}
	b := f.buf[:e.usize]
	crc := uint32(0)
	for rest := b; len(rest) > 0; {
		chunk := rest[:min(len(rest), readChunk)]
		if _, err := io.ReadFull(src, chunk); err != nil {
			return nil, badData(e, err)
		}
		crc = crc32.Update(crc, crc32.IEEETable, chunk)
		if sum != nil {
			sum.Write(chunk) // a hash never refuses
		}
		rest = rest[len(chunk):]
	}
	if err := f.atEnd(e, src); err != nil {
		return nil, err
	}
	if crc != e.crc {
		return nil, refuse(ReasonCRC, e.path, "the data differs from its checksum")
	}
	return b, nil
}

// open returns a reader of an entry's data, inflated.
func (f *inflater) open(a *archive, e *entry) (io.Reader, error) {
	section := io.NewSectionReader(a.r, e.data, e.csize)
	if f.br == nil {
		f.br = bufio.NewReaderSize(section, 32<<10)
	} else {
		f.br.Reset(section)
	}
	if e.method == methodStore {
		return f.br, nil
	}
	// A bufio.Reader is an io.ByteReader: flate takes no byte beyond the end of its stream.
	if f.flate == nil {
		f.flate = flate.NewReader(f.br)
	} else if err := f.flate.(flate.Resetter).Reset(f.br, nil); err != nil {
		return nil, err
	}
	return f.flate, nil
}

// atEnd requires that src, from which all of the entry was read, ends there, and that no compressed byte is left.
func (f *inflater) atEnd(e *entry, src io.Reader) error {
	var one [1]byte
	switch n, err := io.ReadFull(src, one[:]); {
	case n != 0 && e.method == methodDeflate:
		return refuse(ReasonSize, e.path, "inflates to more than its %d bytes", e.usize)
	case !errors.Is(err, io.EOF):
		return badData(e, err)
	}
	switch _, err := f.br.ReadByte(); {
	case err == nil:
		return refuse(ReasonHiddenData, e.path, "bytes behind the compressed data")
	case !errors.Is(err, io.EOF):
		return notRead(err)
	}
	return nil
}

// badData names why data of an entry could not be had.
func badData(e *entry, err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.As(err, &corrupt):
		return refuse(ReasonCRC, e.path, "the data does not inflate: %v", err)
	case errors.Is(err, io.EOF) && e.method == methodDeflate:
		return refuse(ReasonSize, e.path, "inflates to less than its %d bytes", e.usize)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return refuse(ReasonSize, e.path, "the compressed data ends before %d bytes were had", e.usize)
	}
	return notRead(err)
}

// notRead is for errors of the underlying reader; the end of its data is a truncated file.
func notRead(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return refuse(ReasonTruncated, "", "the file ends within an entry")
	}
	return err
}
