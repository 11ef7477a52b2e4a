package bundle

import (
	"slices"
	"strconv"
)

// form is the set of names that the members of an object may have. It knows which of them usually follow which, so
// that a name is read by one comparison where it is the expected one. Names that are not foreseen cost more and mean
// the same: what is accepted does not depend on the sequences.
type form struct {
	names []string // in canonical order
	next  [][]lead // by the number of the last member + 1
}

// lead is a name as it stands in the text.
type lead struct {
	text   string // with its quotes and colon
	number int    // in form.names
}

// newForm makes the form of objects that have the given names, and usually have them in one of the sequences. Names and
// sequences are in canonical order.
func newForm(names []string, sequences ...[]string) *form {
	f := &form{names: names, next: make([][]lead, len(names)+1)}
	for _, seq := range sequences {
		last := -1
		for _, name := range seq {
			n := slices.Index(names, name)
			l := lead{`"` + name + `":`, n}
			if !slices.Contains(f.next[last+1], l) {
				f.next[last+1] = append(f.next[last+1], l)
			}
			last = n
		}
	}
	return f
}

// field consumes the name of the next member of an object of form f, and its colon. last is the number of the member
// before it, or -1.
func (s *scanner) field(f *form, last int) (int, error) {
	for _, l := range f.next[last+1] {
		if s.lit(l.text) {
			return l.number, nil
		}
	}
	var prev name
	if last >= 0 {
		prev = name{[]byte(f.names[last]), true}
	}
	if err := s.name(&prev); err != nil {
		return 0, err
	}
	n := slices.Index(f.names, string(prev.text))
	if n < 0 {
		return 0, s.wrong("unknown member " + strconv.Quote(string(prev.text)))
	}
	return n, nil
}
