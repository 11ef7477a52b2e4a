package bundle

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// text consumes a string and decodes it.
func (s *scanner) text() ([]byte, error) {
	if s.peek() != '"' {
		return nil, s.wrong("want a string")
	}
	t, escaped, err := s.str()
	if escaped {
		t = unescape(t)
	}
	return t, err
}

// filled consumes a string that is not empty: a member that would be left out if it were.
func (s *scanner) filled() ([]byte, error) {
	t, err := s.text()
	if err == nil && len(t) == 0 {
		err = s.wrong("empty optional member")
	}
	return t, err
}

// texts consumes an object whose members are strings: all of the required ones, and optional ones that are not empty.
func (s *scanner) texts(required []string, optional ...string) error {
	n := 0
	err := s.object(func(name []byte) error {
		t, err := s.text()
		switch {
		case err != nil:
			return err
		case slices.Contains(required, string(name)):
			n++
		case !slices.Contains(optional, string(name)):
			return s.wrong("unknown member " + strconv.Quote(string(name)))
		case len(t) == 0:
			return s.wrong("empty " + string(name))
		}
		return nil
	})
	if err == nil && n != len(required) {
		err = s.wrong("missing member")
	}
	return err
}

// naturals consumes an object of natural numbers with exactly these members, in order.
func (s *scanner) naturals(names ...string) error {
	n := 0
	err := s.object(func(name []byte) error {
		if n >= len(names) || names[n] != string(name) {
			return s.wrong("unexpected member " + strconv.Quote(string(name)))
		}
		n++
		_, err := s.natural()
		return err
	})
	if err == nil && n != len(names) {
		err = s.wrong("missing member")
	}
	return err
}

func (s *scanner) integer() (int64, error) {
	if c := s.peek(); c != '-' && (c < '0' || c > '9') {
		return 0, s.wrong("want an integer")
	}
	t, err := s.number()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(t), 10, 64)
	if err != nil {
		return 0, s.wrong("want an integer")
	}
	return n, nil
}

// natural consumes an integer from 0 to 2^31-1.
func (s *scanner) natural() (int, error) {
	if n, ok := s.short(); ok {
		return n, nil
	}
	n, err := s.integer()
	if err == nil && (n < 0 || n > math.MaxInt32) {
		err = s.wrong("number out of range")
	}
	return int(n), err
}

// short consumes an integer of one to nine digits that a comma or the end of the object follows.
func (s *scanner) short() (n int, ok bool) {
	b := s.b[s.i:min(s.i+10, len(s.b))]
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9' && (n > 0 || i == 0):
			n = 10*n + int(c-'0')
		case i > 0 && (c == ',' || c == '}'):
			s.i += i
			return n, true
		default:
			return 0, false
		}
	}
	return 0, false
}

// time consumes an RFC 3339 time in UTC.
func (s *scanner) time() error {
	t, err := s.text()
	if err == nil && !isTime(t) {
		err = s.wrong("want an RFC 3339 time in UTC")
	}
	return err
}

// isTime accepts YYYY-MM-DDThh:mm:ssZ, with a fraction of up to three digits if it does not end in 0: what Go makes
// of a time in UTC and milliseconds. It is written out because there is one in every call record.
func isTime(t []byte) bool {
	const layout = "0000-00-00T00:00:00"
	if len(t) <= len(layout) || t[len(t)-1] != 'Z' {
		return false
	}
	for i := range len(layout) {
		if layout[i] == '0' && (t[i] < '0' || t[i] > '9') || layout[i] != '0' && t[i] != layout[i] {
			return false
		}
	}
	two := func(i int) int { return int(t[i]-'0')*10 + int(t[i+1]-'0') }
	year, month, day := two(0)*100+two(2), two(5), two(8)
	if month < 1 || month > 12 || day < 1 || day > 31 || two(11) > 23 || two(14) > 59 || two(17) > 59 {
		return false
	}
	// The day before the first of the next month is the last of this one.
	if day > 28 && day > time.Date(year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day() {
		return false
	}
	fraction := t[len(layout) : len(t)-1]
	if len(fraction) == 0 {
		return true
	}
	for _, c := range fraction[1:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return fraction[0] == '.' && len(fraction) > 1 && len(fraction) <= 4 && fraction[len(fraction)-1] != '0'
}
