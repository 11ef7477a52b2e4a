package mapping

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
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
	doc       artifact          // nil where it is not a resource
	record    string            // digest of doc
	gaps      map[string]unseen // parts of doc that are in a gap
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
	where := s.region // the ARN has it already
	if s.arn != "" {
		where = ""
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{r.ID, s.kind, s.partition, s.account, where, cmp.Or(s.arn, s.id)}, "\x00")))
	return &pack.Finding{
		Fingerprint: hex.EncodeToString(sum[:8]), Rule: r.ID, Severity: r.Severity, Kind: s.kind, Account: s.account, Region: s.region, ID: s.id, ARN: s.arn,
		Reasons: []pack.Reason{}, Facts: []pack.Fact{}, Evidence: []pack.Ref{}, Gaps: []int{},
	}
}

// builder gathers what a finding rests on, once each and bounded.
type builder struct {
	f       *pack.Finding
	blamed  []int // every gap, also those that are cut from the finding
	refs    map[string]bool
	cutRefs int
	cutFact int
}

func (b *builder) reason(r pack.Reason) {
	if !slices.ContainsFunc(b.f.Reasons, func(o pack.Reason) bool { return o.Code == r.Code && maps.Equal(o.Args, r.Args) }) {
		b.f.Reasons = append(b.f.Reasons, r)
	}
}

// maxCalls bounds the calls of one reference. The population or artifact that is referred to lists them all.
const maxCalls = 20

func (b *builder) ref(record, part string, calls []string) {
	key := record + part
	if record == "" || b.refs[key] {
		return
	}
	if b.refs == nil {
		b.refs = map[string]bool{}
	}
	b.refs[key] = true
	if len(b.f.Evidence) == pack.MaxRefs {
		b.cutRefs++
		return
	}
	b.f.Evidence = append(b.f.Evidence, pack.Ref{Record: record, Part: part, Calls: list(slices.Clone(calls[:min(len(calls), maxCalls)]))})
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
	b.cut(pack.ReasonEvidenceCut, b.cutRefs+len(b.blamed)-len(b.f.Gaps))
	b.cut(pack.ReasonFactsCut, b.cutFact)
}

func (b *builder) cut(code string, n int) {
	if n > 0 {
		b.reason(pack.Reason{Code: code, Args: map[string]string{"count": strconv.Itoa(n)}})
	}
}

// judged makes the finding of an evaluation.
func (m *mapper) judged(r *rule, s *subject, out expr.Outcome) *builder {
	b := &builder{f: start(r, s)}
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
			b.ref(bundle.Digest(f.Record()).String(), f.Part(), info.Calls)
		}
		b.fact(f)
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
	var parts []string
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
		info, _ := s.doc.Part(name)
		b.ref(s.record, name, info.Calls)
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
func (b *builder) fact(f expr.Fact) {
	out := pack.Fact{Record: bundle.Digest(f.Record()).String(), Pointer: f.Pointer()}
	same := func(o pack.Fact) bool { return o.Record == out.Record && o.Pointer == out.Pointer }
	if slices.ContainsFunc(b.f.Facts, same) {
		return
	}
	if len(b.f.Facts) == pack.MaxFacts {
		b.cutFact++
		return
	}
	out.Value = shorten(f.Value())
	b.f.Facts = append(b.f.Facts, out)
}

// shorten shortens a JSON value to a JSON string that ends with an ellipsis. The result does not share v's memory.
func shorten(v json.RawMessage) json.RawMessage {
	if len(v) <= maxValue {
		return bytes.Clone(v)
	}
	text := string(v)
	var s string
	if json.Unmarshal(v, &s) == nil {
		text = s
	}
	for n := min(cutValue, len(text)); ; n-- {
		for n > 0 && n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		b, err := json.Marshal(text[:n] + "…")
		if err == nil && len(b) <= maxValue {
			return b
		}
		n -= n / 8 // escapes made it longer
	}
}

// findings sorts the findings of the pack.
type findings struct {
	mu     sync.Mutex
	sorter *sorter
}

func newFindings(dir string) (*findings, error) {
	s, err := newSorter(dir)
	if err != nil {
		return nil, err
	}
	return &findings{sorter: s}, nil
}

func (f *findings) close() error { return f.sorter.close() }

// rank is the order of results within a rule.
var rank = map[pack.Result]byte{pack.Fail: 0, pack.NotAssessed: 1, pack.Pass: 2, pack.NotApplicable: 3}

// add takes a finding whose gaps are handles.
func (f *findings) add(r *rule, record string, x *pack.Finding) error {
	key := binary.BigEndian.AppendUint32(nil, uint32(r.index))
	key = append(key, rank[x.Result])
	key = append(key, strings.Join([]string{x.Account, x.Region, x.ARN, x.ID, x.Kind, x.Fingerprint, record}, "\x00")...)
	value, err := json.Marshal(x)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sorter.add(key, value)
}

// The beginning of an encoded finding that has no number yet, and an empty list of gaps near its end.
var (
	unnumbered = []byte(`{"n":0,`)
	noGaps     = []byte(`,"gaps":[],"acceptance":`)
)

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
		if bytes.HasPrefix(value, unnumbered) && bytes.Contains(value, noGaps) {
			line = append(append(strconv.AppendInt(append(line[:0], `{"n":`...), int64(n), 10), ','), value[len(unnumbered):]...)
			return w.FindingJSON(line)
		}
		var x pack.Finding
		if err := json.Unmarshal(value, &x); err != nil {
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
