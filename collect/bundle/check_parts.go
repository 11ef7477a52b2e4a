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

func (rec *record) part(s *scanner) error {
	var state, code, other []byte // other: message or action
	var calls int
	var data, from, haveCalls bool
	err := s.object(func(name []byte) (err error) {
		switch string(name) {
		case "action", "message":
			other, err = s.filled()
		case "calls":
			haveCalls = true
			calls, err = rec.callIDs(s)
		case "code":
			code, err = s.filled()
		case "data":
			data = true
			err = s.value()
		case "from":
			from = true
			err = s.naturals("index", "page")
		case "state":
			state, err = s.text()
		default:
			err = s.wrong("unknown member " + strconv.Quote(string(name)) + " of a part")
		}
		return err
	})
	if err != nil {
		return err
	}
	if !haveCalls {
		return s.wrong("part without calls")
	}
	switch State(state) {
	case StateOK:
		if !data || calls == 0 || code != nil || other != nil {
			return s.wrong("part in state ok that has no data, no calls, or a code, message or action")
		}
	case StateAbsent:
		if data || from || calls == 0 || code == nil {
			return s.wrong("part in state absent that has data or from, no calls or no code")
		}
	case StateGap:
		if data || from || code == nil {
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
