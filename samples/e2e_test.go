// Package samples_test is the end-to-end test: emulator, collector, bundle, mapping.
package samples_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
	"github.com/auditpack/auditpack/samples/seed"
)

var (
	stage  *seed.Stage
	signer bundle.Signer
	trust  *bundle.Trust
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	fail := func(err error) int {
		fmt.Fprintln(os.Stderr, "end-to-end test:", err)
		return 1
	}
	dir, err := os.MkdirTemp("", "auditpack-e2e-")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if stage, err = seed.NewStage(context.Background()); err != nil {
		return fail(err)
	}
	defer stage.Close()
	if err := stage.Setenv(os.Setenv, dir); err != nil {
		return fail(err)
	}
	private, line, err := bundle.GenerateKey("tester", nil)
	if err != nil {
		return fail(err)
	}
	if signer, err = bundle.LoadSigner("tester", private, nil); err != nil {
		return fail(err)
	}
	if trust, err = bundle.ParseTrust("allowed_signers", []byte(line)); err != nil {
		return fail(err)
	}
	return m.Run()
}

// evidence is a verified bundle, read into memory.
type evidence struct {
	bundle      *bundle.Bundle
	report      *bundle.Report
	artifacts   map[string]*bundle.Artifact // by kind, region, id and ARN
	populations map[seed.Key]*bundle.Population
	run         *bundle.Run
	calls       int
}

// gather collects through client, verifies the bundle and reads it.
func gather(t *testing.T, client testbed.Doer, change func(*collect.Options)) *evidence {
	t.Helper()
	out := filepath.Join(t.TempDir(), "test.bundle.zip")
	o := stage.Options(client, out, signer)
	if change != nil {
		change(&o)
	}
	if _, err := collect.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return read(t, out, trust)
}

func read(t *testing.T, path string, trust *bundle.Trust) *evidence {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := bytes.NewReader(data)
	report, err := bundle.Verify(t.Context(), r, r.Size(), bundle.Policy{Trust: trust})
	if err != nil {
		t.Fatal(err)
	}
	if !report.Trusted {
		t.Error("the bundle's signer is not trusted")
	}
	b, err := bundle.Open(r, r.Size())
	if err != nil {
		t.Fatal(err)
	}
	e := &evidence{bundle: b, report: report, artifacts: map[string]*bundle.Artifact{}, populations: map[seed.Key]*bundle.Population{}}
	for _, shard := range b.Shards() {
		for line, err := range b.Lines(shard) {
			if err != nil {
				t.Fatal(err)
			}
			record, err := bundle.DecodeRecord(line.Raw)
			if err != nil {
				t.Fatal(err)
			}
			e.add(t, record)
		}
	}
	return e
}

func (e *evidence) add(t *testing.T, record any) {
	t.Helper()
	switch r := record.(type) {
	case *bundle.Artifact:
		key := artifactKey(r)
		if e.artifacts[key] != nil {
			t.Errorf("artifact %s is there twice", key)
		}
		e.artifacts[key] = r
	case *bundle.Population:
		key := seed.Key{Kind: r.Kind, Region: r.Region}
		if e.populations[key] != nil {
			t.Errorf("population %v is there twice", key)
		}
		e.populations[key] = r
	case *bundle.Run:
		e.run = r
	case *bundle.Call:
		e.calls++
	}
}

func artifactKey(a *bundle.Artifact) string {
	return a.Kind + " " + a.Region + " " + a.ID + " " + a.ARN
}

// count returns the artifacts of a kind and region.
func (e *evidence) count(key seed.Key) int {
	n := 0
	for _, a := range e.artifacts {
		if a.Kind == key.Kind && a.Region == key.Region {
			n++
		}
	}
	return n
}

// checkTotals compares counts with what was seeded, and demands that nothing is missing.
func (e *evidence) checkTotals(t *testing.T) {
	t.Helper()
	for key, p := range e.populations {
		if key.Kind == "ec2.region" {
			continue // the emulator's regions, none of which was seeded
		}
		want, counted := stage.Seeded.Counts[key]
		if !counted && !stage.Seeded.Counted(key.Kind) {
			want = p.Count // what comes with the others: their networks, aliases, AWS's defaults
		}
		if got := e.count(key); got != want || p.Count != want {
			t.Errorf("%s in %s: %d artifacts, population says %d, seeded %d", key.Kind, key.Region, got, p.Count, want)
		}
		if p.Status != bundle.StatusComplete || len(p.Gaps) > 0 {
			t.Errorf("population %s in %s is %s: %+v", key.Kind, key.Region, p.Status, p.Gaps)
		}
	}
	for key, want := range stage.Seeded.Counts {
		if e.populations[key] == nil {
			t.Errorf("%s in %s: seeded %d, no population", key.Kind, key.Region, want)
		}
	}
	for key, a := range e.artifacts {
		for name, part := range a.Parts {
			if part.State == bundle.StateGap {
				t.Errorf("artifact %s: part %s is a gap: %s %s", key, name, part.Code, part.Message)
			}
		}
	}
}

func TestCollectsWhatWasSeeded(t *testing.T) {
	begin := time.Now()
	stage.Proxy.ResetCounts()
	e := gather(t, stage.Proxy.Client(), nil)
	t.Logf("collected %d artifacts in %d calls in %v", len(e.artifacts), e.calls, time.Since(begin))
	e.checkTotals(t)
	for name := range stage.Proxy.Counts() {
		if bytes.ContainsAny([]byte(name), " /") {
			t.Errorf("the proxy could not identify the request %q", name)
		}
	}
}

func TestForcedPaginationLosesNothing(t *testing.T) {
	defer stage.Proxy.Paginate(0, false)
	plain := gather(t, stage.Proxy.Client(), nil)
	for _, tt := range []struct {
		size  int
		empty bool
	}{{1, true}, {3, false}} {
		stage.Proxy.Paginate(tt.size, tt.empty)
		paged := gather(t, stage.Proxy.Client(), nil)
		paged.checkTotals(t)
		if paged.calls <= plain.calls {
			t.Errorf("pages of %d: %d calls, without pagination %d", tt.size, paged.calls, plain.calls)
		}
		compare(t, plain, paged, func(string, *bundle.Artifact, string) bool { return false })
	}
}

// compare checks that got has the same artifacts and parts as want, except for the parts that may differ.
func compare(t *testing.T, want, got *evidence, mayDiffer func(key string, a *bundle.Artifact, part string) bool) {
	t.Helper()
	for key, a := range want.artifacts {
		b := got.artifacts[key]
		if b == nil {
			t.Errorf("artifact %s vanished", key)
			continue
		}
		for name, part := range a.Parts {
			other := b.Parts[name]
			if mayDiffer(key, b, name) || volatile[a.Kind+"."+name] {
				continue
			}
			if part.State != other.State || !bytes.Equal(part.Data, other.Data) {
				t.Errorf("artifact %s: part %s differs:\n%s %s\n%s %s", key, name, part.State, clip(part.Data), other.State, clip(other.Data))
			}
		}
	}
	for key := range got.artifacts {
		if want.artifacts[key] == nil {
			t.Errorf("artifact %s appeared", key)
		}
	}
}

// volatile lists parts in which the emulator shows the present time.
var volatile = map[string]bool{"cloudtrail.trail.Status": true, "iam.root.CredentialReport": true, "iam.user.CredentialReport": true, "rds.db-instance.DBInstance": true, "rds.db-cluster.DBCluster": true}

func clip(data json.RawMessage) string {
	if len(data) > 300 {
		return string(data[:300]) + "…"
	}
	return string(data)
}
