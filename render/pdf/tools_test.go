package pdf

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/pack/packtest"
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/templates"
)

// tool runs an independent program on a file and returns its output. Without the program the test is skipped by its
// name; in continuous integration that is a failure.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// check asks qpdf whether a file is sound. qpdf fails on warnings too.
func check(t *testing.T, path string) {
	t.Helper()
	tool(t, "qpdf", "--check", path)
}

func TestSyntax(t *testing.T) {
	p := packtest.Build(t, 30)
	for _, lang := range templates.Languages() {
		_, path := renderPack(t, p, lang)
		check(t, path)
		if got := tool(t, "qpdf", "--show-attachment=pack.json", path); !bytes.Equal([]byte(got), p.JSON()) {
			t.Errorf("%s: the attached pack.json differs", lang)
		}
	}
}

func TestFontsAreEmbedded(t *testing.T) {
	_, path := renderPack(t, packtest.Build(t, 3), "ja")
	lines := strings.Split(strings.TrimSpace(tool(t, "pdffonts", path)), "\n")[2:]
	if len(lines) != 3 {
		t.Errorf("%d fonts", len(lines))
	}
	name := regexp.MustCompile(`^[A-Z]{6}\+(NotoSansJP-Regular|NotoSansJP-Bold|GoMono) +CID TrueType +Identity-H +yes yes yes `)
	for _, l := range lines {
		if !name.MatchString(l) {
			t.Errorf("font %q", l)
		}
	}
}

// extract returns the text of a document, page by page.
func extract(t *testing.T, path string) []string {
	t.Helper()
	pages := strings.Split(tool(t, "pdftotext", "-enc", "UTF-8", path, "-"), "\f")
	return pages[:len(pages)-1]
}

var spaces = regexp.MustCompile(`\s+`)

func squeeze(s string) string { return spaces.ReplaceAllString(s, "") }

func TestEverythingIsPrinted(t *testing.T) {
	p := packtest.Build(t, 30)
	for _, lang := range templates.Languages() {
		_, path := renderPack(t, p, lang)
		pages := extract(t, path)
		all := squeeze(strings.Join(pages, ""))
		for _, bad := range []string{"⟦", "⟧", "\ufffd\ufffd"} {
			if strings.Contains(all, bad) {
				t.Errorf("%s: %q is printed", lang, bad)
			}
		}
		for i := range p.Pack().Frameworks {
			f := &p.Pack().Frameworks[i]
			for j := range f.Requirements {
				if title := squeeze(f.Requirements[j].Title.In(lang)); strings.Count(all, title) < 2 {
					t.Errorf("%s: requirement %s %s is printed %d times", lang, f.Key(), f.Requirements[j].ID, strings.Count(all, title))
				}
			}
		}
		for _, want := range []string{p.Pack().Bundle.SealSHA256, p.Pack().ID, p.Pack().Trust.Signers[0].Fingerprint, p.Pack().Engagement.Client.In(lang)} {
			if !strings.Contains(all, squeeze(want)) {
				t.Errorf("%s: %q is missing", lang, want)
			}
		}
		mark := squeeze(messages(t).Get(lang, "pdf.unverified"))
		for n, page := range pages {
			if !strings.Contains(squeeze(page), mark) {
				t.Errorf("%s: page %d does not carry the mark of an unverified signer", lang, n+1)
			}
		}
	}
}

// TestHostileNamesStayVisible looks for each hostile name as the reader sees it.
func TestHostileNamesStayVisible(t *testing.T) {
	_, path := renderPack(t, packtest.Build(t, len(packtest.Hostile)), "en")
	all := squeeze(strings.Join(extract(t, path), ""))
	tokens := map[string]string{
		"evil\u202egnp.exe": "evil<U+202E>gnp.exe", "zero\u200bwidth": "zero<U+200B>width", "nul\x00bell\x07": "nul<U+0000>bell<U+0007>",
		"emoji-🚀👩‍👩‍👧": "emoji-<U+1F680><U+1F469><U+200D><U+1F469><U+200D><U+1F467>", "line\nbreak\r\nagain": "line<U+000A>break<U+000D><U+000A>again",
		"<U+0041>": "<U+003C>U+0041>", "\"quote\",comma;semi\ttab": `"quote",comma;semi<U+0009>tab`,
	}
	for _, s := range packtest.Hostile {
		want, ok := tokens[s]
		if !ok {
			want = s
		}
		// poppler folds compatibility forms when it extracts text; the glyphs on the page are the original ones
		if !strings.Contains(norm.NFKC.String(all), norm.NFKC.String(squeeze("arn:aws:s3:::"+want))) {
			t.Errorf("%.40q is not printed as %.60q", s, want)
		}
	}
}

// TestLanguagesAgree checks that ids, counts and digests are the same in both languages.
func TestLanguagesAgree(t *testing.T) {
	p := packtest.Build(t, 30)
	ids := regexp.MustCompile(`F-[0-9]{6}|G-[0-9]{4}|\b[0-9a-f]{32,64}\b|\b[0-9a-f]{12}\b|RA-[0-9]+|AT-[0-9]+|soc2-2026`)
	found := map[string]map[string]bool{}
	for _, lang := range templates.Languages() {
		_, path := renderPack(t, p, lang)
		found[lang] = map[string]bool{}
		for _, id := range ids.FindAllString(strings.Join(extract(t, path), " "), -1) {
			found[lang][id] = true
		}
	}
	if !maps.Equal(found["en"], found["ja"]) {
		t.Errorf("en %v\nja %v", slices.Sorted(maps.Keys(found["en"])), slices.Sorted(maps.Keys(found["ja"])))
	}
	if len(found["en"]) < 40 {
		t.Errorf("only %d ids are found", len(found["en"]))
	}
}

// TestContentsAreRight compares the page numbers in the table of contents and in the footers with the pages themselves.
func TestContentsAreRight(t *testing.T) {
	for _, lang := range templates.Languages() {
		_, path := renderPack(t, packtest.Build(t, 30), lang)
		pages := strings.Split(tool(t, "pdftotext", "-layout", "-enc", "UTF-8", path, "-"), "\f")
		contents := strings.Join(pages[2:4], "")
		m := messages(t)
		for _, part := range parts() {
			title := m.Get(lang, "pdf.section."+part.key)
			line := regexp.MustCompile(strings.Join(strings.Fields(regexp.QuoteMeta(title)), `\s+`) + `[\s.]*?([0-9]+)\n`).FindStringSubmatch(contents)
			if line == nil {
				t.Errorf("%s: %q is not in the contents", lang, title)
				continue
			}
			n, err := strconv.Atoi(line[1])
			if err != nil || n < 1 || n > len(pages)-1 {
				t.Errorf("%s: %q is on page %q", lang, title, line[1])
				continue
			}
			if got := squeeze(pages[n-1]); strings.Count(got, squeeze(title)) < 2 { // heading and footer
				t.Errorf("%s: %q does not start on page %d", lang, title, n)
			}
			if footer := squeeze(m.Get(lang, "pdf.footer.page", "page", line[1], "total", strconv.Itoa(len(pages)-1))); !strings.Contains(squeeze(pages[n-1]), footer) {
				t.Errorf("%s: page %d is not numbered %s", lang, n, footer)
			}
		}
	}
}

// TestNothingLeavesThePage measures every word on every page.
func TestNothingLeavesThePage(t *testing.T) {
	word := regexp.MustCompile(`<word xMin="([-0-9.]+)" yMin="([-0-9.]+)" xMax="([-0-9.]+)" yMax="([-0-9.]+)">(.*)</word>`)
	for _, lang := range templates.Languages() {
		_, path := renderPack(t, packtest.Build(t, 30), lang)
		n := 0
		for page, content := range strings.Split(tool(t, "pdftotext", "-bbox", path, "-"), "<page ") {
			for _, m := range word.FindAllStringSubmatch(content, -1) {
				n++
				var box [4]float64
				for i := range box {
					v, err := strconv.ParseFloat(m[i+1], 64)
					if err != nil {
						t.Fatal(err)
					}
					box[i] = v * point
				}
				if box[0] < frameLeft-1 || box[2] > frameRight+1 || box[1] < 0 || box[3] > 287 {
					t.Errorf("%s, page %d: %q stands at %.1f to %.1f, %.1f to %.1f mm", lang, page, m[5], box[0], box[2], box[1], box[3])
				}
			}
		}
		if n < 1000 {
			t.Errorf("%s: only %d words", lang, n)
		}
	}
}

// TestVerdictsHaveWords checks that a word stands wherever a colour does.
func TestVerdictsHaveWords(t *testing.T) {
	_, path := renderPack(t, packtest.Build(t, 3), "ja")
	all := squeeze(strings.Join(extract(t, path), ""))
	for _, v := range pack.Verdicts() {
		if word := messages(t).Get("ja", "verdict."+string(v)); strings.Count(all, word) < 3 {
			t.Errorf("%s is printed %d times", word, strings.Count(all, word))
		}
	}
}

// TestNothingIsLeftBehind looks at the last line of each page: a heading or a note above a table must not stand there alone.
func TestNothingIsLeftBehind(t *testing.T) {
	m := messages(t)
	for _, lang := range templates.Languages() {
		alone := map[string]bool{}
		for _, key := range []string{
			"requirement.basis", "requirement.responsibility", "requirement.tests", "results.legend", "results.questions", "evidence.records", "evidence.calls", "evidence.calls_note",
			"scope.in", "scope.exclusions", "scope.method", "scope.limits", "scope.inventory", "scope.unseen", "scope.unseen_intro", "summary.verdicts", "summary.findings", "summary.heat", "summary.top",
			"accepted.risks", "accepted.attestations", "responsibility.reports", "responsibility.expected",
		} {
			alone[squeeze(m.Get(lang, "pdf."+key))] = true
		}
		for _, per := range []int{1, 9, 14, 23} {
			_, path := renderPack(t, packtest.Build(t, per), lang)
			for n, page := range strings.Split(tool(t, "pdftotext", "-layout", "-enc", "UTF-8", path, "-"), "\f") {
				var lines []string
				for line := range strings.SplitSeq(page, "\n") {
					if s := squeeze(line); s != "" {
						lines = append(lines, strings.TrimLeft(s, "0123456789."))
					}
				}
				if len(lines) < 4 {
					continue
				}
				if last := lines[len(lines)-2]; alone[last] {
					t.Errorf("%s, %d findings a result, page %d ends with %q", lang, per, n+1, last)
				}
			}
		}
	}
}

// TestHeadingStaysWithItsTable starts a framework's table at every height near the end of a page: its heading, with the notes below
// it, must stand on the page of the first row.
func TestHeadingStaysWithItsTable(t *testing.T) {
	r := packtest.Build(t, 1)
	f := &r.Pack().Frameworks[1]
	d, err := newDocument(t.Context(), r, messages(t), render.Options{Lang: "en", MaxFindings: 5})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.makePlan(); err != nil {
		t.Fatal(err)
	}
	for y := frameEnd - 70; y < frameEnd; y += 1.5 {
		d.newPage("test")
		d.y, d.anchors = y, map[string]anchor{}
		d.resultTable(f)
		head, first := d.anchors["framework:"+f.Key()], d.anchors["result:"+reqKey(f, &f.Requirements[0])]
		if head.page == 0 || head.page != first.page {
			t.Errorf("from height %.1f: the heading is on page %d, the first row on page %d", y, head.page, first.page)
		}
	}
}
