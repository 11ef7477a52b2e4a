package awsread

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// pagination holds the members of an output that only serve to ask for the next page.
var pagination = []string{
	"NextToken", "Marker", "NextMarker", "Position", "IsTruncated", "Truncated", "ContinuationToken",
}

// resultMetadata is the member that the SDK adds to every output.
const resultMetadata = "ResultMetadata"

// Kept reports whether a member of a type is data. Unexported members, ResultMetadata and an output's page tokens are not.
func Kept(t reflect.Type, f reflect.StructField) bool {
	if !f.IsExported() || f.Name == resultMetadata {
		return false
	}
	return !strings.HasSuffix(t.Name(), "Output") || !slices.Contains(pagination, f.Name)
}

// Member returns the name of a member in JSON: the Go name, unless a json tag says otherwise.
func Member(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
		return name
	}
	return f.Name
}

// Encode returns the canonical JSON of an input or output of op, or of a part of one. This is the type table of the bundle
// format:
//
//	nil pointer, slice, map, interface   left out
//	bool, integers                       always there; integers exact
//	string                               UTF-8; always there behind a pointer, and left out when a plain one is empty:
//	                                     that is an enum that AWS did not send
//	float                                shortest form that reads back as the same number
//	time.Time                            RFC 3339, UTC
//	[]byte                               base64
//	slice, map, struct                   array, object, object; members sorted
//	union                                {"<member>": value}
//	document                             the JSON that it holds
//
// Members that the review of op names, and values that look like secrets, are replaced.
func Encode(op Operation, v any) (json.RawMessage, error) {
	r, ok := reviewed[op]
	if !ok {
		return nil, fmt.Errorf("encoding for %s: %w", op, ErrRefused)
	}
	e := encoder{op: op, review: r}
	rv := reflect.ValueOf(v)
	for rv.IsValid() && rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	if !rv.IsValid() {
		return json.RawMessage("{}"), nil
	}
	if err := e.value(rv, "", ""); err != nil {
		return nil, fmt.Errorf("encoding %s for %s: %w", rv.Type(), op, err)
	}
	return e.b, nil
}

type encoder struct {
	op     Operation
	review review
	b      []byte
}

var timeType = reflect.TypeFor[time.Time]()

// document is what the SDK's document values can do.
type document interface {
	MarshalSmithyDocument() ([]byte, error)
}

// value writes v. name is the member that holds v, for the scanner; hint is the text of a Key beside a Value.
func (e *encoder) value(v reflect.Value, name, hint string) error {
	if v.Type() == timeType {
		e.b = strconv.AppendQuote(e.b, v.Interface().(time.Time).UTC().Format(time.RFC3339Nano))
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		return e.value(v.Elem(), name, hint)
	case reflect.Interface:
		return e.union(v)
	case reflect.Bool:
		e.b = strconv.AppendBool(e.b, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.b = strconv.AppendInt(e.b, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		e.b = strconv.AppendUint(e.b, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return e.float(v.Float(), v.Type().Bits())
	case reflect.String:
		e.text(v.String(), name, hint)
	case reflect.Slice, reflect.Array:
		return e.list(v, name, hint)
	case reflect.Map:
		return e.mapping(v)
	case reflect.Struct:
		return e.structure(v)
	default:
		return fmt.Errorf("member %q has a type without a JSON form: %s", name, v.Type())
	}
	return nil
}

func (e *encoder) text(s, name, hint string) {
	if what, hidden := strings.CutPrefix(s, hiddenMark); hidden {
		e.note(what)
		return
	}
	if what := scan(s, name, hint); what != "" {
		e.note(what)
		return
	}
	e.b = appendString(e.b, s)
}

// note stands where a value was.
func (e *encoder) note(what string) {
	e.b = append(e.b, `{"__redacted":`...)
	e.b = appendString(e.b, what)
	e.b = append(e.b, `,"present":true}`...)
}

func (e *encoder) float(f float64, bits int) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Errorf("%v is not a JSON number", f)
	}
	// encoding/json writes ECMAScript's number form, which RFC 8785 asks for.
	var b []byte
	var err error
	if bits == 32 {
		b, err = json.Marshal(float32(f))
	} else {
		b, err = json.Marshal(f)
	}
	if err != nil {
		return err
	}
	e.b = append(e.b, b...)
	return nil
}

func (e *encoder) list(v reflect.Value, name, hint string) error {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		e.b = append(e.b, '"')
		e.b = base64.StdEncoding.AppendEncode(e.b, v.Bytes())
		e.b = append(e.b, '"')
		return nil
	}
	e.b = append(e.b, '[')
	for i := range v.Len() {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		item := v.Index(i)
		if isNil(item) {
			e.b = append(e.b, "null"...) // a hole keeps the places of the others
			continue
		}
		if err := e.value(item, name, hint); err != nil {
			return err
		}
	}
	e.b = append(e.b, ']')
	return nil
}

func (e *encoder) mapping(v reflect.Value) error {
	if v.Type().Key().Kind() != reflect.String {
		return fmt.Errorf("keys of %s are not strings", v.Type())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return compareUTF16(a.String(), b.String()) })
	e.b = append(e.b, '{')
	first := true
	for _, k := range keys {
		item := v.MapIndex(k)
		if isNil(item) {
			continue
		}
		e.name(&first, k.String())
		if err := e.value(item, k.String(), ""); err != nil {
			return err
		}
	}
	e.b = append(e.b, '}')
	return nil
}

func (e *encoder) name(first *bool, s string) {
	if !*first {
		e.b = append(e.b, ',')
	}
	*first = false
	e.b = append(appendString(e.b, s), ':')
}

func (e *encoder) structure(v reflect.Value) error {
	t := v.Type()
	hint := keyBeside(v)
	e.b = append(e.b, '{')
	first := true
	for _, f := range fields(t) {
		item := v.FieldByIndex(f.Index)
		if !Kept(t, f) || isNil(item) || item.Kind() == reflect.String && item.Len() == 0 {
			continue
		}
		e.name(&first, Member(f))
		full := t.Name() + "." + f.Name
		switch {
		case slices.Contains(e.review.drop, full):
			e.note(e.op.Service + "." + full)
		case slices.Contains(e.review.mask, full):
			e.b = appendString(e.b, mask(reflect.Indirect(item).String()))
		default:
			if err := e.value(item, f.Name, hint); err != nil {
				return err
			}
		}
	}
	e.b = append(e.b, '}')
	return nil
}

// sorted holds what fields has worked out, by type.
var sorted sync.Map

// fields returns the members of a structure in the order of their JSON names. The caller leaves them as they are.
func fields(t reflect.Type) []reflect.StructField {
	if known, ok := sorted.Load(t); ok {
		return known.([]reflect.StructField)
	}
	all := make([]reflect.StructField, 0, t.NumField())
	for i := range t.NumField() {
		all = append(all, t.Field(i))
	}
	slices.SortFunc(all, func(a, b reflect.StructField) int { return compareUTF16(Member(a), Member(b)) })
	sorted.Store(t, all)
	return all
}

// union writes the value behind an interface: a document, or the one member of a union. The SDK names the type of member M of
// union U "UMemberM".
func (e *encoder) union(v reflect.Value) error {
	inner := v.Elem()
	if d, ok := inner.Interface().(document); ok {
		b, err := d.MarshalSmithyDocument()
		if err != nil {
			return fmt.Errorf("reading a document: %w", err)
		}
		var plain any
		if err := json.Unmarshal(b, &plain); err != nil {
			return fmt.Errorf("reading a document: %w", err)
		}
		if plain == nil {
			e.b = append(e.b, "null"...)
			return nil
		}
		return e.value(reflect.ValueOf(plain), "", "")
	}
	for inner.Kind() == reflect.Pointer {
		inner = inner.Elem()
	}
	member, ok := strings.CutPrefix(inner.Type().Name(), v.Type().Name()+"Member")
	if !ok {
		return e.value(inner, "", "")
	}
	item := inner.FieldByName("Value")
	if !item.IsValid() {
		return fmt.Errorf("union member %s has no value", inner.Type())
	}
	first := true
	e.b = append(e.b, '{')
	e.name(&first, member)
	if err := e.value(item, member, ""); err != nil {
		return err
	}
	e.b = append(e.b, '}')
	return nil
}

func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	}
	return false
}

// appendString writes a JSON string with the escapes of RFC 8785. Bytes that are not UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += size
			continue
		}
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= ' ':
			b = append(b, c)
		case strings.IndexByte("\b\t\n\f\r", c) >= 0:
			b = append(b, '\\', "btn fr"[c-'\b'])
		default:
			b = append(b, fmt.Sprintf(`\u%04x`, c)...)
		}
		i++
	}
	return append(b, '"')
}

// compareUTF16 orders member names as RFC 8785 does.
func compareUTF16(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// Merge appends the lists and maps of a later page to those of the first. Both are pointers to the same type of output.
func Merge(first, next any) {
	a, b := reflect.ValueOf(first).Elem(), reflect.ValueOf(next).Elem()
	for i := range a.NumField() {
		f, g := a.Field(i), b.Field(i)
		switch {
		case !a.Type().Field(i).IsExported():
		case f.Kind() == reflect.Slice && !g.IsNil():
			f.Set(reflect.AppendSlice(f, g))
		case f.Kind() == reflect.Map && !g.IsNil():
			if f.IsNil() {
				f.Set(g)
				continue
			}
			for _, k := range g.MapKeys() {
				f.SetMapIndex(k, g.MapIndex(k))
			}
		}
	}
}
