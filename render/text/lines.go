package text

import "strings"

// Line is one line of a Text: the bytes from Start to End, in which End is the Start of the next line. A space at which
// the line was broken and a line end stay at its end; Width, in thousandths of the font size, leaves them out.
type Line struct {
	Start, End int
	Width      int
}

// Of returns what is to be drawn of t: the line without the spaces and the line end that it was broken at.
func (l Line) Of(t Text) string { return strings.TrimRight(t.S[l.Start:l.End], " \n") }

// Kinds of places between two characters, in rising order of preference.
const (
	never  = iota
	inside // within an identifier, after one of its separators, and around a token
	normal // where prose may be broken
)

// Wrap breaks t into lines of at most limit thousandths of the font size. It breaks where Japanese rules (kinsoku: no closing
// bracket, small kana or full stop at the start of a line, no opening bracket at its end) and English rules allow;
// failing that, after the separators of an ARN; failing that, anywhere, but keeping kinsoku as long as a character remains.
// A line is wider than limit only if it holds a single character. The lines together are t, byte for byte; there is at least one.
func (f *Font) Wrap(t Text, limit int) []Line {
	lines := make([]Line, 0, 4)
	start, token := 0, 0
	for {
		end := len(t.S)
		if nl := strings.IndexByte(t.S[start:], '\n'); nl >= 0 {
			end = start + nl + 1
		}
		w := wrapper{font: f, text: t, limit: limit, start: start, prose: strings.IndexByte(t.S, ' ') >= 0, token: token}
		lines = w.paragraph(lines, end)
		if end == len(t.S) {
			if strings.HasSuffix(t.S, "\n") {
				lines = append(lines, Line{Start: end, End: end})
			}
			return lines
		}
		start, token = end, w.token
	}
}

// place is a position at which a line may end, with the width up to it (without the spaces before it).
type place struct{ at, width, inked int }

// wrapper breaks one paragraph.
type wrapper struct {
	font  *Font
	text  Text
	limit int
	start int  // of the current line
	prose bool // there are spaces, so a hyphen is one of prose
	token int  // index of the first token that ends after the position
	best  [normal + 1]place
}

func (w *wrapper) paragraph(lines []Line, end int) []Line {
	s := w.text.S
	width, inked := 0, 0 // of the current line up to i; inked: up to the last character that is no space
	var prev rune
	for i := w.start; i < end && s[i] != '\n'; {
		r, n := decode(s, i)
		if i > w.start {
			if k := w.kind(i, prev, r); k != never {
				w.best[k] = place{i, width, inked}
			}
		}
		a := w.font.width(r)
		for r != ' ' && width+a > w.limit && i > w.start {
			p := w.choose(place{i, width, inked}, r)
			lines = append(lines, Line{w.start, p.at, p.inked})
			w.start = p.at
			width -= p.width
			inked = max(0, inked-p.width)
			for k := range w.best {
				w.best[k] = place{w.best[k].at, w.best[k].width - p.width, w.best[k].inked - p.width}
			}
		}
		width += a
		if r != ' ' {
			inked = width
		}
		prev = r
		i += n
	}
	return append(lines, Line{w.start, end, inked})
}

// choose picks the place at which the current line ends. here is before the character next, which does not fit.
func (w *wrapper) choose(here place, next rune) place {
	prose, name := w.best[normal], w.best[inside]
	switch {
	case prose.at > w.start && (name.at <= prose.at || prose.width*100 >= w.limit*55):
		return prose
	case name.at > w.start:
		return name
	}
	p := here
	for range 4 { // anywhere: step back while the place breaks kinsoku
		prev, n := lastRune(w.text.S[w.start:p.at])
		if p.at-n <= w.start || !startsNoLine(next) && !endsNoLine(prev) {
			break
		}
		p.at -= n
		p.width -= w.font.width(prev)
		p.inked = p.width
		next = prev
	}
	if prev, _ := lastRune(w.text.S[w.start:p.at]); startsNoLine(next) || endsNoLine(prev) {
		return here
	}
	return p
}

// kind says how well a line may be broken at byte i between a and b.
func (w *wrapper) kind(i int, a, b rune) int {
	for w.token < len(w.text.Tokens) && w.text.Tokens[w.token].End < i {
		w.token++
	}
	if w.token < len(w.text.Tokens) {
		switch t := w.text.Tokens[w.token]; {
		case i > t.Start && i < t.End:
			return never
		case i == t.Start || i == t.End:
			if a == ' ' && b != ' ' {
				return normal
			}
			if b == ' ' || i == t.Start && endsNoLine(a) || i == t.End && startsNoLine(b) {
				return never
			}
			return inside
		}
	}
	k := between(a, b)
	if k == inside && a == '-' {
		before := ' '
		if i > w.start+1 {
			before, _ = lastRune(w.text.S[w.start : i-1])
		}
		return hyphen(before, b, w.prose)
	}
	return k
}
