package pdf

import (
	"slices"
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// maxAccounts is how many accounts a requirement lists with their own verdict.
const maxAccounts = 12

// requirements draws every requirement with its reasons, responsibilities, tests and findings, in the edition's order. A
// requirement that no rule speaks about is one row of a table, so that several stand on a page.
func (d *document) requirements() {
	d.prose(d.t("requirements.intro", "max", render.Number(d.opts.MaxFindings)))
	for fi := range d.pack.Frameworks {
		f := &d.pack.Frameworks[fi]
		if fi > 0 {
			d.page()
		}
		d.heading(1, "", d.full(f))
		groups := map[string]*pack.Group{}
		for i := range f.Groups {
			groups[f.Groups[i].ID] = &f.Groups[i]
		}
		group := ""
		for i := 0; i < len(f.Requirements); {
			if g := f.Requirements[i].Group; g != group {
				group = g
				d.groupHeading(groups[g], g)
			}
			if len(d.plan.shown[reqKey(f, &f.Requirements[i])]) > 0 {
				d.requirement(f, &f.Requirements[i])
				i++
				continue
			}
			n := i
			for n < len(f.Requirements) && f.Requirements[n].Group == group && len(d.plan.shown[reqKey(f, &f.Requirements[n])]) == 0 {
				n++
			}
			d.compact(f, f.Requirements[i:n])
			i = n
		}
	}
}

// groupHeading announces a group with its counts.
func (d *document) groupHeading(g *pack.Group, id string) {
	if g == nil {
		d.heading(2, "", id)
		return
	}
	d.heading(2, "", g.ID+"  "+d.in(g.Title))
	var parts []string
	for _, v := range verdictOrder {
		if n := g.Counts.Of(v); n > 0 {
			parts = append(parts, d.m("verdict."+string(v))+" "+render.Number(n))
		}
	}
	s := d.caption()
	d.pending = append(d.pending, pending{s.lineHeight() + 1.5, func() {
		d.put(s, frameLeft, d.y+s.base(), strings.Join(parts, "  ·  "))
		d.y += s.lineHeight() + 1.5
	}})
}

// compact draws requirements without rules as rows: title, what is outstanding, responsible party, verdict.
func (d *document) compact(f *pack.Framework, list []pack.Requirement) {
	id := d.idWidth(f)
	t := d.table(column{title: d.t("col.id"), width: id}, column{title: d.t("col.requirement_open"), width: 124 - id}, column{title: d.t("col.party"), width: 17}, column{title: d.t("col.verdict"), width: 29})
	for i := range list {
		q := &list[i]
		key := reqKey(f, q)
		content := cell{{style: d.small(), text: d.in(q.Title), prose: true}}
		gap := 0.6
		for _, s := range d.say.Basis(q) {
			content = append(content, block{style: d.caption(), text: s, prose: true, gap: gap})
			gap = 0
		}
		content = append(content, d.people(f, q)...)
		t.row(key, cell{{style: d.smallB(), text: q.ID}, {style: d.caption().sized(6.2), text: d.classes(q)}}, content, d.txt(d.m("party."+string(q.Party))), d.chipCell(d.verdictChip(q.Verdict)))
	}
	t.end()
}

// classes are the words that an edition attaches to a requirement: level, assessment, obligation, risk.
func (d *document) classes(q *pack.Requirement) string {
	var words []string
	if q.Level != "" {
		words = append(words, d.t("requirement.level", "level", q.Level))
	}
	if q.Assessment != "" {
		words = append(words, d.m("assessment."+q.Assessment))
	}
	if q.Obligation != "" {
		words = append(words, d.m("obligation."+q.Obligation))
	}
	if q.Risk != "" {
		words = append(words, d.t("requirement.risk", "risk", d.m("risk."+q.Risk)))
	}
	return strings.Join(words, " · ")
}

// people are the attestation and the decisions that persons gave for a requirement.
func (d *document) people(f *pack.Framework, q *pack.Requirement) cell {
	var c cell
	for i := range d.pack.Engagement.Attestations {
		a := &d.pack.Engagement.Attestations[i]
		if a.ID == q.Attestation && a.ID != "" && a.Framework == f.Key() {
			c = append(c, block{style: d.caption(), text: d.t("requirement.attestation", "id", a.ID, "by", a.Signer, "date", a.Date, "answer", d.m("answer."+a.Answer), "statement", d.in(a.Statement), "evidence", orDash(a.Evidence)), prose: true, gap: 0.6, link: "attestation:" + a.ID})
		}
	}
	if f.Questions {
		c = append(c, d.question(q)...)
	}
	return c
}

// question is what was observed about a practice, what people want it to be and what they decided.
func (d *document) question(q *pack.Requirement) cell {
	answer := pack.Question{}
	if q.Question != nil {
		answer = *q.Question
	}
	asIs := d.t("requirement.as_is_none")
	if n := q.Counts; n.Fail+n.NotAssessed+n.Pass > 0 {
		asIs = d.t("requirement.as_is", "fail", render.Number(n.Fail), "not_assessed", render.Number(n.NotAssessed), "pass", render.Number(n.Pass))
	}
	return cell{
		{style: d.caption(), text: asIs, gap: 0.6},
		{style: d.caption(), text: d.t("requirement.to_be") + d.t("colon") + d.orOpen(d.in(answer.ToBe)), prose: true},
		{style: d.caption(), text: d.t("requirement.decision") + d.t("colon") + d.orOpen(d.in(answer.Decision)) + d.by(answer.By), prose: true},
	}
}

func (d *document) orOpen(s string) string {
	if s == "" {
		return d.t("requirement.open")
	}
	return s
}

func (d *document) by(name string) string {
	if name == "" {
		return ""
	}
	return d.t("requirement.by", "by", name)
}

// requirement draws a requirement that rules speak about.
func (d *document) requirement(f *pack.Framework, q *pack.Requirement) {
	d.requirementHead(f, q)
	d.label(d.t("requirement.basis"))
	for _, s := range d.say.Basis(q) {
		d.reasonLine(s)
	}
	d.accountLine(q)
	if people := d.people(f, q); len(people) > 0 {
		t := d.table(column{width: frameWidth})
		t.bare = true
		t.row("", people)
		t.end()
	}
	d.portions(q)
	d.tests(q, d.plan.shown[reqKey(f, q)])
	for _, s := range d.plan.shown[reqKey(f, q)] {
		d.findings(s)
	}
	d.space(3)
}

// requirementHead announces the line with id, title and verdict, and the small print below it.
func (d *document) requirementHead(f *pack.Framework, q *pack.Requirement) {
	key := reqKey(f, q)
	s := style{d.bold, 9.4, render.Ink, 1.5}
	id := style{d.bold, 9.4, render.Brand, 1.5}
	chipStyle := d.smallB()
	c := d.verdictChip(q.Verdict)
	chipWidth := d.chipWidth(chipStyle, c)
	idLines := id.wrap(id.font.Clean(q.ID), 42)
	idWidth := min(d.width(id, q.ID), 42) + 4
	title := s.font.CleanProse(d.in(q.Title))
	lines := s.wrap(title, frameWidth-idWidth-chipWidth-8)
	height := float64(max(len(lines), len(idLines)))*s.lineHeight() + 2.4
	small := d.caption()
	meta := d.classes(q)
	if meta != "" {
		meta += "  ·  "
	}
	meta += d.t("requirement.party", "party", d.m("party."+string(q.Party)), "basis", d.m("basis."+q.Basis))
	d.pending = append(d.pending, pending{height + 2 + small.lineHeight() + 2.5, func() {
		d.space(2)
		d.anchorHere(key)
		d.outline = append(d.outline, heading{3, q.ID + "  " + d.in(q.Title), anchor{d.number(), d.y}})
		d.box(frameLeft, d.y, frameWidth, height, render.Wash)
		d.box(frameLeft, d.y, 0.9, height, c.Strong)
		for i, l := range idLines {
			d.drawLine(id, frameLeft+3, d.y+1.2+float64(i)*id.lineHeight()+id.base(), id.font.Clean(q.ID), l)
		}
		for i, l := range lines {
			d.drawLine(s, frameLeft+2+idWidth, d.y+1.2+float64(i)*s.lineHeight()+s.base(), title, l)
		}
		d.drawChip(chipStyle, frameRight-chipWidth-2, d.y+1.2+(s.lineHeight()-chipStyle.lineHeight())/2, c)
		d.y += height + 0.8
		d.put(small, frameLeft+3, d.y+small.base(), d.fit(small, meta, frameWidth-40))
		up := d.t("requirement.overview")
		d.putRight(small.in(linkColour), frameRight, d.y+small.base(), up)
		d.linkTo(frameRight-d.width(small, up), d.y, d.width(small, up), small.lineHeight(), "result:"+key)
		d.y += small.lineHeight() + 0.6
	}})
}

func (d *document) reasonLine(s string) {
	st := d.small().sized(8)
	d.reserve(d.beginning(st, frameWidth-6, s))
	d.box(frameLeft+3, d.y+st.lineHeight()/2-0.35, 0.8, 0.8, render.Muted)
	d.paragraph(st, frameLeft+6, frameWidth-6, s, 0.2)
}

// accountLine lists the verdict of each account where there are several.
func (d *document) accountLine(q *pack.Requirement) {
	if len(q.Accounts) < 2 {
		return
	}
	s := d.caption()
	d.reserve(s.lineHeight() + 1)
	x := frameLeft + 3
	x += d.put(s, x, d.y+s.base(), d.t("requirement.accounts")) + 3
	left := x
	for i, a := range q.Accounts {
		style := render.VerdictStyle(a.Verdict)
		word := a.Account + " " + d.m("verdict."+string(a.Verdict))
		if i == maxAccounts {
			word, style.Mark = d.t("more", "count", render.Number(len(q.Accounts)-i)), ""
		}
		w := d.width(s, word) + 8
		if x+w > frameRight && x > left {
			d.y += s.lineHeight()
			d.reserve(s.lineHeight())
			x = left
		}
		d.mark(style.Mark, x+1.1, d.y+s.lineHeight()/2, 1, style.Strong)
		d.put(s, x+3.2, d.y+s.base(), word)
		x += w
		if i == maxAccounts {
			break
		}
	}
	d.y += s.lineHeight() + 1
}

// portions draws what AWS and the customer each have to show.
func (d *document) portions(q *pack.Requirement) {
	if len(q.Portions) == 0 {
		return
	}
	if p := q.Portions[0]; len(q.Portions) == 1 && p.Verdict == q.Verdict && len(p.Reports) == 0 {
		d.paragraph(d.caption(), frameLeft+3, frameWidth-3, d.t("requirement.single_portion", "party", d.m("party."+string(p.Party)), "expected", d.in(p.Expected)), 0.6)
		return
	}
	d.label(d.t("requirement.responsibility"))
	t := d.table(column{width: 20}, column{width: 90}, column{width: 31}, column{width: 29})
	t.bare = true
	for _, p := range q.Portions {
		t.row("", d.bold1(d.m("party."+string(p.Party))), d.words(d.in(p.Expected)), d.reportRefs(p.Reports), d.chipCell(d.verdictChip(p.Verdict)))
	}
	t.end()
}

func (d *document) reportRefs(ids []string) cell {
	var c cell
	for _, id := range ids {
		c = append(c, block{style: d.small(), text: id, link: d.known("report:" + id)})
	}
	if len(c) == 0 {
		return d.txt("–")
	}
	return c
}

// known returns an anchor of something that people named, or nothing if the pack does not hold it.
func (d *document) known(key string) string {
	kind, id, _ := strings.Cut(key, ":")
	e := &d.pack.Engagement
	switch kind {
	case "report":
		for i := range e.Inherited {
			if e.Inherited[i].ID == id {
				return key
			}
		}
	case "acceptance":
		for i := range e.Acceptances {
			if e.Acceptances[i].ID == id {
				return key
			}
		}
	}
	return ""
}

// tests draws the rules that were run for a requirement, the population that each ran over, and the outcome.
func (d *document) tests(q *pack.Requirement, list []*shown) {
	d.label(d.t("requirement.tests"))
	t := d.table(column{title: d.t("col.rule"), width: 65}, column{title: d.t("col.relation"), width: 22}, column{title: d.t("col.population"), width: 31},
		column{title: d.m("result.fail"), width: 11, right: true}, column{title: d.m("result.not_assessed"), width: 14, right: true}, column{title: d.m("result.pass"), width: 11, right: true}, column{title: d.m("result.not_applicable"), width: 16, right: true})
	for _, s := range list {
		c := s.link.Counts
		relation := cell{{style: d.small(), text: d.m("relation." + string(s.link.Relation))}}
		rule := append(d.ruleCell(s.rule), block{style: d.caption(), text: d.in(s.link.Why), prose: true})
		t.row("", rule, relation, d.populationCell(s.rule), d.some(c.Fail, render.ResultStyle(pack.Fail).Strong), d.some(c.NotAssessed, render.ResultStyle(pack.NotAssessed).Strong), d.some(c.Pass, render.Ink), d.some(c.NotApplicable, render.Muted))
	}
	var context cell
	var absent []string
	for i := range q.Links {
		if l := &q.Links[i]; l.Rule == "" && !d.holds(l.Kind) {
			absent = append(absent, d.say.Kind(l.Kind))
		} else if l.Rule == "" {
			context = append(context, block{style: d.caption(), text: d.t("requirement.context", "relation", d.m("relation."+string(l.Relation)), "kind", d.say.Kind(l.Kind), "resources", d.kindWords(l.Kind), "why", d.in(l.Why)), prose: true})
		}
	}
	if len(absent) > 0 {
		context = append(context, block{style: d.caption(), text: d.t("requirement.not_collected", "kinds", strings.Join(absent, d.t("comma"))), prose: true})
	}
	if len(context) > 0 {
		t.wide(context)
	}
	t.end()
}

// holds reports whether the bundle says anything about a kind.
func (d *document) holds(kind string) bool {
	return slices.ContainsFunc(d.pack.Kinds, func(k pack.KindCount) bool { return k.Kind == kind })
}

// populationCell says what a rule ran over.
func (d *document) populationCell(r *pack.Rule) cell {
	return append(d.kindCell(r.Kind), block{style: d.caption(), text: d.m("per." + r.Per)})
}

func (d *document) kindCell(kind string) cell {
	s := d.caption()
	for _, k := range d.pack.Kinds {
		if k.Kind == kind && !k.Complete {
			s.colour = render.VerdictStyle(pack.VerdictNotAssessed).Strong
		}
	}
	return cell{{style: d.small(), text: d.say.Kind(kind), prose: true}, {style: s, text: d.kindWords(kind)}}
}

// kindWords says how many resources of a kind there are and whether that is all of them.
func (d *document) kindWords(kind string) string {
	for _, k := range d.pack.Kinds {
		if k.Kind == kind {
			word := d.m("population.complete")
			if !k.Complete {
				word = d.m("population.incomplete")
			}
			return d.t("resources", "count", render.Number(k.Artifacts)) + " · " + word
		}
	}
	return d.t("not_in_bundle")
}

// idWidth is the width of a column that holds the ids of a framework.
func (d *document) idWidth(f *pack.Framework) float64 {
	w := 15.0
	for i := range f.Requirements {
		w = max(w, d.width(d.smallB(), f.Requirements[i].ID)+2*padX+0.5)
	}
	return min(w, 36)
}
