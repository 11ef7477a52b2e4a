package xlsx

import (
	"github.com/xuri/excelize/v2"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// legend explains every word that the other sheets use for a result.
func (b *book) legend() error {
	f, err := b.newForm("xlsx.sheet.legend", 34, 120)
	if err != nil {
		return err
	}
	f.heading("xlsx.legend.verdicts")
	for _, v := range pack.Verdicts() {
		f.cells(b.verdict(v), b.said("legend."+string(v)))
	}
	f.heading("xlsx.legend.results")
	for _, r := range render.Results() {
		f.cells(b.result(r), b.said("xlsx.result."+string(r)))
	}
	f.heading("xlsx.legend.severities")
	for _, s := range pack.Severities() {
		f.cells(b.severity(s), b.said("xlsx.severity."+string(s)))
	}
	f.heading("xlsx.legend.relations")
	for _, r := range []pack.Relation{pack.Demonstrates, pack.Supports, pack.Indicates} {
		f.cells(excelize.Cell{StyleID: b.style.label, Value: b.t("relation." + string(r))}, b.said("xlsx.relation."+string(r)))
	}
	f.heading("xlsx.legend.limits")
	f.cells(excelize.Cell{StyleID: b.style.label}, b.said("xlsx.limits"))
	return f.done()
}
