package xlsx

import (
	"fmt"
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
			{key: "finding", width: 12}, {key: "rule", width: 32}, {key: "rule_title", width: 44}, {key: "severity", width: 10}, {key: "result", width: 14},
			{key: "account", width: 15}, {key: "region", width: 15}, {key: "kind", width: 22}, {key: "resource", width: 60}, {key: "expected", width: 44},
			{key: "observed", width: 60}, {key: "reasons", width: 50}, {key: "requirements", width: 30}, {key: "evidence", width: 16}, {key: "call", width: 16}, {key: "not_seen", width: 14},
			{key: "fingerprint", width: 19}, {key: "rule_version", width: 15}, {key: "acceptance", width: 14},
			{key: "decision", width: 20, list: "decision"}, {key: "owner", width: 18}, {key: "due", width: 14, date: true}, {key: "note", width: 36},
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
	title, expect, digest := "", "", ""
	var requirements []string
	if r := b.rules[f.Rule]; r != nil {
		title, expect, digest, requirements = r.Title.In(b.lang), r.Expect, r.Digest, r.Requirement
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
		b.text(f.Account), b.text(f.Region), b.text(f.Kind), b.text(resource(f)), b.text(expect),
		b.text(observed(f.Facts)), b.text(b.reasons(f.Reasons)), b.text(strings.Join(requirements, "\n")), b.link("evidence:"+record, render.ShortDigest(record)), b.mono(call), b.mono(strings.Join(gaps, " ")),
		b.mono(f.Fingerprint), b.mono(digest), b.text(f.Acceptance),
		b.input(), b.input(), b.inputDate(), b.input(),
	}
}

func resource(f *pack.Finding) string {
	if f.ARN != "" {
		return f.ARN
	}
	return f.ID
}

// observed lists the facts that decided, one a line: pointer = value.
func observed(facts []pack.Fact) string {
	lines := make([]string, len(facts))
	for i, f := range facts {
		lines[i] = fmt.Sprintf("%s = %s", f.Pointer, f.Value)
	}
	return strings.Join(lines, "\n")
}
