package xlsx

import (
	"fmt"
	"iter"
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// requirementSheet is the name of a framework's sheet: its short title, in the characters and length that Excel takes.
func (b *book) requirementSheet(f *pack.Framework) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r < 0x20 {
			return '-'
		}
		return r
	}, f.Short.In(b.lang))
	if runes := []rune(name); len(runes) > 31 {
		name = string(runes[:31])
	}
	return name
}

// requirements writes one sheet for each framework edition: every requirement, in the edition's order.
func (b *book) requirements() error {
	for i := range b.pack.Frameworks {
		f := &b.pack.Frameworks[i]
		t := table{
			fixed: b.requirementSheet(f), name: fmt.Sprintf("requirements%d", i+1), tab: brand, frozen: 2,
			columns: []column{
				{key: "requirement", width: 16}, {key: "title", width: 58}, {key: "group", width: 30}, {key: "attribute", width: 16}, {key: "party", width: 12},
				{key: "verdict", width: 17}, {key: "reasons", width: 70}, {key: "fail", width: 9}, {key: "not_assessed", width: 10}, {key: "pass", width: 9},
				{key: "not_applicable", width: 10}, {key: "accepted", width: 10}, {key: "rules", width: 42}, {key: "first_finding", width: 14},
				{key: "owner", width: 18}, {key: "attest_answer", width: 16, list: "answer"}, {key: "attest_by", width: 18}, {key: "attest_date", width: 14, date: true}, {key: "note", width: 36},
			},
		}
		if err := b.stream(t, b.requirementRows(f)); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) requirementRows(f *pack.Framework) iter.Seq2[[]any, error] {
	groups := map[string]string{}
	for _, g := range f.Groups {
		groups[g.ID] = g.ID + "  " + g.Title.In(b.lang)
	}
	return func(yield func([]any, error) bool) {
		for i := range f.Requirements {
			q := &f.Requirements[i]
			rules, first := b.linked(q)
			row := []any{
				b.text(q.ID), b.wrapped(q.Title.In(b.lang)), b.wrapped(groups[q.Group]), b.text(b.attribute(q)), b.text(b.t("party." + string(q.Party))),
				b.verdict(q.Verdict), b.wrapped(b.reasons(q.Reasons)), b.number(q.Counts.Fail), b.number(q.Counts.NotAssessed), b.number(q.Counts.Pass),
				b.number(q.Counts.NotApplicable), b.number(q.Counts.Accepted), b.wrapped(rules), b.findingLink(first),
				b.input(), b.input(), b.input(), b.inputDate(), b.input(),
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// attribute is what the edition itself says about a requirement: CIS level, HIPAA obligation, Well-Architected risk.
func (b *book) attribute(q *pack.Requirement) string {
	var parts []string
	if q.Level != "" {
		parts = append(parts, b.t("xlsx.level", "level", q.Level))
	}
	for _, s := range []string{b.word("assessment", q.Assessment), b.word("obligation", q.Obligation), b.word("risk", q.Risk)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// linked lists the links of a requirement, one a line, and the number of the first finding of its demonstrating rules
// (of any rule where none demonstrates).
func (b *book) linked(q *pack.Requirement) (lines string, first int) {
	var all []string
	for _, l := range q.Links {
		name := l.Rule
		if name == "" {
			name = l.Kind
		}
		all = append(all, b.t("relation."+string(l.Relation))+": "+name)
		if r := b.rules[l.Rule]; r != nil && r.First > 0 && (first == 0 || l.Relation == pack.Demonstrates && r.First < first) {
			first = r.First
		}
	}
	return strings.Join(all, "\n"), first
}

// findingLink jumps to a finding by its number.
func (b *book) findingLink(n int) any {
	if n == 0 {
		return b.text("")
	}
	sheet, row := b.rolled("xlsx.sheet.findings", n-1)
	return b.linkTo(sheet, row, render.FindingID(n))
}
