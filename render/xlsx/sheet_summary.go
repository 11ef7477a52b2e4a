package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/auditpack/auditpack/mapping/pack"
)

// summary holds the totals as numbers and as native charts. The charts read this small sheet only.
func (b *book) summary() error {
	f, err := b.newForm("xlsx.sheet.summary", 34, 13, 13, 13, 13, 13, 13, 13, 13, 13)
	if err != nil {
		return err
	}
	f.onePage = true
	f.heading("xlsx.summary.verdicts")
	head := []excelize.Cell{{StyleID: b.style.header, Value: b.t("xlsx.col.framework")}}
	for _, v := range pack.Verdicts() {
		head = append(head, excelize.Cell{StyleID: b.style.header, Value: b.verdictWord(v)})
	}
	head = append(head, excelize.Cell{StyleID: b.style.header, Value: b.t("xlsx.col.total")})
	headAt := f.row
	f.cells(head...)
	for i := range b.pack.Frameworks {
		fw := &b.pack.Frameworks[i]
		row := []excelize.Cell{b.linkTo(b.requirementSheet(fw), 1, b.say.Framework(fw.Key()))}
		for _, v := range pack.Verdicts() {
			row = append(row, b.number(fw.Counts.Of(v)))
		}
		f.cells(append(row, b.number(fw.Counts.Total()))...)
	}
	last := f.row - 1
	f.heading("xlsx.summary.severities")
	f.header("severity", "fail", "accepted", "not_assessed", "pass", "not_applicable")
	sevAt := f.row
	for _, s := range b.pack.Totals.BySeverity {
		c := s.Counts
		f.cells(b.severity(s.Severity), b.number(c.Fail), b.number(c.Accepted), b.number(c.NotAssessed), b.number(c.Pass), b.number(c.NotApplicable))
	}
	sevLast := f.row - 1
	c := b.pack.Totals.Findings
	f.cells(excelize.Cell{StyleID: b.style.label, Value: b.t("xlsx.col.total")}, b.number(c.Fail), b.number(c.Accepted), b.number(c.NotAssessed), b.number(c.Pass), b.number(c.NotApplicable))
	f.heading("xlsx.summary.services")
	f.header("service", "account", "fail", "not_assessed", "pass", "not_applicable")
	for _, s := range b.pack.Services {
		f.cells(b.text(b.say.Service(s.Service)), b.text(s.Account), b.number(s.Counts.Fail), b.number(s.Counts.NotAssessed), b.number(s.Counts.Pass), b.number(s.Counts.NotApplicable))
	}
	if f.err != nil {
		return f.done()
	}
	below := f.row + 1
	if last > headAt {
		if err := b.verdictChart(f.sheet, fmt.Sprintf("A%d", below), headAt, last); err != nil {
			return fmt.Errorf("chart of verdicts: %w", err)
		}
	}
	if sevLast >= sevAt {
		if err := b.severityChart(f.sheet, fmt.Sprintf("F%d", below), sevAt, sevLast); err != nil {
			return fmt.Errorf("chart of severities: %w", err)
		}
	}
	return f.done()
}

// chartTitle is a chart's heading in our own words.
func (b *book) chartTitle(key string) excelize.ChartTitle {
	return excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: b.t(key), Font: &excelize.Font{Size: 11, Bold: true, Color: brand}}}}
}

// axis is an axis that can be read on paper. The categories of a bar chart are drawn from the top, as the table lists them.
func (b *book) axis(categories bool) excelize.ChartAxis {
	return excelize.ChartAxis{ReverseOrder: categories, Font: excelize.Font{Size: 9, Color: ink}}
}

// verdictChart stacks the verdicts of each framework, in percent of its requirements.
func (b *book) verdictChart(sheet, at string, head, last int) error {
	var series []excelize.ChartSeries
	for i, v := range pack.Verdicts() {
		col, err := excelize.ColumnNumberToName(i + 2)
		if err != nil {
			return err
		}
		series = append(series, excelize.ChartSeries{
			Name:       fmt.Sprintf("'%s'!$%s$%d", sheet, col, head),
			Categories: fmt.Sprintf("'%s'!$A$%d:$A$%d", sheet, head+1, last),
			Values:     fmt.Sprintf("'%s'!$%s$%d:$%s$%d", sheet, col, head+1, col, last),
			Fill:       excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{chartColour[v]}},
		})
	}
	return b.file.AddChart(sheet, at, &excelize.Chart{
		Type: excelize.BarPercentStacked, Series: series, Title: b.chartTitle("xlsx.summary.verdicts"),
		XAxis: b.axis(true), YAxis: b.axis(false),
		Legend: excelize.ChartLegend{Position: "bottom"}, Dimension: excelize.ChartDimension{Width: 620, Height: 340},
	})
}

// chartColour are the verdict colours, strong enough for an area and different within a family: eight of them stand side by side.
var chartColour = map[pack.Verdict]string{
	pack.VerdictMet: "3B8F5A", pack.VerdictNotMet: "B4352C", pack.VerdictNotAssessed: "C98A1B", pack.VerdictReview: "E3B04B",
	pack.VerdictRiskAccepted: "A86E12", pack.VerdictInherited: "3B6FB6", pack.VerdictAttested: "7FA6DB", pack.VerdictNotApplicable: "A3A9B2",
}

func (b *book) severityChart(sheet, at string, first, last int) error {
	return b.file.AddChart(sheet, at, &excelize.Chart{
		Type: excelize.Bar, Title: b.chartTitle("pdf.summary.by_severity"),
		Series: []excelize.ChartSeries{{
			Name:       b.t("result.fail"),
			Categories: fmt.Sprintf("'%s'!$A$%d:$A$%d", sheet, first, last),
			Values:     fmt.Sprintf("'%s'!$B$%d:$B$%d", sheet, first, last),
			Fill:       excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"B4352C"}},
		}},
		XAxis: b.axis(true), YAxis: b.axis(false),
		Legend: excelize.ChartLegend{Position: "none"}, Dimension: excelize.ChartDimension{Width: 520, Height: 340},
	})
}
