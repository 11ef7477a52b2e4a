package text

// Run is a part of a line that is drawn with one face and in one colour.
type Run struct {
	S     string
	Face  int
	Token bool
}

// Runs splits line l of t where the face or the colour changes, and calls yield for each part in order.
func (f *Font) Runs(t Text, l Line, yield func(Run)) {
	s := l.Of(t)
	token := 0
	for token < len(t.Tokens) && t.Tokens[token].End <= l.Start {
		token++
	}
	start := 0
	run := Run{}
	for i, r := range s {
		at := l.Start + i
		for token < len(t.Tokens) && t.Tokens[token].End <= at {
			token++
		}
		next := Run{Face: f.Face(r), Token: token < len(t.Tokens) && at >= t.Tokens[token].Start}
		if i > start && next != run {
			yield(Run{S: s[start:i], Face: run.Face, Token: run.Token})
			start = i
		}
		run = next
	}
	if start < len(s) {
		yield(Run{S: s[start:], Face: run.Face, Token: run.Token})
	}
}
