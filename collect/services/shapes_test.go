package services

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
)

var update = flag.Bool("update", false, "write the generated files anew")

// shapesFile is what rules are type-checked against: the kinds of this package and the types of their parts.
var shapesFile = filepath.Join("..", "..", "mapping", "expr", "shapes.json")

type shapes struct {
	Kinds map[string]kindShape         `json:"kinds"`
	Types map[string]map[string]string `json:"types"`
}

type kindShape struct {
	Service string               `json:"service"`
	Scope   string               `json:"scope"`
	Tags    string               `json:"tags"`
	List    []string             `json:"list"`
	Parts   map[string]partShape `json:"parts"`
}

type partShape struct {
	Type    string   `json:"type"`
	Calls   []string `json:"calls"`
	Actions []string `json:"actions"`
	Absent  []string `json:"absent"`
}

// TestShapes fails when the shapes that rules are checked against are not those of the tables and of the SDK's types.
func TestShapes(t *testing.T) {
	s := shapes{Kinds: map[string]kindShape{}, Types: map[string]map[string]string{}}
	for _, service := range All() {
		for _, k := range service.Kinds {
			shape := kindShape{Service: service.Name, Scope: k.Scope, Tags: k.Tags, List: calls(k.List), Parts: map[string]partShape{}}
			for _, p := range k.Parts {
				name, err := s.typeOf(p.Type)
				if err != nil {
					t.Fatalf("%s.%s: %v", k.Name, p.Name, err)
				}
				shape.Parts[p.Name] = partShape{Type: name, Calls: calls(p.Operations), Actions: actions(p.Operations), Absent: append([]string{}, p.Absent...)}
			}
			if _, twice := s.Kinds[k.Name]; twice {
				t.Errorf("kind %s is described twice", k.Name)
			}
			s.Kinds[k.Name] = shape
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(s); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(shapesFile), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(shapesFile, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(shapesFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.String(), string(got)); diff != "" {
		t.Errorf("%s is not what the tables say; run go test ./collect/services -update (-want +got):\n%.2000s", shapesFile, diff)
	}
}

func calls(ops []collect.Operation) []string {
	out := []string{}
	for _, op := range ops {
		out = append(out, op.String())
	}
	return out
}

func actions(ops []collect.Operation) []string {
	out := []string{}
	for _, op := range ops {
		out = append(out, op.Actions...)
	}
	return out
}

// typeOf returns the name of a Go type as rules know it, and adds the structures that it leads to.
func (s shapes) typeOf(t reflect.Type) (string, error) {
	if t == reflect.TypeFor[time.Time]() {
		return "timestamp", nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.typeOf(t.Elem())
	case reflect.Bool:
		return "bool", nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "int", nil
	case reflect.Float32, reflect.Float64:
		return "double", nil
	case reflect.String:
		return "string", nil
	case reflect.Interface: // a union or a document
		return "dyn", nil
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes", nil
		}
		elem, err := s.typeOf(t.Elem())
		return "list<" + elem + ">", err
	case reflect.Map:
		elem, err := s.typeOf(t.Elem())
		return "map<string," + elem + ">", err
	case reflect.Struct:
		return s.structure(t)
	}
	return "", fmt.Errorf("type %s has no counterpart in rules", t)
}

func (s shapes) structure(t reflect.Type) (string, error) {
	name := typeName(t)
	if _, known := s.Types[name]; known {
		return name, nil
	}
	members := map[string]string{}
	s.Types[name] = members // before its members, which may lead back to it
	for i := range t.NumField() {
		f := t.Field(i)
		if !awsread.Kept(t, f) {
			continue
		}
		member, err := s.typeOf(f.Type)
		if err != nil {
			return "", fmt.Errorf("%s.%s: %w", name, f.Name, err)
		}
		members[awsread.Member(f)] = member
	}
	return name, nil
}

// typeName is "s3.types.Bucket" or "s3.GetBucketAclOutput" for the SDK's types, "auditpack.CredentialReport" for our own.
func typeName(t reflect.Type) string {
	dir := t.PkgPath()
	switch {
	case strings.HasSuffix(dir, "/types"):
		return path.Base(path.Dir(dir)) + ".types." + t.Name()
	case strings.Contains(dir, "auditpack/"):
		return "auditpack." + t.Name()
	}
	return path.Base(dir) + "." + t.Name()
}

// TestTags fails when the path to a kind's tags does not exist in its parts.
func TestTags(t *testing.T) {
	s := shapes{Types: map[string]map[string]string{}}
	for _, service := range All() {
		for _, k := range service.Kinds {
			if k.Tags == "" {
				continue
			}
			at := map[string]string{}
			for _, p := range k.Parts {
				name, err := s.typeOf(p.Type)
				if err != nil {
					t.Fatal(err)
				}
				at[p.Name] = name
			}
			last := ""
			for member := range strings.SplitSeq(k.Tags, ".") {
				last = at[member]
				at = maps.Clone(s.Types[strings.TrimSuffix(strings.TrimPrefix(last, "list<"), ">")])
			}
			if !strings.HasSuffix(last, ".types.Tag>") && last != "list<autoscaling.types.TagDescription>" && last != "map<string,string>" {
				t.Errorf("%s: %s is of type %q, not a list or map of tags", k.Name, k.Tags, last)
			}
		}
	}
}
