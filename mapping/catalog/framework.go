package catalog

import (
	"slices"
	"strings"

	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

func (l *loader) readFramework(f *file) {
	t := f.root()
	fw := &Framework{
		ID: t.str("id"), Edition: t.str("edition"), Title: t.text("title"), Short: t.text("short"), Publisher: t.str("publisher"),
		OwnTitles: t.truth("own_titles"), Questions: t.truth("questions"), RiskAcceptance: t.truth("risk_acceptance"),
		Sources: t.strs("sources"), Custom: f.custom, File: f.name,
	}
	if !f.custom && fw.ID != "" && f.base != fw.ID+"-"+fw.Edition {
		l.problems.add(f.name, t.lineOf("edition"), "the file of framework %s belongs into %s-%s.toml", fw.Key(), fw.ID, fw.Edition)
	}
	groups := l.readGroups(t, fw)
	l.readRequirements(t, fw, groups)
	if fw.ID != "" && l.first("framework "+fw.Key(), f, t.lineOf("id")) {
		l.c.Frameworks = append(l.c.Frameworks, fw)
	}
}

// readGroups returns the number of requirements of each group, zero so far.
func (l *loader) readGroups(t table, fw *Framework) map[string]int {
	count := map[string]int{}
	for _, g := range t.tables("group") {
		id := g.str("id")
		if _, ok := count[id]; ok && id != "" {
			l.problems.add(fw.File, g.lineOf("id"), "group %s stands twice", id)
		}
		count[id] = 0
		fw.Groups = append(fw.Groups, Group{id, g.text("title"), g.line()})
	}
	return count
}

func (l *loader) readRequirements(t table, fw *Framework, groups map[string]int) {
	ids, slugs := map[string]bool{}, map[string]bool{}
	for _, rt := range t.tables("requirement") {
		r := Requirement{
			ID: rt.str("id"), Slug: rt.str("slug"), Group: rt.str("group"), Title: rt.text("title"), Level: rt.str("level"),
			Assessment: rt.str("assessment"), Obligation: rt.str("obligation"), Risk: rt.str("risk"), Party: pack.Party(rt.str("party")),
			Basis: rt.str("basis"), Attestation: rt.truth("attestation"), Predecessors: rt.strs("predecessors"), Successors: rt.strs("successors"),
			Line: rt.line(),
		}
		if ids[r.ID] && r.ID != "" {
			l.problems.add(fw.File, rt.lineOf("id"), "requirement %s stands twice", r.ID)
		}
		if slugs[r.Slug] && r.Slug != "" {
			l.problems.add(fw.File, rt.lineOf("slug"), "slug %s stands twice", r.Slug)
		}
		ids[r.ID], slugs[r.Slug] = true, true
		if _, ok := groups[r.Group]; !ok && r.Group != "" {
			l.problems.add(fw.File, rt.lineOf("group"), "requirement %s: there is no group %s", r.ID, r.Group)
		}
		groups[r.Group]++
		for _, lt := range rt.tables("link") {
			r.Links = append(r.Links, l.readLink(lt, &r))
		}
		fw.Requirements = append(fw.Requirements, r)
	}
	for _, g := range fw.Groups {
		if groups[g.ID] == 0 {
			l.problems.add(fw.File, g.Line, "group %s has no requirement", g.ID)
		}
	}
}

func (l *loader) readLink(t table, r *Requirement) Link {
	k := Link{Rule: t.str("rule"), Kind: t.str("kind"), Relation: pack.Relation(t.str("relation")), Why: t.text("why"), Line: t.line()}
	file := t.f.name
	switch {
	case k.Rule == "" && k.Kind == "":
		l.problems.add(file, k.Line, "a link of requirement %s names neither a rule nor a kind", r.ID)
	case k.Rule != "" && k.Kind != "":
		l.problems.add(file, k.Line, "a link of requirement %s names a rule and a kind: write two links", r.ID)
	case k.Kind != "" && k.Relation != pack.Indicates && k.Relation != "":
		l.problems.add(file, t.lineOf("relation"), "a link to an artifact kind has the relation indicates, not %s", k.Relation)
	}
	if slices.ContainsFunc(r.Links, func(o Link) bool { return o.Rule == k.Rule && o.Kind == k.Kind }) {
		l.problems.add(file, k.Line, "requirement %s is linked to %s twice", r.ID, or(k.Rule, k.Kind))
	}
	return k
}

// checkReferences checks that everything that a framework names exists: rules, kinds, and the requirements of other
// editions of the same framework as far as those are loaded.
func (l *loader) checkReferences(fw *Framework) {
	var ruleIDs []string
	for _, r := range l.c.Rules {
		ruleIDs = append(ruleIDs, r.ID)
	}
	for _, r := range fw.Requirements {
		for _, k := range r.Links {
			if k.Rule != "" && l.c.rules[k.Rule] == nil {
				l.problems.add(fw.File, k.Line, "requirement %s: there is no rule %s%s", r.ID, k.Rule, expr.DidYouMean(k.Rule, ruleIDs))
			}
			if k.Kind != "" && l.c.Shapes.Kinds[k.Kind] == nil {
				l.problems.add(fw.File, k.Line, "requirement %s: there is no artifact kind %s%s", r.ID, k.Kind, expr.DidYouMean(k.Kind, l.c.Shapes.KindNames()))
			}
		}
		for _, ref := range append(slices.Clone(r.Predecessors), r.Successors...) {
			l.checkEdition(fw, r, ref)
		}
	}
}

func (l *loader) checkEdition(fw *Framework, r Requirement, ref string) {
	edition, id, _ := strings.Cut(ref, ":")
	if edition == fw.Edition {
		l.problems.add(fw.File, r.Line, "requirement %s: %s is of the same edition", r.ID, ref)
		return
	}
	other := l.c.Framework(fw.ID + "@" + edition)
	if other == nil {
		return
	}
	if !slices.ContainsFunc(other.Requirements, func(o Requirement) bool { return o.ID == id || o.Slug == id }) {
		l.problems.add(fw.File, r.Line, "requirement %s: edition %s has no requirement %s", r.ID, edition, id)
	}
}
