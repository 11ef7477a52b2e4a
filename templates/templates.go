// Package templates holds what people read around the evidence: the message catalogues in English and Japanese
// (messages/*.toml) and the fonts with their licences. Everything is embedded; nothing is read from the disk.
//
// A message is a TOML table with an en and a ja string, named by its dotted key:
//
//	[verdict.met]
//	en = "Met"
//	ja = "充足"
//
// {name} in a message stands for an argument. Both languages must use the same arguments; New checks that.
package templates

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed messages/*.toml
var messageFiles embed.FS

// Languages lists the languages that every message exists in.
func Languages() []string { return []string{"en", "ja"} }

// Messages is a loaded message catalogue.
type Messages struct {
	text map[string][2]string // key → en, ja
}

// Load reads the embedded catalogue. Errors name the file and the key and are reported all at once.
func Load() (*Messages, error) { return load(messageFiles) }

func load(fsys fs.FS) (*Messages, error) {
	names, err := fs.Glob(fsys, "messages/*.toml")
	if err != nil {
		return nil, fmt.Errorf("listing messages: %w", err)
	}
	m := &Messages{text: map[string][2]string{}}
	var bad []error
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading messages: %w", err)
		}
		var tree map[string]any
		if err := toml.Unmarshal(b, &tree); err != nil {
			bad = append(bad, fmt.Errorf("%s: %w", path.Base(name), err))
			continue
		}
		m.add(&bad, path.Base(name), "", tree)
	}
	return m, errors.Join(bad...)
}

// add walks one table: a table of strings is a message, a table of tables is a part of the key.
func (m *Messages) add(bad *[]error, file, prefix string, tree map[string]any) {
	report := func(format string, args ...any) {
		*bad = append(*bad, fmt.Errorf("%s: %s: %w", file, prefix, fmt.Errorf(format, args...)))
	}
	en, isEn := tree["en"].(string)
	ja, isJa := tree["ja"].(string)
	if isEn || isJa {
		switch {
		case len(tree) != 2 || en == "" || ja == "":
			report("a message has exactly en and ja, neither of them empty")
		case !slices.Equal(arguments(en), arguments(ja)):
			report("en uses %v and ja uses %v", arguments(en), arguments(ja))
		default:
			if _, twice := m.text[prefix]; twice {
				report("defined twice")
			}
			m.text[prefix] = [2]string{en, ja}
		}
		return
	}
	for key, v := range tree {
		sub, ok := v.(map[string]any)
		if !ok {
			report("%s is neither a message nor a table", key)
			continue
		}
		next := key
		if prefix != "" {
			next = prefix + "." + key
		}
		m.add(bad, file, next, sub)
	}
}

var argument = regexp.MustCompile(`\{[a-z_0-9]+\}`)

// arguments returns the sorted distinct {name}s of a message.
func arguments(s string) []string {
	found := argument.FindAllString(s, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Has reports whether the catalogue has the key.
func (m *Messages) Has(key string) bool { _, ok := m.text[key]; return ok }

// Keys returns every key, sorted.
func (m *Messages) Keys() []string {
	keys := make([]string, 0, len(m.text))
	for k := range m.text {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Get returns the message of key in lang ("en" or "ja") with its arguments filled in from args: name, value, name, value, …
// Values are put in once and never looked at again, so {x} inside a value stays as it is. An unknown key comes back
// as "⟦key⟧": visible in every output and found by the tests of the renderers, which look for that bracket.
func (m *Messages) Get(lang, key string, args ...string) string {
	pair, ok := m.text[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	s := pair[0]
	if lang == "ja" {
		s = pair[1]
	}
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(s)
}
