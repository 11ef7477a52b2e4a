package xlsx

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/pack/packtest"
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/render/text"
	"github.com/auditpack/auditpack/templates"
)

func messages(tb testing.TB) *templates.Messages {
	tb.Helper()
	m, err := templates.Load()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func renderBytes(tb testing.TB, r *pack.Reader, lang string, limit int) []byte {
	tb.Helper()
	var buf bytes.Buffer
	if err := renderLimited(context.Background(), r, messages(tb), render.Options{Lang: lang}, limit, &buf); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

func TestSameBytes(t *testing.T) {
	r := packtest.Build(t, 5)
	for _, lang := range templates.Languages() {
		if !bytes.Equal(renderBytes(t, r, lang, RowsPerSheet), renderBytes(t, r, lang, RowsPerSheet)) {
			t.Errorf("%s: two runs differ", lang)
		}
	}
}

// open reads a workbook back.
func open(t *testing.T, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestEverySheetSpeaksOneLanguage(t *testing.T) {
	r := packtest.Build(t, 3)
	for _, lang := range templates.Languages() {
		f := open(t, renderBytes(t, r, lang, RowsPerSheet))
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows {
				for j, cell := range row {
					if strings.ContainsAny(cell, "⟦⟧") {
						t.Errorf("%s: %s row %d column %d has no message: %s", lang, sheet, i+1, j+1, cell)
					}
				}
			}
			if visible, _ := f.GetSheetVisible(sheet); visible && !strings.Contains(rows[0][0], messages(t).Get(lang, "trust.unverified-signer")) {
				t.Errorf("%s: %s does not carry the mark of an unverified signer", lang, sheet)
			}
		}
	}
}

func TestEveryRowIsThere(t *testing.T) {
	const per = 4
	r := packtest.Build(t, per)
	f := open(t, renderBytes(t, r, "en", RowsPerSheet))
	count := func(sheet string) int {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		return len(rows) - headerRow
	}
	c := r.Pack().Totals.Findings
	for sheet, want := range map[string]int{
		"Findings": c.Pass + c.Fail + c.NotAssessed + c.NotApplicable, "Evidence": per, "Populations": 3, "NotAssessed": 2, "Rules": 2, "Calls": 3,
		"Test 1": len(pack.Verdicts()), "Test 2": len(pack.Verdicts()), "Accepted risks": 1, "Attestations": 1, "Inherited": 1,
	} {
		if got := count(sheet); got != want {
			t.Errorf("%s: got %d rows, want %d", sheet, got, want)
		}
	}
}

func TestRollsOver(t *testing.T) {
	r := packtest.Build(t, 5) // 40 findings
	f := open(t, renderBytes(t, r, "en", 15))
	for sheet, want := range map[string]string{"Findings": "F-000001", "Findings (2)": "F-000016", "Findings (3)": "F-000031"} {
		if got, err := f.GetCellValue(sheet, "A3"); err != nil || got != want {
			t.Errorf("%s A3: got %q (%v), want %q", sheet, got, err, want)
		}
	}
	if i, _ := f.GetSheetIndex("Findings (4)"); i >= 0 {
		t.Error("there is a sheet too many")
	}
	f = open(t, renderBytes(t, r, "en", 20))
	if i, _ := f.GetSheetIndex("Findings (3)"); i >= 0 {
		t.Error("a table that ends at the limit has an empty follower")
	}
	if i, _ := f.GetSheetIndex("Findings (2)"); i < 0 {
		t.Error("the second half is missing")
	}
}

func TestHostileNamesAreText(t *testing.T) {
	r := packtest.Build(t, len(packtest.Hostile))
	b := renderBytes(t, r, "en", RowsPerSheet)
	f := open(t, b)
	rows, err := f.GetRows("Evidence")
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for i := headerRow; i < len(rows); i++ {
		all += rows[i][4] + "\n"
	}
	for _, want := range []string{`=cmd|' /C calc'!A0`, `<script>alert(1)</script>`, "evil<U+202E>gnp.exe", "zero<U+200B>width", "nul<U+0000>bell<U+0007>", "bucket-{nb}", "𠮷野家-個人情報", "<U+003C>U+0041>"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if len(rows) != headerRow+len(packtest.Hostile) {
		t.Errorf("got %d evidence rows, want %d", len(rows)-headerRow, len(packtest.Hostile))
	}
	zr, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range zr.File {
		if strings.Contains(e.Name, "externalLink") || strings.Contains(e.Name, "vba") {
			t.Errorf("the workbook has an entry %s", e.Name)
		}
	}
}

func TestCleanCutsAndSays(t *testing.T) {
	long := strings.Repeat("証", maxText+10)
	got := clean(long)
	if n := len([]rune(got)); n > 32_767 {
		t.Errorf("%d characters remain", n)
	}
	if !strings.Contains(got, "SHA-256") {
		t.Error("the cut is not marked")
	}
	if got := clean("plain text"); got != "plain text" {
		t.Errorf("got %q", got)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range packtest.Hostile {
		f.Add(s)
	}
	f.Add("bad\xff\xc3byte")
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s)
		for _, r := range got {
			if r != '\n' && text.Hidden(r) {
				t.Errorf("%q keeps %U", s, r)
			}
		}
		if _, err := json.Marshal(got); err != nil {
			t.Error(err)
		}
	})
}

// tool looks an external checker up. A missing one is a skip with its name on a contributor's machine and a failure in CI.
func tool(t *testing.T, name, debian string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing; Debian's package is %s", name, debian)
		}
		t.Skipf("%s is missing (Debian's package is %s)", name, debian)
	}
	return path
}

// independent is what another reader finds in the workbook, as JSON on its standard output.
const independent = `
import json, sys
import openpyxl
wb = openpyxl.load_workbook(sys.argv[1])
out = {}
for ws in wb.worksheets:
    inputs = sum(1 for row in ws.iter_rows(min_row=3) for c in row if not c.protection.locked)
    formulas = sorted({str(c.value).split('(')[0] for row in ws.iter_rows() for c in row if c.data_type == 'f'})
    out[ws.title] = {
        'rows': ws.max_row, 'state': ws.sheet_state, 'protected': ws.protection.sheet, 'freeze': ws.freeze_panes or '',
        'tables': len(ws.tables), 'validations': len(ws.data_validations.dataValidation), 'charts': len(ws._charts),
        'inputs': inputs, 'formulas': formulas, 'landscape': ws.page_setup.orientation == 'landscape',
    }
print(json.dumps(out))
`

func TestIndependentReader(t *testing.T) {
	// Debian's Python has the package; a Python of the user's own may not.
	python := "/usr/bin/python3"
	if _, err := os.Stat(python); err != nil {
		python = tool(t, "python3", "python3")
	}
	if err := exec.Command(python, "-c", "import openpyxl").Run(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("openpyxl is missing; Debian's package is python3-openpyxl")
		}
		t.Skip("openpyxl is missing (Debian's package is python3-openpyxl)")
	}
	r := packtest.Build(t, 6)
	path := filepath.Join(t.TempDir(), "pack.xlsx")
	if err := os.WriteFile(path, renderBytes(t, r, "en", RowsPerSheet), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", independent, path)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var sheets map[string]struct {
		Rows, Tables, Validations, Charts, Inputs int
		State, Freeze                             string
		Protected, Landscape                      bool
		Formulas                                  []string
	}
	if err := json.Unmarshal(out, &sheets); err != nil {
		t.Fatal(err)
	}
	for name, s := range sheets {
		if name == "Lists" {
			if s.State != "hidden" {
				t.Errorf("Lists is %s", s.State)
			}
			continue
		}
		if !s.Protected || !s.Landscape {
			t.Errorf("%s: protected %v, landscape %v", name, s.Protected, s.Landscape)
		}
		for _, f := range s.Formulas {
			if f != "=HYPERLINK" {
				t.Errorf("%s has a formula %s", name, f)
			}
		}
	}
	if s := sheets["Findings"]; s.Tables != 1 || s.Validations != 2 || s.Freeze != "B3" || s.Inputs != (s.Rows-headerRow)*4 {
		t.Errorf("Findings: %+v", s)
	}
	if s := sheets["Summary"]; s.Charts != 2 {
		t.Errorf("Summary has %d charts, want 2", s.Charts)
	}
	if s := sheets["Test 1"]; s.Validations != 2 || s.Inputs != len(pack.Verdicts())*5 {
		t.Errorf("Test 1: %+v", s)
	}
}

func TestLibreOffice(t *testing.T) {
	office := tool(t, "soffice", "libreoffice-calc")
	dir := t.TempDir()
	path := filepath.Join(dir, "pack.xlsx")
	if err := os.WriteFile(path, renderBytes(t, packtest.Build(t, 6), "ja", RowsPerSheet), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir, path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	pdf, err := os.ReadFile(filepath.Join(dir, "pack.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 20_000 {
		t.Errorf("LibreOffice made %d bytes", len(pdf))
	}
}

func BenchmarkRender(b *testing.B) {
	r := packtest.Build(b, 5_000) // 40,000 findings
	m := messages(b)
	for b.Loop() {
		var n counter
		if err := Render(context.Background(), r, m, render.Options{Lang: "en"}, &n); err != nil {
			b.Fatal(err)
		}
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// sameInBoth matches what does not depend on the language: ids, counts, digests, times.
var sameInBoth = regexp.MustCompile(`^([0-9,]+|[FG]-[0-9]+|[0-9a-f]{12,64}|c[0-9]+( c[0-9]+)*|[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:]+ UTC)?)$`)

func TestLanguagesHaveTheSameNumbers(t *testing.T) {
	r := packtest.Build(t, 4)
	en, ja := open(t, renderBytes(t, r, "en", RowsPerSheet)), open(t, renderBytes(t, r, "ja", RowsPerSheet))
	if len(en.GetSheetList()) != len(ja.GetSheetList()) {
		t.Fatalf("%d and %d sheets", len(en.GetSheetList()), len(ja.GetSheetList()))
	}
	compared := 0
	for i, name := range en.GetSheetList() {
		a, err := en.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := ja.GetRows(ja.GetSheetList()[i])
		if err != nil {
			t.Fatal(err)
		}
		if len(a) != len(b) {
			t.Errorf("%s: %d rows in English, %d in Japanese", name, len(a), len(b))
			continue
		}
		for row := range a {
			for col, cell := range a[row] {
				if !sameInBoth.MatchString(cell) || row == 0 {
					continue
				}
				compared++
				if col >= len(b[row]) || b[row][col] != cell && !strings.HasSuffix(cell, "UTC") {
					t.Errorf("%s row %d column %d: %q in English, not so in Japanese", name, row+1, col+1, cell)
				}
			}
		}
	}
	if compared < 200 {
		t.Errorf("only %d cells were compared", compared)
	}
}

// a3Width is how many characters of ten points a line of A3 landscape takes, roughly, and a4 the same for A4: what the paper
// shrinks below two thirds of its size cannot be read.
const (
	a3Width = 210.0
	a4Line  = 145.0
)

func TestPrintCanBeRead(t *testing.T) {
	r := packtest.Build(t, 2)
	b := renderBytes(t, r, "en", RowsPerSheet)
	f := open(t, b)
	for _, sheet := range f.GetSheetList() {
		if visible, _ := f.GetSheetVisible(sheet); !visible {
			continue
		}
		layout, err := f.GetPageLayout(sheet)
		if err != nil {
			t.Fatal(err)
		}
		line := a4Line
		if *layout.Size == 8 {
			line = a3Width
		}
		if width := printedWidth(t, f, sheet); line/width < 0.64 {
			t.Errorf("%s: %.0f characters are printed on a line of %.0f", sheet, width, line)
		}
	}
}

// printedWidth adds the widths of the columns of the print area, or of all that hold anything.
func printedWidth(t *testing.T, f *excelize.File, sheet string) float64 {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for _, row := range rows {
		last = max(last, len(row))
	}
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm.Print_Area" && n.Scope == sheet {
			cell := strings.ReplaceAll(n.RefersTo[strings.LastIndex(n.RefersTo, ":")+1:], "$", "")
			if last, _, err = excelize.CellNameToCoordinates(cell); err != nil {
				t.Fatal(err)
			}
		}
	}
	sum := 0.0
	for i := 1; i <= last; i++ {
		col, err := excelize.ColumnNumberToName(i)
		if err != nil {
			t.Fatal(err)
		}
		w, err := f.GetColWidth(sheet, col)
		if err != nil {
			t.Fatal(err)
		}
		sum += w
	}
	return sum
}

// TestPeopleNeedNotScroll holds the cells to fill in to what a wide screen shows beside the columns that stay in view.
func TestPeopleNeedNotScroll(t *testing.T) {
	r := packtest.Build(t, 1)
	for i := range r.Pack().Frameworks {
		f := &r.Pack().Frameworks[i]
		width, seen := 0.0, false
		for _, c := range requirementColumns(f) {
			if c.fillIn() && !seen && width > 190 {
				t.Errorf("%s: the first cell to fill in starts at character %.0f", f.Key(), width)
			}
			seen = seen || c.fillIn()
			if c.fillIn() && c.aside {
				t.Errorf("%s: %s is to be filled in and is not printed", f.Key(), c.key)
			}
			width += c.width
		}
		if !seen {
			t.Errorf("%s: nothing is to be filled in", f.Key())
		}
	}
}

func TestExpressionsStayInTheRules(t *testing.T) {
	r := packtest.Build(t, 2)
	f := open(t, renderBytes(t, r, "en", RowsPerSheet))
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				for _, rule := range r.Pack().Rules {
					if strings.Contains(cell, rule.Expect) && sheet != "Rules" {
						t.Errorf("%s prints the expression %s", sheet, cell)
					}
				}
			}
		}
	}
}

func TestAnswersOfTheEngagementAreFilledIn(t *testing.T) {
	r := packtest.Build(t, 1)
	f := &r.Pack().Frameworks[1]
	q := &f.Requirements[6]
	q.Question = &pack.Question{ToBe: pack.Text{En: "One place for keys", Ja: "鍵の一元管理"}, Decision: pack.Text{En: "Next year", Ja: "来年度"}, By: "CISO"}
	book := open(t, renderBytes(t, r, "en", RowsPerSheet))
	rows, err := book.GetRows("Test 2")
	if err != nil {
		t.Fatal(err)
	}
	row := strings.Join(rows[headerRow+6], "|")
	for _, want := range []string{"One place for keys|Next year|CISO", "Yes|情報 花子|2026-09-01|DOC-7"} {
		if !strings.Contains(row, want) {
			t.Errorf("%q is missing from %s", want, row)
		}
	}
}

// TestHeadersAreUnique: Excel repairs, with a warning, a table in which two columns have one name.
func TestHeadersAreUnique(t *testing.T) {
	r := packtest.Build(t, 1)
	for _, lang := range templates.Languages() {
		f := open(t, renderBytes(t, r, lang, RowsPerSheet))
		for _, sheet := range f.GetSheetList() {
			tables, err := f.GetTables(sheet)
			if err != nil {
				t.Fatal(err)
			}
			if len(tables) == 0 {
				continue
			}
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, title := range rows[headerRow-1] {
				if seen[title] || title == "" {
					t.Errorf("%s: %s has two columns %q", lang, sheet, title)
				}
				seen[title] = true
			}
		}
	}
}
