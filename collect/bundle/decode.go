package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// DecodeRecord checks a record line and returns it as a *Call, *Artifact, *Population or *Run. An error is an
// *Error with reason json or record_malformed. Nothing in the result aliases raw.
func DecodeRecord(raw []byte) (any, error) {
	var rec record
	if err := checkLine(raw, &rec); err != nil {
		return nil, err
	}
	var v any
	switch rec.typ {
	case typeCall:
		return decodeCall(raw)
	case typeArtifact:
		v = new(Artifact)
	case typePopulation:
		v = new(Population)
	default:
		v = new(Run)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return nil, refuse(ReasonRecordMalformed, "", "%v", err)
	}
	return v, nil
}

// decodeCall decodes the record of a call that was checked. It is written out because there are about as many calls as
// everything else together.
func decodeCall(raw []byte) (*Call, error) {
	s := scanner{b: raw}
	if err := s.salt(); err != nil {
		return nil, err
	}
	c := new(Call)
	for last, done := -1, false; !done; {
		n, err := s.field(recordForm, last)
		if err != nil {
			return nil, err
		}
		if err := c.member(&s, 1<<n); err != nil {
			return nil, err
		}
		if done, err = s.next('}'); err != nil {
			return nil, err
		}
		last = n
	}
	return c, nil
}

// member consumes one member.
func (c *Call) member(s *scanner, m memberSet) (err error) {
	start := s.i
	switch m {
	case mInput:
		err = s.value()
		c.Input = bytes.Clone(s.b[start:s.i])
		return err
	case mHTTPStatus:
		c.HTTPStatus, err = s.natural()
		return err
	}
	t, err := s.text()
	if err != nil {
		return err
	}
	switch m {
	case mAt:
		c.At, err = time.Parse(time.RFC3339Nano, string(t))
	case mID:
		c.ID = string(t)
	case mAccount:
		c.Account = string(t)
	case mCaller:
		c.Caller = string(t)
	case mRegion:
		c.Region = string(t)
	case mService:
		c.Service = string(t)
	case mOperation:
		c.Operation = string(t)
	case mRequestID:
		c.RequestID = string(t)
	case mAWSDate:
		c.AWSDate = string(t)
	}
	return err
}

// encodeRecord returns the canonical JSON of a record with its type and without salt. v is a Call, Artifact,
// Population or Run by value. Lists that are nil become empty ones, times are set to UTC and milliseconds.
func encodeRecord(v any) ([]byte, error) {
	var typ recordType
	switch r := v.(type) {
	case Call:
		typ = typeCall
		r.At = wireTime(r.At)
		if len(r.Input) == 0 {
			r.Input = json.RawMessage("{}")
		}
		v = struct {
			Type recordType `json:"type"`
			Call
		}{typ, r}
	case Artifact:
		typ = typeArtifact
		parts := make(map[string]Part, len(r.Parts))
		for name, p := range r.Parts {
			p.Calls = notNil(p.Calls)
			parts[name] = p
		}
		r.Parts = parts
		v = struct {
			Type recordType `json:"type"`
			Artifact
		}{typ, r}
	case Population:
		typ = typePopulation
		r.Calls = notNil(r.Calls)
		gaps := make([]Gap, len(r.Gaps))
		for i, g := range r.Gaps {
			g.Calls = notNil(g.Calls)
			gaps[i] = g
		}
		r.Gaps = gaps
		v = struct {
			Type recordType `json:"type"`
			Population
		}{typ, r}
	case Run:
		typ = typeRun
		r.Started, r.Ended = wireTime(r.Started), wireTime(r.Ended)
		r.Requested, r.Accounts, r.Regions = notNil(r.Requested), notNil(r.Accounts), notNil(r.Regions)
		v = struct {
			Type recordType `json:"type"`
			Run
		}{typ, r}
	default:
		return nil, fmt.Errorf("%T is no record", v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return Canonical(text)
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// wireTime is t as records and manifest state it.
func wireTime(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// placed sets where an *Error occurred, if it does not say so itself.
func placed(err error, path string, line int) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) && e.Where == "" {
		return refuseLine(e.Reason, path, line, "%s", e.Detail)
	}
	return err
}
