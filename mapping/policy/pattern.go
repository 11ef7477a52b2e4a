package policy

import "strings"

// covers says whether every text that the pattern narrow matches is also matched by the pattern wide. In both, *
// stands for any text and ? for one character. It may say no where the answer is yes, never the other way round.
func covers(wide, narrow string) bool {
	return glob(wide, narrow, func(w, n byte) bool { return n != '*' && (w == '?' || w == n && n != '?') })
}

// matches says whether the pattern matches the text.
func matches(pattern, text string) bool {
	return glob(pattern, text, func(p, c byte) bool { return p == '?' || p == c })
}

// glob runs a pattern over a text; * stands for any text, the other characters are compared by same.
func glob(pattern, text string, same func(p, c byte) bool) bool {
	p, t := 0, 0
	star, mark := -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && same(pattern[p], text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// overlap says whether some text is matched by both patterns.
func overlap(a, b string) bool {
	// reach[j]: a[:i] and b[:j] can stand for the same text.
	reach := make([]bool, len(b)+1)
	reach[0] = true
	for j := 1; j <= len(b) && b[j-1] == '*'; j++ {
		reach[j] = true
	}
	for i := 1; i <= len(a); i++ {
		before := reach[0]
		reach[0] = before && a[i-1] == '*'
		for j := 1; j <= len(b); j++ {
			up := reach[j]
			ca, cb := a[i-1], b[j-1]
			if ca == '*' || cb == '*' {
				reach[j] = up || reach[j-1]
			} else {
				reach[j] = before && (ca == cb || ca == '?' || cb == '?')
			}
			before = up
		}
	}
	return reach[len(b)]
}

func anyCovers(wide []string, narrow string) bool {
	for _, w := range wide {
		if covers(w, narrow) {
			return true
		}
	}
	return false
}

func hasWildcard(s string) bool { return strings.ContainsAny(s, "*?") }

// onlyStars says whether a pattern matches everything.
func onlyStars(s string) bool { return s != "" && strings.Trim(s, "*") == "" }
