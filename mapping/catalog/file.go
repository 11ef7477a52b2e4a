package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/auditpack/auditpack/mapping/pack"
)

// Limits of catalogue files.
const (
	maxFile  = 8 << 20
	maxFiles = 2000
)

// file is one decoded catalogue file.
type file struct {
	name   string // as it is shown: "mapping/rules/s3.toml", "DIR/rules/own.toml"
	key    string // in the digest: without the folder's place on this machine
	base   string // name without folder and ending
	custom bool
	text   []byte
	data   map[string]any
	lines  lines
}

// readBuiltin reads the TOML files at the root of an embedded file system.
func readBuiltin(fsys fs.FS, shown string, problems *Problems) []*file {
	names, err := fs.Glob(fsys, "*.toml")
	if err != nil {
		problems.add(shown, 0, "%v", err)
	}
	var out []*file
	for _, n := range names {
		b, err := fs.ReadFile(fsys, n)
		if err != nil {
			problems.add(path.Join(shown, n), 0, "%v", err)
			continue
		}
		out = append(out, &file{name: path.Join(shown, n), key: path.Join(shown, n), base: strings.TrimSuffix(n, ".toml"), text: b})
	}
	return out
}

// readCustom reads the TOML files of a user's folder and of its sub-folders rules and frameworks.
func readCustom(dir string, index int, problems *Problems) []*file {
	var out []*file
	for _, sub := range []string{".", "rules", "frameworks"} {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if errors.Is(err, fs.ErrNotExist) && sub != "." {
			continue
		}
		if err != nil {
			problems.add(dir, 0, "reading the folder of rules and frameworks: %v", err)
			return nil
		}
		for _, e := range entries {
			if e.IsDir() || filepath.Ext(e.Name()) != ".toml" {
				continue
			}
			name := filepath.Join(dir, sub, e.Name())
			b, err := readBounded(name)
			if err != nil {
				problems.add(name, 0, "%v", err)
				continue
			}
			key := fmt.Sprintf("custom-%d/%s", index, path.Join(sub, e.Name()))
			out = append(out, &file{name: filepath.ToSlash(name), key: key, base: strings.TrimSuffix(e.Name(), ".toml"), custom: true, text: b})
		}
	}
	if len(out) == 0 {
		problems.add(dir, 0, "holds no rules and no frameworks: they are .toml files in it, in rules or in frameworks")
	}
	if len(out) > maxFiles {
		problems.add(dir, 0, "holds more than %d files", maxFiles)
		return nil
	}
	return out
}

func readBounded(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("is not a regular file of at most %d MiB", maxFile>>20)
	}
	return os.ReadFile(name)
}

// decode parses the TOML of a file.
func (f *file) decode(problems *Problems) bool {
	var e toml.ParseError
	_, err := toml.Decode(string(f.text), &f.data)
	switch {
	case errors.As(err, &e):
		problems.add(f.name, e.Position.Line, "%s", strings.TrimPrefix(e.Message, "toml: "))
		return false
	case err != nil:
		problems.add(f.name, 0, "%v", err)
		return false
	}
	f.lines = findLines(string(f.text))
	plainTimes(f.data)
	return true
}

// plainTimes turns TOML's dates, which no key of a catalogue takes, into text that the schema can refuse.
func plainTimes(v any) any {
	switch x := v.(type) {
	case time.Time:
		return map[string]any{"date": x.Format(time.RFC3339)}
	case map[string]any:
		for k := range x {
			x[k] = plainTimes(x[k])
		}
	case []map[string]any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = plainTimes(x[i])
		}
		return out
	case []any:
		for i := range x {
			x[i] = plainTimes(x[i])
		}
	}
	return v
}

// table is one TOML table with its place. Reading a key that is missing or of another type gives the zero value: the
// schema has reported it.
type table struct {
	f    *file
	path string
	m    map[string]any
}

func (f *file) root() table { return table{f, "", f.data} }

func (t table) line() int { return t.f.lines.at(t.path) }

func (t table) lineOf(key string) int { return t.f.lines.at(t.path + "/" + escapePointer(key)) }

// valueLine is the line on which the text of a string begins.
func (t table) valueLine(key string) int {
	if n, ok := t.f.lines.value[t.path+"/"+escapePointer(key)]; ok {
		return n
	}
	return t.lineOf(key)
}

func (t table) str(key string) string {
	s, _ := t.m[key].(string)
	return s
}

func (t table) truth(key string) bool {
	b, _ := t.m[key].(bool)
	return b
}

func (t table) text(key string) pack.Text {
	m, _ := t.m[key].(map[string]any)
	sub := table{m: m}
	return pack.Text{En: sub.str("en"), Ja: sub.str("ja")}
}

func (t table) strs(key string) []string {
	l, _ := t.m[key].([]any)
	out := make([]string, 0, len(l))
	for _, x := range l {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func (t table) tables(key string) []table {
	l, _ := t.m[key].([]any)
	var out []table
	for i, x := range l {
		if m, ok := x.(map[string]any); ok {
			out = append(out, table{t.f, fmt.Sprintf("%s/%s/%d", t.path, key, i), m})
		}
	}
	return out
}

// has says whether any of the keys is there.
func (t table) has(keys ...string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { _, ok := t.m[k]; return ok })
}
