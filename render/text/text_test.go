package text

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/text/unicode/norm"

	"github.com/auditpack/auditpack/mapping/pack/packtest"
	"github.com/auditpack/auditpack/templates"
)

func loadFont(tb testing.TB) *Font {
	tb.Helper()
	fonts, err := templates.LoadFonts()
	if err != nil {
		tb.Fatal(err)
	}
	f, err := NewFont(fonts.Alias, gomono.TTF, fonts.Regular)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

func TestClean(t *testing.T) {
	f := loadFont(t)
	for _, tt := range []struct{ in, want string }{
		{"plain-name_1", "plain-name_1"},
		{"evil\u202egnp.exe", "evil<U+202E>gnp.exe"},
		{"zero\u200bwidth", "zero<U+200B>width"},
		{"nul\x00bell\x07", "nul<U+0000>bell<U+0007>"},
		{"bad\xe3byte", "bad<0xE3>byte"},
		{"cut\xf0\x9f", "cut<0xF0><0x9F>"},
		{"<U+0041>", "<U+003C>U+0041>"},
		{"<0x41>", "<U+003C>0x41>"},
		{"a<b", "a<b"},
		{"rocket 🚀", "rocket <U+1F680>"},
		{"family 👩\u200d👧", "family <U+1F469><U+200D><U+1F467>"},
		{"tab\there", "tab<U+0009>here"},
		{"two\nlines", "two<U+000A>lines"},
		{"か\u3099", "が"},
		{"\ue000", "<U+E000>"}, // a private-use character is not the kanji whose alias it is
		{"nb\u00a0sp", "nb<U+00A0>sp"},
		{"\u3164", "<U+3164>"},
		{"\ufdd0\uffff", "<U+FDD0><U+FFFF>"},
		{"ｶﾞ 髙﨑", "ｶﾞ 髙﨑"},
		{"\xed\xa0\x80", "<0xED><0xA0><0x80>"}, // an encoded surrogate
	} {
		if got := f.Clean(tt.in); f.Real(got.S) != tt.want {
			t.Errorf("Clean(%q) = %q, want %q", tt.in, got.S, tt.want)
		}
	}
	if got := f.CleanProse("a\r\nb\nc\u00a0d").S; got != "a\nb\nc\u00a0d" {
		t.Errorf("CleanProse = %q", got)
	}
}

func TestKanjiBeyondTheBMP(t *testing.T) {
	f := loadFont(t)
	got := f.Clean("𠮷野家")
	if len(got.Tokens) != 0 {
		t.Errorf("𠮷 became a token: %q", got.S)
	}
	for _, r := range got.S {
		if r >= bmp {
			t.Errorf("U+%04X is left", r)
		}
	}
	if real := f.Real(got.S); real != "𠮷野家" {
		t.Errorf("Real = %q", real)
	}
}

// lines wraps s at n full-width characters.
func lines(f *Font, s string, n int) []string {
	t := f.CleanProse(s)
	var out []string
	for _, l := range f.Wrap(t, n*1000) {
		out = append(out, l.Of(t))
	}
	return out
}

func TestWrap(t *testing.T) {
	f := loadFont(t)
	for _, tt := range []struct {
		in    string
		width int
		want  string
	}{
		{"", 5, ""},
		{"あいうえおかき", 5, "あいうえお/かき"},
		{"あいうえお。かき", 5, "あいうえ/お。かき"},                        // no full stop at the start of a line
		{"あいうえ「おか」", 5, "あいうえ/「おか」"},                        // no opening bracket at the end
		{"あいうえー。」か", 5, "あいう/えー。」か"},                        // several in a row
		{"データを保護します", 5, "データを保/護します"},                      // kanji at a line break stay
		{"あいう……かきく", 4, "あいう/……かき/く"},                       // a pair of leaders is not torn
		{"ぁぁぁぁぁぁぁぁ", 3, "ぁぁぁ/ぁぁぁ/ぁぁ"},                       // nothing but forbidden starts: progress before kinsoku
		{"one two three", 5, "one two/three"},               // 0.6 em a letter
		{"one\ntwo\n", 9, "one/two/"},                       // line ends
		{"あ\n\nい", 9, "あ//い"},                               //
		{"ssh-keygen -Y verify", 7, "ssh-keygen/-Y verify"}, // an option keeps its hyphen
		{"arn:aws:s3:::bucket", 6, "arn:aws:/s3:::/bucket"},
		{"xxxxxxxxxxxxxxx", 3, "xxxxx/xxxxx/xxxxx"},
		{"S3バケットの暗号化", 5, "S3バケッ/トの暗号化"},
	} {
		if got := strings.Join(lines(f, tt.in, tt.width), "/"); got != tt.want {
			t.Errorf("Wrap(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}

func TestTokensAreNotTorn(t *testing.T) {
	f := loadFont(t)
	for width := 6; width < 20; width++ {
		for _, l := range lines(f, strings.Repeat("a\u202e", 40), width) {
			if strings.Count(l, "<") != strings.Count(l, ">") || strings.HasPrefix(l, "U") {
				t.Errorf("width %d: %q", width, l)
			}
		}
	}
}

func TestRuns(t *testing.T) {
	f := loadFont(t)
	clean := f.Clean("ab漢字\u202ec")
	var got []string
	for _, l := range f.Wrap(clean, 100000) {
		f.Runs(clean, l, func(r Run) { got = append(got, fmt.Sprintf("%s %d %v", r.S, r.Face, r.Token)) })
	}
	want := "[ab 0 false 漢字 1 false <U+202E> 0 true c 0 false]"
	if fmt.Sprint(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// undo reads tokens back: what Clean did must be reversible, else two different names could look the same.
func undo(f *Font, c Text) string {
	var b strings.Builder
	at := 0
	for _, t := range c.Tokens {
		b.WriteString(f.Real(c.S[at:t.Start]))
		token := c.S[t.Start:t.End]
		if n, ok := strings.CutPrefix(token, "<0x"); ok {
			v, _ := strconv.ParseUint(strings.TrimSuffix(n, ">"), 16, 8)
			b.WriteByte(byte(v))
		} else {
			v, _ := strconv.ParseUint(strings.TrimSuffix(strings.TrimPrefix(token, "<U+"), ">"), 16, 32)
			b.WriteRune(rune(v))
		}
		at = t.End
	}
	b.WriteString(f.Real(c.S[at:]))
	return b.String()
}

// check holds the properties that every string and width must have.
func check(t *testing.T, f *Font, s string, limit int) {
	t.Helper()
	for _, prose := range []bool{false, true} {
		c := f.clean(s, prose)
		want := s
		if prose {
			want = strings.ReplaceAll(s, "\r\n", "\n")
		}
		if got := undo(f, c); got != norm.NFC.String(want) {
			t.Fatalf("clean(%q) = %q reads back as %q", s, c.S, got)
		}
		for _, r := range c.S {
			if !(f.Covers(r) || r >= 0xe000 && f.real[r] != 0) && !(prose && r == '\n') {
				t.Fatalf("clean(%q) leaves U+%04X", s, r)
			}
		}
		at := 0
		for _, l := range f.Wrap(c, limit) {
			if l.Start != at || l.End < l.Start {
				t.Fatalf("Wrap(%q, %d): line %+v does not follow %d", s, limit, l, at)
			}
			at = l.End
			drawn := l.Of(c)
			if l.Width > limit && utf8.RuneCountInString(drawn) > 1 {
				t.Fatalf("Wrap(%q, %d): %q is %d wide", s, limit, drawn, l.Width)
			}
			if got := f.Width(drawn); got != l.Width {
				t.Fatalf("Wrap(%q, %d): %q is %d wide, the line says %d", s, limit, drawn, got, l.Width)
			}
			joined := ""
			f.Runs(c, l, func(r Run) { joined += r.S })
			if joined != drawn {
				t.Fatalf("Runs of %q give %q", drawn, joined)
			}
		}
		if at != len(c.S) {
			t.Fatalf("Wrap(%q, %d) ends at %d of %d", s, limit, at, len(c.S))
		}
	}
}

var seeds = append([]string{
	"", " ", "\n", "  a  b  ", "か\u3099", "「「「「「「", "）））））））", "arn:aws:iam::111122223333:role/aws-service-role/x", "\xff\xfe\x80", "…………",
	"本報告書は、収集時点における構成を記載する。(注)第1項", "a\u00a0b\u00a0c", "e\u0301\u0302\u0303", "-----", ":::::::", "<U+<U+<0x<0x",
}, packtest.Hostile...)

func TestProperties(t *testing.T) {
	f := loadFont(t)
	for _, s := range seeds {
		for _, limit := range []int{1, 500, 600, 1000, 1700, 3000, 9000, 1 << 30} {
			check(t, f, s, limit)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, 5000)
	}
	font := loadFont(f)
	f.Fuzz(func(t *testing.T, s string, limit int) { check(t, font, s, limit) })
}

func BenchmarkCleanAndWrap(b *testing.B) {
	f := loadFont(b)
	s := strings.Repeat("本報告書は、収集時点における構成を記載する。arn:aws:s3:::example-bucket/path ", 20)
	b.SetBytes(int64(utf8.RuneCountInString(s))) // "MB/s" are million characters a second
	for b.Loop() {
		f.Wrap(f.CleanProse(s), 40000)
	}
}
