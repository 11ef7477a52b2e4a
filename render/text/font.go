// Package text prepares strings for drawing on paper: it makes untrusted strings visible and harmless, measures them and
// breaks them into lines by the rules of Japanese and English typesetting, without ever losing a character.
//
// Strings come from AWS accounts whose users may be hostile. Clean replaces what cannot be drawn or would mislead
// (control, bidirectional, zero-width and unencodable characters, broken bytes) with tokens such as <U+202E>, which
// renderers show in another colour. Every function accepts every string.
package text

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// bmp is the number of code points that a PDF library with two-byte codes can address.
const bmp = 0x10000

// Font is an ordered list of TrueType faces seen as one: a character is taken from the first face that has it. Widths
// are in thousandths of the font size. A Font does not change after NewFont and may be shared.
type Font struct {
	advance [bmp]uint16
	face    [bmp]uint8 // 1-based; 0: no face has it
	alias   map[rune]rune
	real    map[rune]rune
}

// NewFont reads the faces. alias maps code points beyond the BMP to the private-use code points that stand for them in
// the faces; every other private-use code point counts as missing.
func NewFont(alias map[rune]rune, faces ...[]byte) (*Font, error) {
	f := &Font{alias: alias, real: make(map[rune]rune, len(alias))}
	for r, a := range alias {
		f.real[a] = r
	}
	for i, ttf := range faces {
		parsed, err := sfnt.Parse(ttf)
		if err != nil {
			return nil, fmt.Errorf("reading face %d of a font: %w", i+1, err)
		}
		if err := f.add(uint8(i+1), parsed); err != nil {
			return nil, fmt.Errorf("reading face %d of a font: %w", i+1, err)
		}
	}
	return f, nil
}

func (f *Font) add(number uint8, face *sfnt.Font) error {
	var buf sfnt.Buffer
	for r := rune(' '); r < bmp; r++ {
		if f.face[r] != 0 || r >= 0xd800 && r <= 0xdfff || r >= 0xe000 && r <= 0xf8ff && f.real[r] == 0 {
			continue
		}
		glyph, err := face.GlyphIndex(&buf, r)
		if err != nil || glyph == 0 {
			continue
		}
		a, err := face.GlyphAdvance(&buf, glyph, fixed.I(1000), font.HintingNone)
		if err != nil {
			return fmt.Errorf("width of U+%04X: %w", r, err)
		}
		f.advance[r], f.face[r] = uint16(a.Round()), number
	}
	return nil
}

// Covers reports whether r can be drawn, directly or through its alias.
func (f *Font) Covers(r rune) bool {
	if r >= bmp {
		r = f.alias[r]
	}
	return r > 0 && f.face[r] != 0 && (r < 0xe000 || r > 0xf8ff || f.real[r] != 0)
}

// Face returns the number, from 0, of the face that draws r, which must be a character of a cleaned string.
func (f *Font) Face(r rune) int {
	if r < 0 || r >= bmp || f.face[r] == 0 {
		return 0
	}
	return int(f.face[r]) - 1
}

// Width measures a cleaned string in thousandths of the font size.
func (f *Font) Width(s string) int {
	w := 0
	for _, r := range s {
		w += f.width(r)
	}
	return w
}

func (f *Font) width(r rune) int {
	if r < 0 || r >= bmp {
		return 0
	}
	return int(f.advance[r])
}

// Real puts the code points back that aliases stand for in a cleaned string: for metadata, bookmarks and copied text.
func (f *Font) Real(s string) string {
	for i, r := range s {
		if f.real[r] != 0 {
			var b strings.Builder
			b.WriteString(s[:i])
			for _, r := range s[i:] {
				if real := f.real[r]; real != 0 {
					r = real
				}
				b.WriteRune(r)
			}
			return b.String()
		}
	}
	return s
}

// Aliases returns the aliases in use: private-use code point → the code point that it stands for.
func (f *Font) Aliases() map[rune]rune { return f.real }

// decode is utf8.DecodeRuneInString with a fast path.
func decode(s string, i int) (rune, int) {
	if s[i] < utf8.RuneSelf {
		return rune(s[i]), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}
