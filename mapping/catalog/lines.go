package catalog

import (
	"fmt"
	"strings"
)

// lines knows where the keys of a TOML text stand. Paths are JSON pointers into the decoded document.
type lines struct {
	key   map[string]int // line of the key, header or element
	value map[string]int // line on which the text of a string value begins
}

// at returns the line of a path, or of the nearest one above that is known.
func (l lines) at(path string) int {
	for path != "" {
		if n, ok := l.key[path]; ok {
			return n
		}
		path = path[:strings.LastIndexByte(path, '/')]
	}
	return 1
}

// scanner walks over a TOML text that the decoder has accepted, only to find the lines; so it does not check anything.
type scanner struct {
	text   string
	pos    int
	line   int
	out    lines
	arrays map[string]int // number of tables in an array of tables so far
}

// findLines finds the lines of everything in a valid TOML text.
func findLines(text string) lines {
	s := &scanner{text: text, line: 1, out: lines{map[string]int{}, map[string]int{}}, arrays: map[string]int{}}
	table := ""
	for s.blank(); s.pos < len(s.text); s.blank() {
		if s.peek() != '[' {
			s.pair(table)
			continue
		}
		many := strings.HasPrefix(s.text[s.pos:], "[[")
		line := s.line
		s.pos += 1 + btoi(many)
		table = s.header(s.keys(), many)
		s.mark(table, line)
		for s.pos < len(s.text) && s.peek() == ']' {
			s.pos++
		}
	}
	return s.out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *scanner) peek() byte { return s.text[s.pos] }

// mark notes the line of a path and of those above that are not noted yet.
func (s *scanner) mark(path string, line int) {
	for path != "" {
		if _, ok := s.out.key[path]; ok {
			return
		}
		s.out.key[path] = line
		path = path[:strings.LastIndexByte(path, '/')]
	}
}

// header returns the path of a table header: inside an array of tables it means the last table of it.
func (s *scanner) header(keys []string, many bool) string {
	path := ""
	for i, k := range keys {
		path += "/" + escapePointer(k)
		n, isArray := s.arrays[path]
		switch {
		case i == len(keys)-1 && many:
			s.arrays[path] = n + 1
			path = fmt.Sprintf("%s/%d", path, n)
		case isArray:
			path = fmt.Sprintf("%s/%d", path, n-1)
		}
	}
	return path
}

func escapePointer(s string) string {
	if !strings.ContainsAny(s, "~/") {
		return s
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
}

// blank skips white space, line ends and comments.
func (s *scanner) blank() {
	for s.pos < len(s.text) {
		switch s.peek() {
		case '\n':
			s.line++
			s.pos++
		case ' ', '\t', '\r':
			s.pos++
		case '#':
			for s.pos < len(s.text) && s.peek() != '\n' {
				s.pos++
			}
		default:
			return
		}
	}
}

// keys reads a dotted key.
func (s *scanner) keys() []string {
	var out []string
	for {
		s.blank()
		if s.pos < len(s.text) && (s.peek() == '"' || s.peek() == '\'') {
			start := s.pos
			s.str()
			out = append(out, s.text[start+1:s.pos-1])
		} else {
			start := s.pos
			for s.pos < len(s.text) && !strings.ContainsRune(" \t\r\n.=]", rune(s.peek())) {
				s.pos++
			}
			out = append(out, s.text[start:s.pos])
		}
		s.blank()
		if s.pos >= len(s.text) || s.peek() != '.' {
			return out
		}
		s.pos++
	}
}

// pair reads key = value.
func (s *scanner) pair(table string) {
	line := s.line
	path := table
	for _, k := range s.keys() {
		path += "/" + escapePointer(k)
	}
	s.mark(path, line)
	if s.pos < len(s.text) {
		s.pos++ // the equals sign
	}
	s.value(path)
}

func (s *scanner) value(path string) {
	s.blank()
	if s.pos >= len(s.text) {
		return
	}
	s.mark(path, s.line)
	switch s.peek() {
	case '"', '\'':
		s.out.value[path] = s.line + btoi(s.opensLine())
		s.str()
	case '[':
		s.pos++
		for i := 0; ; i++ {
			if s.closes(']') {
				return
			}
			s.value(fmt.Sprintf("%s/%d", path, i))
		}
	case '{':
		s.pos++
		for !s.closes('}') {
			s.pair(path)
		}
	default:
		for s.pos < len(s.text) && !strings.ContainsRune(",]}#\n", rune(s.peek())) {
			s.pos++
		}
	}
}

// closes skips separators and says whether the container ends.
func (s *scanner) closes(end byte) bool {
	for s.blank(); s.pos < len(s.text) && s.peek() == ','; s.blank() {
		s.pos++
	}
	if s.pos >= len(s.text) {
		return true
	}
	if s.peek() == end {
		s.pos++
		return true
	}
	return false
}

// opensLine says whether a multi-line string begins here whose text begins on the next line.
func (s *scanner) opensLine() bool {
	rest := s.text[s.pos:]
	for _, q := range []string{`"""`, `'''`} {
		if strings.HasPrefix(rest, q+"\n") || strings.HasPrefix(rest, q+"\r\n") {
			return true
		}
	}
	return false
}

// str skips a string of any of the four forms.
func (s *scanner) str() {
	quote := s.text[s.pos : s.pos+1]
	if strings.HasPrefix(s.text[s.pos:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	s.pos += len(quote)
	for s.pos < len(s.text) {
		switch {
		case strings.HasPrefix(s.text[s.pos:], quote):
			s.pos += len(quote)
			for len(quote) == 3 && s.pos < len(s.text) && s.peek() == quote[0] { // up to two quotes before the end
				s.pos++
			}
			return
		case s.peek() == '\\' && quote[0] == '"':
			if s.pos++; s.pos < len(s.text) && s.peek() == '\n' {
				s.line++
			}
		case s.peek() == '\n':
			s.line++
		}
		s.pos++
	}
}
