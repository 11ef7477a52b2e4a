package xlsx

import (
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// populations streams the statements "these are all of this kind".
func (b *book) populations() error {
	t := table{
		key: "xlsx.sheet.populations", name: "populations", tab: "3B6FB6", frozen: 1,
		columns: []column{
			{key: "kind", width: 34}, {key: "account", width: 15}, {key: "region", width: 16}, {key: "population", width: 16}, {key: "artifacts", width: 11},
			{key: "in_scope", width: 10}, {key: "calls", width: 30}, {key: "not_seen", width: 20}, {key: "kind_code", width: 32, aside: true}, {key: "record", width: 66},
		},
	}
	return b.stream(t, mapRows(b.reader.Populations(), func(p *pack.Population) []any {
		gaps := make([]string, len(p.Gaps))
		for i, g := range p.Gaps {
			gaps[i] = render.GapID(g)
		}
		return []any{
			b.text(b.say.Kind(p.Kind)), b.text(p.Account), b.text(p.Region), b.text(b.t("population." + p.Status)), b.number(p.Count), b.text(b.yesNo(p.InScope)),
			b.text(strings.Join(p.Calls, " ")), b.mono(strings.Join(gaps, " ")), b.mono(p.Kind), b.mono(p.Record),
		}
	}))
}
