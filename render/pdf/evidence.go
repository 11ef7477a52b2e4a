package pdf

import (
	"strconv"
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// evidence draws the register: the records that the printed findings rest on, and the calls behind them.
func (d *document) evidence() {
	d.prose(d.t("evidence.intro", "records", render.Number(d.pack.Bundle.Records)))
	d.heading(1, "", d.t("evidence.records"))
	t := d.table(column{title: d.t("col.record_digest"), width: 52}, column{title: d.t("col.subject"), width: 56}, column{title: d.t("col.place"), width: 38}, column{title: d.t("col.used_by"), width: 24})
	for _, r := range d.plan.order {
		if r.evidence != nil {
			d.evidenceRow(t, r)
		} else {
			d.populationRow(t, r)
		}
	}
	t.end()
	if n := len(d.plan.records) - len(d.plan.order); n > 0 {
		d.note(d.t("evidence.elsewhere", "count", render.Number(n)))
	}
	d.callRegister()
}

func (d *document) evidenceRow(t *table, r *record) {
	e := r.evidence
	name := e.ARN
	if name == "" {
		name = e.ID
	}
	subject := cell{{style: d.small(), text: d.say.Kind(e.Kind)}, {style: d.code(), text: orDash(name)}, {style: d.caption().sized(6.4), text: e.Account + "  " + e.Region}}
	for _, p := range e.Parts {
		if p.State == "gap" {
			subject = append(subject, block{style: d.caption().in(render.VerdictStyle(pack.VerdictNotAssessed).Strong), text: p.Name + d.t("colon") + d.m("state.gap") + " " + p.Code})
		}
	}
	t.row(recordKey(r.digest), d.digestCell(r), subject, cell{{style: d.code().sized(6), text: e.Path}, {style: d.caption(), text: d.t("evidence.line", "line", strconv.Itoa(e.Line))}}, d.usedBy(r))
}

func (d *document) populationRow(t *table, r *record) {
	p := r.population
	subject := cell{{style: d.small(), text: d.m("words.population", "kind", d.say.Kind(p.Kind)), prose: true}, {style: d.small(), text: d.t("evidence.population", "count", render.Number(p.Count), "status", d.m("population."+p.Status))}, {style: d.caption().sized(6.4), text: p.Account + "  " + p.Region}}
	t.row(recordKey(r.digest), d.digestCell(r), subject, d.txt(d.t("evidence.populations_file")), d.usedBy(r))
}

// digestCell prints the whole digest in two lines and the calls behind the record.
func (d *document) digestCell(r *record) cell {
	half := len(r.digest) / 2
	c := cell{{style: d.code(), text: r.digest[:half]}, {style: d.code(), text: r.digest[half:]}}
	for i, id := range r.calls {
		if i == 6 {
			c = append(c, block{style: d.caption(), text: d.t("more", "count", render.Number(len(r.calls)-i))})
			break
		}
		b := block{style: d.code(), text: id}
		if call := d.plan.calls[id]; call != nil {
			b.text += "  " + call.Service + ":" + call.Operation
			b.link = callKey(id)
		}
		c = append(c, b)
	}
	return c
}

func (d *document) usedBy(r *record) cell {
	var c cell
	for i, n := range r.findings {
		if i == 3 && len(r.findings) > 4 {
			c = append(c, block{style: d.caption(), text: d.t("more", "count", render.Number(len(r.findings)-i))})
			break
		}
		c = append(c, block{style: d.code(), text: render.FindingID(n), link: findingKey(n)})
	}
	return c
}

// callRegister lists the calls with what an auditor needs to find them in the client's own CloudTrail.
func (d *document) callRegister() {
	d.heading(1, "", d.t("evidence.calls"))
	d.lead(d.caption(), d.t("evidence.calls_note"), 2)
	callers := map[string]int{}
	var order []string
	for _, c := range d.plan.register {
		if callers[c.Caller] == 0 {
			order = append(order, c.Caller)
			callers[c.Caller] = len(order)
		}
	}
	t := d.table(column{title: d.t("col.call_id"), width: 12}, column{title: d.t("col.call"), width: 48}, column{title: d.t("col.account_region"), width: 26}, column{title: d.t("col.request_id"), width: 44}, column{title: d.t("col.at"), width: 40})
	for _, c := range d.plan.register {
		at := cell{{style: d.code(), text: c.At.UTC().Format("2006-01-02T15:04:05.000Z")}, {style: d.caption(), text: d.t("evidence.http", "status", strconv.Itoa(c.HTTPStatus), "caller", strconv.Itoa(callers[c.Caller]))}}
		t.row(callKey(c.ID), d.mono1(c.ID), d.mono1(c.Service+":"+c.Operation), cell{{style: d.code(), text: c.Account}, {style: d.code(), text: c.Region}}, d.mono1(orDash(c.RequestID)), at)
	}
	t.end()
	d.heading(1, "", d.t("evidence.callers"))
	t = d.table(column{title: d.t("col.number"), width: 16}, column{title: d.t("col.caller"), width: 154})
	for i, caller := range order {
		t.row("", d.txt(strconv.Itoa(i+1)), d.mono1(strings.TrimSpace(orDash(caller))))
	}
	t.end()
}
