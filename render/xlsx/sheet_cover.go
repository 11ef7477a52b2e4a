package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

func (b *book) unverified() bool { return b.pack.Trust.Status != pack.Trusted }

// bannerText is the first line of every sheet. It carries the mark of a signer whom nobody has vouched for.
func (b *book) bannerText(sheet string) string {
	s := sheet + "  |  " + b.t("xlsx.title") + "  |  " + b.pack.ID
	if b.unverified() {
		s = b.t("trust.unverified-signer") + "  |  " + s
	}
	return clean(s)
}

func (b *book) bannerStyle() int {
	if b.unverified() {
		return b.style.warning
	}
	return b.style.banner
}

// form is a sheet of labelled values, written cell by cell. The first error stays.
type form struct {
	b       *book
	sheet   string
	widths  []float64
	onePage bool // prints on one page
	row     int
	err     error
}

// newForm makes a sheet with a label column and a value column.
func (b *book) newForm(key string, widths ...float64) (*form, error) {
	f := &form{b: b, sheet: b.t(key), widths: widths, row: bannerRow}
	if err := b.addSheet(f.sheet); err != nil {
		return nil, err
	}
	for i, w := range widths {
		col, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return nil, err
		}
		if err := b.file.SetColWidth(f.sheet, col, col, w); err != nil {
			return nil, err
		}
	}
	fit := true
	if err := b.file.SetSheetProps(f.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return nil, err
	}
	f.cells(b.bannerCell(f.sheet))
	f.row++
	return f, f.err
}

// cells writes one row and goes on to the next.
func (f *form) cells(cells ...excelize.Cell) {
	row := make([]any, len(cells))
	height := 0.0
	for i, c := range cells {
		row[i] = c
		switch c.StyleID {
		case f.b.style.title:
			height = 30
		case f.b.style.header, f.b.style.headerInput:
			height = 30
		case f.b.style.subtitle, f.b.style.banner, f.b.style.warning:
			height = 21
		}
	}
	height = max(height, f.b.height(row, func(i int) float64 { return f.widths[i] }))
	if f.err == nil {
		f.err = f.b.file.SetRowHeight(f.sheet, f.row, height)
	}
	for i, c := range cells {
		if f.err != nil {
			return
		}
		name, err := excelize.CoordinatesToCellName(i+1, f.row)
		if err != nil {
			f.err = err
			return
		}
		f.err = f.set(name, c)
	}
	f.row++
}

func (f *form) set(name string, c excelize.Cell) error {
	if err := f.b.file.SetCellStyle(f.sheet, name, name, c.StyleID); err != nil {
		return err
	}
	if c.Formula != "" {
		if err := f.b.file.SetCellValue(f.sheet, name, c.Value); err != nil {
			return err
		}
		return f.b.file.SetCellFormula(f.sheet, name, c.Formula)
	}
	if c.Value == nil {
		return nil
	}
	return f.b.file.SetCellValue(f.sheet, name, c.Value)
}

func (f *form) heading(key string) {
	f.row++
	f.cells(excelize.Cell{StyleID: f.b.style.subtitle, Value: f.b.t(key)})
}

func (f *form) header(keys ...string) {
	var cells []excelize.Cell
	for _, k := range keys {
		cells = append(cells, excelize.Cell{StyleID: f.b.style.header, Value: f.b.t("xlsx.col." + k)})
	}
	f.cells(cells...)
}

// value writes a label and a text; an empty text is shown as a dash.
func (f *form) value(key, text string) {
	if text == "" {
		text = "-"
	}
	f.cells(excelize.Cell{StyleID: f.b.style.label, Value: f.b.t("xlsx.label." + key)}, f.b.wrapped(text))
}

// done protects the sheet and sets it up for printing.
func (f *form) done() error {
	if f.err == nil {
		f.err = f.b.protect(f.sheet)
	}
	if f.err == nil {
		f.err = f.b.printSetup(f.sheet, f.onePage, false)
	}
	if f.err != nil {
		return fmt.Errorf("sheet %q: %w", f.sheet, f.err)
	}
	return nil
}

// cover says what the workbook is, for whom, made from which bundle, and how to use it.
func (b *book) cover() error {
	f, err := b.newForm("xlsx.sheet.cover", 34, 100)
	if err != nil {
		return err
	}
	e, p := b.pack.Engagement, b.pack
	f.cells(excelize.Cell{StyleID: b.style.title, Value: b.t("xlsx.title")})
	f.row++
	if b.unverified() {
		f.cells(excelize.Cell{StyleID: b.style.warning, Value: b.t("trust.unverified-signer")}, b.said("xlsx.unverified"))
		f.row++
	}
	f.value("client", e.Client.In(b.lang))
	f.value("subject", e.Title.In(b.lang))
	f.value("assessor", strings.Trim(e.AssessorOrg.In(b.lang)+" "+e.Assessor, " "))
	f.value("period", b.say.Period(e.PeriodFrom, e.PeriodTo))
	f.value("status", b.word("status", e.Status))
	f.value("version", e.Version)
	f.value("classification", e.Classification.In(b.lang))
	f.value("window", render.Moment(b.lang, p.Bundle.Start)+b.t("words.to")+"\n"+render.Moment(b.lang, p.Bundle.End))
	f.value("as_of", render.Moment(b.lang, p.AsOf))
	f.value("freshness", strings.Join(b.say.Freshness(), "\n"))
	f.value("pack", p.ID)
	f.value("seal", p.Bundle.SealSHA256)
	for _, s := range p.Trust.Signers {
		f.value("signer", s.Fingerprint+"  "+s.Principal)
	}
	f.value("tool", p.Tool.Name+" "+p.Tool.Version)
	f.heading("xlsx.howto.title")
	for i := 1; i <= 5; i++ {
		f.cells(excelize.Cell{StyleID: b.style.label, Value: strconv.Itoa(i)}, b.said("xlsx.howto."+strconv.Itoa(i)))
	}
	f.heading("xlsx.contents")
	for _, s := range b.contents() {
		f.cells(b.linkTo(s, 1, s))
	}
	if len(e.Revisions) > 0 {
		f.heading("xlsx.revisions")
		for _, r := range e.Revisions {
			f.cells(b.text(r.Version+"  "+r.Date), b.wrapped(r.Author+"  "+r.Note.In(b.lang)))
		}
	}
	return f.done()
}

// contents lists the names of the sheets that follow the cover.
func (b *book) contents() []string {
	names := []string{b.t("xlsx.sheet.legend"), b.t("xlsx.sheet.scope"), b.t("xlsx.sheet.summary")}
	for i := range b.pack.Frameworks {
		names = append(names, b.requirementSheet(&b.pack.Frameworks[i]))
	}
	for _, k := range []string{"responsibility", "inherited", "findings", "evidence", "populations", "notassessed", "acceptances", "attestations", "rules", "calls"} {
		names = append(names, b.t("xlsx.sheet."+k))
	}
	return names
}
