package engagement

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// maxFile bounds an engagement file, in bytes.
const maxFile = 4 << 20

// Error is one mistake in an engagement file.
type Error struct {
	File    string
	Line    int // 1-based
	Message string
}

// Error formats as "file:line: message".
func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message) }

// Load reads an engagement file. The error joins every mistake, each an *Error.
func Load(path string) (*Engagement, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the engagement file: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading the engagement file: %w", err)
	}
	return Parse(path, b)
}

// Parse reads the content of an engagement file; name stands for it in errors.
func Parse(name string, data []byte) (*Engagement, error) {
	if len(data) > maxFile {
		return nil, &Error{name, 1, fmt.Sprintf("larger than %d bytes", maxFile)}
	}
	sum := sha256.Sum256(data)
	text := string(bytes.TrimPrefix(data, []byte("\ufeff"))) // Windows editors write a byte order mark
	var raw map[string]any
	if _, err := toml.Decode(text, &raw); err != nil {
		return nil, syntaxError(name, err)
	}
	e := &Engagement{File: name, Digest: hex.EncodeToString(sum[:]), lines: locate(text)}
	var mistakes []error
	value := e.plain("", raw, &mistakes)
	if mistakes = sorted(append(mistakes, e.validate(value)...)); len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	b, err := json.Marshal(value)
	if err != nil {
		return nil, &Error{name, 1, err.Error()}
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(e); err != nil {
		return nil, &Error{name, 1, err.Error()}
	}
	e.place()
	if mistakes = e.check(); len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	return e, nil
}

func syntaxError(name string, err error) error {
	var parse toml.ParseError
	if !errors.As(err, &parse) {
		return &Error{name, 1, err.Error()}
	}
	message := parse.Message
	if message == "" {
		message = parse.Error()
	}
	return &Error{name, max(parse.Position.Line, 1), message}
}

// plain turns TOML values into JSON's: dates and times become strings. path names the value in mistakes.
func (e *Engagement) plain(path string, v any, mistakes *[]error) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = e.plain(strings.TrimPrefix(path+"/"+k, "/"), x, mistakes)
		}
		return out
	case []map[string]any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = e.plain(fmt.Sprintf("%s/%d", path, i), x, mistakes)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = e.plain(fmt.Sprintf("%s/%d", path, i), x, mistakes)
		}
		return out
	case time.Time:
		switch v.Location().String() { // the names by which the TOML library marks what has no zone
		case "date-local":
			return v.Format(time.DateOnly)
		case "datetime-local", "time-local":
			*mistakes = append(*mistakes, e.mistake(path, "a time without a zone, write 2026-11-01T09:00:00+09:00%s", in(path)))
		}
		return v.Format(time.RFC3339Nano)
	case int64:
		return json.Number(strconv.FormatInt(v, 10))
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64) // the format has no fractions: let the schema say so
	}
	return v
}

// compiled is the compiled schema. Its loader refuses every address, so that validating reads neither files nor a network.
var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	const url = "engagement.schema.json"
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.LoadURL = func(s string) (io.ReadCloser, error) {
		return nil, fmt.Errorf("the schema refers to %s, outside of itself", s)
	}
	if err := c.AddResource(url, bytes.NewReader(schema)); err != nil {
		return nil, err
	}
	return c.Compile(url)
})

// validate checks the content against the schema.
func (e *Engagement) validate(value any) []error {
	s, err := compiled()
	if err != nil {
		return []error{fmt.Errorf("the schema of engagement files: %w", err)}
	}
	err = s.Validate(value)
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return []error{&Error{e.File, 1, err.Error()}}
	}
	var mistakes []error
	e.collect(invalid, &mistakes)
	return mistakes
}

// collect turns the leaves of a validation error into mistakes.
func (e *Engagement) collect(v *jsonschema.ValidationError, to *[]error) {
	keyword := v.KeywordLocation[strings.LastIndexByte(v.KeywordLocation, '/')+1:]
	if len(v.Causes) > 0 && keyword != "anyOf" {
		for _, c := range v.Causes {
			e.collect(c, to)
		}
		return
	}
	at := strings.TrimPrefix(v.InstanceLocation, "/")
	if keyword == "additionalProperties" {
		for _, key := range quoted(v.Message) {
			path := strings.TrimPrefix(at+"/"+key, "/")
			*to = append(*to, e.mistake(path, "unknown key %q%s", key, in(at)))
		}
		return
	}
	if keyword == "required" {
		for _, key := range quoted(v.Message) {
			*to = append(*to, e.mistake(at, "%q is missing%s", key, in(at)))
		}
		return
	}
	*to = append(*to, e.mistake(at, "%s%s", explain(keyword, v), in(at)))
}

// explain says what is wrong with a value, in the words of this package.
func explain(keyword string, v *jsonschema.ValidationError) string {
	def := v.AbsoluteKeywordLocation
	switch keyword {
	case "const":
		return "this program reads version 1 of the format"
	case "anyOf":
		return "one of account, region and resource must be given"
	case "pattern":
		for name, want := range map[string]string{
			"/date/": "a date must be written YYYY-MM-DD", "/moment/": "a moment must be written YYYY-MM-DD or as RFC 3339",
			"/account/": "an account is 12 digits in quotes", "/region/": "not a region's name, such as eu-west-1",
			"/framework/": "a framework is named id@edition, such as cis-aws@5.0.0", "/sha256/": "a SHA-256 digest is 64 lower-case hexadecimal digits",
			"/id/": "an id is 1 to 64 letters, digits, dots, hyphens and underscores",
		} {
			if strings.Contains(def, "$defs"+name) {
				return want
			}
		}
	case "minLength", "minItems":
		return "must not be empty"
	case "uniqueItems":
		return "names something twice"
	}
	return v.Message
}

// quoted returns the texts between single quotes in a message of the validator.
func quoted(message string) []string {
	var out []string
	for i, s := range strings.Split(message, "'") {
		if i%2 == 1 {
			out = append(out, s)
		}
	}
	return out
}

// in names the place of a value: " in attestation 2".
func in(path string) string {
	if path == "" {
		return ""
	}
	var words []string
	for _, s := range strings.Split(path, "/") {
		if n, err := strconv.Atoi(s); err == nil {
			s = strconv.Itoa(n + 1)
		}
		words = append(words, s)
	}
	return " in " + strings.Join(words, " ")
}

func (e *Engagement) mistake(path, format string, args ...any) error {
	return &Error{e.File, e.lines.of(path), fmt.Sprintf(format, args...)}
}
