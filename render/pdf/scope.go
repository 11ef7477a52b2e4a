package pdf

import (
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// scope draws what the pack speaks about, how it was made, where its limits are and what could not be seen.
func (d *document) scope() {
	d.scopeTables()
	d.method()
	d.inventory()
	d.unseen()
}

func (d *document) scopeTables() {
	p := d.pack
	d.heading(1, "", d.t("scope.in"))
	t := d.table(column{title: d.t("col.account"), width: 30}, column{title: d.t("col.name"), width: 46}, column{title: d.t("col.scope"), width: 24}, column{title: d.t("col.caller"), width: 70})
	in := map[string]bool{}
	for _, id := range p.Scope.Accounts {
		in[id] = true
	}
	for _, a := range p.Bundle.Accounts {
		word := d.t("scope.outside")
		if in[a.ID] {
			word = d.t("scope.inside")
		}
		t.row("", d.mono1(a.ID), d.txt(orDash(a.Name)), d.txt(word), d.mono1(orDash(a.Caller)))
	}
	t.end()
	f := d.facts(44)
	f.text(d.t("scope.regions"), strings.Join(p.Scope.Regions, ", "))
	f.text(d.t("scope.visited"), orDash(strings.Join(p.Bundle.Regions, ", ")))
	f.words(d.t("scope.tags"), orDash(strings.Join(p.Scope.Tags, "\n")))
	f.text(d.t("scope.out_of_scope"), render.Number(p.Scope.OutOfScope))
	f.words(d.t("scope.missing"), orDash(strings.Join(p.Scope.Missing, "\n")))
	for _, kv := range p.Bundle.Requested {
		f.text(d.t("scope.requested", "key", kv.Key), kv.Value)
	}
	f.end()

	d.heading(1, "", d.t("scope.exclusions"))
	t = d.table(column{title: d.t("col.excluded"), width: 66}, column{title: d.t("col.reason"), width: 70}, column{title: d.t("col.decided_by"), width: 34})
	for _, x := range p.Scope.Exclusions {
		var c cell
		for _, s := range []string{x.Account, x.Region, x.Resource} {
			if s != "" {
				c = append(c, block{style: d.code(), text: s})
			}
		}
		t.row("", c, d.words(d.in(x.Reason)), d.txt(x.By))
	}
	t.end()
}

func (d *document) method() {
	b := &d.pack.Bundle
	d.heading(1, "", d.t("scope.method"))
	for _, key := range []string{"collect", "rules", "verdicts", "people"} {
		d.bullet(d.t("method." + key))
	}
	d.y += 2
	f := d.facts(44)
	f.text(d.t("scope.calls"), d.t("scope.call_counts", "total", render.Number(b.Calls.Total), "ok", render.Number(b.Calls.OK), "absent", render.Number(b.Calls.Absent), "denied", render.Number(b.Calls.Denied), "failed", render.Number(b.Calls.Failed)))
	f.text(d.t("scope.records"), render.Number(b.Records))
	f.text(d.t("scope.skew"), d.t("scope.skew_value", "millis", render.Number(int(b.SkewMillis))))
	f.text(d.t("scope.created"), render.Moment(d.opts.Lang, b.Created))
	f.mono(d.t("scope.bundle"), b.ID)
	if b.Redacted {
		f.words(d.t("scope.redacted"), d.t("scope.redacted_note"))
	}
	f.end()
	d.heading(1, "", d.t("scope.limits"))
	for _, s := range d.say.Freshness() {
		d.bullet(s)
	}
	for _, key := range []string{"moment", "api", "seal", "translation", "judgement"} {
		d.bullet(d.t("limit." + key))
	}
	if d.unverified() {
		d.bullet(d.t("limit.unverified"))
	}
	d.y += 2
}

// inventory lists how many resources of each kind were found and whether the list is complete.
func (d *document) inventory() {
	d.heading(1, "", d.t("scope.inventory"))
	t := d.table(column{title: d.t("col.kind"), width: 58}, column{title: d.t("col.kind_code"), width: 50}, column{title: d.t("col.artifacts"), width: 22, right: true}, column{title: d.t("col.population"), width: 40})
	for _, k := range d.pack.Kinds {
		state := cell{{style: d.small(), text: d.m("population.complete")}}
		if !k.Complete {
			m := d.plan.missing[k.Kind]
			c := chip{render.VerdictStyle(pack.VerdictNotAssessed), d.m("population.incomplete")}
			state = cell{{style: d.smallB().sized(7), chip: &c}, {style: d.caption(), text: d.missingWords(m)}}
		}
		t.row("", d.txt(d.say.Kind(k.Kind)), cell{{style: d.code().in(render.Muted), text: k.Kind}}, d.num(k.Artifacts), state)
	}
	t.end()
}

// missingWords says how many populations of a kind are missing and why.
func (d *document) missingWords(m populationSum) string {
	var words []string
	if m.incomplete > 0 {
		words = append(words, d.t("scope.populations_incomplete", "count", render.Number(m.incomplete)))
	}
	if m.denied > 0 {
		words = append(words, d.t("scope.populations_denied", "count", render.Number(m.denied)))
	}
	return strings.Join(words, d.m("words.and"))
}

// unseen lists what could not be seen, grouped by the call and the answer, with the IAM action that would open it.
func (d *document) unseen() {
	d.heading(1, "unseen", d.t("scope.unseen"))
	if len(d.plan.gaps) == 0 {
		d.prose(d.t("scope.all_seen"))
		return
	}
	d.prose(d.t("scope.unseen_intro"))
	t := d.table(column{title: d.t("col.gap"), width: 16}, column{title: d.t("col.call"), width: 37}, column{title: d.t("col.answer"), width: 34}, column{title: d.t("col.action"), width: 36}, column{title: d.t("col.where"), width: 31}, column{title: d.t("col.findings"), width: 16, right: true})
	for _, g := range d.plan.gaps {
		id := cell{{style: d.code(), text: render.GapID(g.first)}}
		if g.count > 1 {
			id = append(id, block{style: d.caption(), text: d.t("more", "count", render.Number(g.count-1))})
		}
		var where cell
		for _, p := range g.places {
			where = append(where, block{style: d.code().sized(6), text: p})
		}
		if g.morePlaces {
			where = append(where, block{style: d.caption(), text: "…"})
		}
		t.row(g.anchor(), id, d.mono1(g.service+":"+g.operation), d.mono1(orDash(g.code)), cell{{style: d.code().in(render.Brand), text: orDash(g.action)}}, where, d.num(g.findings))
	}
	t.end()
	if d.plan.moreGaps > 0 {
		d.note(d.t("scope.more_gaps", "count", render.Number(d.plan.moreGaps)))
	}
}
