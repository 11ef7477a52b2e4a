package mapping

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// subject is what a finding is about.
type subject struct {
	kind      string // of the finding: an artifact kind, "region", "account", "population"
	partition string
	account   string
	region    string
	id, arn   string
	doc       artifact                // nil where it is not a resource
	record    string                  // digest of doc
	parts     []expr.PartInfo         // of doc
	gaps      map[string]unseen       // parts of doc that are in a gap
	facts     map[expr.Fact]pack.Fact // of doc, as findings state them: several rules read the same; nil: not kept
}

// part returns what became of a part of the artifact.
func (s *subject) part(name string) expr.PartInfo {
	for i := range s.parts {
		if s.parts[i].Name == name {
			return s.parts[i]
		}
	}
	return expr.PartInfo{}
}

// The kinds of subjects that are no artifacts.
const (
	subjectRegion     = "region"
	subjectAccount    = "account"
	subjectPopulation = "population"
)

// name is what the pattern of an acceptance is held against.
func (s *subject) name() string {
	switch s.kind {
	case subjectRegion:
		return s.account + "/" + s.region
	case subjectAccount:
		return s.account
	}
	return cmp.Or(s.arn, s.id)
}

// start makes a finding without a result.
func start(r *rule, s *subject) *pack.Finding {
	f := &pack.Finding{}
	begin(f, r, s)
	return f
}

// begin is start in the memory of another finding.
func begin(f *pack.Finding, r *rule, s *subject) {
	where := s.region // the ARN has it already
	if s.arn != "" {
		where = ""
	}
	var text [512]byte
	sum := sha256.Sum256(join(text[:0], r.ID, s.kind, s.partition, s.account, where, cmp.Or(s.arn, s.id)))
	*f = pack.Finding{
		Fingerprint: hex.EncodeToString(sum[:8]), Rule: r.ID, Severity: r.Severity, Kind: s.kind, Account: s.account, Region: s.region, ID: s.id, ARN: s.arn,
		Reasons: empty(f.Reasons), Facts: empty(f.Facts), Evidence: empty(f.Evidence), Gaps: empty(f.Gaps),
	}
}

// empty returns an empty list in the memory of another one, never nil.
func empty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	clear(s)
	return s[:0]
}

// join appends the texts with a zero byte between them.
func join(b []byte, texts ...string) []byte {
	for i, t := range texts {
		if i > 0 {
			b = append(b, 0)
		}
		b = append(b, t...)
	}
	return b
}

// builder gathers what a finding rests on, once each and bounded.
type builder struct {
	f       *pack.Finding
	blamed  []int           // every gap, also those that are cut from the finding
	cut     map[string]bool // references that are cut, by record and part
	cutFact int
	records recordNames
}

// recordNames remembers the last digest as text: most facts of a finding come from one record.
type recordNames struct {
	digest bundle.Digest
	text   string
}

func (n *recordNames) of(d bundle.Digest) string {
	if n.text == "" || n.digest != d {
		n.digest, n.text = d, d.String()
	}
	return n.text
}

// builders are those that made a finding and can make another one.
var builders = sync.Pool{New: func() any { return &builder{f: &pack.Finding{}} }}

func (b *builder) reason(r pack.Reason) {
	if !slices.ContainsFunc(b.f.Reasons, func(o pack.Reason) bool { return o.Code == r.Code && maps.Equal(o.Args, r.Args) }) {
		b.f.Reasons = append(b.f.Reasons, r)
	}
}

// maxCalls bounds the calls of one reference. The population or artifact that is referred to lists them all.
const maxCalls = 20

// ref refers to a record or a part of it. The finding shares calls.
func (b *builder) ref(record, part string, calls []string) {
	if record == "" || slices.ContainsFunc(b.f.Evidence, func(o pack.Ref) bool { return o.Part == part && o.Record == record }) {
		return
	}
	if len(b.f.Evidence) == pack.MaxRefs {
		if b.cut == nil {
			b.cut = map[string]bool{}
		}
		b.cut[record+part] = true
		return
	}
	b.f.Evidence = append(b.f.Evidence, pack.Ref{Record: record, Part: part, Calls: list(calls[:min(len(calls), maxCalls)])})
}

func (b *builder) unseen(u unseen) {
	b.reason(u.reason)
	if !slices.Contains(b.blamed, u.gap) {
		b.blamed = append(b.blamed, u.gap)
	}
}

// done finishes the finding: what was cut is counted.
func (b *builder) done() {
	b.f.Gaps = append(b.f.Gaps, b.blamed[:min(len(b.blamed), pack.MaxRefs)]...)
	b.shortened(pack.ReasonEvidenceCut, len(b.cut)+len(b.blamed)-len(b.f.Gaps))
	b.shortened(pack.ReasonFactsCut, b.cutFact)
}

func (b *builder) shortened(code string, n int) {
	if n > 0 {
		b.reason(pack.Reason{Code: code, Args: map[string]string{"count": strconv.Itoa(n)}})
	}
}

// judged makes the finding of an evaluation. The builder may go back to builders when the finding is kept.
func (m *mapper) judged(r *rule, s *subject, out expr.Outcome) *builder {
	b := builders.Get().(*builder)
	begin(b.f, r, s)
	*b = builder{f: b.f, blamed: b.blamed[:0]}
	if s.doc != nil {
		b.records = recordNames{bundle.Digest(s.doc.Digest), s.record}
	}
	b.f.Result = pack.Result(out.Result)
	switch out.Result {
	case expr.NotAssessed:
		m.explain(b, s, out)
	case expr.NotApplicable:
		b.reason(pack.Reason{Code: pack.ReasonCondition})
	}
	b.ownParts(s, out)
	for _, l := range out.Consulted {
		for _, p := range m.lookups.places[from(l, s.account, s.region)] {
			b.ref(p.record, "", p.calls)
		}
	}
	for _, f := range out.Facts {
		if f.Doc() != s.doc {
			info, _ := f.Doc().Part(f.Part())
			b.ref(b.records.of(bundle.Digest(f.Record())), f.Part(), info.Calls)
		}
		b.fact(s, f)
	}
	b.cutFact += out.FactsCut
	b.done()
	return b
}

// ownParts refers to the artifact that the finding is about: to the parts that decided or that were not seen.
func (b *builder) ownParts(s *subject, out expr.Outcome) {
	if s.doc == nil {
		return
	}
	var few [8]string
	parts := few[:0]
	for _, f := range out.Facts {
		if f.Doc() == s.doc {
			parts = append(parts, f.Part())
		}
	}
	for _, g := range out.Gaps {
		if g.Record == s.doc.Digest && g.Part != "" && !g.Absent {
			parts = append(parts, g.Part)
		}
	}
	slices.Sort(parts)
	for _, name := range slices.Compact(parts) {
		b.ref(s.record, name, s.part(name).Calls)
	}
	if len(parts) == 0 {
		b.ref(s.record, "", nil)
	}
}

// explain says why an outcome is not assessed.
func (m *mapper) explain(b *builder, s *subject, out expr.Outcome) {
	switch out.Reason {
	case expr.ReasonRuleError:
		b.reason(pack.Reason{Code: pack.ReasonRuleError, Args: map[string]string{"error": out.Error}})
	case expr.ReasonCostLimit:
		b.reason(pack.Reason{Code: pack.ReasonCostLimit, Args: map[string]string{"error": out.Error}})
	}
	for _, g := range out.Gaps {
		switch {
		case g.Lookup != expr.Lookup{}:
			for _, p := range m.lookups.places[from(g.Lookup, s.account, s.region)] {
				for _, u := range p.unseen {
					b.unseen(u)
				}
			}
		case g.Part == "":
			b.reason(pack.Reason{Code: pack.ReasonNotCollected, Args: map[string]string{"kind": g.Kind}})
		case g.Absent:
			b.reason(pack.Reason{Code: pack.ReasonPartMissing, Args: map[string]string{"part": g.Part}})
		default:
			u, ok := m.lookups.parts[part{bundle.Digest(g.Record), g.Part}]
			if s.doc != nil && g.Record == s.doc.Digest {
				u, ok = s.gaps[g.Part]
			}
			if ok {
				b.unseen(u)
			}
		}
	}
	if len(b.f.Reasons) == 0 {
		b.reason(pack.Reason{Code: pack.ReasonRuleError, Args: map[string]string{"error": "the rule gave no result"}})
	}
}

// Bounds of the value of a fact, in bytes: what is longer is cut.
const (
	maxValue = 512
	cutValue = 480
)

// fact adds a value that decided.
func (b *builder) fact(s *subject, f expr.Fact) {
	out, known := s.facts[f]
	if !known {
		out = pack.Fact{Record: b.records.of(bundle.Digest(f.Record())), Pointer: f.Pointer()}
	}
	same := func(o pack.Fact) bool { return o.Pointer == out.Pointer && o.Record == out.Record }
	if slices.ContainsFunc(b.f.Facts, same) {
		return
	}
	if len(b.f.Facts) == pack.MaxFacts {
		b.cutFact++
		return
	}
	if !known {
		out.Value = shorten(f.Value())
		if s.facts != nil && f.Doc() == s.doc {
			s.facts[f] = out
		}
	}
	b.f.Facts = append(b.f.Facts, out)
}

// shorten shortens a JSON value to a JSON string that ends with an ellipsis.
func shorten(v json.RawMessage) json.RawMessage {
	if len(v) <= maxValue {
		return v
	}
	text := string(v[:min(len(v), cutValue+utf8.UTFMax)])
	if v[0] == '"' {
		var s string
		if json.Unmarshal(v, &s) == nil {
			text = s
		}
	}
	text = text[:min(len(text), cutValue+utf8.UTFMax)]
	var room [maxValue]byte
	for n := min(cutValue, len(text)); ; n-- {
		for n > 0 && n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		if b := pack.AppendString(room[:0], text[:n]); len(b)+len("…") <= maxValue {
			return slices.Concat(b[:len(b)-1], []byte(`…"`))
		}
		n -= n / 8 // escapes made it longer
	}
}

// findings sorts the findings of the pack.
type findings struct {
	sorter  *sorter
	buffers sync.Pool // *encoded
}

// encoded is the memory in which a finding is encoded.
type encoded struct{ key, value []byte }

func newFindings(dir string) (*findings, error) {
	s, err := newSorter(dir)
	if err != nil {
		return nil, err
	}
	return &findings{sorter: s, buffers: sync.Pool{New: func() any { return new(encoded) }}}, nil
}

func (f *findings) close() error { return f.sorter.close() }

// rank is the order of results within a rule.
func rank(r pack.Result) byte {
	switch r {
	case pack.Fail:
		return 0
	case pack.NotAssessed:
		return 1
	case pack.Pass:
		return 2
	}
	return 3
}

// What a value in the sorter begins with: whether the gaps of the finding are handles that have to become numbers.
const (
	withoutGaps = iota
	withGaps
)

// add takes a finding whose gaps are handles.
func (f *findings) add(r *rule, record string, x *pack.Finding) error {
	e := f.buffers.Get().(*encoded)
	defer f.buffers.Put(e)
	e.key = append(binary.BigEndian.AppendUint32(e.key[:0], uint32(r.index)), rank(x.Result))
	e.key = join(e.key, x.Account, x.Region, x.ARN, x.ID, x.Kind, x.Fingerprint, record)
	kind := byte(withoutGaps)
	if len(x.Gaps) > 0 {
		kind = withGaps
	}
	e.value = x.AppendJSON(append(e.value[:0], kind))
	return f.sorter.add(e.key, e.value)
}

// unnumbered is the beginning of an encoded finding that has no number yet.
const unnumbered = `{"n":0,`

// write writes the findings in order, numbered, and tells the rules which numbers are theirs.
func (f *findings) write(w *pack.Writer, rules []*rule, gapNumbers []int32) error {
	n := 0
	var line []byte
	return f.sorter.each(func(key, value []byte) error {
		n++
		r := rules[binary.BigEndian.Uint32(key)]
		if r.first == 0 {
			r.first = n
		}
		r.last = n
		if value[0] == withoutGaps {
			line = append(strconv.AppendInt(append(line[:0], `{"n":`...), int64(n), 10), ',')
			line = append(line, value[1+len(unnumbered):]...)
			return w.FindingJSON(line)
		}
		var x pack.Finding
		if err := json.Unmarshal(value[1:], &x); err != nil {
			return err
		}
		x.N = n
		for i, handle := range x.Gaps {
			x.Gaps[i] = int(gapNumbers[handle])
		}
		slices.Sort(x.Gaps)
		return w.Finding(&x)
	})
}
