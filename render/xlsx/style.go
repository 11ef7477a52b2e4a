package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
)

// styles are the style ids of one workbook.
type styles struct {
	title, subtitle, banner, warning, header, headerInput, label int
	text, wrap, mono, number, count, link, date                  int
	input, inputDate                                             int
	verdict                                                      map[pack.Verdict]int
	result                                                       map[pack.Result]int
	severity                                                     map[pack.Severity]int
}

// cream is the colour of the cells that people fill in.
const cream = "FFF8E1"

// Colours that the renderers share, as excelize takes them.
var (
	ink    = render.Ink.Hex()
	brand  = render.Brand.Hex()
	rule   = render.Rule.Hex()
	alarm  = render.Alarm.Hex()
	faint  = render.Muted.Hex()
	linked = "1D4ED8"
)

func (b *book) verdictWord(v pack.Verdict) string {
	return string(render.VerdictStyle(v).Mark) + " " + b.t("verdict."+string(v))
}

func (b *book) resultWord(r pack.Result) string {
	return string(render.ResultStyle(r).Mark) + " " + b.t("result."+string(r))
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
	st.headerInput = style(excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: fill(render.VerdictStyle(pack.VerdictReview).Strong.Hex()), Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	st.label = style(excelize.Style{Font: &excelize.Font{Bold: true, Color: faint}, Border: below})
	st.text = style(excelize.Style{NumFmt: 49, Border: below})
	st.wrap = style(excelize.Style{NumFmt: 49, Alignment: wrapped, Border: below})
	st.mono = style(excelize.Style{NumFmt: 49, Border: below, Font: &excelize.Font{Color: ink, Size: 9}})
	st.number = style(excelize.Style{NumFmt: 3, Border: below, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "right", Indent: 1}})
	st.count = style(excelize.Style{NumFmt: 3, Border: below, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}})
	st.link = style(excelize.Style{Font: &excelize.Font{Color: linked, Underline: "single"}, Border: below, Alignment: wrapped})
	st.date = style(excelize.Style{CustomNumFmt: &isoTime, Border: below})
	open := &excelize.Protection{Locked: false}
	st.input = style(excelize.Style{NumFmt: 49, Fill: fill(cream), Protection: open, Alignment: wrapped, Border: below})
	st.inputDate = style(excelize.Style{CustomNumFmt: &isoDate, Fill: fill(cream), Protection: open, Border: below})
	tinted := func(s render.Style) int {
		return style(excelize.Style{NumFmt: 49, Fill: fill(s.Tint.Hex()), Font: &excelize.Font{Bold: true, Color: s.Strong.Hex()}, Border: below})
	}
	st.verdict, st.result, st.severity = map[pack.Verdict]int{}, map[pack.Result]int{}, map[pack.Severity]int{}
	for _, v := range pack.Verdicts() {
		st.verdict[v] = tinted(render.VerdictStyle(v))
	}
	for _, r := range render.Results() {
		st.result[r] = tinted(render.ResultStyle(r))
	}
	for _, s := range pack.Severities() {
		st.severity[s] = tinted(render.SeverityStyle(s))
	}
	if failed != nil {
		return fmt.Errorf("making a style: %w", failed)
	}
	return nil
}
