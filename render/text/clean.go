package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text is a cleaned string: every character of S can be drawn. Tokens are the parts of S that stand for something else.
type Text struct {
	S      string
	Tokens []Span
}

// Span is a range of bytes.
type Span struct{ Start, End int }

// Clean makes a name, an ARN, a value or any other one-line string drawable. It is normalised to NFC; then
//
//   - a broken byte becomes <0xE3>,
//   - control characters with line ends and tabs, bidirectional and zero-width characters, spaces of unusual width, private-use
//     characters and every character that no face has become <U+202E>,
//   - a "<" that would make text look like one of these becomes <U+003C>, so that no token can be forged.
//
// Nothing else changes and nothing is dropped.
func (f *Font) Clean(s string) Text { return f.clean(s, false) }

// CleanProse is Clean for text that people wrote to be read: line ends (LF, CR LF) stay as "\n" and no-break spaces stay.
func (f *Font) CleanProse(s string) Text { return f.clean(s, true) }

func (f *Font) clean(s string, prose bool) Text {
	if f.plain(s) {
		return Text{S: s}
	}
	if prose {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	s = norm.NFC.String(s)
	var b strings.Builder
	var tokens []Span
	token := func(format string, v any) {
		start := b.Len()
		fmt.Fprintf(&b, format, v)
		tokens = append(tokens, Span{start, b.Len()})
	}
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		switch {
		case r == utf8.RuneError && n == 1:
			token("<0x%02X>", s[i])
		case r == '\n' && prose, r == '\u00a0' && prose && f.Covers(r):
			b.WriteRune(r)
		case r == '<' && looksLikeToken(s[i:]), Hidden(r), !f.Covers(r):
			token("<U+%04X>", r)
		case r >= bmp:
			b.WriteRune(f.alias[r])
		default:
			b.WriteRune(r)
		}
		i += n
	}
	return Text{S: b.String(), Tokens: tokens}
}

// plain reports strings that need no change: printable ASCII without "<".
func (f *Font) plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || s[i] == '<' || f.face[s[i]] == 0 {
			return false
		}
	}
	return true
}

func looksLikeToken(s string) bool {
	return strings.HasPrefix(s, "<U+") || strings.HasPrefix(s, "<0x")
}

// Hidden reports characters that a reader cannot see or that change how others are read: controls, format characters (bidi,
// zero-width, tags, soft hyphen), surrogates, private use, line and paragraph separators, fillers that look like nothing,
// variation selectors, noncharacters and spaces other than U+0020 and U+3000.
func Hidden(r rune) bool {
	switch {
	case r >= ' ' && r <= '~':
		return false
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp):
		return true
	case unicode.Is(unicode.Zs, r):
		return r != ' ' && r != '\u3000'
	case r == 0x034f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x2800, r == 0x3164, r == 0xffa0: // fillers and blanks
		return true
	case r >= 0x180b && r <= 0x180f, r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef: // variation selectors
		return true
	}
	return r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
}
