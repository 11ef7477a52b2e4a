package pack

import (
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"
)

// The methods below append what json.Marshal makes of a value, byte for byte, without reflection and without copies. They
// are for the lines of which a pack can hold millions. A raw value must be valid JSON.

// AppendJSON appends the finding as json.Marshal encodes it.
func (f *Finding) AppendJSON(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"n":`...), int64(f.N), 10)
	b = AppendString(append(b, `,"fingerprint":`...), f.Fingerprint)
	b = AppendString(append(b, `,"rule":`...), f.Rule)
	b = AppendString(append(b, `,"severity":`...), string(f.Severity))
	b = AppendString(append(b, `,"result":`...), string(f.Result))
	b = appendList(append(b, `,"reasons":`...), f.Reasons, (*Reason).appendJSON)
	b = AppendString(append(b, `,"kind":`...), f.Kind)
	b = AppendString(append(b, `,"account":`...), f.Account)
	b = AppendString(append(b, `,"region":`...), f.Region)
	b = AppendString(append(b, `,"id":`...), f.ID)
	b = AppendString(append(b, `,"arn":`...), f.ARN)
	b = appendList(append(b, `,"facts":`...), f.Facts, (*Fact).appendJSON)
	b = appendList(append(b, `,"evidence":`...), f.Evidence, (*Ref).appendJSON)
	b = appendList(append(b, `,"gaps":`...), f.Gaps, appendInt)
	b = AppendString(append(b, `,"acceptance":`...), f.Acceptance)
	return append(b, '}')
}

// AppendJSON appends the register line as json.Marshal encodes it.
func (e *Evidence) AppendJSON(b []byte) []byte {
	b = AppendString(append(b, `{"record":`...), e.Record)
	b = AppendString(append(b, `,"path":`...), e.Path)
	b = strconv.AppendInt(append(b, `,"line":`...), int64(e.Line), 10)
	b = AppendString(append(b, `,"kind":`...), e.Kind)
	b = AppendString(append(b, `,"account":`...), e.Account)
	b = AppendString(append(b, `,"region":`...), e.Region)
	b = AppendString(append(b, `,"id":`...), e.ID)
	b = AppendString(append(b, `,"arn":`...), e.ARN)
	b = strconv.AppendBool(append(b, `,"in_scope":`...), e.InScope)
	b = appendList(append(b, `,"parts":`...), e.Parts, (*EvidencePart).appendJSON)
	return append(b, '}')
}

// AppendJSON appends the call as json.Marshal encodes it.
func (c *Call) AppendJSON(b []byte) []byte {
	b = AppendString(append(b, `{"record":`...), c.Record)
	b = AppendString(append(b, `,"id":`...), c.ID)
	b = AppendString(append(b, `,"account":`...), c.Account)
	b = AppendString(append(b, `,"region":`...), c.Region)
	b = AppendString(append(b, `,"caller":`...), c.Caller)
	b = AppendString(append(b, `,"service":`...), c.Service)
	b = AppendString(append(b, `,"operation":`...), c.Operation)
	b = appendRaw(append(b, `,"input":`...), c.Input)
	b = AppendString(append(b, `,"request_id":`...), c.RequestID)
	b = c.At.AppendFormat(append(b, `,"at":"`...), time.RFC3339Nano)
	b = strconv.AppendInt(append(b, `","http_status":`...), int64(c.HTTPStatus), 10)
	return append(b, '}')
}

func (p *EvidencePart) appendJSON(b []byte) []byte {
	b = AppendString(append(b, `{"name":`...), p.Name)
	b = AppendString(append(b, `,"state":`...), p.State)
	if p.Code != "" {
		b = AppendString(append(b, `,"code":`...), p.Code)
	}
	b = appendList(append(b, `,"calls":`...), p.Calls, appendText)
	return append(b, '}')
}

func (r *Reason) appendJSON(b []byte) []byte {
	if len(r.Args) > 0 {
		return append(b, marshal(r)...) // sorts the names
	}
	return append(AppendString(append(b, `{"code":`...), r.Code), '}')
}

func (f *Fact) appendJSON(b []byte) []byte {
	b = AppendString(append(b, `{"record":`...), f.Record)
	b = AppendString(append(b, `,"pointer":`...), f.Pointer)
	b = appendRaw(append(b, `,"value":`...), f.Value)
	return append(b, '}')
}

func (r *Ref) appendJSON(b []byte) []byte {
	b = AppendString(append(b, `{"record":`...), r.Record)
	if r.Part != "" {
		b = AppendString(append(b, `,"part":`...), r.Part)
	}
	b = appendList(append(b, `,"calls":`...), r.Calls, appendText)
	return append(b, '}')
}

func appendInt(n *int, b []byte) []byte     { return strconv.AppendInt(b, int64(*n), 10) }
func appendText(s *string, b []byte) []byte { return AppendString(b, *s) }

func appendList[T any](b []byte, list []T, element func(*T, []byte) []byte) []byte {
	if list == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = element(&list[i], b)
	}
	return append(b, ']')
}

// marshal is json.Marshal for values that always encode.
func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// verbatim are the ASCII characters that stand for themselves in a string of json.Marshal, which escapes <, > and & so
// that its output can stand in HTML.
var verbatim = func() (t [utf8.RuneSelf]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	return t
}()

const hexDigits = "0123456789abcdef"

// AppendString appends a string as json.Marshal encodes it.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0 // of what is not appended yet
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf && verbatim[c] {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			b = appendEscape(append(b, s[start:i]...), c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(append(b, s[start:i]...), `\ufffd`...)
			start = i + size
		case r == '\u2028' || r == '\u2029':
			b = append(append(b, s[start:i]...), '\\', 'u', '2', '0', '2', hexDigits[r&15])
			start = i + size
		}
		i += size
	}
	return append(append(b, s[start:]...), '"')
}

// appendEscape appends the escape for an ASCII character that is not verbatim.
func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// appendRaw appends a JSON value as json.Marshal encodes a json.RawMessage: without white space, and with <, >, & and the
// line separators U+2028 and U+2029 escaped, which can only stand in strings.
func appendRaw(b []byte, v json.RawMessage) []byte {
	if v == nil {
		return append(b, "null"...)
	}
	start, inside := 0, false // what was appended; within a string
	for i := 0; i < len(v); i++ {
		c := v[i]
		if c < utf8.RuneSelf && verbatim[c] && c != ' ' {
			continue
		}
		switch {
		case c == '"':
			inside = !inside
		case c == '\\':
			i++ // the escaped character is ASCII and stays as it is
		case c == '<' || c == '>' || c == '&':
			b = appendEscape(append(b, v[start:i]...), c)
			start = i + 1
		case c == 0xE2 && i+2 < len(v) && v[i+1] == 0x80 && v[i+2]&^1 == 0xA8:
			b = append(append(b, v[start:i]...), '\\', 'u', '2', '0', '2', hexDigits[v[i+2]&15])
			i += 2
			start = i + 1
		case c <= ' ' && !inside:
			b = append(b, v[start:i]...)
			start = i + 1
		}
	}
	return append(b, v[start:]...)
}
