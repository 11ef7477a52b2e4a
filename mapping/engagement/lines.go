package engagement

import (
	"fmt"
	"strings"
)

// positions holds the line of every key of a TOML text, by the path of its value: "attestation/0/signer". The TOML
// library reports lines for syntax errors only.
type positions map[string]int

// of returns the line of a value, or of the nearest thing around it that has one.
func (p positions) of(path string) int {
	for {
		if n, ok := p[path]; ok {
			return n
		}
		i := strings.LastIndexByte(path, '/')
		if i < 0 {
			return 1
		}
		path = path[:i]
	}
}

// locate finds the keys of a TOML text that has been parsed already: it need not find mistakes.
func locate(text string) positions {
	l := locator{text: text, line: 1, found: positions{}, tables: map[string]int{}}
	for l.i < len(l.text) {
		l.space(true)
		switch {
		case l.i >= len(l.text):
		case strings.HasPrefix(l.text[l.i:], "[["):
			l.i += 2
			l.header(l.keys(), true)
		case l.text[l.i] == '[':
			l.i++
			l.header(l.keys(), false)
		default:
			l.pair(l.prefix)
		}
	}
	return l.found
}

type locator struct {
	text   string
	i      int
	line   int
	prefix string
	found  positions
	tables map[string]int // elements of each array of tables so far
}

func (l *locator) next() {
	if l.text[l.i] == '\n' {
		l.line++
	}
	l.i++
}

// space skips white space and comments, also line ends if lines is set.
func (l *locator) space(lines bool) {
	for l.i < len(l.text) {
		switch c := l.text[l.i]; {
		case c == ' ' || c == '\t' || c == '\r' || lines && c == '\n':
			l.next()
		case c == '#':
			for l.i < len(l.text) && l.text[l.i] != '\n' {
				l.i++
			}
		default:
			return
		}
	}
}

// keys reads a dotted key.
func (l *locator) keys() []string {
	var out []string
	for l.i < len(l.text) {
		l.space(false)
		if l.i < len(l.text) && (l.text[l.i] == '"' || l.text[l.i] == '\'') {
			out = append(out, l.str())
		} else {
			start := l.i
			for l.i < len(l.text) && !strings.ContainsRune(" \t.=]\r\n", rune(l.text[l.i])) {
				l.i++
			}
			out = append(out, l.text[start:l.i])
		}
		l.space(false)
		if l.i >= len(l.text) || l.text[l.i] != '.' {
			break
		}
		l.i++
	}
	return out
}

// header reads the rest of a table header.
func (l *locator) header(keys []string, array bool) {
	path := ""
	for i, k := range keys {
		path = strings.TrimPrefix(path+"/"+k, "/")
		last := i == len(keys)-1
		if n, ok := l.tables[path]; ok && !last {
			path = fmt.Sprintf("%s/%d", path, n-1)
		}
		if last && array {
			n := l.tables[path]
			l.tables[path] = n + 1
			l.mark(path)
			path = fmt.Sprintf("%s/%d", path, n)
		}
	}
	l.mark(path)
	l.prefix = path
	for l.i < len(l.text) && l.text[l.i] == ']' {
		l.i++
	}
}

func (l *locator) mark(path string) {
	if _, ok := l.found[path]; !ok {
		l.found[path] = l.line
	}
}

// pair reads key = value.
func (l *locator) pair(prefix string) {
	start := l.i
	path := prefix
	for _, k := range l.keys() {
		path = strings.TrimPrefix(path+"/"+k, "/")
		l.mark(path)
	}
	if l.i < len(l.text) && l.text[l.i] == '=' {
		l.i++
		l.value(path)
	}
	if l.i == start { // nothing that a key can begin with: go on, whatever it is
		l.next()
	}
}

// value reads a value.
func (l *locator) value(path string) {
	l.space(false)
	if l.i >= len(l.text) {
		return
	}
	switch l.text[l.i] {
	case '"', '\'':
		l.str()
	case '[':
		l.i++
		for n := 0; ; n++ {
			l.space(true)
			if l.i >= len(l.text) || l.text[l.i] == ']' {
				break
			}
			at := fmt.Sprintf("%s/%d", path, n)
			l.mark(at)
			l.value(at)
			l.comma()
		}
		l.i++
	case '{':
		l.i++
		for {
			l.space(true)
			if l.i >= len(l.text) || l.text[l.i] == '}' {
				break
			}
			l.pair(path)
			l.comma()
		}
		l.i++
	default:
		start := l.i
		for l.i < len(l.text) && !strings.ContainsRune(",]}#\n", rune(l.text[l.i])) {
			l.i++
		}
		if l.i == start {
			l.next()
		}
	}
}

func (l *locator) comma() {
	l.space(true)
	if l.i < len(l.text) && l.text[l.i] == ',' {
		l.i++
	}
}

// str reads a string of any of the four kinds and returns what stands in it, escapes as they are.
func (l *locator) str() string {
	quote := l.text[l.i : l.i+1]
	if strings.HasPrefix(l.text[l.i:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	l.i += len(quote)
	start := l.i
	for l.i < len(l.text) && !strings.HasPrefix(l.text[l.i:], quote) {
		if l.text[l.i] == '\\' && quote[0] == '"' && l.i+1 < len(l.text) {
			l.next()
		}
		l.next()
	}
	out := l.text[start:min(l.i, len(l.text))]
	l.i += len(quote)
	for len(quote) == 3 && l.i < len(l.text) && l.text[l.i] == quote[0] { // """ may follow up to two quotes that belong to the text
		l.i++
	}
	return out
}
