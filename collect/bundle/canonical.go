package bundle

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Canonical returns the canonical form of one JSON text: what the records of a bundle hold (see the package
// comment). White space, member order, escapes and the spelling of numbers do not matter in the input; duplicate
// names, invalid UTF-8, lone surrogates and anything beyond MaxDepth or MaxNumber are errors.
func Canonical(text []byte) ([]byte, error) {
	c := canonicaliser{b: text}
	out, err := c.value(make([]byte, 0, len(text)))
	if err != nil {
		return nil, err
	}
	c.space()
	if c.i != len(c.b) {
		return nil, c.fail("bytes after the value")
	}
	return out, nil
}

type canonicaliser struct {
	b     []byte
	i     int
	depth int
}

func (c *canonicaliser) fail(what string) error {
	return fmt.Errorf("JSON: %s at byte %d", what, c.i+1)
}

func (c *canonicaliser) space() {
	for c.i < len(c.b) {
		switch c.b[c.i] {
		case ' ', '\t', '\n', '\r':
			c.i++
		default:
			return
		}
	}
}

func (c *canonicaliser) peek() byte {
	if c.i < len(c.b) {
		return c.b[c.i]
	}
	return 0
}

// value appends the canonical form of the next value to out.
func (c *canonicaliser) value(out []byte) ([]byte, error) {
	c.space()
	switch p := c.peek(); {
	case p == '"':
		t, err := c.str()
		if err != nil {
			return nil, err
		}
		return appendString(out, t), nil
	case p == '{':
		return c.object(out)
	case p == '[':
		return c.array(out)
	case p == '-' || p >= '0' && p <= '9':
		t := numberText(c.b[c.i:])
		if t == nil {
			return nil, c.fail("malformed number")
		}
		out, err := canonicalNumber(out, t)
		if err != nil {
			return nil, c.fail(err.Error())
		}
		c.i += len(t)
		return out, nil
	}
	for _, w := range []string{"true", "false", "null"} {
		if len(c.b)-c.i >= len(w) && string(c.b[c.i:c.i+len(w)]) == w {
			c.i += len(w)
			return append(out, w...), nil
		}
	}
	return nil, c.fail("no JSON value")
}

func (c *canonicaliser) enter() error {
	if c.depth++; c.depth > MaxDepth {
		return c.fail("nested deeper than " + strconv.Itoa(MaxDepth))
	}
	c.i++
	c.space()
	return nil
}

// next consumes a comma, or the closing bracket.
func (c *canonicaliser) next(closing byte) (done bool, err error) {
	c.space()
	switch c.peek() {
	case ',':
		c.i++
		c.space()
		return false, nil
	case closing:
		c.i++
		c.depth--
		return true, nil
	}
	return false, c.fail("want , or " + string(closing))
}

func (c *canonicaliser) array(out []byte) ([]byte, error) {
	if err := c.enter(); err != nil {
		return nil, err
	}
	out = append(out, '[')
	if c.peek() == ']' {
		c.i++
		c.depth--
		return append(out, ']'), nil
	}
	for {
		var err error
		if out, err = c.value(out); err != nil {
			return nil, err
		}
		done, err := c.next(']')
		if err != nil {
			return nil, err
		}
		if done {
			return append(out, ']'), nil
		}
		out = append(out, ',')
	}
}

// object writes the members in the order in which they come and then sorts them in place.
func (c *canonicaliser) object(out []byte) ([]byte, error) {
	if err := c.enter(); err != nil {
		return nil, err
	}
	type member struct {
		name     string
		from, to int // of `"name":value` in out
	}
	var members []member
	out = append(out, '{')
	start := len(out)
	if c.peek() == '}' {
		c.i++
		c.depth--
		return append(out, '}'), nil
	}
	for {
		if c.peek() != '"' {
			return nil, c.fail("want a member name")
		}
		t, err := c.str()
		if err != nil {
			return nil, err
		}
		m := member{name: string(t), from: len(out)}
		out = append(appendString(out, t), ':')
		if c.space(); c.peek() != ':' {
			return nil, c.fail("want :")
		}
		c.i++
		if out, err = c.value(out); err != nil {
			return nil, err
		}
		m.to = len(out)
		members = append(members, m)
		done, err := c.next('}')
		if err != nil {
			return nil, err
		}
		if done {
			break
		}
	}
	slices.SortStableFunc(members, func(a, b member) int { return compareUTF16([]byte(a.name), []byte(b.name)) })
	raw := slices.Clone(out[start:])
	out = out[:start]
	for i, m := range members {
		if i > 0 {
			if m.name == members[i-1].name {
				return nil, c.fail(fmt.Sprintf("duplicate member name %q in the object that ends", m.name))
			}
			out = append(out, ',')
		}
		out = append(out, raw[m.from-start:m.to-start]...)
	}
	return append(out, '}'), nil
}

// str consumes a string and returns its decoded text.
func (c *canonicaliser) str() ([]byte, error) {
	c.i++
	var out []byte
	for c.i < len(c.b) {
		switch b := c.b[c.i]; {
		case b == '"':
			c.i++
			return out, nil
		case b < 0x20:
			return nil, c.fail("control character in a string")
		case b == '\\':
			r, n := decodeEscape(c.b[c.i:])
			if n == 0 {
				return nil, c.fail("malformed escape or lone surrogate")
			}
			out = utf8.AppendRune(out, r)
			c.i += n
		default:
			r, n := utf8.DecodeRune(c.b[c.i:])
			if r == utf8.RuneError && n == 1 {
				return nil, c.fail("invalid UTF-8")
			}
			out = append(out, c.b[c.i:c.i+n]...)
			c.i += n
		}
	}
	return nil, c.fail("string without end")
}

// decodeEscape decodes the escape that b begins with, a surrogate pair as one; n is 0 if there is none.
func decodeEscape(b []byte) (r rune, n int) {
	if len(b) < 2 {
		return 0, 0
	}
	switch b[1] {
	case '"', '\\', '/':
		return rune(b[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
	default:
		return 0, 0
	}
	hi, ok := hex4(b)
	switch {
	case !ok:
		return 0, 0
	case hi < 0xD800 || hi > 0xDFFF:
		return hi, 6
	case hi > 0xDBFF:
		return 0, 0
	}
	lo, ok := hex4(b[6:])
	if !ok || lo < 0xDC00 || lo > 0xDFFF {
		return 0, 0
	}
	return 0x10000 + (hi-0xD800)<<10 + (lo - 0xDC00), 12
}

// hex4 reads \uXXXX.
func hex4(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var v rune
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			v = v<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return v, true
}

// appendString appends text as a JSON string with RFC 8785's escapes.
func appendString(out, text []byte) []byte {
	const digits = "0123456789abcdef"
	out = append(out, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c >= 0x20:
			out = append(out, c)
		case c == '\b':
			out = append(out, `\b`...)
		case c == '\f':
			out = append(out, `\f`...)
		case c == '\n':
			out = append(out, `\n`...)
		case c == '\r':
			out = append(out, `\r`...)
		case c == '\t':
			out = append(out, `\t`...)
		default:
			out = append(out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
	return append(out, '"')
}

// canonicalNumber appends the canonical form of a JSON number. An integer keeps its digits; everything else is
// printed as ECMAScript prints the nearest float64.
func canonicalNumber(out, text []byte) ([]byte, error) {
	if len(text) > MaxNumber {
		return nil, fmt.Errorf("number longer than %d bytes", MaxNumber)
	}
	if isInteger(text) {
		if string(text) == "-0" {
			text = text[1:]
		}
		return append(out, text...), nil
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return nil, fmt.Errorf("number %s is out of range", text)
	}
	if f == 0 {
		return append(out, '0'), nil
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(out, f, 'f', -1, 64), nil
	}
	out = strconv.AppendFloat(out, f, 'e', -1, 64)
	if n := len(out); out[n-4] == 'e' && out[n-3] == '-' && out[n-2] == '0' { // 1e-07 is 1e-7
		out = append(out[:n-2], out[n-1])
	}
	return out, nil
}
