package pack_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"iter"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/pack/packtest"
)

var update = flag.Bool("update", false, "write pack.schema.json from the Go types")

// TestSchemaIsCurrent pins that the published schema says what the Go types and their comments say.
func TestSchemaIsCurrent(t *testing.T) {
	g := generator{defs: map[string]any{}, comments: map[string]string{}, enums: map[string][]any{}}
	g.readSource(t, "pack.go")
	for _, v := range []any{pack.Pack{}, pack.Finding{}, pack.Evidence{}, pack.Population{}, pack.Call{}, pack.Gap{}} {
		g.schema(reflect.TypeOf(v))
	}
	g.defs["Pack"].(map[string]any)["properties"].(map[string]any)["type"] = map[string]any{"const": pack.Type}
	codes := []any{}
	for _, c := range pack.ReasonCodes() {
		codes = append(codes, c)
	}
	g.defs["Reason"].(map[string]any)["properties"].(map[string]any)["code"] = map[string]any{"enum": codes}
	want, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "https://auditpack.github.io/schemas/pack-v1.schema.json",
		"title":   "auditpack pack.json, version 1",
		"$comment": "Made from the Go types of mapping/pack by go test ./mapping/pack -update. The lines of the JSON Lines files of a pack are described by " +
			"Finding, Evidence, Population, Call and Gap.",
		"$ref": "#/$defs/Pack", "$defs": g.defs,
	}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("pack.schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, pack.Schema()) {
		t.Error("pack.schema.json is not what the types say; run go test ./mapping/pack -update")
	}
}

// generator turns Go types into JSON Schema.
type generator struct {
	defs     map[string]any
	comments map[string]string // by type or Type.field
	enums    map[string][]any  // constants by their type
}

// readSource takes comments and constants out of a source file.
func (g *generator) readSource(t *testing.T, name string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				g.comments[spec.Name.Name] = oneLine(gen.Doc)
				if s, ok := spec.Type.(*ast.StructType); ok {
					for _, field := range s.Fields.List {
						g.comments[spec.Name.Name+"."+field.Names[0].Name] = oneLine(field.Comment)
					}
				}
			case *ast.ValueSpec:
				if typ, ok := spec.Type.(*ast.Ident); ok && len(spec.Values) == 1 {
					if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
						s, err := strconv.Unquote(lit.Value)
						if err != nil {
							t.Fatal(err)
						}
						g.enums[typ.Name] = append(g.enums[typ.Name], s)
					}
				}
			}
		}
	}
}

func oneLine(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }

// schema returns the schema of a type; that of a structure stands in $defs.
func (g *generator) schema(typ reflect.Type) map[string]any {
	switch {
	case typ == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case typ == reflect.TypeFor[json.RawMessage]():
		return map[string]any{}
	}
	switch typ.Kind() {
	case reflect.String:
		if e := g.enums[typ.Name()]; e != nil {
			return map[string]any{"enum": e}
		}
		return map[string]any{"type": "string"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Pointer:
		return g.schema(typ.Elem())
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.schema(typ.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": g.schema(typ.Elem())}
	case reflect.Struct:
		g.define(typ)
		return map[string]any{"$ref": "#/$defs/" + typ.Name()}
	}
	panic(fmt.Sprintf("no schema for %s", typ))
}

func (g *generator) define(typ reflect.Type) {
	if g.defs[typ.Name()] != nil {
		return
	}
	properties, required := map[string]any{}, []string{}
	def := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	g.defs[typ.Name()] = def
	if c := g.comments[typ.Name()]; c != "" {
		def["description"] = c
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		s := g.schema(f.Type)
		if c := g.comments[typ.Name()+"."+f.Name]; c != "" {
			s["description"] = c
		}
		properties[name] = s
		if options == "" {
			required = append(required, name)
		}
	}
	slices.Sort(required)
	def["required"] = required
}

// compile compiles the published schema; it must not need anything beside itself.
func compile(t *testing.T, ref string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.LoadURL = func(s string) (io.ReadCloser, error) { return nil, errors.New("the schema refers to " + s) }
	if err := c.AddResource("pack.schema.json", bytes.NewReader(pack.Schema())); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("pack.schema.json" + ref)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decode(t *testing.T, b []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSchemaAcceptsAPack pins that a pack is what the schema says, and that one member more is not.
func TestSchemaAcceptsAPack(t *testing.T) {
	r := packtest.Build(t, 2)
	s := compile(t, "")
	v := decode(t, r.JSON())
	if err := s.Validate(v); err != nil {
		t.Fatalf("%#v", err)
	}
	for _, place := range []func(map[string]any) map[string]any{
		func(p map[string]any) map[string]any { return p },
		func(p map[string]any) map[string]any { return p["bundle"].(map[string]any) },
		func(p map[string]any) map[string]any {
			return p["frameworks"].([]any)[0].(map[string]any)["requirements"].([]any)[0].(map[string]any)
		},
	} {
		v := decode(t, r.JSON()).(map[string]any)
		place(v)["surprise"] = "x"
		if s.Validate(v) == nil {
			t.Error("an unknown member was accepted")
		}
	}
	v.(map[string]any)["type"] = "auditpack.pack/v2"
	if s.Validate(v) == nil {
		t.Error("another version was accepted")
	}
	lines(t, "Finding", r.Findings())
	lines(t, "Evidence", r.Evidence())
	lines(t, "Population", r.Populations())
	lines(t, "Call", r.Calls())
	lines(t, "Gap", r.Gaps())
}

// lines checks the lines of one kind of file.
func lines[T any](t *testing.T, def string, all iter.Seq2[T, error]) {
	t.Helper()
	s := compile(t, "#/$defs/"+def)
	for v, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(decode(t, b)); err != nil {
			t.Errorf("%s: %#v", def, err)
		}
	}
}
