package mapping

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// stream is the second phase: every artifact passes once, is registered as evidence, and is judged by the rules about it.
func (m *mapper) stream(ctx context.Context) error {
	byKind := map[string][]*rule{}
	for _, r := range m.rules {
		if r.Per == expr.PerResource {
			byKind[r.Kind] = append(byKind[r.Kind], r)
		}
	}
	type result struct {
		lines lines
		tally tally
	}
	work := func(ctx context.Context, s bundle.Shard) (result, error) {
		w := worker{m: m, kind: m.kind(s.Kind), rules: byKind[s.Kind], facts: map[expr.Fact]pack.Fact{}, lines: newLines(s.Count), tally: newTally()}
		for line, err := range m.in.Bundle.Lines(s) {
			if err != nil {
				return result{}, err
			}
			if err := w.artifact(ctx, s, line); err != nil {
				return result{}, fmt.Errorf("%s line %d: %w", s.Path, line.N, err)
			}
		}
		return result{w.lines, w.tally}, nil
	}
	artifacts := m.shards(func(k string) bool {
		return k != bundle.KindCalls && k != bundle.KindPopulations && k != bundle.KindRun
	})
	return ordered(ctx, m.in.Workers, artifacts, work, func(r result) error {
		m.tally.merge(&r.tally)
		return r.lines.each(m.w.EvidenceJSON)
	})
}

// worker judges the artifacts of one shard.
type worker struct {
	m     *mapper
	kind  kind
	rules []*rule
	doc   expr.Doc // reused
	facts map[expr.Fact]pack.Fact
	lines lines
	tally tally
}

// lines are encoded lines, one after the other.
type lines struct {
	text []byte
	ends []int
}

// newLines has room for n lines of usual length.
func newLines(n int) lines { return lines{make([]byte, 0, n*512), make([]int, 0, n)} }

// end ends a line that was appended to text.
func (l *lines) end() { l.ends = append(l.ends, len(l.text)) }

func (l *lines) each(f func(json.RawMessage) error) error {
	from := 0
	for _, to := range l.ends {
		if err := f(l.text[from:to]); err != nil {
			return err
		}
		from = to
	}
	return nil
}

func (w *worker) artifact(ctx context.Context, s bundle.Shard, line bundle.Line) error {
	d := &w.doc
	if err := d.Reset(line.Raw, expr.Digest(line.Digest)); err != nil {
		return err
	}
	if err := fits(d, s); err != nil {
		return err
	}
	in := w.m.scope.member(d, w.kind.tags)
	record := line.Digest.String()
	parts := d.Parts()
	e := pack.Evidence{
		Record: record, Path: s.Path, Line: line.N, Kind: d.Kind, Account: d.Account, Region: d.Region, ID: d.ID, ARN: d.ARN, InScope: in != outside,
		Parts: make([]pack.EvidencePart, len(parts)),
	}
	for i, p := range parts {
		e.Parts[i] = pack.EvidencePart{Name: p.Name, State: p.State, Code: p.Code, Calls: list(p.Calls)}
	}
	w.lines.text = e.AppendJSON(w.lines.text)
	w.lines.end()
	if in == outside {
		w.tally.outOfScope++
		return nil
	}
	w.tally.artifacts[d.Kind]++
	w.tally.subjects[[2]string{d.Kind, d.Account}]++
	sub := &subject{kind: d.Kind, partition: d.Partition, account: d.Account, region: d.Region, id: d.ID, arn: d.ARN, doc: d, record: record, parts: parts, facts: w.facts}
	clear(w.facts)
	var err error
	if sub.gaps, err = w.gaps(d, parts, record); err != nil {
		return err
	}
	for _, r := range w.rules {
		if in == unsure {
			err = w.m.scopeUnknown(&w.tally, r, sub, w.kind)
		} else {
			err = w.m.evaluate(ctx, &w.tally, r, sub)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// gaps registers the parts of an artifact that could not be seen; those of artifacts that rules look up are known.
func (w *worker) gaps(d artifact, parts []expr.PartInfo, record string) (map[string]unseen, error) {
	var out map[string]unseen
	for _, p := range parts {
		if p.State != string(bundle.StateGap) {
			continue
		}
		u, ok := w.m.lookups.parts[part{bundle.Digest(d.Digest), p.Name}]
		if !ok {
			var err error
			if u, err = w.m.partGap(d, w.kind, p, record); err != nil {
				return nil, err
			}
		}
		if out == nil {
			out = map[string]unseen{}
		}
		out[p.Name] = u
	}
	return out, nil
}

// evaluate judges one subject by one rule.
func (m *mapper) evaluate(ctx context.Context, t *tally, r *rule, s *subject) error {
	out := r.Program.Eval(ctx, expr.Input{
		Resource: s.doc, AsOf: m.asOf, Account: s.account, Region: s.region,
		Populations: func(scope expr.Scope, kind string) *expr.Population {
			return m.lookups.populations[from(expr.Lookup{Scope: scope, Kind: kind}, s.account, s.region)]
		},
	})
	b := m.judged(r, s, out)
	err := m.keep(t, r, s, b)
	builders.Put(b)
	return err
}

// keep counts a finding and puts it in order.
func (m *mapper) keep(t *tally, r *rule, s *subject, b *builder) error {
	accepted := -1
	expired := false
	if b.f.Result == pack.Fail {
		if accepted = m.acceptance(r, s.name()); accepted >= 0 {
			a := m.eng.Acceptances[accepted]
			b.f.Acceptance, expired = a.ID, m.expired(a.Expires)
		}
	}
	if b.f.Result == pack.NotAssessed {
		m.gaps.blame(b.blamed)
	}
	t.note(r, b.f, accepted, expired)
	return m.findings.add(r, s.record, b.f)
}

// scopeUnknown is the finding about a resource whose tags could not be seen.
func (m *mapper) scopeUnknown(t *tally, r *rule, s *subject, k kind) error {
	b := &builder{f: start(r, s)}
	b.f.Result = pack.NotAssessed
	b.reason(pack.Reason{Code: pack.ReasonScopeUnknown})
	name := tagPart(k)
	if u, ok := s.gaps[name]; ok {
		b.unseen(u)
	}
	b.ref(s.record, name, s.part(name).Calls)
	b.done()
	return m.keep(t, r, s, b)
}
