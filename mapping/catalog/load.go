package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// Where the embedded files are in the source, for messages.
const (
	rulesFolder      = "mapping/rules"
	frameworksFolder = "frameworks"
)

const responsibilityBase = "responsibility"

// Load reads the built-in rules and frameworks (TOML files at the root of each file system) and those of the user's
// folders, with the shapes of the artifacts that auditpack collects. Mistakes in the files come back all together, as
// Problems. The examples of custom rules are run; those of built-in rules are not, a test does.
func Load(builtinRules, builtinFrameworks fs.FS, extraDirs []string) (*Catalog, error) {
	shapes, err := expr.BuiltinShapes()
	if err != nil {
		return nil, err
	}
	return LoadWith(shapes, builtinRules, builtinFrameworks, extraDirs)
}

// LoadWith is Load with other shapes of artifacts.
func LoadWith(shapes *expr.Shapes, builtinRules, builtinFrameworks fs.FS, extraDirs []string) (*Catalog, error) {
	l, err := newLoader(shapes)
	if err != nil {
		return nil, err
	}
	ruleFiles := readBuiltin(builtinRules, rulesFolder, &l.problems)
	frameworkFiles := readBuiltin(builtinFrameworks, frameworksFolder, &l.problems)
	var responsibility *file
	frameworkFiles = slices.DeleteFunc(frameworkFiles, func(f *file) bool {
		if f.base == responsibilityBase {
			responsibility = f
		}
		return f.base == responsibilityBase
	})
	all := append(slices.Clone(ruleFiles), frameworkFiles...)
	if responsibility != nil {
		all = append(all, responsibility)
	}
	for i, dir := range extraDirs {
		all = append(all, readCustom(dir, i, &l.problems)...)
	}
	l.decode(all)
	for _, f := range all {
		switch {
		case f.data == nil || !f.custom:
		case f.root().has("rule"):
			ruleFiles = append(ruleFiles, f)
		case f.root().has("edition", "requirement", "group"):
			frameworkFiles = append(frameworkFiles, f)
		default:
			l.problems.add(f.name, 1, "has neither a [[rule]] nor a framework's requirements")
		}
	}
	for _, f := range ruleFiles {
		l.readRules(f)
	}
	l.compile()
	for _, f := range frameworkFiles {
		l.readFramework(f)
	}
	l.finish(responsibility)
	if err := l.problems.err(); err != nil {
		return nil, err
	}
	l.c.Digest = digestOf(all)
	return l.c, nil
}

// loader collects a catalogue and what is wrong with it.
type loader struct {
	c              *Catalog
	problems       Problems
	rules          *schema
	frameworks     *schema
	responsibility *schema
	places         map[string]Problem // where a rule or an edition was first seen
	compiling      []compiling
}

func newLoader(shapes *expr.Shapes) (*loader, error) {
	env, err := expr.New(shapes)
	if err != nil {
		return nil, err
	}
	l := &loader{
		c:      &Catalog{Shapes: shapes, env: env, rules: map[string]*Rule{}, Responsibility: Responsibility{map[side]Portion{}}},
		places: map[string]Problem{},
	}
	for text, to := range map[*[]byte]**schema{&ruleSchema: &l.rules, &frameworkSchema: &l.frameworks, &responsibilitySchema: &l.responsibility} {
		if *to, err = compileSchema(*text); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// decode parses all files and holds them against their schemas, as many at a time as there are processors.
func (l *loader) decode(files []*file) {
	found := make([]Problems, len(files))
	parallel(len(files), func(i int) {
		f := files[i]
		if !f.decode(&found[i]) {
			return
		}
		switch t := f.root(); {
		case t.has("rule"):
			l.rules.check(f, &found[i])
		case t.has("portion") && !f.custom:
			l.responsibility.check(f, &found[i])
		case t.has("edition", "requirement", "group"):
			l.frameworks.check(f, &found[i])
		case !f.custom:
			found[i].add(f.name, 1, "has neither a [[rule]] nor a framework's requirements")
		}
	})
	for _, p := range found {
		l.problems = append(l.problems, p...)
	}
}

// parallel calls f with every number below n.
func parallel(n int, f func(int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wait.Wait()
}

// first notes where something stands and reports it when it stands somewhere already.
func (l *loader) first(what string, f *file, line int) bool {
	if p, ok := l.places[what]; ok {
		hint := ""
		if f.custom {
			hint = "; a custom file can add to the catalogue and never replace a part of it"
		}
		l.problems.add(f.name, line, "%s is defined already at %s:%d%s", what, p.File, p.Line, hint)
		return false
	}
	l.places[what] = Problem{File: f.name, Line: line}
	return true
}

// finish checks what refers from one file to another.
func (l *loader) finish(responsibility *file) {
	slices.SortFunc(l.c.Rules, func(a, b *Rule) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(l.c.Frameworks, func(a, b *Framework) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Edition, b.Edition))
	})
	for _, f := range l.c.Frameworks {
		l.checkReferences(f)
	}
	if responsibility != nil {
		l.readResponsibility(responsibility)
	}
	for _, f := range l.c.Frameworks {
		l.checkPortions(f)
	}
}

func (l *loader) readResponsibility(f *file) {
	for _, t := range f.root().tables("portion") {
		s := side{t.str("framework"), pack.Party(t.str("party")), pack.Party(t.str("side"))}
		if s.framework != "" && !slices.ContainsFunc(l.c.Frameworks, func(fw *Framework) bool { return fw.ID == s.framework }) {
			l.problems.add(f.name, t.lineOf("framework"), "there is no framework %q%s", s.framework, expr.DidYouMean(s.framework, l.frameworkIDs()))
		}
		if l.first(fmt.Sprintf("the portion of side %s, party %s, framework %q", s.side, s.party, s.framework), f, t.line()) {
			l.c.Responsibility.portions[s] = Portion{t.text("expected"), t.str("basis")}
		}
	}
}

func (l *loader) frameworkIDs() []string {
	var ids []string
	for _, f := range l.c.Frameworks {
		if !slices.Contains(ids, f.ID) {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// checkPortions reports a portion that a requirement has and responsibility.toml does not describe.
func (l *loader) checkPortions(f *Framework) {
	for _, r := range f.Requirements {
		for _, s := range Sides(r.Party) {
			if _, ok := l.c.Responsibility.Portion(f.ID, r.Party, s); !ok && r.Party != "" {
				l.problems.add(frameworksFolder+"/"+responsibilityBase+".toml", 0, "does not say what side %s of a requirement of party %s is expected to show", s, r.Party)
			}
		}
	}
}

// digestOf is the digest of all catalogue files: SHA-256 over the SHA-256 of each and its name, sorted by name.
func digestOf(files []*file) string {
	slices.SortFunc(files, func(a, b *file) int { return cmp.Compare(a.key, b.key) })
	all := sha256.New()
	for _, f := range files {
		fmt.Fprintf(all, "%x  %s\n", sha256.Sum256(f.text), f.key)
	}
	return hex.EncodeToString(all.Sum(nil))
}
