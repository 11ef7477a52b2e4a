package catalog

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/auditpack/auditpack/mapping/expr"
)

// The JSON Schemas of the catalogue files (as JSON), published beside this file.
var (
	//go:embed rule.schema.json
	ruleSchema []byte
	//go:embed framework.schema.json
	frameworkSchema []byte
	//go:embed responsibility.schema.json
	responsibilitySchema []byte
)

// schema is a compiled JSON Schema with its text, which says which keys there are.
type schema struct {
	compiled *jsonschema.Schema
	document map[string]any
}

func compileSchema(text []byte) (*schema, error) {
	s := &schema{}
	if err := json.Unmarshal(text, &s.document); err != nil {
		return nil, fmt.Errorf("reading a catalogue schema: %w", err)
	}
	id, _ := s.document["$id"].(string)
	c := jsonschema.NewCompiler()
	c.LoadURL = func(url string) (io.ReadCloser, error) {
		return nil, fmt.Errorf("schemas are not loaded from %s", url)
	}
	if err := c.AddResource(id, bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("reading catalogue schema %s: %w", id, err)
	}
	var err error
	if s.compiled, err = c.Compile(id); err != nil {
		return nil, fmt.Errorf("reading catalogue schema %s: %w", id, err)
	}
	return s, nil
}

var quotedNames = regexp.MustCompile(`'([^']*)'`)

// check reports what a decoded file has that its schema does not allow.
func (s *schema) check(f *file, problems *Problems) {
	err := s.compiled.Validate(f.data)
	if err == nil {
		return
	}
	root, ok := err.(*jsonschema.ValidationError)
	if !ok {
		problems.add(f.name, 1, "%v", err)
		return
	}
	var visit func(*jsonschema.ValidationError)
	visit = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 {
			s.report(f, e, problems)
		}
		for _, c := range e.Causes {
			visit(c)
		}
	}
	visit(root)
}

// report writes one violation for someone who reads the TOML and not the schema.
func (s *schema) report(f *file, e *jsonschema.ValidationError, problems *Problems) {
	at := e.InstanceLocation
	keyword := e.KeywordLocation[strings.LastIndexByte(e.KeywordLocation, '/')+1:]
	names := quotedNames.FindAllStringSubmatch(e.Message, -1)
	switch {
	case keyword == "additionalProperties" && len(names) > 0:
		known := s.keysAt(e.AbsoluteKeywordLocation)
		for _, n := range names {
			problems.add(f.name, f.lines.at(at+"/"+escapePointer(n[1])), "unknown key %s%s", n[1], expr.DidYouMean(n[1], known))
		}
	case keyword == "required" && len(names) > 0:
		for _, n := range names {
			problems.add(f.name, f.lines.at(at), "%s is missing%s", n[1], within(at))
		}
	default:
		problems.add(f.name, f.lines.at(at), "%s: %s", lastName(at), e.Message)
	}
}

// keysAt returns the keys that the schema allows beside an additionalProperties keyword.
func (s *schema) keysAt(location string) []string {
	_, fragment, _ := strings.Cut(location, "#")
	var at any = s.document
	for _, step := range strings.Split(strings.TrimPrefix(fragment, "/"), "/") {
		o, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		if step == "additionalProperties" {
			properties, _ := o["properties"].(map[string]any)
			return slices.Sorted(maps.Keys(properties))
		}
		at = o[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
	}
	return nil
}

// lastName is the name of the key at a path; for an element of a list, the list's.
func lastName(path string) string {
	steps := strings.Split(path, "/")
	for i := len(steps) - 1; i > 0; i-- {
		if strings.Trim(steps[i], "0123456789") != "" {
			return steps[i]
		}
	}
	return "the file"
}

func within(path string) string {
	if path == "" {
		return ""
	}
	return " in " + lastName(path)
}
