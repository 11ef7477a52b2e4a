package bundle

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestOpenChecksTheTree pins that no line of a changed shard is yielded, also where Verify was not asked.
func TestOpenChecksTheTree(t *testing.T) {
	b := takeApart(t, seal(t, testRecords()...)).replace(shardBuckets, "beta", "bet4").bytes()
	o, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range o.Shards() {
		for l, err := range o.Lines(s) {
			if s.Path != shardBuckets {
				if err != nil {
					t.Errorf("%s: %v", s.Path, err)
				}
				continue
			}
			var e *Error
			if !errors.As(err, &e) || e.Reason != ReasonTreeMismatch || e.Where != shardBuckets || l.Raw != nil {
				t.Errorf("got %q, %v, want no line and %s", l.Raw, err, ReasonTreeMismatch)
			}
		}
	}
	for _, err := range o.Lines(Shard{Path: "x"}) {
		if err == nil {
			t.Error("a shard that is not there has lines")
		}
	}
}

// TestOrderAcrossShards pins that the order of records does not begin anew with each shard of a group.
func TestOrderAcrossShards(t *testing.T) {
	records := []any{testRun(), testCall(1, Global), testCall(2, Global)}
	for _, id := range []string{"a", "b", "c"} {
		a := testBucket(id)
		a.Parts["Bucket"] = Part{State: StateOK, Calls: []string{"c1"}, Data: json.RawMessage(`"` + noise(3<<19) + `"`)}
		records = append(records, a)
	}
	k := takeApart(t, seal(t, records...))
	second := strings.Replace(shardBuckets, "-00000", "-00001", 1)
	k.files[shardBuckets], k.files[second] = k.files[second], k.files[shardBuckets]
	_, err := verifyBytes(k.reseal().bytes(), Policy{})
	var e *Error
	if !errors.As(err, &e) || e.Reason != ReasonRecordMisplaced || e.Where != second+":1" {
		t.Errorf("got %v, want %s at %s:1", err, ReasonRecordMisplaced, second)
	}
}

// TestFirstFaultIsReported pins that of several faults in different shards it is always the same that is named.
func TestFirstFaultIsReported(t *testing.T) {
	b := takeApart(t, seal(t, testRecords()...)).replace(shardBuckets, "beta", "bet4").replace(shardRun, "main", "mean").bytes()
	for range 50 {
		_, err := verifyBytes(b, Policy{})
		var e *Error
		if !errors.As(err, &e) || e.Where != shardBuckets {
			t.Fatalf("got %v, want %s", err, shardBuckets)
		}
	}
}

// TestCancel pins that Verify ends when its context does.
func TestCancel(t *testing.T) {
	b := seal(t, testRecords()...)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Verify(ctx, bytes.NewReader(b), int64(len(b)), Policy{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
}

// TestReadErrors pins that an error of the disk is not taken for one of the bundle.
func TestReadErrors(t *testing.T) {
	b := seal(t, testRecords()...)
	for n := range 200 {
		r := &failingReader{r: bytes.NewReader(b)}
		r.left.Store(int64(n))
		_, err := Verify(context.Background(), r, int64(len(b)), Policy{})
		if err == nil {
			return
		}
		if !errors.Is(err, errDisk) {
			t.Errorf("read %d fails: got %v, want %v", n, err, errDisk)
		}
	}
}

var errDisk = errors.New("disk error")

type failingReader struct {
	r    io.ReaderAt
	left atomic.Int64
}

func (f *failingReader) ReadAt(b []byte, off int64) (int, error) {
	if f.left.Add(-1) < 0 {
		return 0, errDisk
	}
	return f.r.ReadAt(b, off)
}

// TestTree checks the incremental tree against RFC 6962's recursive definition.
func TestTree(t *testing.T) {
	var leaves []Digest
	var tree treeHasher
	for n := range 70 {
		if got, want := tree.root(), recursiveRoot(leaves); got != want {
			t.Fatalf("%d leaves: got %s, want %s", n, got, want)
		}
		d := LeafDigest([]byte(fmt.Sprint(n)))
		leaves = append(leaves, d)
		tree.add(d)
	}
	// Of certificate transparency's reference tests: the leaf of the empty string.
	if got := LeafDigest(nil).String(); got != "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" {
		t.Errorf("leaf of the empty string: %s", got)
	}
}

func recursiveRoot(leaves []Digest) Digest {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	return nodeDigest(recursiveRoot(leaves[:k]), recursiveRoot(leaves[k:]))
}

// benchBundle is about 60 MB of buckets as AWS describes them, with a call for each part, as collect records them.
func benchBundle(b *testing.B) []byte {
	b.Helper()
	w, err := NewWriter(b.TempDir(), testOptions())
	if err != nil {
		b.Fatal(err)
	}
	add := func(r any) {
		if err := addRecord(w, r); err != nil {
			b.Fatal(err)
		}
	}
	add(testRun())
	calls := 0
	for i := range 20_000 {
		name := fmt.Sprintf("company-data-%06d", i*7919%1_000_003)
		h := fmt.Sprintf("%x", sha256.Sum256([]byte(name)))
		a := Artifact{Kind: "s3.bucket", Partition: "aws", Account: testAccount, Region: Global, ID: name, ARN: "arn:aws:s3:::" + name, Parts: map[string]Part{}}
		for part, data := range map[string]string{
			"Bucket":     fmt.Sprintf(`{"BucketRegion":"ap-northeast-1","CreationDate":"2026-01-%02dT0%d:00:00Z","Name":"%s"}`, i%28+1, i%10, name),
			"Acl":        fmt.Sprintf(`{"Grants":[{"Grantee":{"DisplayName":"owner-%d","ID":"%s","Type":"CanonicalUser"},"Permission":"FULL_CONTROL"}],"Owner":{"DisplayName":"情報システム部"}}`, i%13, h),
			"Policy":     fmt.Sprintf(`{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::%s/*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}"}`, name),
			"Encryption": fmt.Sprintf(`{"ServerSideEncryptionConfiguration":{"Rules":[{"ApplyServerSideEncryptionByDefault":{"KMSMasterKeyID":"arn:aws:kms:ap-northeast-1:111122223333:key/%s","SSEAlgorithm":"aws:kms"},"BucketKeyEnabled":%t}]}}`, h[:36], i%2 == 0),
			"Logging":    fmt.Sprintf(`{"LoggingEnabled":{"TargetBucket":"logs-%s","TargetPrefix":"%s/"}}`, h[36:42], name),
			"Tags":       fmt.Sprintf(`{"TagSet":[{"Key":"Owner","Value":"team-%d"},{"Key":"CostCenter","Value":"%d"},{"Key":"機密","Value":"社外秘"}]}`, i%31, i*31%9973),
		} {
			calls++
			c := testCall(calls, Global)
			c.Operation = "GetBucket" + part
			c.Input = json.RawMessage(`{"Bucket":"` + name + `"}`)
			c.RequestID = fmt.Sprintf("%X", sha256.Sum256([]byte(c.ID)))[:16]
			c.At = testTime.Add(time.Duration(calls) * 37 * time.Millisecond)
			add(c)
			a.Parts[part] = Part{State: StateOK, Calls: []string{c.ID}, Data: json.RawMessage(data)}
		}
		add(a)
	}
	var out bytes.Buffer
	if _, err := w.FinishTo(context.Background(), &out, []Signer{testSigner("alice")}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkVerify compares Verify with what no verification can do without: to inflate and hash. The budget is twice
// that in CPU time. The two take turns, so that a machine that has other things to do slows down both, and ratio is the
// median of the rounds: go test -run - -bench Verify -benchtime 20x ./collect/bundle
func BenchmarkVerify(b *testing.B) {
	bundle := benchBundle(b)
	a, err := openArchive(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		b.Fatal(err)
	}
	var size int64
	for _, e := range a.entries {
		size += e.usize
	}
	b.Logf("%d bytes, %d inflated", len(bundle), size)
	inflate := func() error {
		for _, e := range a.entries {
			var r io.Reader = io.NewSectionReader(bytes.NewReader(bundle), e.data, e.csize)
			if e.method == methodDeflate {
				r = flate.NewReader(r)
			}
			if _, err := io.Copy(sha256.New(), r); err != nil {
				return err
			}
		}
		return nil
	}
	for name, work := range map[string]func() error{
		"verify": func() error {
			_, err := verifyBytes(bundle, Policy{})
			return err
		},
		"read": func() error { return readAll(bundle) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size)
			var ratios, floors, costs []float64
			for range b.N {
				floor, cost := cpuOf(b, inflate), cpuOf(b, work)
				floors, costs, ratios = append(floors, floor), append(costs, cost), append(ratios, cost/floor)
			}
			b.ReportMetric(median(floors), "inflate+hash-cpu-ms")
			b.ReportMetric(median(costs), "cpu-ms")
			b.ReportMetric(median(ratios), "ratio")
		})
	}
}

// readAll reads every record of a bundle as a program does that has verified it.
func readAll(bundle []byte) error {
	o, err := Open(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		return err
	}
	for _, s := range o.Shards() {
		for _, err := range o.Lines(s) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// cpuOf is the CPU time, in milliseconds, that work takes.
func cpuOf(b *testing.B, work func() error) float64 {
	b.Helper()
	runtime.GC()
	start := cpuTime()
	if err := work(); err != nil {
		b.Fatal(err)
	}
	return float64(cpuTime()-start) / 1e6
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
