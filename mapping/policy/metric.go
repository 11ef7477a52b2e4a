package policy

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MetricFilterCovers says whether a CloudWatch Logs metric filter pattern for JSON events (CloudWatch Logs User Guide,
// "Filter pattern syntax for metric filters") catches every CloudTrail event that a family of alarms is about. The
// pattern is run on a description of each such event in which everything else is left open: what the pattern says
// about an open field is unknown, and an unknown does not count as caught. A wider pattern covers too. What hangs on a regular
// expression is an error.
func MetricFilterCovers(pattern, family string) (bool, error) {
	events, ok := metricFamilies()[family]
	if !ok {
		return false, fmt.Errorf("there is no family of metric filters named %q", family)
	}
	p, err := parseFilter(pattern)
	if err != nil {
		return false, fmt.Errorf("reading the filter pattern: %w", err)
	}
	for _, e := range events {
		switch t := p.eval(e); {
		case t == unsure && strings.Contains(pattern, "%"):
			return false, errors.New("the filter pattern holds a regular expression, which is not evaluated here")
		case t != yes:
			return false, nil
		}
	}
	return true, nil
}

// truth is the answer of a part of a pattern on a partly described event.
type truth int

const (
	no truth = iota
	unsure
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// event describes CloudTrail events: what is said of a field holds for all of them, the rest is open.
type event map[string]field

// field is what is known of one field.
type field struct {
	value  string
	absent bool
	except []string // present, and any value but these
}

func is(value string) field             { return field{value: value} }
func anyBut(values ...string) field     { return field{except: values} }
func (f field) open() bool              { return f.except != nil }
func missingField() field               { return field{absent: true} }
func (f field) never(value string) bool { return f.open() && slices.Contains(f.except, value) }

// filter is a node of a parsed pattern.
type filter interface{ eval(event) truth }

type allOf []filter

func (a allOf) eval(e event) truth {
	t := yes
	for _, f := range a {
		t = min(t, f.eval(e))
	}
	return t
}

type anyOf []filter

func (a anyOf) eval(e event) truth {
	t := no
	for _, f := range a {
		t = max(t, f.eval(e))
	}
	return t
}

// test is one comparison: selector, operator, value.
type test struct {
	selector string
	operator string // "=", "!=", "<", "<=", ">", ">=", "exists", "not exists", "is"
	value    string
	number   bool
	regex    bool
}

func (t test) eval(e event) truth {
	f, known := e[t.selector]
	if !known {
		return unsure
	}
	switch t.operator {
	case "exists":
		return truthOf(!f.absent)
	case "not exists":
		return truthOf(f.absent)
	case "=", "!=":
	default:
		return unsure
	}
	equal := unsure
	switch {
	case t.regex:
	case f.absent:
		if t.operator == "=" {
			equal = no
		}
	case f.open():
		if f.never(t.value) {
			equal = no
		} else if onlyStars(t.value) {
			equal = yes
		}
	case t.number:
	default:
		equal = truthOf(glob(t.value, f.value, func(p, c byte) bool { return p == c }))
	}
	if t.operator == "!=" {
		return yes - equal
	}
	return equal
}

// token is one word of a pattern.
type token struct {
	text   string
	quoted bool
}

func (t token) is(text string) bool   { return !t.quoted && t.text == text }
func (t token) word(text string) bool { return !t.quoted && strings.EqualFold(t.text, text) }

// The largest filter pattern that CloudWatch Logs accepts has 1,024 characters.
const maxFilter = 4096

func parseFilter(pattern string) (filter, error) {
	if len(pattern) > maxFilter {
		return nil, errors.New("it is too long")
	}
	text := strings.TrimSpace(pattern)
	if !strings.HasPrefix(text, "{") || !strings.HasSuffix(text, "}") {
		return nil, errors.New("it is not a pattern for JSON events: no braces")
	}
	tokens, err := filterTokens(text[1 : len(text)-1])
	if err != nil {
		return nil, err
	}
	p := &filterParser{tokens: tokens}
	f, err := p.or()
	if err == nil && p.at < len(p.tokens) {
		err = fmt.Errorf("%q stands where the pattern should end", p.tokens[p.at].text)
	}
	return f, err
}

func filterTokens(s string) ([]token, error) {
	var out []token
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case strings.HasPrefix(s[i:], "&&"), strings.HasPrefix(s[i:], "||"), strings.HasPrefix(s[i:], "!="),
			strings.HasPrefix(s[i:], "<="), strings.HasPrefix(s[i:], ">="):
			out = append(out, token{text: s[i : i+2]})
			i += 2
		case strings.IndexByte("()=<>", c) >= 0:
			out = append(out, token{text: s[i : i+1]})
			i++
		case c == '"':
			text, n, err := quoted(s[i:])
			if err != nil {
				return nil, err
			}
			out = append(out, token{text, true})
			i += n
		case c == '%':
			end := strings.IndexByte(s[i+1:], '%')
			if end < 0 {
				return nil, errors.New("a regular expression does not end")
			}
			out = append(out, token{text: s[i : i+end+2]})
			i += end + 2
		default:
			n := strings.IndexAny(s[i:], " \t\r\n()=<>!&|\"")
			if n < 0 {
				n = len(s) - i
			}
			if n == 0 {
				return nil, fmt.Errorf("%q is not expected", c)
			}
			out = append(out, token{text: s[i : i+n]})
			i += n
		}
	}
	return out, nil
}

func quoted(s string) (text string, length int, err error) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), i + 1, nil
		case '\\':
			if i+1 < len(s) {
				i++
			}
		}
		b.WriteByte(s[i])
	}
	return "", 0, errors.New("a quotation does not end")
}

type filterParser struct {
	tokens []token
	at     int
	depth  int
}

func (p *filterParser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{}
}

func (p *filterParser) next() token {
	t := p.peek()
	p.at++
	return t
}

func (p *filterParser) or() (filter, error) {
	f, err := p.and()
	all := anyOf{f}
	for err == nil && p.peek().is("||") {
		p.at++
		f, err = p.and()
		all = append(all, f)
	}
	return all, err
}

func (p *filterParser) and() (filter, error) {
	f, err := p.term()
	all := allOf{f}
	for err == nil && p.peek().is("&&") {
		p.at++
		f, err = p.term()
		all = append(all, f)
	}
	return all, err
}

func (p *filterParser) term() (filter, error) {
	if !p.peek().is("(") {
		return p.test()
	}
	if p.depth++; p.depth > maxDepth*4 {
		return nil, errors.New("it is nested too deep")
	}
	p.at++
	f, err := p.or()
	if err == nil && !p.next().is(")") {
		err = errors.New("a bracket is not closed")
	}
	p.depth--
	return f, err
}

func (p *filterParser) test() (filter, error) {
	selector := p.next()
	if selector.quoted || !strings.HasPrefix(selector.text, "$.") {
		return nil, fmt.Errorf("%q stands where a selector such as $.eventName is needed", selector.text)
	}
	t := test{selector: selector.text}
	op := p.next()
	switch {
	case op.word("not"):
		if !p.next().word("exists") {
			return nil, errors.New("NOT without EXISTS")
		}
		t.operator = "not exists"
		return t, nil
	case op.word("exists"):
		t.operator = "exists"
		return t, nil
	case op.word("is"):
		what := p.next()
		if !what.word("true") && !what.word("false") && !what.word("null") {
			return nil, errors.New("IS without TRUE, FALSE or NULL")
		}
		t.operator, t.value = "is", strings.ToLower(what.text)
		return t, nil
	case !op.quoted && slices.Contains([]string{"=", "!=", "<", "<=", ">", ">="}, op.text):
		t.operator = op.text
	default:
		return nil, fmt.Errorf("%q stands where an operator is needed", op.text)
	}
	v := p.next()
	if !v.quoted && (v.text == "" || strings.ContainsAny(v.text[:1], "()=<>!&|")) {
		return nil, fmt.Errorf("no value after %s %s", t.selector, t.operator)
	}
	t.value = v.text
	if !v.quoted {
		_, err := strconv.ParseFloat(v.text, 64)
		t.number = err == nil
		t.regex = strings.HasPrefix(v.text, "%")
	}
	return t, nil
}
