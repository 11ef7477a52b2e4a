package awsread

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	smithytime "github.com/aws/smithy-go/time"
)

// ErrNotDecodable is the error of an answer that has a form in JSON, but no way back from it: it holds a union or a document,
// whose Go types JSON does not name.
var ErrNotDecodable = errors.New("an answer of this type cannot be read back")

// hiddenMark leads the text that stands in Go where a note stood in JSON. Encode turns it into the note again.
const hiddenMark = "\x00hidden:"

// Decode reads an answer that Encode wrote, or one that the AWS CLI printed, into out, a pointer to the SDK's output. Member
// names are compared without case, because the CLI prints those of the API's model; members that the SDK does not know are left
// out. Times are RFC 3339 or seconds since 1970. What stood for a secret comes back as a value that Encode writes in the same way.
func Decode(data []byte, out any) error {
	v, err := parse(data)
	if err != nil {
		return fmt.Errorf("reading an answer: %w", err)
	}
	if err := decode(v, reflect.ValueOf(out).Elem(), "$"); err != nil {
		return fmt.Errorf("reading an answer: %w", err)
	}
	return nil
}

// DecodeCLI is Decode for what somebody says the AWS CLI has printed. It refuses a text that cannot be this answer and that would
// otherwise be read as one in which nothing is there: one that is no object, or whose members are all unknown.
func DecodeCLI(data []byte, out any) error {
	v, err := parse(data)
	if err != nil {
		return fmt.Errorf("reading an answer: %w", err)
	}
	members, ok := v.(map[string]any)
	if !ok {
		return errors.New("reading an answer: it is no JSON object; was the command run with --query?")
	}
	known := len(members) == 0
	for name := range members {
		_, ok := memberOf(reflect.TypeOf(out).Elem(), name)
		known = known || ok || name == "ResponseMetadata"
	}
	if !known {
		return errors.New("reading an answer: none of its members is one of this operation's; was the command run with --query?")
	}
	if err := decode(v, reflect.ValueOf(out).Elem(), "$"); err != nil {
		return fmt.Errorf("reading an answer: %w", err)
	}
	return nil
}

// parse reads the one JSON value that data holds.
func parse(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something behind its end")
	}
	return v, nil
}

// memberOf returns the member of a structure that a name in JSON means.
func memberOf(t reflect.Type, name string) (reflect.StructField, bool) {
	f, ok := t.FieldByName(name)
	if !ok {
		f, ok = t.FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, name) })
	}
	return f, ok && f.IsExported() && f.Name != resultMetadata
}

// decode puts the JSON value v into to. at is the path of v, for errors.
func decode(v any, to reflect.Value, at string) error {
	if v == nil {
		return nil
	}
	if to.Kind() == reflect.Pointer {
		to.Set(reflect.New(to.Type().Elem()))
		return decode(v, to.Elem(), at)
	}
	if what, ok := noteOf(v); ok {
		return hide(what, to)
	}
	if to.Type() == timeType {
		t, err := timeOf(v)
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		to.Set(reflect.ValueOf(t))
		return nil
	}
	switch x := v.(type) {
	case bool:
		if to.Kind() == reflect.Bool {
			to.SetBool(x)
			return nil
		}
	case json.Number:
		return number(x, to, at)
	case string:
		return text(x, to, at)
	case []any:
		return list(x, to, at)
	case map[string]any:
		return object(x, to, at)
	}
	return wrongType(v, to, at)
}

func wrongType(v any, to reflect.Value, at string) error {
	if to.Kind() == reflect.Interface {
		return fmt.Errorf("%s: %s: %w", at, to.Type(), ErrNotDecodable)
	}
	return fmt.Errorf("%s: a %T where %s is wanted", at, v, to.Type())
}

// noteOf returns what a note says was there.
func noteOf(v any) (string, bool) {
	m, ok := v.(map[string]any)
	if !ok || len(m) != 2 || m["present"] != true {
		return "", false
	}
	what, ok := m["__redacted"].(string)
	return what, ok
}

// hide makes to something that Encode writes as a note: by its mark if it is a string, by its member's review otherwise.
func hide(what string, to reflect.Value) error {
	switch to.Kind() {
	case reflect.String:
		to.SetString(hiddenMark + what)
	case reflect.Slice:
		to.Set(reflect.MakeSlice(to.Type(), 0, 0))
	case reflect.Map:
		to.Set(reflect.MakeMap(to.Type()))
	case reflect.Interface:
		return ErrNotDecodable
	}
	return nil
}

func timeOf(v any) (time.Time, error) {
	switch x := v.(type) {
	case string:
		return time.Parse(time.RFC3339Nano, x)
	case json.Number:
		f, err := x.Float64()
		if err != nil {
			return time.Time{}, err
		}
		return smithytime.ParseEpochSeconds(f), nil // as the SDK reads it
	}
	return time.Time{}, fmt.Errorf("a %T is no time", v)
}

func number(n json.Number, to reflect.Value, at string) error {
	switch to.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, err := strconv.ParseInt(n.String(), 10, to.Type().Bits())
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		to.SetInt(i)
		return nil
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(n.String(), to.Type().Bits())
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		to.SetFloat(f)
		return nil
	}
	return wrongType(n, to, at)
}

func text(s string, to reflect.Value, at string) error {
	switch {
	case to.Kind() == reflect.String:
		to.SetString(s)
		return nil
	case to.Kind() == reflect.Slice && to.Type().Elem().Kind() == reflect.Uint8:
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		to.SetBytes(b)
		return nil
	}
	return wrongType(s, to, at)
}

func list(items []any, to reflect.Value, at string) error {
	if to.Kind() != reflect.Slice {
		return wrongType(items, to, at)
	}
	to.Set(reflect.MakeSlice(to.Type(), len(items), len(items)))
	for i, item := range items {
		if err := decode(item, to.Index(i), at+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	return nil
}

func object(members map[string]any, to reflect.Value, at string) error {
	switch to.Kind() {
	case reflect.String:
		// The CLI takes IAM's policies apart, which the API sends as percent-encoded JSON.
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(members); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		to.SetString(url.PathEscape(strings.TrimSpace(b.String())))
		return nil
	case reflect.Map:
		to.Set(reflect.MakeMapWithSize(to.Type(), len(members)))
		for name, v := range members {
			item := reflect.New(to.Type().Elem()).Elem()
			if err := decode(v, item, at+"."+name); err != nil {
				return err
			}
			to.SetMapIndex(reflect.ValueOf(name).Convert(to.Type().Key()), item)
		}
		return nil
	case reflect.Struct:
		for name, v := range members {
			f, ok := memberOf(to.Type(), name)
			if !ok {
				continue
			}
			if err := decode(v, to.FieldByIndex(f.Index), at+"."+name); err != nil {
				return err
			}
		}
		return nil
	}
	return wrongType(members, to, at)
}
