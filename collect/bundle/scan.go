package bundle

import (
	"strconv"
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
