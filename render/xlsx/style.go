package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/auditpack/auditpack/mapping/pack"
)

// styles are the style ids of one workbook.
type styles struct {
	title, subtitle, banner, warning, header, label int
	text, wrap, mono, number, link, date            int
	input, inputDate                                int
	verdict                                         map[pack.Verdict]int
	result                                          map[pack.Result]int
	severity                                        map[pack.Severity]int
}

// Colours of the workbook. Verdict colours follow DESIGN: green only for met; never by colour alone.
const (
	ink    = "1F2937"
	brand  = "1F3A5F"
	cream  = "FFF8E1"
	rule   = "D5DAE1"
	alarm  = "9B1C1C"
	faint  = "6B7280"
	linked = "1D4ED8"
)

type tint struct{ fill, font string }

var verdictTint = map[pack.Verdict]tint{
	pack.VerdictMet:           {"DDF2E3", "14532D"},
	pack.VerdictNotApplicable: {"E9EBEE", "374151"},
	pack.VerdictInherited:     {"DCE8FA", "1E3A8A"},
	pack.VerdictAttested:      {"DCE8FA", "1E3A8A"},
	pack.VerdictReview:        {"FCEBCB", "78350F"},
	pack.VerdictNotAssessed:   {"FCEBCB", "78350F"},
	pack.VerdictRiskAccepted:  {"FCEBCB", "78350F"},
	pack.VerdictNotMet:        {"FADAD7", "7F1D1D"},
}

var resultTint = map[pack.Result]tint{
	pack.Pass:          {"DDF2E3", "14532D"},
	pack.Fail:          {"FADAD7", "7F1D1D"},
	pack.NotAssessed:   {"FCEBCB", "78350F"},
	pack.NotApplicable: {"E9EBEE", "374151"},
}

var severityTint = map[pack.Severity]tint{
	pack.Critical: {"F3C2BE", "7F1D1D"},
	pack.High:     {"FADAD7", "7F1D1D"},
	pack.Medium:   {"FCEBCB", "78350F"},
	pack.Low:      {"F1F3F5", "374151"},
}

// verdictMark and resultMark stand beside the word so that nothing rests on colour.
var verdictMark = map[pack.Verdict]string{
	pack.VerdictMet: "●", pack.VerdictNotMet: "×", pack.VerdictNotAssessed: "?", pack.VerdictReview: "△",
	pack.VerdictRiskAccepted: "▲", pack.VerdictInherited: "◇", pack.VerdictAttested: "◆", pack.VerdictNotApplicable: "-",
}

var resultMark = map[pack.Result]string{pack.Pass: "●", pack.Fail: "×", pack.NotAssessed: "?", pack.NotApplicable: "-"}

func (b *book) verdictWord(v pack.Verdict) string {
	return verdictMark[v] + " " + b.t("verdict."+string(v))
}

func (b *book) resultWord(r pack.Result) string {
	return resultMark[r] + " " + b.t("result."+string(r))
}

// makeStyles registers the styles. Styles are made in a fixed order: their ids are part of the bytes.
func (b *book) makeStyles() error {
	font := "Calibri"
	if b.lang == "ja" {
		font = "Yu Gothic" // on every Windows since 8.1
	}
	if err := b.file.SetDefaultFont(font); err != nil {
		return err
	}
	var failed error
	style := func(s excelize.Style) int {
		if s.Font == nil {
			s.Font = &excelize.Font{Color: ink}
		}
		s.Font.Family = font
		if s.Font.Size == 0 {
			s.Font.Size = 10
		}
		if s.Alignment == nil {
			s.Alignment = &excelize.Alignment{Vertical: "top"}
		}
		id, err := b.file.NewStyle(&s)
		if err != nil && failed == nil {
			failed = err
		}
		return id
	}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	below := []excelize.Border{{Type: "bottom", Color: rule, Style: 1}}
	wrapped := &excelize.Alignment{Vertical: "top", WrapText: true}
	isoDate := "yyyy-mm-dd"
	isoTime := "yyyy-mm-dd hh:mm:ss"
	st := &b.style
	st.title = style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 20, Color: brand}})
	st.subtitle = style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 13, Color: brand}, NumFmt: 49})
	st.banner = style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 12, Color: brand}, NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "center"}})
	st.warning = style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 12, Color: alarm}, NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "center"}})
	st.header = style(excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: fill(brand), Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	st.label = style(excelize.Style{Font: &excelize.Font{Bold: true, Color: faint}, Border: below})
	st.text = style(excelize.Style{NumFmt: 49, Border: below})
	st.wrap = style(excelize.Style{NumFmt: 49, Alignment: wrapped, Border: below})
	st.mono = style(excelize.Style{NumFmt: 49, Border: below, Font: &excelize.Font{Color: ink, Size: 9}})
	st.number = style(excelize.Style{NumFmt: 3, Border: below})
	st.link = style(excelize.Style{Font: &excelize.Font{Color: linked, Underline: "single"}, Border: below})
	st.date = style(excelize.Style{CustomNumFmt: &isoTime, Border: below})
	open := &excelize.Protection{Locked: false}
	st.input = style(excelize.Style{NumFmt: 49, Fill: fill(cream), Protection: open, Alignment: wrapped, Border: below})
	st.inputDate = style(excelize.Style{CustomNumFmt: &isoDate, Fill: fill(cream), Protection: open, Border: below})
	tinted := func(t tint) int {
		return style(excelize.Style{NumFmt: 49, Fill: fill(t.fill), Font: &excelize.Font{Bold: true, Color: t.font}, Border: below})
	}
	st.verdict, st.result, st.severity = map[pack.Verdict]int{}, map[pack.Result]int{}, map[pack.Severity]int{}
	for _, v := range pack.Verdicts() {
		st.verdict[v] = tinted(verdictTint[v])
	}
	for _, r := range results() {
		st.result[r] = tinted(resultTint[r])
	}
	for _, s := range pack.Severities() {
		st.severity[s] = tinted(severityTint[s])
	}
	if failed != nil {
		return fmt.Errorf("making a style: %w", failed)
	}
	return nil
}

// results lists the results in the order in which findings are sorted.
func results() []pack.Result {
	return []pack.Result{pack.Fail, pack.NotAssessed, pack.Pass, pack.NotApplicable}
}
