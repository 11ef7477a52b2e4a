// Package bundletest makes small signed bundles for the tests of other packages. It is imported by tests only.
package bundletest

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/auditpack/auditpack/collect/bundle"
)

// Time is when everything in a bundle of Build happens: calls, run and sealing.
var Time = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Account is the account of what Build adds.
const Account = "111122223333"

// Signer returns the signer of Build, whose key is derived from its name and no secret, and its allowed_signers line.
func Signer(t testing.TB, name string) (s bundle.Signer, trust []byte) {
	t.Helper()
	seed := sha256.Sum256([]byte(name))
	key := ed25519.NewKeyFromSeed(seed[:])
	line, err := bundle.TrustLine(name, key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return bundle.Signer{Name: name, Key: key}, []byte(line)
}

// Build writes a bundle of the records (bundle.Call, Artifact, Population and Run by value or pointer) into a
// temporary folder and returns its path and the allowed_signers file that trusts it. For brevity in tests it adds
// what a bundle cannot be without: partition "aws", a call for each part or population that must cite one and does
// not, a record for each call that is cited and not among the records, and a run record if there is none.
func Build(t testing.TB, records ...any) (path string, trust []byte) {
	t.Helper()
	w, err := bundle.NewWriter(t.TempDir(), bundle.WriterOptions{Created: Time, Tool: bundle.Tool{Name: "bundletest", Version: "0"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.Abort(); err != nil {
			t.Error(err)
		}
	}()
	b := builder{t: t, w: w, made: make(map[string]bool), cited: make(map[string]bundle.Call)}
	for i, r := range records {
		records[i] = deref(t, r)
	}
	for _, r := range records {
		if c, ok := r.(bundle.Call); ok {
			b.made[c.ID] = true
		}
	}
	for _, r := range records {
		b.add(r)
	}
	b.complete()
	signer, trust := Signer(t, "bundletest")
	path = filepath.Join(t.TempDir(), "bundle.zip")
	if _, err := w.Finish(context.Background(), path, []bundle.Signer{signer}); err != nil {
		t.Fatal(err)
	}
	return path, trust
}

func deref(t testing.TB, r any) any {
	t.Helper()
	switch r := r.(type) {
	case *bundle.Call:
		return *r
	case *bundle.Artifact:
		return *r
	case *bundle.Population:
		return *r
	case *bundle.Run:
		return *r
	case bundle.Call, bundle.Artifact, bundle.Population, bundle.Run:
		return r
	}
	t.Fatalf("%T is no record", r)
	return nil
}

type builder struct {
	t     testing.TB
	w     *bundle.Writer
	made  map[string]bool
	cited map[string]bundle.Call
	runs  int
	extra int
}

func (b *builder) check(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *builder) add(r any) {
	b.t.Helper()
	switch r := r.(type) {
	case bundle.Call:
		if r.At.IsZero() {
			r.At = Time
		}
		b.check(b.w.Call(r))
	case bundle.Artifact:
		b.check(b.w.Artifact(b.artifact(r)))
	case bundle.Population:
		b.check(b.w.Population(b.population(r)))
	case bundle.Run:
		b.runs++
		b.check(b.w.Run(r))
	}
}

func (b *builder) artifact(a bundle.Artifact) bundle.Artifact {
	if a.Partition == "" {
		a.Partition = "aws"
	}
	parts := make(map[string]bundle.Part, len(a.Parts))
	for _, name := range slices.Sorted(maps.Keys(a.Parts)) {
		p := a.Parts[name]
		p.Calls = b.cite(a.Account, a.Region, a.Kind+"."+name, p.Calls, p.State != bundle.StateGap)
		parts[name] = p
	}
	a.Parts = parts
	return a
}

func (b *builder) population(p bundle.Population) bundle.Population {
	if p.Partition == "" {
		p.Partition = "aws"
	}
	p.Calls = b.cite(p.Account, p.Region, p.Kind, p.Calls, p.Status != bundle.StatusNotOffered)
	for _, g := range p.Gaps {
		b.cite(p.Account, p.Region, g.Operation, g.Calls, false)
	}
	return p
}

// cite notes the calls, or a new one where there are none and one is needed.
func (b *builder) cite(account, region, what string, calls []string, needed bool) []string {
	if len(calls) == 0 && needed {
		b.extra++
		calls = []string{fmt.Sprintf("c%d", 1_000_000_000+b.extra)}
	}
	for _, id := range calls {
		if !b.made[id] {
			b.made[id] = true
			b.cited[id] = bundle.Call{
				ID: id, Account: account, Region: region, Service: "test", Operation: what,
				Caller: "arn:aws:iam::" + account + ":role/bundletest", RequestID: "request-" + id, At: Time, HTTPStatus: 200,
			}
		}
	}
	return calls
}

// complete writes the cited calls and a run record.
func (b *builder) complete() {
	b.t.Helper()
	for _, id := range slices.Sorted(maps.Keys(b.cited)) {
		b.check(b.w.Call(b.cited[id]))
	}
	if b.runs == 0 {
		b.check(b.w.Run(bundle.Run{
			Tool: "bundletest 0", Started: Time, Ended: Time,
			Accounts: []bundle.Account{{ID: Account, Partition: "aws", Caller: "arn:aws:iam::" + Account + ":role/bundletest"}},
			Calls:    bundle.CallCounts{Planned: len(b.made), OK: len(b.made)},
		}))
	}
}
