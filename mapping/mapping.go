// Package mapping turns an evidence bundle into a pack: it evaluates every rule of a catalogue over the artifacts of the
// bundle, within the scope of an engagement, and judges every requirement of the chosen framework editions.
//
// Map is a pure function of bundle, catalogue, engagement and options. There is no clock, no network and no map
// iteration in what it writes, and the number of workers does not show: the same input gives the same bytes.
//
// What was not seen never decides. Every kind of artifact is expected in every account and region in scope; where the
// bundle does not state that it was listed to the end, there is a finding that says so (its Kind is "population",
// its ID the artifact kind), and the requirements that rest on it are not assessed. An account that holds no resource of
// a kind, by complete populations, has one such finding with the result not_applicable, which cites those populations.
//
// Two phases: first run records, populations and the kinds that rules look up are read into memory, then the other
// artifacts stream by, shard by shard. Findings and gaps go through a sort on disk, so that their number does not show in memory.
package mapping

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"time"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/engagement"
	"github.com/auditpack/auditpack/mapping/pack"
)

// Source is an open bundle. *bundle.Bundle is one.
type Source interface {
	SealSHA256() bundle.Digest
	Manifest() bundle.Manifest
	Shards() []bundle.Shard
	Lines(bundle.Shard) iter.Seq2[bundle.Line, error]
}

// Input is what a pack is made of.
type Input struct {
	Bundle Source
	Report *bundle.Report // of verifying this bundle: without it nothing is mapped

	// AllowUnverified maps a bundle whose signer is not trusted; the pack is then marked unverified-signer.
	AllowUnverified bool

	Catalog    *catalog.Catalog
	Engagement *engagement.Engagement // nil: nobody has added anything
	Frameworks []string               // "cis-aws@5.0.0"; empty: the engagement's, or all of the catalogue
	Tool       pack.Tool

	TempDir string // for sorting; empty: the system's. It needs about as much space as the findings of the pack
	Workers int    // 0: one for each processor
}

// ErrInput is the parent of errors in what a person gave: unknown frameworks, rules or requirements, an empty scope.
var ErrInput = errors.New("cannot be mapped")

// Map makes a pack and writes it to w, which it closes. After an error nothing of the pack remains.
//
// Errors that wrap ErrInput are mistakes in the engagement or in Frameworks, all of them at once; a *bundle.Error means
// that the bundle differs from what was verified; others are those of reading and writing.
func Map(ctx context.Context, in Input, w *pack.Writer) (_ *pack.Pack, err error) {
	defer w.Abort()
	m, err := newMapper(in, w)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	for _, step := range []func(context.Context) error{m.survey, m.stream, m.absentees, m.finish} {
		if err := step(ctx); err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	p := m.pack()
	if err := w.Close(p); err != nil {
		return nil, err
	}
	return p, nil
}

// mapper is the state of one mapping.
type mapper struct {
	in     Input
	w      *pack.Writer
	eng    *engagement.Engagement
	chosen []*catalog.Framework
	asOf   time.Time
	today  string // as_of as a date in UTC, for what counts until the end of a day

	run   pack.Bundle
	scope *scope
	kinds []kind // sorted by name
	calls callIndex
	rules []*rule // sorted by id

	populations map[place]*population
	whole       map[string]bool // kinds of which every population in scope is complete
	lookups     lookups
	gaps        *gaps
	findings    *findings
	tally       tally
}

func newMapper(in Input, w *pack.Writer) (*mapper, error) {
	if in.Report == nil {
		return nil, errors.New("mapping a bundle that was not verified")
	}
	if in.Report.SealSHA256 != in.Bundle.SealSHA256() {
		return nil, fmt.Errorf("mapping a bundle with the seal %s, but the one that was verified has %s", in.Bundle.SealSHA256(), in.Report.SealSHA256)
	}
	if in.Report.Redacted {
		return nil, errors.New("this version maps no redacted bundles: it would have to say of each withheld record what rests on it")
	}
	if !in.Report.Trusted && !in.AllowUnverified {
		return nil, fmt.Errorf("%w: %w", ErrInput, bundle.ErrNotTrusted)
	}
	m := &mapper{in: in, w: w, eng: in.Engagement, populations: map[place]*population{}}
	if m.eng == nil {
		m.eng = &engagement.Engagement{Status: "draft"}
	}
	if m.in.Workers <= 0 {
		m.in.Workers = runtime.GOMAXPROCS(0)
	}
	var err error
	if m.chosen, err = choose(in.Catalog, in.Frameworks, m.eng); err != nil {
		return nil, err
	}
	if err := Check(in.Catalog, in.Engagement); err != nil {
		return nil, err
	}
	m.rules = newRules(in.Catalog)
	if m.gaps, err = newGaps(in.TempDir); err != nil {
		return nil, err
	}
	if m.findings, err = newFindings(in.TempDir); err != nil {
		return nil, errors.Join(err, m.gaps.close())
	}
	m.tally = newTally()
	return m, nil
}

func (m *mapper) close() error { return errors.Join(m.gaps.close(), m.findings.close()) }

// id derives the pack's id from everything that it is made of.
func (m *mapper) id(trust string) string {
	keys := make([]string, len(m.chosen))
	for i, f := range m.chosen {
		keys[i] = f.Key()
	}
	b, err := json.Marshal([]any{pack.Type, m.in.Bundle.SealSHA256(), m.in.Catalog.Digest, m.eng.Digest, keys, m.in.Tool, trust, m.asOf})
	if err != nil {
		panic(err) // strings and a time always encode
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
