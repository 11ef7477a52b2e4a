package samples_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/render/pdf"
	"github.com/auditpack/auditpack/render/xlsx"
	"github.com/auditpack/auditpack/templates"
)

// TestFromSeedToPages is the whole way: what was seeded is collected in pages of three, verified, mapped and rendered, and the
// workbook and the PDF in both languages say as many things as were seeded.
func TestFromSeedToPages(t *testing.T) {
	stage.Proxy.Paginate(3, false)
	defer stage.Proxy.Paginate(0, false)
	e := gather(t, stage.Proxy.Client(), nil)
	a := assess(t, e)
	m, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range templates.Languages() {
		var book, document bytes.Buffer
		opts := render.Options{Lang: lang}
		if err := xlsx.Render(t.Context(), a.reader, m, opts, &book); err != nil {
			t.Fatal(err)
		}
		if err := pdf.Render(t.Context(), a.reader, m, opts, &document); err != nil {
			t.Fatal(err)
		}
		checkWorkbook(t, lang, m, a, &book)
		checkDocument(t, lang, a, document.Bytes())
	}
}

func checkWorkbook(t *testing.T, lang string, m *templates.Messages, a *assessment, book *bytes.Buffer) {
	t.Helper()
	f, err := excelize.OpenReader(book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := func(key string) [][]string {
		got, err := f.GetRows(m.Get(lang, key))
		if err != nil {
			t.Fatal(err)
		}
		return got[2:] // under the banner and the header
	}
	perRegion := map[string]int{}
	for _, row := range rows("xlsx.sheet.evidence") {
		perRegion[row[1]+" "+row[3]]++
	}
	delete(perRegion, "ec2.region global") // AWS's own list, which nobody seeded
	for key, want := range stage.Seeded.Counts {
		name := key.Kind + " " + key.Region
		if got := perRegion[name]; got != want {
			t.Errorf("%s: the evidence sheet has %d of %s, %d were seeded", lang, got, name, want)
		}
		delete(perRegion, name)
	}
	for name, n := range perRegion {
		if kind, _, _ := strings.Cut(name, " "); !stage.Seeded.Counted(kind) {
			continue
		}
		t.Errorf("%s: the evidence sheet has %d of %s, which nobody seeded", lang, n, name)
	}
	results := map[pack.Result]int{}
	for _, row := range rows("xlsx.sheet.findings") {
		for _, r := range render.Results() {
			if strings.HasSuffix(row[4], " "+m.Get(lang, "result."+string(r))) {
				results[r]++
			}
		}
	}
	c := a.reader.Pack().Totals.Findings
	for r, want := range map[pack.Result]int{pack.Pass: c.Pass, pack.Fail: c.Fail, pack.NotAssessed: c.NotAssessed, pack.NotApplicable: c.NotApplicable} {
		if results[r] != want || results[r] != a.count()[r] {
			t.Errorf("%s: %s: the findings sheet has %d, the totals say %d, the pack holds %d", lang, r, results[r], want, a.count()[r])
		}
	}
}

func checkDocument(t *testing.T, lang string, a *assessment, document []byte) {
	t.Helper()
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is missing; Debian's package is poppler-utils")
		}
		t.Skip("pdftotext is missing (Debian's package is poppler-utils)")
	}
	file := filepath.Join(t.TempDir(), "pack.pdf")
	if err := os.WriteFile(file, document, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	p := a.reader.Pack()
	for i := range p.Frameworks {
		for _, q := range p.Frameworks[i].Requirements {
			if !strings.Contains(text, q.ID) {
				t.Errorf("%s: requirement %s %s is not printed", lang, p.Frameworks[i].Key(), q.ID)
			}
		}
	}
	failing := 0
	for _, f := range a.findings {
		if f.Result == pack.Fail && !strings.Contains(text, render.FindingID(f.N)) {
			failing++
		}
	}
	if failing > 0 {
		t.Errorf("%s: %d failing findings are not printed although none of the lists is long enough to be cut", lang, failing)
	}
	if !strings.Contains(text, p.Bundle.SealSHA256[:16]) {
		t.Errorf("%s: the seal is not printed", lang)
	}
}
