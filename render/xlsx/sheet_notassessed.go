package xlsx

import (
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// notAssessed streams what could not be seen, with the IAM action that would open it.
func (b *book) notAssessed() error {
	t := table{
		key: "xlsx.sheet.notassessed", name: "not_assessed", tab: "C98A1B", frozen: 1,
		columns: []column{
			{key: "gap", width: 10}, {key: "service", width: 12}, {key: "operation", width: 26}, {key: "account", width: 14}, {key: "region", width: 15},
			{key: "kind", width: 22}, {key: "resource", width: 40}, {key: "part", width: 14}, {key: "code", width: 22}, {key: "action", width: 28}, {key: "findings", width: 10},
			{key: "message", width: 44}, {key: "evidence", width: 16},
		},
	}
	return b.stream(t, mapRows(b.reader.Gaps(), func(g *pack.Gap) []any {
		return []any{
			b.mono(render.GapID(g.N)), b.text(g.Service), b.text(g.Operation), b.text(g.Account), b.text(g.Region), b.wrapped(b.say.Kind(g.Kind)), b.wrapped(gapSubject(b, g)), b.text(g.Part),
			b.text(g.Code), b.wrapped(g.Action), b.number(g.Findings), b.wrapped(g.Message), b.link("evidence:"+g.Record, render.ShortDigest(g.Record)),
		}
	}))
}

// gapSubject names what a gap is about: a resource, or the list of them.
func gapSubject(b *book, g *pack.Gap) string {
	if g.Subject == "" {
		return b.t("words.population", "kind", b.say.Kind(g.Kind))
	}
	return g.Subject
}
