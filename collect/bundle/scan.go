package bundle

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf8"
)

// scanner walks canonical JSON: RFC 8785 without white space, with members in ascending order of their names as
// UTF-16, the shortest escapes, and numbers as ECMAScript prints them; except that an integer keeps its digits,
// however many, because it never goes through a float64. There is exactly one such text for a value, duplicate
// names cannot occur, and invalid UTF-8 and lone surrogates are refused.
type scanner struct {
	b     []byte
	i     int
	depth int
}

// fail reports text that is not canonical JSON at the current byte.
func (s *scanner) fail(what string) error {
	return refuse(ReasonJSON, "", "%s at byte %d", what, s.i+1)
}

// wrong reports JSON that is not what a record holds there.
func (s *scanner) wrong(what string) error {
	return refuse(ReasonRecordMalformed, "", "%s at byte %d", what, s.i+1)
}

// checkJSON accepts b if it is one canonical JSON value and nothing else.
func checkJSON(b []byte) error {
	s := scanner{b: b}
	if err := s.value(); err != nil {
		return err
	}
	return s.end()
}

func (s *scanner) end() error {
	if s.i != len(s.b) {
		return s.fail("bytes after the value")
	}
	return nil
}

func (s *scanner) peek() byte {
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

// lit consumes the given text.
func (s *scanner) lit(text string) bool {
	if len(s.b)-s.i < len(text) || string(s.b[s.i:s.i+len(text)]) != text {
		return false
	}
	s.i += len(text)
	return true
}

// value consumes any value.
func (s *scanner) value() error {
	switch c := s.peek(); {
	case c == '"':
		_, _, err := s.str()
		return err
	case c == '{':
		return s.anyObject()
	case c == '[':
		return s.anyArray()
	case c == '-' || c >= '0' && c <= '9':
		_, err := s.number()
		return err
	case s.lit("true") || s.lit("false") || s.lit("null"):
		return nil
	}
	return s.fail("no JSON value")
}

func (s *scanner) enter() error {
	if s.depth++; s.depth > MaxDepth {
		return s.fail("nested deeper than " + strconv.Itoa(MaxDepth))
	}
	s.i++
	return nil
}

// anyObject is object with a callback that consumes any value, written out because it is the hot loop.
func (s *scanner) anyObject() error {
	if err := s.enter(); err != nil {
		return err
	}
	if s.peek() == '}' {
		s.i++
		s.depth--
		return nil
	}
	var prev name
	for {
		if err := s.name(&prev); err != nil {
			return err
		}
		if err := s.value(); err != nil {
			return err
		}
		if s.peek() == ',' {
			s.i++
			continue
		}
		_, err := s.next('}')
		return err
	}
}

func (s *scanner) anyArray() error {
	if err := s.enter(); err != nil {
		return err
	}
	if s.peek() == ']' {
		s.i++
		s.depth--
		return nil
	}
	for {
		if err := s.value(); err != nil {
			return err
		}
		if done, err := s.next(']'); done || err != nil {
			return err
		}
	}
}

// next consumes the comma before another member or element, or the closing bracket.
func (s *scanner) next(closing byte) (done bool, err error) {
	switch s.peek() {
	case ',':
		s.i++
		return false, nil
	case closing:
		s.i++
		s.depth--
		return true, nil
	}
	return false, s.fail("want , or " + string(closing))
}

// object consumes an object; member must consume the value of each named member.
func (s *scanner) object(member func(name []byte) error) error {
	if s.peek() != '{' {
		return s.wrong("want an object")
	}
	if err := s.enter(); err != nil {
		return err
	}
	if s.peek() == '}' {
		s.i++
		s.depth--
		return nil
	}
	return s.members(member)
}

// members consumes an object from its first name on.
func (s *scanner) members(member func(name []byte) error) error {
	var prev name
	for {
		if err := s.name(&prev); err != nil {
			return err
		}
		if err := member(prev.text); err != nil {
			return err
		}
		if done, err := s.next('}'); done || err != nil {
			return err
		}
	}
}

// array consumes an array; element must consume each element.
func (s *scanner) array(element func() error) error {
	if s.peek() != '[' {
		return s.wrong("want an array")
	}
	if err := s.enter(); err != nil {
		return err
	}
	if s.peek() == ']' {
		s.i++
		s.depth--
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		if done, err := s.next(']'); done || err != nil {
			return err
		}
	}
}

// name is the last member name of an object.
type name struct {
	text []byte
	set  bool
}

// name consumes a member name and its colon and checks that it stands after prev.
func (s *scanner) name(prev *name) error {
	if s.peek() != '"' {
		return s.fail("want a member name")
	}
	start := s.i
	text, escaped, err := s.str()
	if err != nil {
		return err
	}
	if escaped {
		text = unescape(text)
	}
	if prev.set {
		if c := compareUTF16(prev.text, text); c >= 0 {
			s.i = start
			if c == 0 {
				return s.fail("duplicate member name")
			}
			return s.fail("member names not in canonical order")
		}
	}
	prev.text, prev.set = text, true
	if s.peek() != ':' {
		return s.fail("want :")
	}
	s.i++
	return nil
}

// compareUTF16 compares valid UTF-8 texts by their UTF-16 code units, which is RFC 8785's order. It differs from
// the order of the bytes only between U+E000…U+FFFF (first byte 0xEE, 0xEF) and what lies above (0xF0 and up).
func compareUTF16(a, b []byte) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) {
			return int(y) - int(x)
		}
		return int(x) - int(y)
	}
	return len(a) - len(b)
}

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
