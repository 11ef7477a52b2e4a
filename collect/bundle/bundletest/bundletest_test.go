package bundletest

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/auditpack/auditpack/collect/bundle"
)

// TestBuild pins that the least that a test has to say gives a bundle that verifies and reads back.
func TestBuild(t *testing.T) {
	path, allowed := Build(t,
		bundle.Artifact{Kind: "s3.bucket", Account: Account, Region: bundle.Global, ID: "b", Parts: map[string]bundle.Part{
			"Bucket": {State: bundle.StateOK, Data: json.RawMessage(`{"Name":"b"}`)},
			"Policy": {State: bundle.StateGap, Calls: []string{"c7"}, Code: "AccessDenied"},
		}},
		&bundle.Population{Kind: "s3.bucket", Account: Account, Region: bundle.Global, Scope: bundle.ScopeAccount, Status: bundle.StatusComplete, Count: 1},
	)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	trust, err := bundle.ParseTrust("allowed_signers", allowed)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := bundle.Verify(context.Background(), f, st.Size(), bundle.Policy{Trust: trust})
	if err != nil {
		t.Fatal(err)
	}
	if !rep.Trusted || rep.Manifest.Records != 6 {
		t.Errorf("got %+v, want a trusted bundle of 6 records", rep)
	}
	b, err := bundle.Open(f, st.Size())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, s := range b.Shards() {
		for l, err := range b.Lines(s) {
			if err != nil {
				t.Fatal(err)
			}
			if _, err := bundle.DecodeRecord(l.Raw); err != nil {
				t.Errorf("%s:%d: %v", s.Path, l.N, err)
			}
			n++
		}
	}
	if n != rep.Manifest.Records {
		t.Errorf("read %d records, want %d", n, rep.Manifest.Records)
	}
}
