package pdf

import (
	"cmp"
	"slices"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// Bounds of the summary.
const (
	topRules    = 8
	heatColumns = 8
)

// verdictOrder is the order of the summary's columns and bars: what needs attention first.
var verdictOrder = []pack.Verdict{
	pack.VerdictNotMet, pack.VerdictNotAssessed, pack.VerdictReview, pack.VerdictRiskAccepted,
	pack.VerdictInherited, pack.VerdictAttested, pack.VerdictMet, pack.VerdictNotApplicable,
}

// summary draws the executive summary on one or two pages.
func (d *document) summary() {
	p := d.pack
	requirements := 0
	for i := range p.Frameworks {
		requirements += len(p.Frameworks[i].Requirements)
	}
	d.prose(d.t("summary.intro",
		"from", render.Moment(d.opts.Lang, p.Bundle.Start), "to", render.Moment(d.opts.Lang, p.Bundle.End),
		"accounts", render.Number(len(p.Scope.Accounts)), "calls", render.Number(p.Bundle.Calls.Total), "artifacts", render.Number(p.Totals.Artifacts),
		"rules", render.Number(len(p.Rules)), "frameworks", render.Number(len(p.Frameworks)), "requirements", render.Number(requirements)))
	f := p.Totals.Findings
	d.tiles([]tile{
		{render.Number(requirements), d.t("summary.tile.requirements"), render.Brand},
		{render.Number(p.Totals.Artifacts), d.t("summary.tile.artifacts"), render.Brand},
		{render.Number(f.Fail), d.t("summary.tile.fail"), render.ResultStyle(pack.Fail).Strong},
		{render.Number(f.Accepted), d.t("summary.tile.accepted"), render.VerdictStyle(pack.VerdictRiskAccepted).Strong},
		{render.Number(f.NotAssessed), d.t("summary.tile.not_assessed"), render.ResultStyle(pack.NotAssessed).Strong},
		{render.Number(p.Totals.Gaps), d.t("summary.tile.gaps"), render.Muted},
	})
	d.prose(d.t("summary.nature"))
	d.verdictBars()
	d.findingCharts()
	d.heatMap()
	d.topRisks()
}

func (d *document) verdictShares(c pack.VerdictCounts) []share {
	var out []share
	for _, v := range verdictOrder {
		s := render.VerdictStyle(v)
		out = append(out, share{c.Of(v), chartColour(v), d.m("verdict." + string(v)), s.Mark})
	}
	return out
}

// chartColour tells verdicts of one hue apart where they touch.
func chartColour(v pack.Verdict) render.Colour {
	switch v {
	case pack.VerdictReview:
		return render.Colour{0xad, 0x73, 0x1c}
	case pack.VerdictRiskAccepted:
		return render.Colour{0xc6, 0x93, 0x45}
	case pack.VerdictAttested:
		return render.Colour{0x5a, 0x85, 0xc2}
	case pack.VerdictNotApplicable:
		return render.Faint
	}
	return render.VerdictStyle(v).Strong
}

// verdictBars draws a bar for each framework and the numbers below.
func (d *document) verdictBars() {
	d.heading(1, "", d.t("summary.verdicts"))
	const pitch, name = 7.2, 48.0
	for i := range d.pack.Frameworks {
		f := &d.pack.Frameworks[i]
		d.reserve(pitch)
		s := d.smallB()
		label := d.fit(s, d.short(f), name-3)
		d.put(s.in(linkColour), frameLeft, d.y+pitch/2+s.size*point*0.36, label)
		d.linkTo(frameLeft, d.y, d.width(s, label), pitch, "framework:"+f.Key())
		d.stack(frameLeft+name, d.y+1, frameWidth-name, pitch-2, d.verdictShares(f.Counts))
		d.y += pitch
	}
	d.y += 2
	d.verdictKey()
	columns := []column{{title: d.t("col.framework"), width: 41}, {title: d.t("col.total"), width: 12, right: true}}
	for i, width := range []float64{13, 16, 13, 16, 16, 15, 11, 17} {
		columns = append(columns, column{title: d.m("verdict." + string(verdictOrder[i])), width: width, right: true})
	}
	t := d.table(columns...)
	for i := range d.pack.Frameworks {
		f := &d.pack.Frameworks[i]
		cells := []cell{d.ref(d.short(f), "framework:"+f.Key()), d.num(f.Counts.Total())}
		for _, v := range verdictOrder {
			cells = append(cells, d.some(f.Counts.Of(v), render.VerdictStyle(v).Strong))
		}
		t.row("", cells...)
	}
	t.end()
}

// verdictKey draws the key of the bars in one or two lines.
func (d *document) verdictKey() {
	s := d.caption()
	d.reserve(5)
	x := frameLeft
	for _, v := range verdictOrder {
		word := d.m("verdict." + string(v))
		w := d.width(s, word) + 8.5
		if x+w > frameRight {
			x = frameLeft
			d.y += 4.6
		}
		d.mark(render.VerdictStyle(v).Mark, x+1.2, d.y+2.2, 1.1, chartColour(v))
		d.put(s, x+3.6, d.y+2.2+s.size*point*0.36, word)
		x += w
	}
	d.y += 6.4
}

// findingCharts draws the results of all findings as a ring and the failing ones by severity.
func (d *document) findingCharts() {
	d.heading(1, "", d.t("summary.findings"))
	const height = 36.0
	d.reserve(height + 2)
	f := d.pack.Totals.Findings
	var results []share
	for _, r := range render.Results() {
		n := map[pack.Result]int{pack.Fail: f.Fail, pack.NotAssessed: f.NotAssessed, pack.Pass: f.Pass, pack.NotApplicable: f.NotApplicable}[r]
		c := render.ResultStyle(r).Strong
		if r == pack.NotApplicable {
			c = render.Faint
		}
		results = append(results, share{n, c, d.m("result." + string(r)), render.ResultStyle(r).Mark})
	}
	d.donut(frameLeft+17, d.y+height/2, 16.5, results, d.t("summary.findings_total"))
	d.legend(frameLeft+39, d.y+height/2-12, 46, 6, results)
	var severities []share
	for _, s := range pack.Severities() {
		n := 0
		for _, c := range d.pack.Totals.BySeverity {
			if c.Severity == s {
				n = c.Counts.Fail
			}
		}
		severities = append(severities, share{n, render.SeverityStyle(s).Strong, d.m("severity." + string(s)), render.SeverityStyle(s).Mark})
	}
	x := frameLeft + 97
	d.put(d.caption(), x, d.y+5, d.t("summary.by_severity"))
	d.bars(x, d.y+8, frameRight-x, 7, severities)
	d.y += height + 2
}

// heatMap draws failing findings by service and account.
func (d *document) heatMap() {
	if len(d.pack.Services) == 0 {
		return
	}
	d.heading(1, "", d.t("summary.heat"))
	columns, index := d.heatAccounts()
	cells := map[string][]pack.FindingCounts{}
	var services []string
	for _, s := range d.pack.Services {
		if cells[s.Service] == nil {
			cells[s.Service] = make([]pack.FindingCounts, len(columns))
			services = append(services, s.Service)
		}
		addCounts(&cells[s.Service][index[s.Account]], s.Counts)
	}
	const name, pitch, head = 38.0, 6.2, 8.5
	w := min((frameWidth-name)/float64(len(columns)), 44)
	header := func() {
		for i, c := range columns {
			x := frameLeft + name + (float64(i)+0.5)*w
			d.putMiddle(d.caption().sized(6.4), x, d.y+3.2, c[0])
			d.putMiddle(d.caption().sized(6.2), x, d.y+6.4, d.fit(d.caption().sized(6.2), c[1], w-1))
		}
		d.y += head
	}
	d.reserve(head + 4*pitch)
	header()
	for _, s := range services {
		if d.y+pitch > frameEnd {
			d.page()
			header()
		}
		d.put(d.small(), frameLeft, d.y+pitch/2+d.small().size*point*0.36, d.fit(d.small(), d.say.Service(s), name-2))
		for i, c := range cells[s] {
			d.heatCell(frameLeft+name+float64(i)*w, d.y, w, pitch, c)
		}
		d.y += pitch
	}
	d.y += 1.5
	d.note(d.t("summary.heat_note"))
}

// heatAccounts returns the columns of the heat map, id and name, and the column of each account: the accounts with most
// failing findings if there are too many, and one for all others.
func (d *document) heatAccounts() (columns [][2]string, index map[string]int) {
	fails := map[string]int{}
	var ids []string
	for _, s := range d.pack.Services {
		if _, known := fails[s.Account]; !known {
			ids = append(ids, s.Account)
		}
		fails[s.Account] += s.Counts.Fail
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(fails[b], fails[a]), cmp.Compare(a, b)) })
	others := []string{}
	if len(ids) > heatColumns {
		ids, others = ids[:heatColumns-1], ids[heatColumns-1:]
	}
	slices.Sort(ids)
	names := map[string]string{}
	for _, a := range d.pack.Bundle.Accounts {
		names[a.ID] = a.Name
	}
	index = map[string]int{}
	for i, id := range ids {
		columns = append(columns, [2]string{id, names[id]})
		index[id] = i
	}
	if len(others) > 0 {
		columns = append(columns, [2]string{d.t("summary.heat_others", "count", render.Number(len(others))), ""})
		for _, id := range others {
			index[id] = len(ids)
		}
	}
	return columns, index
}

// heatCell prints failing of assessed findings on a shade of red.
func (d *document) heatCell(x, y, w, h float64, c pack.FindingCounts) {
	assessed := c.Fail + c.Pass
	colour, label := render.Wash, "–"
	if assessed > 0 {
		share := float64(c.Fail) / float64(assessed)
		shade := func(from, to uint8) uint8 { return uint8(float64(from) + (float64(to)-float64(from))*share) }
		colour = render.Colour{shade(0xf7, 0xe2), shade(0xf1, 0x7f), shade(0xef, 0x76)}
		if c.Fail == 0 {
			colour = render.Wash
		}
		label = render.Number(c.Fail) + " / " + render.Number(assessed)
	}
	d.box(x+0.25, y+0.25, w-0.5, h-0.5, colour)
	s := d.small().sized(6.8)
	if c.Fail == 0 {
		s = s.in(render.Muted)
	}
	d.putMiddle(s, x+w/2, y+h/2+s.size*point*0.36, label)
}

func addCounts(to *pack.FindingCounts, c pack.FindingCounts) {
	to.Pass += c.Pass
	to.Fail += c.Fail
	to.NotAssessed += c.NotAssessed
	to.NotApplicable += c.NotApplicable
	to.Accepted += c.Accepted
}

// topRisks lists the failing rules that weigh most.
func (d *document) topRisks() {
	list := d.failing()
	if len(list) == 0 {
		return
	}
	d.heading(1, "", d.t("summary.top"))
	t := d.table(column{title: d.t("col.severity"), width: 22}, column{title: d.t("col.rule"), width: 78}, column{title: d.t("col.failing"), width: 20, right: true}, column{title: d.t("col.requirements"), width: 50})
	for _, r := range list[:min(len(list), topRules)] {
		t.row("", d.chipCell(d.severityChip(r.Severity)), d.ruleCell(r),
			cell{{style: d.smallB(), text: render.Number(r.Counts.Fail)}, {style: d.caption(), text: d.t("of", "count", render.Number(r.Counts.Fail+r.Counts.Pass))}},
			d.requirementRefs(r.Requirement, 2))
	}
	t.end()
}

// failing lists the rules that fail on anything that no acceptance covers: worst first, then by number.
func (d *document) failing() []*pack.Rule {
	var list []*pack.Rule
	for i := range d.pack.Rules {
		if r := &d.pack.Rules[i]; r.Counts.Fail > r.Counts.Accepted {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b *pack.Rule) int {
		return cmp.Or(cmp.Compare(severityOrder(a.Severity), severityOrder(b.Severity)), cmp.Compare(b.Counts.Fail-b.Counts.Accepted, a.Counts.Fail-a.Counts.Accepted), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// ruleCell is a rule's title above its id, which leads to the rule.
func (d *document) ruleCell(r *pack.Rule) cell {
	return cell{{style: d.small(), text: d.in(r.Title)}, {style: d.code(), text: r.ID, link: ruleKey(r.ID)}}
}

// requirementRefs lists requirements by framework and id, each leading to its place; the rest as a number.
func (d *document) requirementRefs(list []string, limit int) cell {
	var c cell
	for i, ref := range list {
		if i == limit && len(list) > limit+1 {
			c = append(c, block{style: d.caption(), text: d.t("more", "count", render.Number(len(list)-limit))})
			break
		}
		c = append(c, block{style: d.small(), text: d.say.Requirement(ref), link: "req:" + ref})
	}
	return c
}

// short and full name an edition.
func (d *document) short(f *pack.Framework) string { return d.say.Framework(f.Key()) }
func (d *document) full(f *pack.Framework) string  { return d.say.Title(f) }
