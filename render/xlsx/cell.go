package xlsx

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render/text"
)

// maxText is where a cell's text is cut: Excel drops what stands behind 32,767 UTF-16 units without a word.
const maxText = 32_000

// clean makes a string safe and visible in a cell: NFC, line ends as LF, and every control, bidi, zero-width and
// private-use character and broken byte as a token. A literal "<U+" is escaped so that tokens cannot be forged. Text beyond
// maxText UTF-16 units is cut with a marker that carries the SHA-256 of the whole.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] >= 0x7f || s[i] == '<' {
			plain = false
			break
		}
	}
	if plain && len(s) <= maxText {
		return s
	}
	return cut(s, tokens(s))
}

func tokens(s string) string {
	var b strings.Builder
	s = norm.NFC.String(strings.ReplaceAll(s, "\r\n", "\n"))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, "<0x%02X>", s[i])
		case r == '\n':
			b.WriteByte('\n')
		case strings.HasPrefix(s[i:], "<U+") || strings.HasPrefix(s[i:], "<0x"):
			b.WriteString("<U+003C>")
		case text.Hidden(r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

// cut shortens text that a cell cannot hold.
func cut(original, shown string) string {
	units := 0
	for i, r := range shown {
		units += utf16.RuneLen(r)
		if units > maxText {
			return fmt.Sprintf("%s… [%d bytes, SHA-256 %x]", shown[:i], len(original), sha256.Sum256([]byte(original)))
		}
	}
	return shown
}

// Cell makers. Untrusted strings go through clean and a text style.
func (b *book) text(s string) excelize.Cell {
	return excelize.Cell{StyleID: b.style.text, Value: clean(s)}
}

func (b *book) wrapped(s string) excelize.Cell {
	return excelize.Cell{StyleID: b.style.wrap, Value: clean(s)}
}

// said is one of our own messages, which may hold what clean would take for a token.
func (b *book) said(key string, args ...string) excelize.Cell {
	return excelize.Cell{StyleID: b.style.wrap, Value: b.t(key, args...)}
}

func (b *book) mono(s string) excelize.Cell {
	return excelize.Cell{StyleID: b.style.mono, Value: clean(s)}
}

func (b *book) number(n int) excelize.Cell { return excelize.Cell{StyleID: b.style.number, Value: n} }

// count is a number in a sheet of labelled values, where columns are wide.
func (b *book) count(n int) excelize.Cell { return excelize.Cell{StyleID: b.style.count, Value: n} }

func (b *book) input() excelize.Cell     { return excelize.Cell{StyleID: b.style.input} }
func (b *book) inputDate() excelize.Cell { return excelize.Cell{StyleID: b.style.inputDate} }

// answered is a cell to fill in that already holds what the engagement says.
func (b *book) answered(s string) excelize.Cell {
	if s == "" {
		return b.input()
	}
	return excelize.Cell{StyleID: b.style.input, Value: clean(s)}
}

// answeredDate is answered for a day; a text that is no day leaves the cell open.
func (b *book) answeredDate(day string) excelize.Cell {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return b.inputDate()
	}
	return excelize.Cell{StyleID: b.style.inputDate, Value: t}
}

func (b *book) verdict(v pack.Verdict) excelize.Cell {
	return excelize.Cell{StyleID: b.style.verdict[v], Value: b.verdictWord(v)}
}

func (b *book) result(r pack.Result) excelize.Cell {
	return excelize.Cell{StyleID: b.style.result[r], Value: b.resultWord(r)}
}

func (b *book) severity(s pack.Severity) excelize.Cell {
	return excelize.Cell{StyleID: b.style.severity[s], Value: b.t("severity." + string(s))}
}

// link is a cell that jumps to another place of the workbook. label and the place's sheet name must be our own words: they
// stand in a formula. An unknown key gives the label alone.
func (b *book) link(key, label string) excelize.Cell {
	at, ok := b.rows[key]
	if !ok {
		return b.mono(label)
	}
	return b.linkTo(at.sheet, at.row, label)
}

func (b *book) linkTo(sheet string, row int, label string) excelize.Cell {
	target := fmt.Sprintf("#'%s'!A%d", strings.ReplaceAll(sheet, "'", "''"), row)
	return excelize.Cell{StyleID: b.style.link, Formula: fmt.Sprintf("HYPERLINK(%s,%s)", formulaString(target), formulaString(label)), Value: label}
}

// maxLines is where a row stops growing.
const maxLines = 14

// lineHeight is the height of one line of text in points. Excel gives Yu Gothic more air than Calibri.
func (b *book) lineHeight() float64 {
	if b.lang == "ja" {
		return 17
	}
	return 13.8
}

// lines estimates how many lines a text takes in a column of the given width. Excel and LibreOffice do not grow a row for
// wrapped text in a file that states no height, so rows state one.
func lines(s string, width float64) int {
	n := 0
	for line := range strings.SplitSeq(s, "\n") {
		units := 0.0
		for _, r := range line {
			switch {
			case r >= 0x1100:
				units += 1.8
			default:
				units += 0.98
			}
		}
		n += max(1, int(math.Ceil(units/width)))
	}
	return min(n, maxLines)
}

// height is the height of a row whose cells may wrap.
func (b *book) height(row []any, widths func(i int) float64) float64 {
	n := 1
	for i, c := range row {
		cell, ok := c.(excelize.Cell)
		if !ok || cell.StyleID != b.style.wrap && cell.StyleID != b.style.input {
			continue
		}
		if s, ok := cell.Value.(string); ok {
			n = max(n, lines(s, widths(i)))
		}
	}
	return float64(n) * b.lineHeight()
}

// formulaString quotes a string for a formula.
func formulaString(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func itoa(n int) string { return strconv.Itoa(n) }
