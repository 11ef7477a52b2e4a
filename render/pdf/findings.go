package pdf

import (
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// findings draws what a rule found under a requirement, or says where that is printed. Facts (what AWS answered) and the
// assessment of them stand in separate columns.
func (d *document) findings(s *shown) {
	if s.rule.Counts.Fail+s.rule.Counts.NotAssessed == 0 {
		return
	}
	if home := d.plan.home[s.rule.ID]; home != s {
		d.findingsElsewhere(s, home)
		return
	}
	d.label(d.t("findings.title", "rule", d.in(s.rule.Title)))
	t := d.table(column{title: d.t("col.finding"), width: 20}, column{title: d.t("col.resource"), width: 46}, column{title: d.t("col.facts"), width: 47}, column{title: d.t("col.assessment"), width: 35}, column{title: d.t("col.record"), width: 22})
	for _, list := range [][]pack.Finding{s.fails, s.unseen} {
		for i := range list {
			d.findingRow(t, &list[i])
		}
	}
	t.end()
	d.rest(s)
}

// findingRow draws one finding.
func (d *document) findingRow(t *table, f *pack.Finding) {
	c := d.severityChip(f.Severity)
	if f.Result != pack.Fail {
		c = d.resultChip(f.Result)
	}
	id := cell{{style: d.code().sized(6.8), text: render.FindingID(f.N)}, {style: d.smallB().sized(6.6), chip: &c, gap: 0.4}}
	t.row(findingKey(f.N), id, d.subject(f), d.factsCell(f), d.assessment(f), d.recordsCell(f))
}

// subject names what a finding is about: the ARN, or the id where AWS has none, with account and region.
func (d *document) subject(f *pack.Finding) cell {
	name := block{style: d.code(), text: orDash(d.say.Subject(f))}
	if d.msgs.Has("subject." + f.Kind) {
		name.style, name.prose = d.small(), true
	}
	c := cell{name}
	if f.ARN != "" && f.ID != "" && !strings.Contains(f.ARN, f.ID) {
		c = append(c, block{style: d.code().in(render.Muted), text: f.ID})
	}
	return append(c, block{style: d.caption().sized(6.4), text: strings.TrimSpace(f.Account + "  " + d.say.Region(f))})
}

// factsCell prints the values that decided, as the API response holds them.
func (d *document) factsCell(f *pack.Finding) cell {
	var c cell
	for i, fact := range render.Facts(f) {
		if i == maxFacts {
			c = append(c, block{style: d.caption(), text: d.t("more", "count", render.Number(len(f.Facts)-i))})
			break
		}
		place, value := d.say.Fact(fact)
		c = append(c, block{style: d.code().sized(6.2).in(render.Muted), text: place}, block{style: d.code(), text: value})
	}
	if len(c) == 0 && d.emptyPopulations(f) {
		return cell{{style: d.small(), text: d.t("finding.nothing"), prose: true}}
	}
	if len(c) == 0 {
		return d.txt("–")
	}
	return c
}

// emptyPopulations reports a finding that rests on nothing but complete populations that hold no resource.
func (d *document) emptyPopulations(f *pack.Finding) bool {
	for _, ref := range f.Evidence {
		r := d.plan.records[ref.Record]
		if r == nil || r.population == nil || r.population.Count > 0 || r.population.Status != "complete" {
			return false
		}
	}
	return len(f.Evidence) > 0
}

// assessment says what the result is and why.
func (d *document) assessment(f *pack.Finding) cell {
	c := cell{{style: d.small(), text: d.t("finding." + string(f.Result))}}
	for _, s := range d.say.Reasons(f.Reasons) {
		c = append(c, block{style: d.caption().in(render.Ink), text: s, prose: true})
	}
	for i, g := range f.Gaps {
		if i == 2 {
			c = append(c, block{style: d.caption(), text: d.t("more", "count", render.Number(len(f.Gaps)-i))})
			break
		}
		c = append(c, block{style: d.code(), text: render.GapID(g), link: d.plan.gapGroup[g]})
	}
	if f.Acceptance != "" {
		text := d.t("finding.accepted", "id", f.Acceptance)
		for _, a := range d.pack.Engagement.Acceptances {
			if a.ID == f.Acceptance && a.Expired {
				text = d.t("finding.accepted_expired", "id", f.Acceptance, "expires", a.Expires)
			}
		}
		c = append(c, block{style: d.caption(), text: text, link: d.known("acceptance:" + f.Acceptance)})
	}
	return c
}

// recordsCell prints the beginnings of the record digests, which lead to the evidence register.
func (d *document) recordsCell(f *pack.Finding) cell {
	var c cell
	last := ""
	for i, ref := range f.Evidence {
		if i == maxRefs {
			c = append(c, block{style: d.caption(), text: d.t("more", "count", render.Number(len(f.Evidence)-i))})
			break
		}
		if ref.Record != last {
			last = ref.Record
			to := ""
			if r := d.plan.records[ref.Record]; r != nil && (r.evidence != nil || r.population != nil) {
				to = recordKey(ref.Record)
			}
			c = append(c, block{style: d.code(), text: render.ShortDigest(ref.Record), link: to})
		}
		if ref.Part != "" {
			c = append(c, block{style: d.caption().sized(6.2), text: ref.Part})
		}
	}
	if len(c) == 0 {
		return d.txt("–")
	}
	return c
}

// rest says which findings of the rule are not printed and where they are.
func (d *document) rest(s *shown) {
	at := func(key string, first, printed, total int) {
		if total > printed {
			d.y -= 2
			d.note(d.t(key, "count", render.Number(total-printed), "from", render.FindingID(first+printed), "to", render.FindingID(first+total-1)))
		}
	}
	r := s.rule
	at("findings.more_fail", r.First, len(s.fails), r.Counts.Fail)
	at("findings.more_unseen", r.First+r.Counts.Fail, len(s.unseen), r.Counts.NotAssessed)
}

// findingsElsewhere refers to the requirement under which the findings of a rule are printed, or to the workbook.
func (d *document) findingsElsewhere(s, home *shown) {
	r := s.rule
	from, to := render.FindingID(r.First), render.FindingID(r.First+r.Counts.Fail+r.Counts.NotAssessed-1)
	st := d.caption()
	if home == nil {
		d.note(d.t("findings.workbook", "rule", d.say.Rule(r.ID), "from", from, "to", to))
		return
	}
	text := d.t("findings.elsewhere", "rule", r.ID, "from", from, "to", to, "requirement", home.label)
	lines := st.wrap(st.font.Clean(text), frameWidth-18)
	d.reserve(float64(len(lines)) * st.lineHeight())
	clean := st.font.Clean(text)
	for i, l := range lines {
		w := d.drawLine(st.in(linkColour), frameLeft+3, d.y+st.base(), clean, l)
		d.linkTo(frameLeft+3, d.y, w, st.lineHeight(), home.requirement)
		if i == len(lines)-1 {
			d.lateText = append(d.lateText, lateText{d.number(), frameRight, d.y + st.base(), st, home.requirement})
		}
		d.y += st.lineHeight()
	}
	d.y += 0.8
}
