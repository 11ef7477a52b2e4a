package render_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/pack/packtest"
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/render/pdf"
	"github.com/auditpack/auditpack/render/xlsx"
	"github.com/auditpack/auditpack/templates"
)

// TestReportAndWorkbookAgree reads the numbers that a person would read, from the text of the PDF and from the cells of the
// workbook, and compares them: each requirement's verdict and counts, the results of all findings, and the failing ones by severity.
func TestReportAndWorkbookAgree(t *testing.T) {
	r := packtest.Build(t, 7)
	text, book := both(t, r)
	defer book.Close()
	want := requirementLines(t, text)
	var got []string
	for i := range r.Pack().Frameworks {
		got = append(got, requirementRows(t, book, r.Pack().Frameworks[i].Short.En)...)
	}
	if len(got) == 0 || !slices.Equal(got, want) {
		t.Errorf("requirement, party, verdict, fail, not assessed, pass\nworkbook:\n%s\nreport:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	summary, err := book.GetRows("Summary")
	if err != nil {
		t.Fatal(err)
	}
	charts := text[strings.Index(text, "Failing findings by severity"):]
	charts = charts[:strings.Index(charts, "Failing findings by service")]
	at := slices.IndexFunc(summary, func(row []string) bool { return len(row) > 1 && row[0] == "Severity" })
	for _, row := range summary[at+1 : at+1+len(pack.Severities())] {
		if n := number(t, charts, `\b`+row[0]+`\s+([\d,]+)\s`); n != row[1] {
			t.Errorf("failing findings of severity %s: workbook %s, report %s", row[0], row[1], n)
		}
	}
	total := summary[at+1+len(pack.Severities())]
	for i, word := range map[int]string{1: "Fail", 3: "Not assessed", 4: "Pass", 5: "Not applicable"} {
		if n := number(t, charts, `\b`+word+`\s+([\d,]+)\s`); n != total[i] {
			t.Errorf("%s: workbook %s, report %s", word, total[i], n)
		}
	}
}

// both renders a pack in English and returns the text of the report and the workbook.
func both(t *testing.T, r *pack.Reader) (string, *excelize.File) {
	t.Helper()
	m, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	var report, book bytes.Buffer
	opts := render.Options{Lang: "en"}
	if err := pdf.Render(t.Context(), r, m, opts, &report); err != nil {
		t.Fatal(err)
	}
	if err := xlsx.Render(t.Context(), r, m, opts, &book); err != nil {
		t.Fatal(err)
	}
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is missing; Debian's package is poppler-utils")
		}
		t.Skip("pdftotext is missing (Debian's package is poppler-utils)")
	}
	path := filepath.Join(t.TempDir(), "pack.pdf")
	if err := os.WriteFile(path, report.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), f
}

// requirementLine matches a row of the results overview.
var requirementLine = regexp.MustCompile(`(?m)^\s*(\S+)\s+Requirement .*\s(AWS|Shared|Customer)\s+(?:\?\s*)?(\S.*?)\s+([\d,]+)\s+([\d,]+)\s+([\d,]+)$`)

func requirementLines(t *testing.T, text string) []string {
	t.Helper()
	var out []string
	for _, m := range requirementLine.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.Join(m[1:], "|"))
	}
	return out
}

// requirementRows reads the same from a sheet of the workbook. The mark before the verdict is left out: the report draws it.
func requirementRows(t *testing.T, book *excelize.File, sheet string) []string {
	t.Helper()
	rows, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	header := rows[1]
	cell := func(row []string, title string) string { return row[slices.Index(header, title)] }
	var out []string
	for _, row := range rows[2:] {
		_, verdict, _ := strings.Cut(cell(row, "Verdict"), " ")
		out = append(out, strings.Join([]string{cell(row, "Requirement"), cell(row, "Party"), verdict, cell(row, "Fail"), cell(row, "Not assessed"), cell(row, "Pass")}, "|"))
	}
	return out
}

// number is the first number in the text that stands where pattern says, without commas.
func number(t *testing.T, text, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Errorf("the report has nothing that matches %q", pattern)
		return ""
	}
	n, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(n)
}
