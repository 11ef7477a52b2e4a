package bundle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// write makes a bundle of the records in the given order, from several goroutines, spilling often.
func write(t *testing.T, records []any, spill int) ([]byte, *Sealed) {
	t.Helper()
	w, err := NewWriter(t.TempDir(), testOptions())
	if err != nil {
		t.Fatal(err)
	}
	w.sorter.limit = spill
	var wg sync.WaitGroup
	for part := range slices.Chunk(records, len(records)/4+1) {
		wg.Go(func() {
			for _, r := range part {
				if err := addRecord(w, r); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var out bytes.Buffer
	sealed, err := w.FinishTo(context.Background(), &out, []Signer{testSigner("bob"), testSigner("alice")})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), sealed
}

// manyRecords fill several shards of a kind.
func manyRecords(n int) []any {
	records := []any{testRun(), testCall(1, Global), testCall(2, Global)}
	for i := range n {
		a := testBucket(fmt.Sprintf("bucket-%d", i))
		a.Parts["Bucket"] = Part{State: StateOK, Calls: []string{"c1"}, Data: json.RawMessage(`{"Filler":"` + strings.Repeat("ab ", 1000) + `"}`)}
		records = append(records, a)
	}
	return records
}

// TestDeterminism pins that the bytes of a bundle follow from records, options, salts and key, whatever the order of
// arrival and however often the writer has spilled.
func TestDeterminism(t *testing.T) {
	records := manyRecords(1500)
	want, sealed := write(t, records, spillAt)
	r := rand.New(rand.NewPCG(1, 2))
	for _, spill := range []int{1 << 30, 1 << 20, 50_000} {
		r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		got, again := write(t, records, spill)
		if !bytes.Equal(got, want) || again.SealSHA256 != sealed.SealSHA256 {
			t.Errorf("spilling at %d: other bytes", spill)
		}
	}
	rep, err := verifyBytes(want, Policy{Trust: testTrust(t, "", "bob")})
	if err != nil {
		t.Fatal(err)
	}
	if rep.SealSHA256 != sealed.SealSHA256 || rep.Records["s3.bucket"] != 1500 || rep.Shards != sealed.Shards || sealed.Bytes != int64(len(want)) {
		t.Errorf("got %+v, sealed %+v", rep, sealed)
	}
	if rep.Manifest != sealed.Manifest {
		t.Errorf("manifest: got %+v, want %+v", rep.Manifest, sealed.Manifest)
	}
	if len(rep.Signatures) != 2 || rep.Signatures[0].Trusted || rep.Signatures[0].Reason != ReasonSigUntrusted || !rep.Signatures[1].Trusted || rep.Signatures[1].Principals != "bob" {
		t.Errorf("signatures: got %+v", rep.Signatures)
	}
}

// TestSealIsPinned pins the format: the same records, salts, id and time give this SEAL in every version of the
// program. (Not the zip file: the compressor changes with Go.)
func TestSealIsPinned(t *testing.T) {
	k := takeApart(t, seal(t, testRecords()...))
	want := "f86b26c4f4f72ea87f4935e176e0033d4964345ac78c945093dfeca407ef40cd  SHA256SUMS\n" +
		"3f12f811b7d6945ac205ccac6f91a2ceb622025a09ad9d1222e96aa6db4d22c3  manifest.json\n"
	if got := string(k.files[fileSeal]); got != want {
		t.Errorf("got SEAL\n%swant\n%s", got, want)
	}
}

// TestSaltsDiffer pins that salts are random unless a test says otherwise.
func TestSaltsDiffer(t *testing.T) {
	seen := make(map[string]bool)
	for range 2 {
		o := testOptions()
		o.Random = nil
		w, err := NewWriter(t.TempDir(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range testRecords() {
			if err := addRecord(w, r); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		if _, err := w.FinishTo(context.Background(), &out, []Signer{testSigner("alice")}); err != nil {
			t.Fatal(err)
		}
		for path, text := range takeApart(t, out.Bytes()).files {
			if !strings.HasSuffix(path, extShard) {
				continue
			}
			for line := range bytes.Lines(text) {
				salt := string(line[len(`{"salt":"`):][:saltText])
				if seen[salt] {
					t.Errorf("salt %s occurs twice", salt)
				}
				seen[salt] = true
			}
		}
	}
	if len(seen) != 2*(9+7) {
		t.Errorf("got %d salts, want %d", len(seen), 2*(9+7))
	}
}

// TestRoundTrip pins that what was written is read back, and that writing that again gives the same record.
func TestRoundTrip(t *testing.T) {
	records := testRecords()
	b := seal(t, records...)
	o, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]bool)
	for _, r := range records {
		body, err := encodeRecord(r)
		if err != nil {
			t.Fatal(err)
		}
		want[string(body)] = true
	}
	for _, s := range o.Shards() {
		n := 0
		for l, err := range o.Lines(s) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; l.N != n || l.Digest != LeafDigest(l.Raw) {
				t.Errorf("%s: line %d has number %d and digest %s", s.Path, n, l.N, l.Digest)
			}
			r, err := DecodeRecord(l.Raw)
			if err != nil {
				t.Fatal(err)
			}
			body, err := encodeRecord(value(r))
			if err != nil {
				t.Fatal(err)
			}
			if !want[string(body)] {
				t.Errorf("%s:%d: %s was not written", s.Path, n, body)
			}
			if again := "{" + string(l.Raw[len(`{"salt":"",`)+saltText:]); again != string(body) {
				t.Errorf("%s:%d: got %s, decoded and encoded %s", s.Path, n, again, body)
			}
			delete(want, string(body))
		}
		if n != s.Count {
			t.Errorf("%s: %d records, want %d", s.Path, n, s.Count)
		}
	}
	for body := range want {
		t.Errorf("not read back: %s", body)
	}
}

func value(r any) any {
	switch r := r.(type) {
	case *Call:
		return *r
	case *Artifact:
		return *r
	case *Population:
		return *r
	case *Run:
		return *r
	}
	return nil
}

// TestTooLarge pins that the largest part of a record beyond MaxRecord becomes a gap, and that smaller ones stay.
func TestTooLarge(t *testing.T) {
	a := testBucket("large")
	large := `"` + noise(5<<20) + `"`
	a.Parts["A"] = Part{State: StateOK, Calls: []string{"c1"}, Data: json.RawMessage(large)}
	a.Parts["B"] = Part{State: StateOK, Calls: []string{"c2"}, From: &From{}, Data: json.RawMessage(large + " ")}
	b := seal(t, testRun(), testCall(1, Global), testCall(2, Global), a)
	if _, err := verifyBytes(b, Policy{}); err != nil {
		t.Fatal(err)
	}
	o, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range o.Shards() {
		if s.Kind != "s3.bucket" {
			continue
		}
		for l, err := range o.Lines(s) {
			if err != nil {
				t.Fatal(err)
			}
			r, err := DecodeRecord(l.Raw)
			if err != nil {
				t.Fatal(err)
			}
			parts := r.(*Artifact).Parts
			if p := parts["B"]; p.State != StateGap || p.Code != TooLarge || len(p.Data) != 0 || p.From != nil || p.Calls[0] != "c2" {
				t.Errorf("part B: got %+v, want a gap", p)
			}
			if p := parts["A"]; p.State != StateOK || len(p.Data) != len(large) {
				t.Errorf("part A: got state %s and %d bytes, want it kept", p.State, len(p.Data))
			}
		}
	}
	if a.Parts["B"].State != StateOK {
		t.Error("the caller's artifact was changed")
	}
}

// TestWriterRefuses pins what is no record, and that a refusal leaves no trace.
func TestWriterRefuses(t *testing.T) {
	w, err := NewWriter(t.TempDir(), testOptions())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Call(testCall(1, Global)); err != nil {
		t.Fatal(err)
	}
	with := func(change func(a *Artifact)) Artifact {
		a := testBucket("x")
		change(&a)
		return a
	}
	population := testRecords()[6].(Population)
	if err := w.Population(population); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		record any
		want   string
	}{
		{"call twice", testCall(1, Global), "already used"},
		{"population twice", population, "already one"},
		{"account", with(func(a *Artifact) { a.Account = "1" }), "12 digits"},
		{"region", with(func(a *Artifact) { a.Region = "" }), "region"},
		{"kind", with(func(a *Artifact) { a.Kind = "calls" }), "kind"},
		{"kind like a shard number", with(func(a *Artifact) { a.Kind = "s3.bucket-00001" }), "kind"},
		{"kind like a device", with(func(a *Artifact) { a.Kind = "con.fig" }), "kind"},
		{"id", with(func(a *Artifact) { a.ID = "" }), "empty id"},
		{"data that is no JSON", with(func(a *Artifact) {
			a.Parts["P"] = Part{State: StateOK, Calls: []string{"c1"}, Data: json.RawMessage(`{`)}
		}), "JSON"},
		{"duplicate name", with(func(a *Artifact) {
			a.Parts["P"] = Part{State: StateOK, Calls: []string{"c1"}, Data: json.RawMessage(`{"a":1,"a":2}`)}
		}), "duplicate"},
		{"ok without a call", with(func(a *Artifact) { a.Parts["P"] = Part{State: StateOK, Data: json.RawMessage(`1`)} }), "state ok"},
		{"large without parts", with(func(a *Artifact) { a.ID = strings.Repeat("x", MaxRecord) }), "larger than"},
	} {
		err := addRecord(w, c.record)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	if w.records != 2 {
		t.Errorf("%d records are in, want 2", w.records)
	}
}

// TestFinishRefuses pins what a bundle cannot be without, and that Finish may be called again.
func TestFinishRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bundle.zip")
	w, err := NewWriter(dir, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	alice := []Signer{testSigner("alice")}
	finish := func(want string, signers []Signer) {
		t.Helper()
		if _, err := w.Finish(context.Background(), path, signers); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		if names := list(t, dir); len(names) != 0 {
			t.Errorf("left behind: %q", names)
		}
	}
	finish("no run record", alice)
	if err := w.Run(testRun()); err != nil {
		t.Fatal(err)
	}
	finish("0 signers", nil)
	finish("two signers", append(alice, testSigner("Alice")))
	finish("byte 0x2f", []Signer{testSigner("../x")})
	finish("without a key", []Signer{{Name: "x"}})
	if err := w.Artifact(testBucket("x")); err != nil {
		t.Fatal(err)
	}
	finish("is cited", alice)
	for n := range 2 {
		if err := w.Call(testCall(n+1, Global)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Population(testRecords()[6].(Population)); err != nil {
		t.Fatal(err)
	}
	finish("count 2, but 1 artifacts", alice)
	if err := w.Artifact(testBucket("y")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := w.Finish(ctx, path, alice); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
	if _, err := w.Finish(context.Background(), filepath.Join(dir, "missing", "x"), alice); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want that the folder does not exist", err)
	}
	if _, err := w.FinishTo(context.Background(), failingWriter{}, alice); !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
	if names := list(t, dir); len(names) != 0 {
		t.Errorf("left behind: %q", names)
	}
	if _, err := w.Finish(context.Background(), path, alice); err != nil {
		t.Fatal(err)
	}
	if names := list(t, dir); len(names) != 1 {
		t.Errorf("got files %q, want the bundle alone", names)
	}
	if err := w.Call(testCall(9, Global)); err == nil {
		t.Error("a finished writer takes records")
	}
	if _, err := w.Finish(context.Background(), path, alice); err == nil {
		t.Error("a finished writer finishes again")
	}
}

var errFull = errors.New("disk full")

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errFull }

func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestAbort pins that nothing stays behind.
func TestAbort(t *testing.T) {
	dir := t.TempDir()
	w, err := NewWriter(dir, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	w.sorter.limit = 1
	for _, r := range testRecords() {
		if err := addRecord(w, r); err != nil {
			t.Fatal(err)
		}
	}
	if len(list(t, dir)) != 1 {
		t.Error("nothing was spilled")
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if names := list(t, dir); len(names) != 0 {
		t.Errorf("left behind: %q", names)
	}
	if err := w.Call(testCall(7, Global)); err == nil {
		t.Error("an aborted writer takes records")
	}
}

// TestWriterOptions pins what an option may not be, and the defaults.
func TestWriterOptions(t *testing.T) {
	for _, o := range []WriterOptions{{ID: "x"}, {ID: strings.Repeat("G", 32)}, {Previous: "x"}, {Random: strings.NewReader("short")}} {
		if _, err := NewWriter("", o); err == nil {
			t.Errorf("%+v: accepted", o)
		}
	}
	w, err := NewWriter("", WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !isBundleID(w.o.ID) || time.Since(w.o.Created) > time.Minute || w.o.Created.Location() != time.UTC {
		t.Errorf("got %+v", w.o)
	}
}
