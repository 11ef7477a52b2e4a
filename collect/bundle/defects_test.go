package bundle

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"strconv"
	"strings"
	"testing"
)

// defect is a copy of the canonical bundle with one thing wrong, and what Verify must say of it.
type defect struct {
	name   string
	reason Reason
	where  string // what Error.Where must be; "*" is anything
	make   func(t *testing.T, good []byte) []byte
	sparse func() (io.ReaderAt, int64) // in place of make: too large for memory
	policy func(t *testing.T) Policy   // nil: alice is trusted
}

const (
	shardBuckets     = "records/111122223333/global/s3.bucket-00000.jsonl"
	shardCalls       = "records/111122223333/global/calls-00000.jsonl"
	shardPopulations = "records/111122223333/global/populations-00000.jsonl"
	shardVPCs        = "records/111122223333/us-east-1/ec2.vpc-00000.jsonl"
	shardRun         = "records/run/run-00000.jsonl"
	sigAlice         = "signatures/alice.sshsig"
)

// TestDefects pins, for every reason, at least one bundle that is refused with it and with nothing else.
func TestDefects(t *testing.T) {
	good := seal(t, testRecords()...)
	if _, err := verifyBytes(good, Policy{Trust: testTrust(t, "", "alice")}); err != nil {
		t.Fatalf("the canonical bundle: %v", err)
	}
	for _, d := range defects() {
		t.Run(string(d.reason)+"/"+d.name, func(t *testing.T) {
			p := Policy{Trust: testTrust(t, "", "alice")}
			if d.policy != nil {
				p = d.policy(t)
			}
			var err error
			if d.sparse != nil {
				r, size := d.sparse()
				_, err = Verify(context.Background(), r, size, p)
			} else {
				_, err = verifyBytes(d.make(t, bytes.Clone(good)), p)
			}
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got error %v, want reason %s", err, d.reason)
			}
			if e.Reason != d.reason || d.where != "*" && e.Where != d.where {
				t.Errorf("got %v, want reason %s at %q", e, d.reason, d.where)
			}
			if !errors.Is(err, d.reason.Class()) {
				t.Errorf("%v is not of its class", err)
			}
		})
	}
}

// TestEveryReasonHasADefect reads the names of the reasons from the source.
func TestEveryReasonHasADefect(t *testing.T) {
	covered := make(map[Reason]bool)
	for _, d := range defects() {
		covered[d.reason] = true
	}
	f, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(f, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Names) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Reason") {
			return true
		}
		n++
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if !covered[Reason(text)] {
			t.Errorf("no defect triggers %s (%q)", spec.Names[0].Name, text)
		}
		return true
	})
	if n != 43 {
		t.Errorf("found %d reasons in errors.go, want 43", n)
	}
}

func defects() []defect {
	all := containerDefects()
	all = append(all, nameDefects()...)
	all = append(all, signatureDefects()...)
	all = append(all, listDefects()...)
	all = append(all, shardDefects()...)
	all = append(all, recordDefects()...)
	return all
}

// onRaw makes a defect in the container.
func onRaw(change func(t *testing.T, z *raw)) func(*testing.T, []byte) []byte {
	return func(t *testing.T, good []byte) []byte {
		z := takeRaw(t, good)
		change(t, z)
		return z.bytes()
	}
}

// onKit makes a defect in the files.
func onKit(change func(k *kit)) func(*testing.T, []byte) []byte {
	return func(t *testing.T, good []byte) []byte {
		k := takeApart(t, good)
		change(k)
		return k.bytes()
	}
}

// onReadme makes a defect in the container of the entry README.txt.
func onReadme(change func(e *rawEntry)) func(*testing.T, []byte) []byte {
	return onRaw(func(t *testing.T, z *raw) { change(z.entry(t, fileReadme)) })
}

func containerDefects() []defect {
	le := binary.LittleEndian
	end := func(at int, v uint32) func(*testing.T, []byte) []byte {
		return func(_ *testing.T, b []byte) []byte {
			le.PutUint32(b[len(b)-lenEnd+at:], v)
			return b
		}
	}
	return []defect{
		{name: "last byte missing", reason: ReasonTruncated, make: func(_ *testing.T, b []byte) []byte { return b[:len(b)-1] }},
		{name: "half", reason: ReasonTruncated, make: func(_ *testing.T, b []byte) []byte { return b[:len(b)/2] }},
		{name: "empty", reason: ReasonTruncated, make: func(_ *testing.T, _ []byte) []byte { return nil }},
		{name: "byte behind", reason: ReasonTrailing, make: func(_ *testing.T, b []byte) []byte { return append(b, 'x') }},
		{name: "archive comment", reason: ReasonTrailing, make: func(_ *testing.T, b []byte) []byte {
			le.PutUint16(b[len(b)-2:], 3)
			return append(b, "abc"...)
		}},
		{name: "multiple disks", reason: ReasonStructure, make: end(4, 1)},
		{name: "size of the directory", reason: ReasonStructure, make: end(12, 100)},
		{name: "no zip64 record", reason: ReasonStructure, make: end(16, max32)},
		{name: "entry count too small", reason: ReasonStructure, make: func(_ *testing.T, b []byte) []byte {
			le.PutUint16(b[len(b)-lenEnd+8:], le.Uint16(b[len(b)-lenEnd+8:])-1)
			le.PutUint16(b[len(b)-lenEnd+10:], le.Uint16(b[len(b)-lenEnd+10:])-1)
			return b
		}},
		{name: "zip64 without need", reason: ReasonStructure, make: func(_ *testing.T, b []byte) []byte {
			tail := bytes.Clone(b[len(b)-lenEnd:])
			n, size, start := uint64(le.Uint16(tail[10:])), uint64(le.Uint32(tail[12:])), uint64(le.Uint32(tail[16:]))
			long := endRecords(max16, start, size)
			le.PutUint64(long[24:], n)
			le.PutUint64(long[32:], n)
			return append(b[:len(b)-lenEnd], long...)
		}},
		{name: "directory signature", reason: ReasonStructure, make: onReadme(func(e *rawEntry) { e.central[0] ^= 1 })},
		{name: "other order", reason: ReasonStructure, where: fileShards, make: onKit(func(k *kit) { k.remove(fileShards).insert(fileShards, fileReadme, string(k.files[fileShards])) })},
		{name: "signatures out of order", reason: ReasonStructure, where: "signatures/adam.sshsig", make: onKit(func(k *kit) { k.insert("signatures/adam.sshsig", "", string(k.files[sigAlice])) })},
		{name: "two entries, one place", reason: ReasonOverlap, where: fileSeal, make: onRaw(func(t *testing.T, z *raw) { z.entry(t, fileSeal).offset = 0 })},
		{name: "into the directory", reason: ReasonOverlap, where: sigAlice, make: onRaw(func(t *testing.T, z *raw) {
			e := z.entry(t, sigAlice)
			e.both32(atCSize, uint32(len(e.data)+1))
			e.both32(atUSize, uint32(len(e.data)+1))
		})},
		{name: "between entries", reason: ReasonGap, where: fileSeal, make: onRaw(func(t *testing.T, z *raw) { z.entry(t, fileSeal).gap = []byte{0} })},
		{name: "before the first entry", reason: ReasonGap, where: fileReadme, make: onRaw(func(_ *testing.T, z *raw) { z.entries[0].gap = []byte("MZ") })},
		{name: "before the directory", reason: ReasonGap, make: onRaw(func(_ *testing.T, z *raw) { z.gap = []byte{0} })},
		{name: "checksum", reason: ReasonLocalMismatch, where: fileReadme, make: onReadme(func(e *rawEntry) { e.local[atCRC] ^= 1 })},
		{name: "name", reason: ReasonLocalMismatch, where: fileReadme, make: onReadme(func(e *rawEntry) { e.localName = "README.doc" })},
		{name: "signature of the header", reason: ReasonLocalMismatch, where: fileReadme, make: onReadme(func(e *rawEntry) { e.local[0] ^= 1 })},
		{name: "same name", reason: ReasonDuplicate, where: fileReadme, make: onRaw(func(t *testing.T, z *raw) { z.entries = append(z.entries, z.entry(t, fileReadme).clone()) })},
		{name: "case", reason: ReasonCaseCollision, where: "readme.TXT", make: onKit(func(k *kit) { k.insert("readme.TXT", "", "x") })},
		{name: "file and folder", reason: ReasonCaseCollision, where: fileSeal, make: onKit(func(k *kit) { k.insert("seal/x", "", "x") })},
		{name: "unix attributes", reason: ReasonNotRegular, where: fileReadme, make: onReadme(func(e *rawEntry) { le.PutUint32(e.central[38:], 0o120777<<16) })},
		{name: "text attribute", reason: ReasonNotRegular, where: fileReadme, make: onReadme(func(e *rawEntry) { e.central[36] = 1 })},
		{name: "another disk", reason: ReasonNotRegular, where: fileReadme, make: onReadme(func(e *rawEntry) { e.central[34] = 1 })},
		{name: "bzip2", reason: ReasonMethod, where: fileReadme, make: onReadme(func(e *rawEntry) { e.both16(atMethod, 12) })},
		{name: "encrypted", reason: ReasonFlags, where: fileReadme, make: onReadme(func(e *rawEntry) { e.both16(atFlags, 1) })},
		{name: "streamed", reason: ReasonFlags, where: fileReadme, make: onReadme(func(e *rawEntry) { e.both16(atFlags, 8) })},
		{name: "in the directory", reason: ReasonExtra, where: fileReadme, make: onReadme(func(e *rawEntry) { e.extra = []byte{0x55, 0x54, 1, 0, 0} })},
		{name: "in the local header", reason: ReasonExtra, where: fileReadme, make: onReadme(func(e *rawEntry) { e.localExtra = []byte{0x55, 0x54, 1, 0, 0} })},
		{name: "comment of an entry", reason: ReasonExtra, where: fileReadme, make: onReadme(func(e *rawEntry) { e.comment = []byte("x") })},
		{name: "zip64 offset without need", reason: ReasonExtra, where: fileReadme, make: onReadme(func(e *rawEntry) {
			e.extra, e.offset = append([]byte{1, 0, 8, 0}, make([]byte, 8)...), max32
		})},
		{name: "time", reason: ReasonMetadata, where: fileReadme, make: onReadme(func(e *rawEntry) { e.both16(atDate, dosDate+1) })},
		{name: "version needed", reason: ReasonMetadata, where: fileReadme, make: onReadme(func(e *rawEntry) { e.both16(atVersion, 10) })},
		{name: "made on unix", reason: ReasonMetadata, where: fileReadme, make: onReadme(func(e *rawEntry) { e.central[5] = 3 })},
		{name: "beyond the limit", reason: ReasonSize, where: fileReadme, make: onReadme(func(e *rawEntry) { e.both32(atUSize, MaxEntry+1) })},
		{name: "stored, two sizes", reason: ReasonSize, where: fileSeal, make: onRaw(func(t *testing.T, z *raw) { z.entry(t, fileSeal).both32(atUSize, 10) })},
		{name: "inflates to more", reason: ReasonSize, where: fileReadme, make: onReadme(func(e *rawEntry) { e.both32(atUSize, uint32(len(readme)-1)) })},
		{name: "inflates to less", reason: ReasonSize, where: fileReadme, make: onReadme(func(e *rawEntry) { e.both32(atUSize, uint32(len(readme)+1)) })},
		{name: "compressed data cut", reason: ReasonSize, where: fileReadme, make: onReadme(func(e *rawEntry) {
			e.data = e.data[:len(e.data)-9]
			e.both32(atCSize, uint32(len(e.data)))
		})},
		{name: "large SEAL", reason: ReasonSize, where: fileSeal, make: onKit(func(k *kit) { k.set(fileSeal, strings.Repeat("x", MaxSeal+1)) })},
		{name: "bomb", reason: ReasonRatio, where: fileReadme, make: onReadme(func(e *rawEntry) { e.both32(atUSize, 60<<20) })},
		{name: "no entry", reason: ReasonTooManyEntries, make: func(_ *testing.T, _ []byte) []byte { return endRecords(0, 0, 0) }},
		{name: "beyond the limit", reason: ReasonTooManyEntries, make: func(_ *testing.T, _ []byte) []byte { return endRecords(MaxEntries+1, 0, 0) }},
		{name: "beyond the limit", reason: ReasonTotal, sparse: func() (io.ReaderAt, int64) {
			return sparseZip(MaxTotal/MaxEntry+1, packed{method: methodDeflate, size: MaxEntry, data: make([]byte, MaxEntry/MaxRatio+1)})
		}},
		{name: "checksum of both", reason: ReasonCRC, where: fileReadme, make: onReadme(func(e *rawEntry) { e.both32(atCRC, 1) })},
		{name: "not deflated", reason: ReasonCRC, where: fileReadme, make: onReadme(func(e *rawEntry) { e.data[0] = 0xFF })},
		{name: "behind the stream", reason: ReasonHiddenData, where: fileReadme, make: onReadme(func(e *rawEntry) {
			e.data = append(e.data, 0)
			e.both32(atCSize, uint32(len(e.data)))
		})},
	}
}
