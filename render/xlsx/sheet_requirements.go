package xlsx

import (
	"fmt"
	"iter"
	"slices"
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

// requirements writes one sheet for each framework edition: every requirement, in the edition's order. What a person reads and
// fills in stands side by side and is printed; the details of the links follow to the right.
func (b *book) requirements() error {
	for i := range b.pack.Frameworks {
		f := &b.pack.Frameworks[i]
		t := table{fixed: b.requirementSheet(f), name: fmt.Sprintf("requirements%d", i+1), tab: brand, frozen: 2, columns: requirementColumns(f)}
		if err := b.stream(t, b.requirementRows(f)); err != nil {
			return err
		}
	}
	return nil
}

func requirementColumns(f *pack.Framework) []column {
	title, basis, note := 40.0, 52.0, 28.0
	if f.Questions { // three more columns to fill in
		title, basis, note = 36, 44, 22
	}
	columns := []column{
		{key: "requirement", width: 14}, {key: "title", width: title}, {key: "party", width: 10}, {key: "verdict", width: 15},
		{key: "fail", width: 8}, {key: "not_assessed", width: 9}, {key: "pass", width: 8}, {key: "reasons", width: basis}, {key: "first_finding", width: 12},
	}
	if classed(f) {
		columns = slices.Insert(columns, 2, column{key: "attribute", width: 12})
	}
	if f.Questions {
		columns = append(columns, column{key: "to_be", width: 26, free: true}, column{key: "business_decision", width: 24, free: true}, column{key: "decided_by", width: 14, free: true})
	}
	return append(columns,
		column{key: "owner", width: 16, free: true}, column{key: "attest_answer", width: 14, list: "answer"}, column{key: "attest_by", width: 16, free: true},
		column{key: "attest_date", width: 12, date: true}, column{key: "note", width: note, free: true},
		column{key: "group", width: 34, aside: true}, column{key: "not_applicable", width: 10}, column{key: "accepted", width: 10}, column{key: "rules", width: 60})
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
				b.text(q.ID), b.wrapped(q.Title.In(b.lang)), b.text(b.t("party." + string(q.Party))), b.verdict(q.Verdict),
				b.number(q.Counts.Fail), b.number(q.Counts.NotAssessed), b.number(q.Counts.Pass), b.wrapped(strings.Join(b.say.Basis(q), "\n")), b.findingLink(first),
			}
			if classed(f) {
				row = slices.Insert(row, 2, any(b.wrapped(b.attribute(q))))
			}
			row = append(row, b.answers(f, q)...)
			row = append(row, b.text(groups[q.Group]), b.number(q.Counts.NotApplicable), b.number(q.Counts.Accepted), b.text(rules))
			if !yield(row, nil) {
				return
			}
		}
	}
}

// classed reports an edition that attaches a level, a class or a risk to its requirements.
func classed(f *pack.Framework) bool {
	return slices.ContainsFunc(f.Requirements, func(q pack.Requirement) bool {
		return q.Level+q.Assessment+q.Obligation+q.Risk != ""
	})
}

// answers are the cells that people fill in, with what the engagement already says: for a question what is wanted and what was
// decided, and for every requirement the attestation.
func (b *book) answers(f *pack.Framework, q *pack.Requirement) []any {
	var row []any
	if f.Questions {
		var d pack.Question
		if q.Question != nil {
			d = *q.Question
		}
		row = append(row, b.answered(d.ToBe.In(b.lang)), b.answered(d.Decision.In(b.lang)), b.answered(d.By))
	}
	var a pack.Attestation
	for _, x := range b.pack.Engagement.Attestations {
		if q.Attestation != "" && x.ID == q.Attestation && x.Framework == f.Key() {
			a = x
		}
	}
	return append(row, b.input(), b.answered(b.word("answer", a.Answer)), b.answered(a.Signer), b.answeredDate(a.Date), b.answered(a.Evidence))
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

// linked lists the links of a requirement, and the number of the first finding of its demonstrating rules
// (of any rule where none demonstrates).
func (b *book) linked(q *pack.Requirement) (lines string, first int) {
	var all []string
	for _, l := range q.Links {
		name := l.Rule
		if name == "" {
			name = b.say.Kind(l.Kind)
		}
		all = append(all, b.t("relation."+string(l.Relation))+": "+name)
		if r := b.rules[l.Rule]; r != nil && r.First > 0 && (first == 0 || l.Relation == pack.Demonstrates && r.First < first) {
			first = r.First
		}
	}
	return strings.Join(all, "; "), first
}

// findingLink jumps to a finding by its number.
func (b *book) findingLink(n int) any {
	if n == 0 {
		return b.text("")
	}
	sheet, row := b.rolled("xlsx.sheet.findings", n-1)
	return b.linkTo(sheet, row, render.FindingID(n))
}
