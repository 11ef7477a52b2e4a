package bundle

import (
	"bytes"
	"strconv"
)

// parts consumes an artifact's parts.
func (rec *record) parts(s *scanner) error {
	return s.object(func(name []byte) error {
		if len(name) == 0 {
			return s.wrong("part without a name")
		}
		return rec.part(s)
	})
}

// The members of a part, numbered as in partForm.
const (
	partAction = iota
	partCalls
	partCode
	partData
	partFrom
	partMessage
	partState
)

// partForm is the form of parts: ok, ok as a list item, absent, gap.
var partForm = newForm([]string{"action", "calls", "code", "data", "from", "message", "state"},
	[]string{"calls", "data", "state"}, []string{"calls", "data", "from", "state"}, []string{"calls", "code", "state"},
	[]string{"action", "calls", "code", "message", "state"}, []string{"calls", "code", "message", "state"})

func (rec *record) part(s *scanner) error {
	var p partSeen
	if s.peek() != '{' {
		return s.wrong("want an object")
	}
	if err := s.enter(); err != nil {
		return err
	}
	if s.peek() == '}' {
		return s.wrong("part without members")
	}
	for last, done := -1, false; !done; {
		n, err := s.field(partForm, last)
		if err != nil {
			return err
		}
		p.seen |= 1 << n
		switch n {
		case partAction, partCode, partMessage:
			_, err = s.filled()
		case partCalls:
			p.calls, err = rec.callIDs(s)
		case partData:
			err = s.value()
		case partFrom:
			err = s.naturals("index", "page")
		case partState:
			p.state, err = s.text()
		}
		if err != nil {
			return err
		}
		if done, err = s.next('}'); err != nil {
			return err
		}
		last = n
	}
	return p.check(s)
}

// partSeen is what a part has.
type partSeen struct {
	seen  int // members, by a bit each
	calls int // how many
	state []byte
}

// check requires a part to have the members of its state and no others.
func (p *partSeen) check(s *scanner) error {
	has := func(n int) bool { return p.seen&(1<<n) != 0 }
	if !has(partCalls) {
		return s.wrong("part without calls")
	}
	switch string(p.state) {
	case string(StateOK):
		if !has(partData) || p.calls == 0 || has(partCode) || has(partMessage) || has(partAction) {
			return s.wrong("part in state ok that has no data, no calls, or a code, message or action")
		}
	case string(StateAbsent):
		if has(partData) || has(partFrom) || p.calls == 0 || !has(partCode) {
			return s.wrong("part in state absent that has data or from, no calls or no code")
		}
	case string(StateGap):
		if has(partData) || has(partFrom) || !has(partCode) {
			return s.wrong("part in state gap that has data or from, or no code")
		}
	default:
		return s.wrong("unknown state of a part")
	}
	return nil
}

func (rec *record) gaps(s *scanner) error {
	if bytes.HasPrefix(s.b[s.i:], []byte("[]")) {
		return s.wrong("empty gaps")
	}
	return s.array(func() error {
		n := 0
		var code []byte
		err := s.object(func(name []byte) (err error) {
			n++
			switch string(name) {
			case "calls":
				_, err = rec.callIDs(s)
			case "code":
				code, err = s.text()
			case "action", "message", "operation", "service":
				_, err = s.text()
			default:
				err = s.wrong("unknown member " + strconv.Quote(string(name)) + " of a gap")
			}
			return err
		})
		if err == nil && (n != 6 || len(code) == 0) {
			err = s.wrong("gap without all of its members or without code")
		}
		return err
	})
}

// callIDs consumes a list of call ids and returns how many there are.
func (rec *record) callIDs(s *scanner) (int, error) {
	n := 0
	err := s.array(func() error {
		id, err := s.text()
		if err != nil {
			return err
		}
		if callNumber(id) == 0 {
			return s.wrong("malformed call id")
		}
		if rec.cited != nil {
			rec.cited(id)
		}
		n++
		return nil
	})
	return n, err
}

func (s *scanner) callCounts(c *CallCounts) error {
	n := 0
	err := s.object(func(name []byte) (err error) {
		n++
		switch string(name) {
		case "absent":
			c.Absent, err = s.natural()
		case "denied":
			c.Denied, err = s.natural()
		case "failed":
			c.Failed, err = s.natural()
		case "ok":
			c.OK, err = s.natural()
		case "planned":
			c.Planned, err = s.natural()
		default:
			err = s.wrong("unknown member " + strconv.Quote(string(name)) + " of call counts")
		}
		return err
	})
	if err == nil && n != 5 {
		err = s.wrong("call counts without all of their members")
	}
	return err
}
