package expr

import (
	"fmt"
	"math"
	"unicode/utf8"
)

// Limits of a JSON text. They are those of the bundle format.
const (
	maxJSONDepth = 64
	maxJSONBytes = math.MaxUint32 / 2
)

// SyntaxError says where a JSON text is not what the bundle format allows.
type SyntaxError struct {
	Offset  int // in bytes
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("JSON at byte %d: %s", e.Offset, e.Message) }

// parse reads one JSON text (RFC 8259) and refuses what two parsers could read differently: invalid UTF-8, a name
// that occurs twice in an object, anything after the value; and what nests deeper than maxJSONDepth.
func (t *tree) parse(text string) error {
	t.text, t.nodes, t.open = text, t.nodes[:0], t.open[:0]
	if len(text) > maxJSONBytes {
		return &SyntaxError{0, "text too long"}
	}
	if !utf8.ValidString(text) {
		return &SyntaxError{0, "not UTF-8"}
	}
	i, err := t.value(space(text, 0))
	for err == nil {
		if len(t.open) == 0 {
			if i = space(text, i); i < len(text) {
				return &SyntaxError{i, "data after the value"}
			}
			return nil
		}
		i, err = t.next(i)
	}
	return err
}

// next goes on inside the innermost open container, after its bracket or after one of its values.
func (t *tree) next(i int) (int, error) {
	at := t.open[len(t.open)-1]
	c := &t.nodes[at]
	i = space(t.text, i)
	if i >= len(t.text) {
		return i, &SyntaxError{i, "unexpected end"}
	}
	object := c.kind == nodeObject
	if ch := t.text[i]; ch == '}' && object || ch == ']' && !object {
		c.end, c.next = uint32(i+1), uint32(len(t.nodes))
		t.open = t.open[:len(t.open)-1]
		if name, twice := t.repeatedInBig(at); twice {
			return i, &SyntaxError{i, fmt.Sprintf("member %q occurs twice", name)}
		}
		return i + 1, nil
	}
	if c.count > 0 {
		if t.text[i] != ',' {
			return i, &SyntaxError{i, "expected a comma or the end of the container"}
		}
		i = space(t.text, i+1)
	}
	c.count++
	if !object {
		return t.value(i)
	}
	if i >= len(t.text) || t.text[i] != '"' {
		return i, &SyntaxError{i, "expected a member name"}
	}
	name := uint32(len(t.nodes))
	j, err := t.string(i)
	if err != nil {
		return j, err
	}
	if t.nodes[at].count <= bigObject && t.repeated(at, name) {
		return i, &SyntaxError{i, fmt.Sprintf("member %q occurs twice", t.str(name))}
	}
	if j = space(t.text, j); j >= len(t.text) || t.text[j] != ':' {
		return j, &SyntaxError{j, "expected a colon"}
	}
	return t.value(space(t.text, j+1))
}

// bigObject is the number of members above which names are compared through a map, once, at the end of the object.
const bigObject = 32

// repeatedInBig returns a name that stands twice in the closed object at index at, if that one is big.
func (t *tree) repeatedInBig(at uint32) (string, bool) {
	if t.nodes[at].kind != nodeObject || t.nodes[at].count <= bigObject {
		return "", false
	}
	seen := make(map[string]struct{}, t.nodes[at].count)
	for i := at + 1; i < t.nodes[at].next; i = t.nodes[i+1].next {
		name := t.str(i)
		if _, ok := seen[name]; ok {
			return name, true
		}
		seen[name] = struct{}{}
	}
	return "", false
}

// repeated says whether the name at index name stands in the object at index object already.
func (t *tree) repeated(object, name uint32) bool {
	n := &t.nodes[name]
	text, plain := t.text[n.start:n.end], n.kind == nodeString
	for i := object + 1; i < name; i = t.nodes[i+1].next {
		o := &t.nodes[i]
		if plain && o.kind == nodeString {
			if t.text[o.start:o.end] == text {
				return true
			}
		} else if t.str(i) == t.str(name) {
			return true
		}
	}
	return false
}

// value reads a scalar, or the opening bracket of a container.
func (t *tree) value(i int) (int, error) {
	if i >= len(t.text) {
		return i, &SyntaxError{i, "unexpected end"}
	}
	switch c := t.text[i]; c {
	case '{', '[':
		if len(t.open) >= maxJSONDepth {
			return i, &SyntaxError{i, "nested too deep"}
		}
		kind := nodeArray
		if c == '{' {
			kind = nodeObject
		}
		t.open = append(t.open, uint32(len(t.nodes)))
		t.nodes = append(t.nodes, node{start: uint32(i), kind: kind})
		return i + 1, nil
	case '"':
		return t.string(i)
	case 't':
		return t.literal(i, "true", nodeTrue)
	case 'f':
		return t.literal(i, "false", nodeFalse)
	case 'n':
		return t.literal(i, "null", nodeNull)
	}
	return t.number(i)
}

func (t *tree) add(start, end int, k nodeKind) {
	t.nodes = append(t.nodes, node{start: uint32(start), end: uint32(end), next: uint32(len(t.nodes) + 1), kind: k})
}

func (t *tree) literal(i int, word string, k nodeKind) (int, error) {
	if len(t.text)-i < len(word) || t.text[i:i+len(word)] != word {
		return i, &SyntaxError{i, "unexpected character"}
	}
	t.add(i, i+len(word), k)
	return i + len(word), nil
}

// string reads a string; i is at its opening quote.
func (t *tree) string(i int) (int, error) {
	s, kind := t.text, nodeString
	for j := i + 1; j < len(s); j++ {
		switch c := s[j]; {
		case c == '"':
			t.add(i+1, j, kind)
			return j + 1, nil
		case c < 0x20:
			return j, &SyntaxError{j, "control character in a string"}
		case c == '\\':
			kind = nodeEscaped
			n := escapeLength(s[j:])
			if n == 0 {
				return j, &SyntaxError{j, "unknown escape"}
			}
			j += n - 1
		}
	}
	return len(s), &SyntaxError{len(s), "unexpected end"}
}

// escapeLength returns the length of the escape that s starts with, 0 if it is none.
func escapeLength(s string) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(s) < 6 {
			return 0
		}
		for _, c := range []byte(s[2:6]) {
			if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
				return 0
			}
		}
		return 6
	}
	return 0
}

func (t *tree) number(i int) (int, error) {
	s, j := t.text, i
	if s[j] == '-' {
		j++
	}
	whole := digits(s, j)
	if whole == j || s[j] == '0' && whole > j+1 {
		return i, &SyntaxError{i, "unexpected character"}
	}
	j = whole
	if j < len(s) && s[j] == '.' {
		k := digits(s, j+1)
		if k == j+1 {
			return j, &SyntaxError{j, "number without digits after the point"}
		}
		j = k
	}
	if j < len(s) && s[j]|0x20 == 'e' {
		k := j + 1
		if k < len(s) && (s[k] == '+' || s[k] == '-') {
			k++
		}
		e := digits(s, k)
		if e == k {
			return j, &SyntaxError{j, "number without an exponent"}
		}
		j = e
	}
	t.add(i, j, nodeNumber)
	return j, nil
}

func digits(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

func space(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\r' || s[i] == '\t') {
		i++
	}
	return i
}
