package bundle

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// The framing of the zip file. Everything that is not listed here is zero or absent: comments, extra fields,
// attributes, flags. Only an entry that begins at 4 GiB or later has an extra field, with its offset.
const (
	sigLocal   = 0x04034b50
	sigCentral = 0x02014b50
	sigEnd     = 0x06054b50
	sigEnd64   = 0x06064b50
	sigLoc64   = 0x07064b50

	lenLocal   = 30
	lenCentral = 46
	lenEnd     = 22
	lenEnd64   = 56
	lenLoc64   = 20
	lenOffset  = 12 // the extra field that holds an offset: id 1, 8 bytes

	versionPlain = 20 // FAT attributes, version 2.0
	versionZip64 = 45
	dosDate      = 1<<5 | 1 // 1980-01-01
	dosTime      = 0

	methodStore   = 0
	methodDeflate = 8

	max16 = 1<<16 - 1
	max32 = 1<<32 - 1
)

// packed is the content of one file, ready to be framed.
type packed struct {
	method uint16
	crc    uint32
	size   int    // inflated
	data   []byte // as it stands in the zip file
}

// packer deflates. It is not safe for concurrent use.
type packer struct{ w *flate.Writer }

// pack deflates data, or stores it where that is smaller or where its ratio would exceed MaxRatio. The result
// does not alias data unless it is stored.
func (p *packer) pack(data []byte) packed {
	out := packed{method: methodDeflate, crc: crc32.ChecksumIEEE(data), size: len(data)}
	var b bytes.Buffer
	if p.w == nil {
		p.w, _ = flate.NewWriter(&b, flate.DefaultCompression) // the level is valid
	} else {
		p.w.Reset(&b)
	}
	// A bytes.Buffer never refuses a write.
	_, _ = p.w.Write(data)
	_ = p.w.Close()
	if n := b.Len(); n >= len(data) || len(data) > ratioFloor && len(data)/MaxRatio >= n {
		return stored(data)
	}
	out.data = b.Bytes()
	return out
}

func stored(data []byte) packed {
	return packed{method: methodStore, crc: crc32.ChecksumIEEE(data), size: len(data), data: data}
}

// zipWriter frames files into a zip file, in the order in which they come.
type zipWriter struct {
	w   io.Writer
	off uint64
	dir []byte
	n   int
}

func (z *zipWriter) write(b []byte) error {
	n, err := z.w.Write(b)
	z.off += uint64(n)
	return err
}

func (z *zipWriter) add(path string, p packed) error {
	if what := checkName(path); what != "" {
		return fmt.Errorf("path %q: %s", path, what)
	}
	if p.size > MaxEntry {
		return fmt.Errorf("%s: %d bytes, at most %d", path, p.size, MaxEntry)
	}
	if z.n++; z.n > MaxEntries {
		return fmt.Errorf("more than %d files", MaxEntries)
	}
	version, offset := uint16(versionPlain), uint32(z.off)
	var extra []byte
	if z.off >= max32 {
		version, offset = versionZip64, max32
		extra = binary.LittleEndian.AppendUint64([]byte{1, 0, 8, 0}, z.off)
	}
	le := binary.LittleEndian
	// What both headers have in common: version, flags, method, time, date, checksum, sizes, length of the name.
	common := le.AppendUint16(nil, version)
	common = le.AppendUint16(common, 0)
	common = le.AppendUint16(common, p.method)
	common = le.AppendUint16(common, dosTime)
	common = le.AppendUint16(common, dosDate)
	common = le.AppendUint32(common, p.crc)
	common = le.AppendUint32(common, uint32(len(p.data)))
	common = le.AppendUint32(common, uint32(p.size))
	common = le.AppendUint16(common, uint16(len(path)))

	local := append(le.AppendUint32(nil, sigLocal), common...)
	local = le.AppendUint16(local, 0)
	local = append(local, path...)

	z.dir = le.AppendUint32(z.dir, sigCentral)
	z.dir = le.AppendUint16(z.dir, version)
	z.dir = append(z.dir, common...)
	z.dir = le.AppendUint16(z.dir, uint16(len(extra)))
	z.dir = append(z.dir, make([]byte, 10)...) // comment, disk, attributes
	z.dir = le.AppendUint32(z.dir, offset)
	z.dir = append(z.dir, path...)
	z.dir = append(z.dir, extra...)

	if err := z.write(local); err != nil {
		return err
	}
	return z.write(p.data)
}

// close writes the directory and the end records.
func (z *zipWriter) close() error {
	start, size := z.off, uint64(len(z.dir))
	if err := z.write(z.dir); err != nil {
		return err
	}
	return z.write(endRecords(uint64(z.n), start, size))
}

// endRecords returns what follows a directory of n entries: the zip64 records only where a number needs them.
func endRecords(n, start, size uint64) []byte {
	le := binary.LittleEndian
	var b []byte
	if n >= max16 || start >= max32 || size >= max32 {
		b = le.AppendUint32(b, sigEnd64)
		b = le.AppendUint64(b, lenEnd64-12)
		b = le.AppendUint16(b, versionZip64)
		b = le.AppendUint16(b, versionZip64)
		b = le.AppendUint64(b, 0) // disks
		b = le.AppendUint64(b, n)
		b = le.AppendUint64(b, n)
		b = le.AppendUint64(b, size)
		b = le.AppendUint64(b, start)
		b = le.AppendUint32(b, sigLoc64)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, start+size)
		b = le.AppendUint32(b, 1)
	}
	b = le.AppendUint32(b, sigEnd)
	b = le.AppendUint32(b, 0) // disks
	b = le.AppendUint16(b, uint16(min(n, max16)))
	b = le.AppendUint16(b, uint16(min(n, max16)))
	b = le.AppendUint32(b, uint32(min(size, max32)))
	b = le.AppendUint32(b, uint32(min(start, max32)))
	return le.AppendUint16(b, 0)
}
