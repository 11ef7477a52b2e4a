package xlsx

import (
	"iter"
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
)

// mapRows turns a stream of lines of the pack into a stream of rows.
func mapRows[T any](lines iter.Seq2[T, error], row func(*T) []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for v, err := range lines {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(row(&v), nil) {
				return
			}
		}
	}
}

// sliceRows turns a slice of the bounded part into a stream of rows.
func sliceRows[T any](list []T, row func(*T) []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for i := range list {
			if !yield(row(&list[i]), nil) {
				return
			}
		}
	}
}

// evidence streams the register of artifact records.
func (b *book) evidence() error {
	t := table{
		key: "xlsx.sheet.evidence", name: "evidence", tab: "3B6FB6", frozen: 1,
		columns: []column{
			{key: "record", width: 66}, {key: "kind_code", width: 26}, {key: "account", width: 15}, {key: "region", width: 15}, {key: "resource", width: 60},
			{key: "in_scope", width: 8}, {key: "parts", width: 60, aside: true}, {key: "calls", width: 26}, {key: "path", width: 56}, {key: "line", width: 8},
		},
	}
	return b.stream(t, mapRows(b.reader.Evidence(), func(e *pack.Evidence) []any {
		name := e.ARN
		if name == "" {
			name = e.ID
		}
		return []any{
			b.mono(e.Record), b.text(e.Kind), b.text(e.Account), b.text(e.Region), b.text(name), b.text(b.yesNo(e.InScope)),
			b.text(b.parts(e.Parts)), b.text(partCalls(e.Parts)), b.text(e.Path), b.number(e.Line),
		}
	}))
}

func (b *book) yesNo(v bool) string {
	if v {
		return b.t("answer.yes")
	}
	return b.t("answer.no")
}

// parts lists the parts of a record with their states, one a line.
func (b *book) parts(list []pack.EvidencePart) string {
	lines := make([]string, len(list))
	for i, p := range list {
		lines[i] = p.Name + ": " + b.t("state."+p.State)
		if p.Code != "" {
			lines[i] += " (" + p.Code + ")"
		}
	}
	return strings.Join(lines, "\n")
}

// partCalls lists the ids of the calls behind a record, each once, in order of appearance.
func partCalls(parts []pack.EvidencePart) string {
	seen := map[string]bool{}
	var ids []string
	for _, p := range parts {
		for _, c := range p.Calls {
			if !seen[c] {
				seen[c] = true
				ids = append(ids, c)
			}
		}
	}
	return strings.Join(ids, " ")
}
