package bundle

import (
	"encoding/binary"
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

// lead is a name as it stands in the text, with its quotes and colon: up to 16 bytes as two words, of which the masks
// say how much is the name.
type lead struct {
	word, mask [2]uint64
	length     int
	number     int // in form.names
}

func newLead(name string, number int) lead {
	l := lead{length: len(name) + len(`"":`), number: number}
	var text, mask [16]byte
	copy(text[:], `"`+name+`":`) // a longer one never matches: its length is not masked
	for i := range min(l.length, 16) {
		mask[i] = 0xFF
	}
	for i := range l.word {
		l.word[i], l.mask[i] = binary.LittleEndian.Uint64(text[8*i:]), binary.LittleEndian.Uint64(mask[8*i:])
	}
	return l
}

// newForm makes the form of objects that have the given names, and usually have them in one of the sequences. Names and
// sequences are in canonical order.
func newForm(names []string, sequences ...[]string) *form {
	f := &form{names: names, next: make([][]lead, len(names)+1)}
	for _, seq := range sequences {
		last := -1
		for _, name := range seq {
			l := newLead(name, slices.Index(names, name))
			if l.length <= 16 && !slices.Contains(f.next[last+1], l) {
				f.next[last+1] = append(f.next[last+1], l)
			}
			last = l.number
		}
	}
	return f
}

// field consumes the name of the next member of an object of form f, and its colon. last is the number of the member
// before it, or -1.
func (s *scanner) field(f *form, last int) (int, error) {
	if b := s.b[s.i:]; len(b) >= 16 {
		first, second := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
		leads := f.next[last+1]
		for i := range leads {
			if l := &leads[i]; first&l.mask[0] == l.word[0] && second&l.mask[1] == l.word[1] {
				s.i += l.length
				return l.number, nil
			}
		}
	}
	return s.otherField(f, last)
}

// otherField is field for what was not foreseen.
func (s *scanner) otherField(f *form, last int) (int, error) {
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
