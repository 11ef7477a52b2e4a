package bundle

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// testTime is when the canonical bundle was made.
var testTime = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

const (
	testAccount = "111122223333"
	testRegion  = "us-east-1"
)

// testRandom is a source of salts that repeats itself.
func testRandom() io.Reader { return rand.NewChaCha8(sha256.Sum256([]byte("salts"))) }

// testSigner has a key that follows from its name.
func testSigner(name string) Signer {
	seed := sha256.Sum256([]byte(name))
	return Signer{Name: name, Key: ed25519.NewKeyFromSeed(seed[:])}
}

// testTrust trusts the named signers, with further options.
func testTrust(t testing.TB, options string, names ...string) *Trust {
	t.Helper()
	var file strings.Builder
	for _, n := range names {
		line, err := TrustLine(n, testSigner(n).Key.Public())
		if err != nil {
			t.Fatal(err)
		}
		if options != "" {
			line = strings.Replace(line, `namespaces="`+Namespace+`"`, options, 1)
		}
		file.WriteString(line)
	}
	trust, err := ParseTrust("allowed_signers", []byte(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

func testCall(n int, region string) Call {
	return Call{
		ID: fmt.Sprintf("c%d", n), Account: testAccount, Caller: "arn:aws:iam::" + testAccount + ":role/reader", Region: region,
		Service: "s3", Operation: "ListBuckets", Input: json.RawMessage(`{"MaxBuckets":1000}`), RequestID: fmt.Sprint("r", n),
		At: testTime, AWSDate: "Wed, 04 Mar 2026 05:06:07 GMT", HTTPStatus: 200,
	}
}

func testBucket(id string) Artifact {
	return Artifact{
		Kind: "s3.bucket", Partition: "aws", Account: testAccount, Region: Global, ID: id, ARN: "arn:aws:s3:::" + id,
		Parts: map[string]Part{
			"Bucket":     {State: StateOK, Calls: []string{"c1"}, From: &From{Page: 0, Index: 4}, Data: json.RawMessage(`{"Name":"` + id + `","Note":"機密 <&>"}`)},
			"Encryption": {State: StateAbsent, Calls: []string{"c2"}, Code: "NotFound"},
			"Policy":     {State: StateGap, Calls: []string{}, Code: "AccessDenied", Message: "no", Action: "s3:GetBucketPolicy"},
		},
	}
}

func testRecords() []any {
	return []any{
		testCall(1, Global), testCall(2, Global), testCall(3, testRegion),
		testBucket("alpha"), testBucket("beta"),
		Artifact{Kind: "ec2.vpc", Partition: "aws", Account: testAccount, Region: testRegion, ID: "vpc-1", Parts: map[string]Part{
			"Vpc": {State: StateOK, Calls: []string{"c3"}, Data: json.RawMessage(`{"IsDefault":true,"Weight":0.5}`)},
		}},
		Population{Kind: "s3.bucket", Partition: "aws", Account: testAccount, Region: Global, Scope: ScopeAccount, Status: StatusComplete, Count: 2, Calls: []string{"c1"}},
		Population{Kind: "ec2.vpc", Partition: "aws", Account: testAccount, Region: testRegion, Scope: ScopeRegion, Status: StatusIncomplete, Count: 1, Calls: []string{"c3"}, Gaps: []Gap{
			{Service: "ec2", Operation: "DescribeVpcs", Code: "AccessDenied", Message: "no", Action: "ec2:DescribeVpcs", Calls: []string{"c3"}},
		}},
		testRun(),
	}
}

func testRun() Run {
	return Run{
		Tool: "auditpack 1", Started: testTime, Ended: testTime.Add(time.Minute), SkewMillis: -7,
		Requested: []KeyValue{{"regions", "all"}}, Regions: []string{testRegion},
		Accounts: []Account{{ID: testAccount, Name: "main", Partition: "aws", Caller: "arn"}, {ID: "444455556666", Partition: "aws", Code: "AccessDenied", Message: "no"}},
		Calls:    CallCounts{Planned: 5, OK: 1, Absent: 1, Denied: 1, Failed: 1},
	}
}

func addRecord(w *Writer, r any) error {
	switch r := r.(type) {
	case Call:
		return w.Call(r)
	case Artifact:
		return w.Artifact(r)
	case Population:
		return w.Population(r)
	case Run:
		return w.Run(r)
	}
	return fmt.Errorf("%T is no record", r)
}

func testOptions() WriterOptions {
	return WriterOptions{
		ID: strings.Repeat("0f", 16), Created: testTime, Tool: Tool{"auditpack", "1", "abc"}, RedactionRules: "none",
		Previous: strings.Repeat("ab", 32), Random: testRandom(),
	}
}

// seal writes a bundle of the records, signed by alice.
func seal(t testing.TB, records ...any) []byte {
	t.Helper()
	w, err := NewWriter(t.TempDir(), testOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := addRecord(w, r); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if _, err := w.FinishTo(context.Background(), &out, []Signer{testSigner("alice")}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func verifyBytes(b []byte, p Policy) (*Report, error) {
	if p.Now.IsZero() {
		p.Now = testTime
	}
	return Verify(context.Background(), bytes.NewReader(b), int64(len(b)), p)
}

// kit is a bundle taken apart, to be put together again with one defect.
type kit struct {
	t     testing.TB
	paths []string // in physical order
	files map[string][]byte
	by    Signer
}

func takeApart(t testing.TB, bundle []byte) *kit {
	t.Helper()
	a, err := openArchive(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{t: t, files: make(map[string][]byte), by: testSigner("alice")}
	var f inflater
	for i, e := range a.entries {
		b, err := f.read(a, i, MaxEntry)
		if err != nil {
			t.Fatal(err)
		}
		k.paths = append(k.paths, e.path)
		k.files[e.path] = bytes.Clone(b)
	}
	return k
}

func (k *kit) shardPaths() (paths []string) {
	for _, p := range k.paths {
		if strings.HasPrefix(p, dirRecords) {
			paths = append(paths, p)
		}
	}
	return paths
}

// replace changes a text that must be there in a file.
func (k *kit) replace(path, old, new string) *kit {
	k.t.Helper()
	before := k.files[path]
	after := bytes.Replace(before, []byte(old), []byte(new), 1)
	if bytes.Equal(before, after) {
		k.t.Fatalf("%s has no %q:\n%s", path, old, before)
	}
	k.files[path] = after
	return k
}

func (k *kit) set(path, text string) *kit {
	k.files[path] = []byte(text)
	return k
}

// insert puts a new file before another one, or at the end.
func (k *kit) insert(path, before, text string) *kit {
	i := len(k.paths)
	for j, p := range k.paths {
		if p == before {
			i = j
		}
	}
	k.paths = append(k.paths[:i:i], append([]string{path}, k.paths[i:]...)...)
	return k.set(path, text)
}

func (k *kit) remove(path string) *kit {
	for i, p := range k.paths {
		if p == path {
			k.paths = append(k.paths[:i:i], k.paths[i+1:]...)
		}
	}
	return k
}

// relist writes shards.jsonl anew, with the salts "A…".
func (k *kit) relist() *kit {
	var list bytes.Buffer
	for _, p := range k.shardPaths() {
		var tree treeHasher
		text := bytes.TrimSuffix(k.files[p], []byte("\n"))
		for line := range bytes.SplitSeq(text, []byte("\n")) {
			tree.add(LeafDigest(line))
		}
		fmt.Fprintf(&list, `{"salt":"%s","count":%d,"path":"%s","root":"%s"}`+"\n", strings.Repeat("A", 22), tree.n, p, tree.root())
	}
	k.files[fileShards] = list.Bytes()
	return k
}

// remanifest writes manifest.json anew for shards.jsonl as it is, with a change.
func (k *kit) remanifest(change func(*Manifest)) *kit {
	var m Manifest
	if err := json.Unmarshal(k.files[fileManifest], &m); err != nil {
		k.t.Fatal(err)
	}
	var tree treeHasher
	m.Records = 0
	for line := range bytes.Lines(k.files[fileShards]) {
		tree.add(LeafDigest(bytes.TrimSuffix(line, []byte("\n"))))
		var l struct{ Count int }
		_ = json.Unmarshal(line, &l) // a defect of the line is what the test is about
		m.Records += l.Count
	}
	m.Shards = Tree{tree.n, tree.root()}
	if change != nil {
		change(&m)
	}
	text, err := encodeManifest(m)
	if err != nil {
		k.t.Fatal(err)
	}
	k.files[fileManifest] = text
	return k
}

// resum writes SHA256SUMS anew.
func (k *kit) resum() *kit {
	var sums bytes.Buffer
	for _, p := range append(append([]string{fileReadme}, k.shardPaths()...), fileShards) {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(k.files[p]), p)
	}
	k.files[fileSums] = sums.Bytes()
	return k
}

// sign writes SEAL and the signature anew.
func (k *kit) sign() *kit {
	k.files[fileSeal] = sealText(sha256.Sum256(k.files[fileSums]), sha256.Sum256(k.files[fileManifest]))
	return k.resign(Namespace)
}

func (k *kit) resign(namespace string) *kit {
	sig, err := k.by.sign(namespace, k.files[fileSeal])
	if err != nil {
		k.t.Fatal(err)
	}
	k.files["signatures/alice.sshsig"] = sig
	return k
}

// reseal makes everything follow from the records again.
func (k *kit) reseal() *kit { return k.relist().remanifest(nil).resum().sign() }

func (k *kit) bytes() []byte {
	var out bytes.Buffer
	z := zipWriter{w: &out}
	var p packer
	for _, path := range k.paths {
		if err := z.add(path, p.pack(k.files[path])); err != nil {
			k.t.Fatal(err)
		}
	}
	if err := z.close(); err != nil {
		k.t.Fatal(err)
	}
	return out.Bytes()
}

// raw is a zip file taken apart into its headers.
type raw struct {
	entries []*rawEntry
	gap     []byte // before the directory
}

type rawEntry struct {
	gap            []byte // before the local header
	local, central []byte // headers without what follows them
	localName      string
	name           string
	localExtra     []byte
	extra, comment []byte
	data           []byte
	offset         int // of the local header; negative: where it is
}

func takeRaw(t testing.TB, bundle []byte) *raw {
	t.Helper()
	a, err := openArchive(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	dir := bundle[binary.LittleEndian.Uint32(bundle[len(bundle)-6:]):]
	z := new(raw)
	for _, e := range a.entries {
		n := len(e.path)
		head := e.data - int64(n) - lenLocal
		z.entries = append(z.entries, &rawEntry{
			local: bytes.Clone(bundle[head : head+lenLocal]), central: bytes.Clone(dir[:lenCentral]), localName: e.path, name: e.path,
			data: bytes.Clone(bundle[e.data : e.data+e.csize]), offset: -1,
		})
		dir = dir[lenCentral+n:]
	}
	return z
}

func (z *raw) entry(t testing.TB, path string) *rawEntry {
	for _, e := range z.entries {
		if e.name == path {
			return e
		}
	}
	t.Fatalf("no entry %q", path)
	return nil
}

// both sets a 16-bit field in both headers, by its place in the local one.
func (e *rawEntry) both16(at int, v uint16) {
	binary.LittleEndian.PutUint16(e.local[at:], v)
	binary.LittleEndian.PutUint16(e.central[at+2:], v)
}

func (e *rawEntry) both32(at int, v uint32) {
	binary.LittleEndian.PutUint32(e.local[at:], v)
	binary.LittleEndian.PutUint32(e.central[at+2:], v)
}

// The places of fields in the local header.
const (
	atVersion = 4
	atFlags   = 6
	atMethod  = 8
	atDate    = 12
	atCRC     = 14
	atCSize   = 18
	atUSize   = 22
)

func (e *rawEntry) rename(name string) { e.name, e.localName = name, name }

func (e *rawEntry) clone() *rawEntry {
	c := *e
	c.local, c.central = bytes.Clone(e.local), bytes.Clone(e.central)
	return &c
}

func (z *raw) bytes() []byte {
	le := binary.LittleEndian
	var out, dir []byte
	for _, e := range z.entries {
		out = append(out, e.gap...)
		offset := len(out)
		if e.offset >= 0 {
			offset = e.offset
		}
		le.PutUint16(e.local[26:], uint16(len(e.localName)))
		le.PutUint16(e.local[28:], uint16(len(e.localExtra)))
		out = append(out, e.local...)
		out = append(out, e.localName...)
		out = append(out, e.localExtra...)
		out = append(out, e.data...)
		le.PutUint16(e.central[28:], uint16(len(e.name)))
		le.PutUint16(e.central[30:], uint16(len(e.extra)))
		le.PutUint16(e.central[32:], uint16(len(e.comment)))
		le.PutUint32(e.central[42:], uint32(offset))
		dir = append(dir, e.central...)
		dir = append(dir, e.name...)
		dir = append(dir, e.extra...)
		dir = append(dir, e.comment...)
	}
	out = append(out, z.gap...)
	return append(append(out, dir...), endRecords(uint64(len(z.entries)), uint64(len(out)), uint64(len(dir)))...)
}
