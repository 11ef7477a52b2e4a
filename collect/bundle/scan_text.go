package bundle

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf8"
)

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special has the high bit set in each byte of w that ends a run of plain ASCII: below 0x20, above 0x7F, quote or
// backslash. A byte above a special one may be marked wrongly, so only the lowest mark counts.
func special(w uint64) uint64 {
	quote := w ^ ones*'"'
	slash := w ^ ones*'\\'
	return (w | (w - ones*0x20) | (quote - ones) | (slash - ones)) & highs
}

// str consumes a string and returns what stands between the quotes, and whether that has escapes.
func (s *scanner) str() (text []byte, escaped bool, err error) {
	// The loop is for what nearly all strings are: plain ASCII without escapes.
	b, start := s.b, s.i+1
	for i := start; i+8 <= len(b); i += 8 {
		m := special(binary.LittleEndian.Uint64(b[i : i+8]))
		if m == 0 {
			continue
		}
		i += bits.TrailingZeros64(m) / 8
		if b[i] != '"' {
			return s.strFrom(start, i)
		}
		s.i = i + 1
		return b[start:i], false, nil
	}
	return s.strFrom(start, start)
}

// strFrom is str for a string that begins at start and is plain up to i.
func (s *scanner) strFrom(start, i int) (text []byte, escaped bool, err error) {
	b := s.b
	for {
		for i+8 <= len(b) {
			m := special(binary.LittleEndian.Uint64(b[i : i+8]))
			if m != 0 {
				i += bits.TrailingZeros64(m) / 8
				break
			}
			i += 8
		}
		if i >= len(b) {
			s.i = i
			return nil, false, s.fail("string without end")
		}
		switch c := b[i]; {
		case c == '"':
			s.i = i + 1
			return b[start:i], escaped, nil
		case c == '\\':
			n := 2
			if i+1 >= len(b) || b[i+1] != '"' { // a policy within a string is full of escaped quotes
				if n = escapeLen(b[i:]); n == 0 {
					s.i = i
					return nil, false, s.fail("escape that is not canonical")
				}
			}
			escaped = true
			i += n
		case c < 0x20:
			s.i = i
			return nil, false, s.fail("control character in a string")
		case c < 0x80:
			i++
		default:
			if i, err = s.runes(i); err != nil {
				return nil, false, err
			}
		}
	}
}

// runes skips the characters beyond ASCII that begin at i.
func (s *scanner) runes(i int) (int, error) {
	for i < len(s.b) && s.b[i] >= 0x80 {
		r, n := utf8.DecodeRune(s.b[i:])
		if r == utf8.RuneError && n == 1 {
			s.i = i
			return i, s.fail("invalid UTF-8")
		}
		i += n
	}
	return i, nil
}

// escapeLen returns the length of the canonical escape that b begins with, or 0.
func escapeLen(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(b) < 6 || b[2] != '0' || b[3] != '0' || b[4] != '0' && b[4] != '1' {
			return 0
		}
		c := b[5]
		hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f'
		if !hex || b[4] == '0' && bytes.IndexByte([]byte("89acd"), c) >= 0 {
			return 0
		}
		return 6
	}
	return 0
}

// unescape decodes the canonical escapes of a string that str has accepted.
func unescape(t []byte) []byte {
	out := make([]byte, 0, len(t))
	for i := 0; i < len(t); i++ {
		c := t[i]
		if c != '\\' {
			out = append(out, c)
			continue
		}
		i++
		switch t[i] {
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			v, _ := strconv.ParseUint(string(t[i+3:i+5]), 16, 8)
			c = byte(v)
			i += 4
		default:
			c = t[i]
		}
		out = append(out, c)
	}
	return out
}

// number consumes a number. It returns its text.
func (s *scanner) number() ([]byte, error) {
	start := s.i
	text := numberText(s.b[start:])
	if text == nil {
		return nil, s.fail("malformed number")
	}
	if len(text) > MaxNumber {
		return nil, s.fail("number longer than " + strconv.Itoa(MaxNumber) + " bytes")
	}
	if !isInteger(text) || string(text) == "-0" {
		canonical, err := canonicalNumber(nil, text)
		if err != nil || !bytes.Equal(canonical, text) {
			return nil, s.fail("number that is not canonical")
		}
	}
	s.i += len(text)
	return text, nil
}

// numberText returns the JSON number that b begins with, or nil.
func numberText(b []byte) []byte {
	i := 0
	digits := func() bool {
		start := i
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
		}
		return i > start
	}
	at := func(c byte) bool { return i < len(b) && b[i] == c }
	if at('-') {
		i++
	}
	if at('0') {
		i++
	} else if !digits() {
		return nil
	}
	if at('.') {
		i++
		if !digits() {
			return nil
		}
	}
	if at('e') || at('E') {
		i++
		if at('+') || at('-') {
			i++
		}
		if !digits() {
			return nil
		}
	}
	return b[:i]
}

func isInteger(number []byte) bool {
	for _, c := range number {
		if c == '.' || c == 'e' || c == 'E' {
			return false
		}
	}
	return true
}
