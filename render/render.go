// Package render holds what every renderer of a pack shares: the options, the marks and colours of verdicts, results and
// severities, and how numbers and ids are printed. Renderers are pure: the same pack and options give the same bytes.
package render

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/templates"
)

// DefaultMaxFindings is how many findings a requirement prints in full where Options say nothing.
const DefaultMaxFindings = 25

// Options are what a person may choose about a rendering.
type Options struct {
	Lang        string // "en" or "ja"
	MaxFindings int    // findings printed per requirement in the PDF; 0 means DefaultMaxFindings
}

// Checked returns o with its defaults filled in, or an error that names the option that no renderer understands.
func (o Options) Checked() (Options, error) {
	if !slices.Contains(templates.Languages(), o.Lang) {
		return o, fmt.Errorf("language %q is none of %v", o.Lang, templates.Languages())
	}
	if o.MaxFindings < 0 {
		return o, fmt.Errorf("the number of findings per requirement is %d; it cannot be negative", o.MaxFindings)
	}
	if o.MaxFindings == 0 {
		o.MaxFindings = DefaultMaxFindings
	}
	return o, nil
}

// Colour is an sRGB colour.
type Colour [3]uint8

// Hex returns the colour as six upper-case hex digits.
func (c Colour) Hex() string { return fmt.Sprintf("%02X%02X%02X", c[0], c[1], c[2]) }

// Colours that are not tied to a word of the legend.
var (
	Ink   = Colour{0x1f, 0x29, 0x37} // text
	Muted = Colour{0x5f, 0x6b, 0x7a} // secondary text
	Faint = Colour{0x9a, 0xa3, 0xaf} // marks without weight
	Rule  = Colour{0xd5, 0xda, 0xe1} // hairlines
	Wash  = Colour{0xf3, 0xf5, 0xf8} // background of headings in tables
	Brand = Colour{0x1f, 0x3a, 0x5f} // titles
	Token = Colour{0xb4, 0x23, 0x8c} // stand-ins for characters that cannot be shown
	Alarm = Colour{0x9b, 0x1c, 0x1c} // the mark of an unverified signer
	White = Colour{0xff, 0xff, 0xff}
)

// Mark is the sign that stands beside a word, so that nothing rests on colour alone. Where a font lacks it, it is drawn.
type Mark string

// The marks.
const (
	MarkDisc         Mark = "●"
	MarkCross        Mark = "×"
	MarkQuestion     Mark = "?"
	MarkTriangle     Mark = "△"
	MarkFullTriangle Mark = "▲"
	MarkDiamond      Mark = "◇"
	MarkFullDiamond  Mark = "◆"
	MarkDash         Mark = "–"
	MarkBar          Mark = "▮"
)

// Style is how one word of the legend looks: Strong on white or on Tint reaches a contrast of 4.5 to 1.
type Style struct {
	Mark   Mark
	Strong Colour
	Tint   Colour
}

var (
	green = Style{Strong: Colour{0x1d, 0x6b, 0x40}, Tint: Colour{0xdf, 0xf1, 0xe5}}
	red   = Style{Strong: Colour{0xa3, 0x21, 0x21}, Tint: Colour{0xfa, 0xdf, 0xdc}}
	amber = Style{Strong: Colour{0x8a, 0x55, 0x06}, Tint: Colour{0xfb, 0xed, 0xcf}}
	blue  = Style{Strong: Colour{0x1f, 0x4f, 0x94}, Tint: Colour{0xde, 0xe9, 0xf8}}
	grey  = Style{Strong: Colour{0x52, 0x5d, 0x6b}, Tint: Colour{0xea, 0xec, 0xef}}
)

func (s Style) with(m Mark) Style {
	s.Mark = m
	return s
}

// VerdictStyle returns how a verdict looks: green only for met, red for not met, amber for what is open, blue for what a
// report or a person carries, grey for not applicable.
func VerdictStyle(v pack.Verdict) Style {
	switch v {
	case pack.VerdictMet:
		return green.with(MarkDisc)
	case pack.VerdictNotMet:
		return red.with(MarkCross)
	case pack.VerdictNotAssessed:
		return amber.with(MarkQuestion)
	case pack.VerdictReview:
		return amber.with(MarkTriangle)
	case pack.VerdictRiskAccepted:
		return amber.with(MarkFullTriangle)
	case pack.VerdictInherited:
		return blue.with(MarkDiamond)
	case pack.VerdictAttested:
		return blue.with(MarkFullDiamond)
	}
	return grey.with(MarkDash)
}

// ResultStyle returns how the result of a finding looks.
func ResultStyle(r pack.Result) Style {
	switch r {
	case pack.Pass:
		return green.with(MarkDisc)
	case pack.Fail:
		return red.with(MarkCross)
	case pack.NotAssessed:
		return amber.with(MarkQuestion)
	}
	return grey.with(MarkDash)
}

// SeverityStyle returns how a severity looks.
func SeverityStyle(s pack.Severity) Style {
	switch s {
	case pack.Critical:
		return Style{Mark: MarkBar, Strong: Colour{0x7f, 0x12, 0x12}, Tint: Colour{0xf3, 0xc6, 0xc1}}
	case pack.High:
		return red.with(MarkBar)
	case pack.Medium:
		return amber.with(MarkBar)
	}
	return grey.with(MarkBar)
}

// Results lists the results in the order in which findings are sorted: what needs attention first.
func Results() []pack.Result {
	return []pack.Result{pack.Fail, pack.NotAssessed, pack.Pass, pack.NotApplicable}
}

// FindingID prints the number of a finding: F-000001.
func FindingID(n int) string { return fmt.Sprintf("F-%06d", n) }

// GapID prints the number of a gap: G-0001.
func GapID(n int) string { return fmt.Sprintf("G-%04d", n) }

// ShortDigest is the beginning of a digest, long enough to look a record up.
func ShortDigest(digest string) string { return digest[:min(len(digest), 12)] }

// Number prints n with a comma between thousands, in both languages.
func Number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// JST is Japan Standard Time, fixed: a pack must not depend on the time zone data of the machine.
var JST = time.FixedZone("JST", 9*60*60)

// Day prints the day of a time: in UTC, in Japanese in JST.
func Day(lang string, t time.Time) string {
	if lang == "ja" {
		return t.In(JST).Format(time.DateOnly)
	}
	return t.UTC().Format(time.DateOnly)
}

// Moment prints a time in UTC and, in Japanese, in JST before it.
func Moment(lang string, t time.Time) string {
	utc := t.UTC().Format("2006-01-02 15:04:05") + " UTC"
	if lang == "ja" {
		return t.In(JST).Format("2006-01-02 15:04:05") + " JST（" + utc + "）"
	}
	return utc
}
