package xlsx

import (
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// Every table has the same frame: row 1 says what it is (and carries the mark of an unverified signer), row 2 is the header.
const (
	bannerRow = 1
	headerRow = 2
	firstRow  = 3
)

// column is one column of a table.
type column struct {
	key   string // message xlsx.col.<key>
	width float64
	list  string // name of the drop-down list that its cells take, if any
	date  bool   // its cells take a date
	free  bool   // its cells take any text
	aside bool   // for the screen only: it and what stands to its right are not printed
}

// fillIn reports a column that people fill in.
func (c column) fillIn() bool { return c.list != "" || c.date || c.free }

// table is a sheet that is one table.
type table struct {
	key     string // message of the sheet's name
	fixed   string // the sheet's name itself, where it is no message
	name    string // of the Excel table: letters only, unique
	tab     string // colour of the sheet's tab
	columns []column
	frozen  int // columns that stay in view
}

// addSheet makes a sheet; the first one takes the place of the one that a new workbook has.
func (b *book) addSheet(name string) error {
	if len([]rune(name)) > 31 {
		return fmt.Errorf("sheet name %q is longer than 31 characters", name)
	}
	if b.first {
		b.first = false
		return b.file.SetSheetName(b.file.GetSheetName(0), name)
	}
	_, err := b.file.NewSheet(name)
	return err
}

// partName is the name of the part-th sheet of a table, counted from 0.
func (b *book) partName(t table, part int) string {
	if t.fixed == "" {
		return b.sheetName(t.key, part)
	}
	if part > 0 {
		return fmt.Sprintf("%s (%d)", t.fixed, part+1)
	}
	return t.fixed
}

// stream writes a table of any length, rolling over to further sheets at the limit. A table without rows is one sheet
// with its header and a line that says so.
func (b *book) stream(t table, rows iter.Seq2[[]any, error]) error {
	next, stop := iter.Pull2(rows)
	defer stop()
	for part := 0; ; part++ {
		more, err := b.streamSheet(t, part, next)
		if err != nil {
			return fmt.Errorf("sheet %q: %w", b.partName(t, part), err)
		}
		if !more {
			return nil
		}
	}
}

// streamSheet writes one sheet and reports whether rows are left. To know that it must not read beyond its last row, so a
// table that ends exactly at the limit gets no empty follower: the caller's iterator is asked first.
func (b *book) streamSheet(t table, part int, next func() ([]any, error, bool)) (more bool, err error) {
	row, err, ok := next()
	if err != nil {
		return false, err
	}
	if part > 0 && !ok {
		return false, nil
	}
	sheet := b.partName(t, part)
	sw, err := b.startStream(t, sheet)
	if err != nil {
		return false, err
	}
	n := 0
	for ok {
		if n%1000 == 0 {
			if err := b.ctx.Err(); err != nil {
				return false, err
			}
		}
		height := b.height(row, func(i int) float64 { return t.columns[i].width })
		if err := sw.SetRow("A"+strconv.Itoa(firstRow+n), row, excelize.RowOpts{Height: height}); err != nil {
			return false, err
		}
		if n++; n == b.limit {
			break
		}
		if row, err, ok = next(); err != nil {
			return false, err
		}
	}
	if n == 0 {
		if err := sw.SetRow("A"+strconv.Itoa(firstRow), []any{b.text(b.t("xlsx.empty"))}); err != nil {
			return false, err
		}
	}
	if err := b.endStream(t, sheet, part, n, sw); err != nil {
		return false, err
	}
	return n == b.limit, nil
}

// startStream does what has to come before the first row.
func (b *book) startStream(t table, sheet string) (*excelize.StreamWriter, error) {
	if err := b.addSheet(sheet); err != nil {
		return nil, err
	}
	fit := true
	if err := b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit, TabColorRGB: &t.tab}); err != nil {
		return nil, err
	}
	sw, err := b.file.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	for i, c := range t.columns {
		if err := sw.SetColWidth(i+1, i+1, c.width); err != nil {
			return nil, err
		}
	}
	corner, err := excelize.CoordinatesToCellName(t.frozen+1, firstRow)
	if err != nil {
		return nil, err
	}
	pane := "bottomLeft"
	if t.frozen > 0 {
		pane = "bottomRight"
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, XSplit: t.frozen, YSplit: headerRow, TopLeftCell: corner, ActivePane: pane}); err != nil {
		return nil, err
	}
	if err := sw.SetRow("A"+strconv.Itoa(bannerRow), []any{b.bannerCell(sheet)}, excelize.RowOpts{Height: 22}); err != nil {
		return nil, err
	}
	header := make([]any, len(t.columns))
	for i, c := range t.columns {
		header[i] = excelize.Cell{StyleID: b.style.header, Value: b.t("xlsx.col." + c.key)}
		if c.fillIn() {
			header[i] = excelize.Cell{StyleID: b.style.headerInput, Value: b.t("xlsx.col." + c.key)}
		}
	}
	return sw, sw.SetRow("A"+strconv.Itoa(headerRow), header, excelize.RowOpts{Height: 30})
}

// bannerCell is the first line of a sheet.
func (b *book) bannerCell(sheet string) excelize.Cell {
	return excelize.Cell{StyleID: b.bannerStyle(), Value: b.bannerText(sheet)}
}

// endStream does what has to come after the last row and before Flush: excelize drops it silently afterwards.
func (b *book) endStream(t table, sheet string, part, n int, sw *excelize.StreamWriter) error {
	last := firstRow + max(n, 1) - 1
	end, err := excelize.CoordinatesToCellName(len(t.columns), last)
	if err != nil {
		return err
	}
	name := t.name
	if part > 0 {
		name += strconv.Itoa(part + 1)
	}
	if err := sw.AddTable(&excelize.Table{Range: "A" + strconv.Itoa(headerRow) + ":" + end, Name: name, StyleName: "TableStyleLight1"}); err != nil {
		return err
	}
	if err := b.dress(t, sheet, last); err != nil {
		return err
	}
	return sw.Flush()
}

// dress adds validation, protection and print set-up to a sheet.
func (b *book) dress(t table, sheet string, last int) error {
	for i, c := range t.columns {
		if c.list == "" && !c.date {
			continue
		}
		col, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := b.validate(sheet, fmt.Sprintf("%s%d:%s%d", col, firstRow, col, last), c); err != nil {
			return err
		}
	}
	if err := b.protect(sheet); err != nil {
		return err
	}
	columns, wide := t.printed()
	if err := b.printSetup(sheet, false, wide); err != nil {
		return err
	}
	end, err := excelize.CoordinatesToCellName(columns, last, true)
	if err != nil {
		return err
	}
	if err := b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: fmt.Sprintf("'%s'!$A$%d:%s", sheet, bannerRow, end), Scope: sheet}); err != nil {
		return err
	}
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", sheet, bannerRow, headerRow), Scope: sheet})
}

// a4Width is how many characters of the workbook's font a line of A4 landscape takes at about three quarters of its size. A table
// that is wider is printed on A3.
const a4Width = 170.0

// printed is the number of columns that are printed, from the left, and whether they need A3.
func (t table) printed() (columns int, wide bool) {
	width := 0.0
	for _, c := range t.columns {
		if c.aside {
			break
		}
		columns++
		width += c.width
	}
	return columns, width > a4Width
}

func (b *book) validate(sheet, cells string, c column) error {
	d := excelize.NewDataValidation(true)
	d.Sqref = cells
	if c.date {
		if err := d.SetRange("DATE(2000,1,1)", "DATE(2100,12,31)", excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween); err != nil {
			return err
		}
		d.SetError(excelize.DataValidationErrorStyleStop, "auditpack", b.t("xlsx.enter_date"))
	} else {
		d.SetSqrefDropList(listName(c.list))
		d.SetError(excelize.DataValidationErrorStyleStop, "auditpack", b.t("xlsx.choose"))
	}
	return b.file.AddDataValidation(sheet, d)
}

// protect locks everything but the cream cells. There is no password: the lock keeps results from being typed over by
// accident; what proves them is the seal.
func (b *book) protect(sheet string) error {
	return b.file.ProtectSheet(sheet, &excelize.SheetProtectionOptions{
		AutoFilter: true, Sort: true, SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true, EditScenarios: true,
	})
}

// printSetup makes a sheet print on A4 (wide: A3) landscape, as wide as the paper. The header and footer hold
// our own words only: excelize takes & as a code there.
func (b *book) printSetup(sheet string, onePage, a3 bool) error {
	landscape, paper, wide, tall := "landscape", 9, 1, 0
	if a3 {
		paper = 8
	}
	if onePage {
		tall = 1
	}
	if err := b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &paper, FitToWidth: &wide, FitToHeight: &tall}); err != nil {
		return err
	}
	mark := ""
	if b.unverified() {
		mark = "&R" + b.t("trust.unverified-signer")
	}
	return b.file.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{
		OddHeader: "&L" + b.t("xlsx.title") + mark,
		OddFooter: "&L" + b.pack.ID + "&R&P / &N",
	})
}

// listName is the defined name of a drop-down list.
func listName(list string) string { return "auditpack_" + list }

// choices are the drop-down lists: name and the message keys of their entries, in order.
func choices() []struct {
	name string
	keys []string
} {
	return []struct {
		name string
		keys []string
	}{
		{"answer", []string{"answer.yes", "answer.no", "answer.not_applicable"}},
		{"decision", []string{"xlsx.decision.open", "xlsx.decision.fixed", "xlsx.decision.accepted", "xlsx.decision.false_positive", "xlsx.decision.compensating"}},
	}
}

// writeLists writes the hidden sheet that drop-down lists take their entries from.
func (b *book) writeLists() error {
	sheet := b.t("xlsx.sheet.lists")
	if err := b.addSheet(sheet); err != nil {
		return err
	}
	for i, l := range choices() {
		col, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		for j, key := range slices.Insert(slices.Clone(l.keys), 0, "xlsx.list."+l.name) {
			if err := b.file.SetCellStr(sheet, fmt.Sprintf("%s%d", col, j+1), b.t(key)); err != nil {
				return err
			}
		}
		err = b.file.SetDefinedName(&excelize.DefinedName{Name: listName(l.name), RefersTo: fmt.Sprintf("'%s'!$%s$2:$%s$%d", sheet, col, col, len(l.keys)+1)})
		if err != nil {
			return err
		}
	}
	return b.file.SetSheetVisible(sheet, false)
}
