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
			{key: "gap", width: 10}, {key: "service", width: 16}, {key: "operation", width: 32}, {key: "account", width: 15}, {key: "region", width: 16},
			{key: "kind", width: 26}, {key: "resource", width: 56}, {key: "part", width: 22}, {key: "code", width: 26}, {key: "message", width: 60},
			{key: "action", width: 40}, {key: "findings", width: 10}, {key: "evidence", width: 16},
		},
	}
	return b.stream(t, mapRows(b.reader.Gaps(), func(g *pack.Gap) []any {
		return []any{
			b.mono(render.GapID(g.N)), b.text(g.Service), b.text(g.Operation), b.text(g.Account), b.text(g.Region), b.text(g.Kind), b.text(g.Subject), b.text(g.Part),
			b.text(g.Code), b.text(g.Message), b.text(g.Action), b.number(g.Findings), b.link("evidence:"+g.Record, render.ShortDigest(g.Record)),
		}
	}))
}
