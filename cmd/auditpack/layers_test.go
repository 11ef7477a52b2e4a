package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/auditpack/auditpack/"

// layers lists, for each package, the packages of this module that it may import. Arrows point one way:
// cmd → render → mapping → bundle, and collect stands apart. A package that is missing here fails the test: add it on purpose.
var layers = map[string][]string{
	"collect/bundle":            {},
	"collect/bundle/bundletest": {"collect/bundle"},
	"collect/awsread":           {"collect/bundle"},
	"collect":                   {"collect/bundle", "collect/awsread"},
	"collect/services":          {"collect", "collect/awsread", "collect/bundle"},
	"collect/testbed":           {"collect/bundle"},

	"mapping/policy":        {},
	"mapping/expr":          {"mapping/policy"},
	"mapping/pack":          {},
	"mapping/pack/packtest": {"mapping/pack"},
	"mapping/catalog":       {"mapping/expr", "mapping/pack", "mapping/policy"},
	"mapping/engagement":    {"mapping/pack"},
	"mapping/rules":         {},
	"mapping":               {"collect/bundle", "mapping/catalog", "mapping/engagement", "mapping/expr", "mapping/pack"},

	"frameworks": {},
	"templates":  {},

	"render":      {"mapping/pack", "templates"},
	"render/text": {},
	"render/pdf":  {"mapping/pack", "render", "render/text", "templates"},
	"render/xlsx": {"mapping/pack", "render", "render/text", "templates"},

	"cmd/auditpack": nil, // may import anything
	"samples/seed":  nil,
	"samples/make":  nil,
}

// sole lists the libraries that exactly one package may import.
var sole = map[string][]string{
	"github.com/go-pdf/fpdf":                   {"render/pdf"},
	"github.com/xuri/excelize/v2":              {"render/xlsx"},
	"cel.dev/cel-go":                           {"mapping/expr"},
	"github.com/aws/aws-sdk-go-v2":             {"collect", "collect/awsread", "collect/services", "collect/testbed", "samples/seed", "samples/make"},
	"github.com/spf13/cobra":                   {"cmd/auditpack"},
	"github.com/santhosh-tekuri/jsonschema/v5": {"mapping/catalog", "mapping/engagement"},
}

// forbidden are packages whose use makes the linker keep every method of every service client.
var forbidden = []string{"text/template", "html/template"}

func TestLayers(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name != ".." && strings.HasPrefix(name, ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(rel)
		seen[pkg] = true
		return checkImports(t, pkg, path)
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range layers {
		if !seen[pkg] {
			t.Errorf("layers names %s, which has no Go files", pkg)
		}
	}
}

// checkImports compares the imports of one file with the tables.
func checkImports(t *testing.T, pkg, path string) error {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	allowed, known := layers[pkg]
	if !known {
		t.Errorf("%s: package %s is not in layers", path, pkg)
	}
	for _, spec := range f.Imports {
		imp := strings.Trim(spec.Path.Value, `"`)
		if slices.Contains(forbidden, imp) {
			t.Errorf("%s must not import %s: the linker would keep every method of every AWS client", path, imp)
		}
		if ours, ok := strings.CutPrefix(imp, module); ok {
			if allowed != nil && !slices.Contains(allowed, ours) {
				t.Errorf("%s: %s must not import %s", path, pkg, ours)
			}
			continue
		}
		for lib, users := range sole {
			if (imp == lib || strings.HasPrefix(imp, lib+"/")) && !slices.Contains(users, pkg) {
				t.Errorf("%s: only %v may import %s", path, users, lib)
			}
		}
	}
	return nil
}
