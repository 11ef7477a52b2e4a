package xlsx

import (
	"iter"
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// findings streams every finding.
func (b *book) findings() error {
	t := table{
		key: "xlsx.sheet.findings", name: "findings", tab: "B4352C", frozen: 1,
		columns: []column{
			{key: "finding", width: 11}, {key: "rule", width: 26}, {key: "rule_title", width: 36}, {key: "severity", width: 9}, {key: "result", width: 12},
			{key: "account", width: 14}, {key: "region", width: 15}, {key: "kind", width: 19}, {key: "resource", width: 40}, {key: "observed", width: 40}, {key: "finding_reasons", width: 32},
			{key: "decision", width: 15, list: "decision"}, {key: "owner", width: 14, free: true}, {key: "due", width: 12, date: true}, {key: "note", width: 24, free: true},
			{key: "acceptance", width: 14, aside: true}, {key: "requirements", width: 40}, {key: "evidence", width: 16}, {key: "call", width: 16}, {key: "not_seen", width: 14},
			{key: "fingerprint", width: 19}, {key: "rule_version", width: 15},
		},
	}
	return b.stream(t, b.findingRows())
}

func (b *book) findingRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for f, err := range b.reader.Findings() {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(b.findingRow(&f), nil) {
				return
			}
		}
	}
}

func (b *book) findingRow(f *pack.Finding) []any {
	title, digest := "", ""
	var requirements []string
	if r := b.rules[f.Rule]; r != nil {
		title, digest, requirements = r.Title.In(b.lang), r.Digest, r.Requirement
	}
	var record, call string
	if len(f.Evidence) > 0 {
		record = f.Evidence[0].Record
		if len(f.Evidence[0].Calls) > 0 {
			call = strings.Join(f.Evidence[0].Calls, " ")
		}
	}
	gaps := make([]string, len(f.Gaps))
	for i, g := range f.Gaps {
		gaps[i] = render.GapID(g)
	}
	return []any{
		b.mono(render.FindingID(f.N)), b.link("rule:"+f.Rule, f.Rule), b.wrapped(title), b.severity(f.Severity), b.result(f.Result),
		b.text(f.Account), b.text(b.say.Region(f)), b.wrapped(b.say.Kind(f.Kind)), b.wrapped(b.say.Subject(f)), b.wrapped(b.observed(f)), b.wrapped(strings.Join(b.say.Reasons(f.Reasons), "\n")),
		b.input(), b.input(), b.inputDate(), b.input(),
		b.text(f.Acceptance), b.text(b.named(requirements)), b.link("evidence:"+record, render.ShortDigest(record)), b.mono(call), b.mono(strings.Join(gaps, " ")),
		b.mono(f.Fingerprint), b.mono(digest),
	}
}

// named lists requirements by edition and id.
func (b *book) named(refs []string) string {
	names := make([]string, len(refs))
	for i, r := range refs {
		names[i] = b.say.Requirement(r)
	}
	return strings.Join(names, "; ")
}

// maxObserved is how many facts a cell shows; the record that the finding links to holds all of them.
const maxObserved = 2

// observed lists the facts that decided, one a line: place = value.
func (b *book) observed(f *pack.Finding) string {
	var lines []string
	for i, fact := range render.Facts(f) {
		if i == maxObserved {
			lines = append(lines, b.t("words.more", "count", render.Number(len(f.Facts)-i)))
			break
		}
		place, value := b.say.Fact(fact)
		lines = append(lines, place+" = "+value)
	}
	return strings.Join(lines, "\n")
}
