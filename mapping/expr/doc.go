package expr

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// nodeKind is the kind of a JSON value.
type nodeKind uint8

const (
	nodeNull nodeKind = iota
	nodeFalse
	nodeTrue
	nodeNumber
	nodeString  // text without escapes
	nodeEscaped // text with escapes
	nodeArray
	nodeObject
)

// node is one JSON value or member name of a tree. The nodes of a tree lie in the order of the text: after an object
// come name, value, name, value …; next is the index after the whole value, so that a value is skipped in one step.
type node struct {
	start, end uint32 // in the text; of a string without its quotes
	next       uint32
	count      uint32 // elements of an array, members of an object
	kind       nodeKind
}

// tree is one strictly parsed JSON text. The text is kept as a string, so that every string taken out of it shares
// its memory and stays valid for ever; the nodes are reused when the tree is parsed again.
type tree struct {
	text  string
	nodes []node
	open  []uint32 // indexes of the containers that are not closed yet
}

// member returns the value of a member of the object at index o.
func (t *tree) member(o uint32, name string) (uint32, bool) {
	if t.nodes[o].kind != nodeObject {
		return 0, false
	}
	for i := o + 1; i < t.nodes[o].next; i = t.nodes[i+1].next {
		n := &t.nodes[i]
		if n.kind == nodeString {
			if t.text[n.start:n.end] == name {
				return i + 1, true
			}
		} else if t.str(i) == name {
			return i + 1, true
		}
	}
	return 0, false
}

// redactionNote is the member of the object that the collector keeps in place of a value that may be a secret.
const redactionNote = "__redacted"

// redacted says whether a note stands in place of the value.
func (t *tree) redacted(i uint32) bool {
	_, ok := t.member(i, redactionNote)
	return ok
}

// str returns the text of a string or member name.
func (t *tree) str(i uint32) string {
	n := &t.nodes[i]
	s := t.text[n.start:n.end]
	if n.kind == nodeEscaped {
		return unescape(s)
	}
	return s
}

// raw returns the JSON text of a value.
func (t *tree) raw(i uint32) string {
	n := &t.nodes[i]
	if n.kind == nodeString || n.kind == nodeEscaped {
		return t.text[n.start-1 : n.end+1]
	}
	return t.text[n.start:n.end]
}

// integer returns a number that is written as an integer and fits in 64 bits.
func (t *tree) integer(i uint32) (int64, bool) {
	n := &t.nodes[i]
	v, err := strconv.ParseInt(t.text[n.start:n.end], 10, 64)
	return v, err == nil && n.kind == nodeNumber
}

// float returns a number.
func (t *tree) float(i uint32) (float64, bool) {
	n := &t.nodes[i]
	v, err := strconv.ParseFloat(t.text[n.start:n.end], 64)
	return v, err == nil && n.kind == nodeNumber
}

// elements calls yield with the index of each element of an array.
func (t *tree) elements(a uint32, yield func(uint32) bool) {
	for i := a + 1; i < t.nodes[a].next; i = t.nodes[i].next {
		if !yield(i) {
			return
		}
	}
}

// pointer returns the RFC 6901 pointer of the value at index target.
func (t *tree) pointer(target uint32) string {
	var b strings.Builder
	for at := uint32(0); at != target; {
		i := at + 1
		if t.nodes[at].kind == nodeObject {
			for t.nodes[i+1].next <= target {
				i = t.nodes[i+1].next
			}
			b.WriteByte('/')
			b.WriteString(escapePointer(t.str(i)))
			at = i + 1
			continue
		}
		n := 0
		for t.nodes[i].next <= target {
			i = t.nodes[i].next
			n++
		}
		b.WriteByte('/')
		b.WriteString(strconv.Itoa(n))
		at = i
	}
	return b.String()
}

// escapePointer writes one reference token of a JSON pointer (RFC 6901, section 3).
func escapePointer(s string) string {
	if !strings.ContainsAny(s, "~/") {
		return s
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
}

// unescape returns the text of a JSON string whose escapes have been checked. A surrogate without its partner
// becomes U+FFFD, as encoding/json has it.
func unescape(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			r := hex4(s[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				low := rune(-1)
				if i+6 < len(s) && s[i+1] == '\\' && s[i+2] == 'u' {
					low = hex4(s[i+3:])
				}
				if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
					i += 6
				}
			}
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}

func hex4(s string) rune {
	v, _ := strconv.ParseUint(s[:4], 16, 32) // checked by the parser
	return rune(v)
}
