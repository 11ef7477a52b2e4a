package xlsx

import (
	"strconv"
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
)

// scope says what the pack speaks about, what was left out and by whom, and what the bundle holds.
func (b *book) scope() error {
	f, err := b.newForm("xlsx.sheet.scope", 34, 40, 60, 24)
	if err != nil {
		return err
	}
	p := b.pack
	f.value("accounts", strings.Join(p.Scope.Accounts, ", "))
	f.value("regions", strings.Join(p.Scope.Regions, ", "))
	f.value("tags", strings.Join(p.Scope.Tags, ", "))
	f.value("missing", strings.Join(p.Scope.Missing, ", "))
	f.value("out_of_scope", strconv.Itoa(p.Scope.OutOfScope))
	f.value("records", strconv.Itoa(p.Bundle.Records))
	c := p.Bundle.Calls
	f.value("calls", b.t("xlsx.call_totals", "total", itoa(c.Total), "ok", itoa(c.OK), "absent", itoa(c.Absent), "denied", itoa(c.Denied), "failed", itoa(c.Failed)))
	f.value("skew", strconv.FormatInt(p.Bundle.SkewMillis, 10)+" ms")
	for _, kv := range p.Bundle.Requested {
		f.cells(b.text(b.t("xlsx.label.requested")+": "+kv.Key), b.wrapped(kv.Value))
	}
	f.heading("xlsx.scope.accounts")
	f.header("account", "name", "caller", "partition")
	for _, a := range p.Bundle.Accounts {
		f.cells(b.text(a.ID), b.text(a.Name), b.text(a.Caller), b.text(a.Partition))
	}
	f.heading("xlsx.scope.exclusions")
	f.header("excluded", "by", "reason")
	for _, e := range p.Scope.Exclusions {
		f.cells(b.text(excluded(e)), b.text(e.By), b.wrapped(e.Reason.In(b.lang)))
	}
	f.heading("xlsx.scope.inventory")
	f.header("kind", "population", "kind_code", "artifacts")
	for _, k := range p.Kinds {
		status := "incomplete"
		if k.Complete {
			status = "complete"
		}
		f.cells(b.text(b.say.Kind(k.Kind)), b.text(b.t("population."+status)), b.mono(k.Kind), b.count(k.Artifacts))
	}
	return f.done()
}

// excluded names what an exclusion leaves out.
func excluded(e pack.Exclusion) string {
	var parts []string
	for _, s := range []string{e.Account, e.Region, e.Resource} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}
