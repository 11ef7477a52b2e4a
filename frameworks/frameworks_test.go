package frameworks_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/auditpack/auditpack/frameworks"
)

type text struct{ En, Ja string }

type edition struct {
	ID             string   `toml:"id"`
	Edition        string   `toml:"edition"`
	Title          text     `toml:"title"`
	Short          text     `toml:"short"`
	Publisher      string   `toml:"publisher"`
	OwnTitles      bool     `toml:"own_titles"`
	Questions      bool     `toml:"questions"`
	RiskAcceptance bool     `toml:"risk_acceptance"`
	Sources        []string `toml:"sources"`
	Group          []struct {
		ID    string `toml:"id"`
		Title text   `toml:"title"`
	} `toml:"group"`
	Requirement []requirement `toml:"requirement"`
}

type requirement struct {
	ID           string   `toml:"id"`
	Slug         string   `toml:"slug"`
	Group        string   `toml:"group"`
	Title        text     `toml:"title"`
	Level        string   `toml:"level"`
	Assessment   string   `toml:"assessment"`
	Obligation   string   `toml:"obligation"`
	Risk         string   `toml:"risk"`
	Party        string   `toml:"party"`
	Basis        string   `toml:"basis"`
	Attestation  *bool    `toml:"attestation"`
	Predecessors []string `toml:"predecessors"`
	Successors   []string `toml:"successors"`
	Link         []link   `toml:"link"`
}

type link struct {
	Rule     string `toml:"rule"`
	Kind     string `toml:"kind"`
	Relation string `toml:"relation"`
	Why      text   `toml:"why"`
}

// load decodes every edition; a key that the format does not know, or an id that is no string, is an error.
func load(t *testing.T) map[string]edition {
	t.Helper()
	names, err := fs.Glob(frameworks.FS, "*.toml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]edition{}
	for _, name := range names {
		if name == "responsibility.toml" {
			continue
		}
		var e edition
		md, err := toml.DecodeFS(frameworks.FS, name, &e)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if un := md.Undecoded(); len(un) > 0 {
			t.Errorf("%s: unknown keys %v", name, un)
		}
		if want := e.ID + "-" + e.Edition + ".toml"; name != want {
			t.Errorf("%s: named by its id and edition it would be %s", name, want)
		}
		all[e.ID+"@"+e.Edition] = e
	}
	return all
}

// TestEditions pins what must not drift by a slip of the hand: which editions there are, how many groups and
// requirements each has, the first and the last id, and all ids in their order (SHA-256 over the ids, one a line).
func TestEditions(t *testing.T) {
	want := []struct {
		key            string
		groups, count  int
		first, last    string
		ids            string
		questions      bool
		riskAcceptance bool
		ownTitles      bool
	}{
		{"wa-security@2024-11", 11, 63, "SEC01-BP01", "SEC11-BP08", "7337c9f0d07d", true, true, false},
		{"wa-security@2020-07", 10, 56, "SEC 1.1", "SEC 10.7", "cf1ec78e6416", true, true, false},
		{"cis-aws@5.0.0", 5, 63, "1.1", "5.7", "79d5749bee8b", false, true, true},
		{"cis-aws@7.0.0", 5, 70, "2.1.1", "6.8", "31dbc4afc519", false, true, true},
		{"pci-dss@4.0.1", 15, 280, "1.1.1", "A3.5.1", "cca0d9285c8f", false, false, true},
		{"hipaa-security@2013-omnibus", 6, 98, "164.308(a)(1)(i)", "164.414(b)", "d0f49226d8f9", false, true, false},
	}
	all := load(t)
	if len(all) != len(want) {
		t.Errorf("%d editions, want %d", len(all), len(want))
	}
	for _, w := range want {
		e, ok := all[w.key]
		if !ok {
			t.Errorf("%s: missing", w.key)
			continue
		}
		var ids []string
		for _, r := range e.Requirement {
			ids = append(ids, r.ID)
		}
		if len(e.Group) != w.groups || len(ids) != w.count {
			t.Errorf("%s: %d groups and %d requirements, want %d and %d", w.key, len(e.Group), len(ids), w.groups, w.count)
			continue
		}
		if ids[0] != w.first || ids[len(ids)-1] != w.last {
			t.Errorf("%s: runs from %s to %s, want %s to %s", w.key, ids[0], ids[len(ids)-1], w.first, w.last)
		}
		sum := sha256.Sum256([]byte(strings.Join(ids, "\n") + "\n"))
		if got := hex.EncodeToString(sum[:6]); got != w.ids {
			t.Errorf("%s: digest of the ids is %s, want %s", w.key, got, w.ids)
		}
		if e.Questions != w.questions || e.RiskAcceptance != w.riskAcceptance || e.OwnTitles != w.ownTitles {
			t.Errorf("%s: questions %t, risk_acceptance %t, own_titles %t", w.key, e.Questions, e.RiskAcceptance, e.OwnTitles)
		}
	}
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// TestRequirements checks each row: its words, its group, its references to other editions and its links.
func TestRequirements(t *testing.T) {
	all := load(t)
	for key, e := range all {
		checkText(t, key, e.Title)
		if e.Publisher == "" || len(e.Sources) == 0 {
			t.Errorf("%s: publisher or sources missing", key)
		}
		for _, s := range []string{e.Short.En, e.Short.Ja} {
			if n := len([]rune(s)); n == 0 || n > 24 {
				t.Errorf("%s: short title %q has %d characters, want 1 to 24", key, s, n)
			}
		}
		var order []string
		for _, g := range e.Group {
			checkText(t, key+" group "+g.ID, g.Title)
			order = append(order, g.ID)
		}
		at, ids, slugs := 0, map[string]bool{}, map[string]bool{}
		for _, r := range e.Requirement {
			where := key + " " + r.ID
			checkText(t, where, r.Title)
			if ids[r.ID] || slugs[r.Slug] {
				t.Errorf("%s: id or slug %q is not unique", where, r.Slug)
			}
			ids[r.ID], slugs[r.Slug] = true, true
			if !slugForm.MatchString(r.Slug) {
				t.Errorf("%s: slug %q", where, r.Slug)
			}
			g := slices.Index(order, r.Group)
			if g < at {
				t.Errorf("%s: group %q does not exist or stands earlier", where, r.Group)
			}
			at = max(at, g)
			checkWords(t, where, e, r)
			checkOthers(t, where, e, r, all)
			checkLinks(t, where, r)
		}
	}
}

func checkWords(t *testing.T, where string, e edition, r requirement) {
	t.Helper()
	if !slices.Contains([]string{"aws", "shared", "customer"}, r.Party) || r.Basis != "tool-default" || r.Attestation == nil {
		t.Errorf("%s: party %q, basis %q or attestation missing", where, r.Party, r.Basis)
	}
	var ok bool
	switch e.ID {
	case "cis-aws":
		ok = (r.Level == "1" || r.Level == "2") && (r.Assessment == "automated" || r.Assessment == "manual") && r.Obligation+r.Risk == ""
		ok = ok && (r.Assessment == "automated" || *r.Attestation)
	case "wa-security":
		ok = r.Level+r.Assessment+r.Obligation == ""
		if e.Edition == "2024-11" {
			ok = ok && slices.Contains([]string{"high", "medium", "low"}, r.Risk)
		}
	case "hipaa-security":
		ok = (r.Obligation == "required" || r.Obligation == "addressable") && r.Level+r.Assessment+r.Risk == ""
	default:
		ok = r.Level+r.Assessment+r.Obligation+r.Risk == ""
	}
	if !ok {
		t.Errorf("%s: level %q, assessment %q, obligation %q, risk %q", where, r.Level, r.Assessment, r.Obligation, r.Risk)
	}
}

// checkOthers follows predecessors and successors, "edition:id", to the other edition and back.
func checkOthers(t *testing.T, where string, e edition, r requirement, all map[string]edition) {
	t.Helper()
	back := func(refs []string, other func(requirement) []string) {
		for _, ref := range refs {
			ed, id, _ := strings.Cut(ref, ":")
			o := all[e.ID+"@"+ed]
			i := slices.IndexFunc(o.Requirement, func(q requirement) bool { return q.ID == id })
			if i < 0 {
				t.Errorf("%s: %q does not exist", where, ref)
				continue
			}
			if self := e.Edition + ":" + r.ID; !slices.Contains(other(o.Requirement[i]), self) {
				t.Errorf("%s: %q does not point back", where, ref)
			}
		}
	}
	back(r.Predecessors, func(q requirement) []string { return q.Successors })
	back(r.Successors, func(q requirement) []string { return q.Predecessors })
}

func checkLinks(t *testing.T, where string, r requirement) {
	t.Helper()
	seen := map[string]bool{}
	for _, l := range r.Link {
		target := "rule " + l.Rule
		if l.Rule == "" {
			target = "kind " + l.Kind
		}
		if (l.Rule == "") == (l.Kind == "") || seen[target] {
			t.Errorf("%s: %s: a link names one rule or one kind, once", where, target)
		}
		seen[target] = true
		if !slices.Contains([]string{"demonstrates", "supports", "indicates"}, l.Relation) || (l.Kind != "" && l.Relation != "indicates") {
			t.Errorf("%s: %s: relation %q", where, target, l.Relation)
		}
		checkText(t, where+" "+target, l.Why)
	}
}

var (
	japanese = regexp.MustCompile(`[\p{Hiragana}\p{Katakana}\p{Han}]`)
	// Products of which the whole title may consist.
	productOnly = regexp.MustCompile(`^(CIS AWS|PCI DSS|HIPAA)\b`)
	// Words that would read as a conclusion, and the Japanese for a finding. SEC04-BP04 has one in its official name.
	conclusion = regexp.MustCompile(`(?i)\bcompliant\b|準拠|適合`)
)

func checkText(t *testing.T, where string, s text) {
	t.Helper()
	switch {
	case s.En == "" || s.Ja == "":
		t.Errorf("%s: en %q, ja %q", where, s.En, s.Ja)
	case s.En != strings.TrimSpace(s.En) || s.Ja != strings.TrimSpace(s.Ja):
		t.Errorf("%s: white space around %q or %q", where, s.En, s.Ja)
	case japanese.MatchString(s.En):
		t.Errorf("%s: Japanese in the English text %q", where, s.En)
	case !japanese.MatchString(s.Ja) && !productOnly.MatchString(s.Ja):
		t.Errorf("%s: no Japanese in %q", where, s.Ja)
	case conclusion.MatchString(s.Ja), conclusion.MatchString(s.En) && !strings.HasSuffix(where, " SEC04-BP04"):
		t.Errorf("%s: %q or %q reads as a conclusion", where, s.En, s.Ja)
	}
}

// TestEveryKindReachesAQuestion: each kind that the collector knows can be listed by the Well-Architected questions, in both
// editions, and no link names a kind that nobody collects.
func TestEveryKindReachesAQuestion(t *testing.T) {
	b, err := os.ReadFile("../mapping/expr/shapes.json")
	if err != nil {
		t.Fatal(err)
	}
	var shapes struct {
		Kinds map[string]struct{} `json:"kinds"`
	}
	if err := json.Unmarshal(b, &shapes); err != nil {
		t.Fatal(err)
	}
	if len(shapes.Kinds) == 0 {
		t.Fatal("no kinds")
	}
	all := load(t)
	for _, key := range []string{"wa-security@2024-11", "wa-security@2020-07"} {
		linked := map[string]bool{}
		for _, r := range all[key].Requirement {
			for i, l := range r.Link {
				if l.Kind == "" {
					if i > 0 && r.Link[i-1].Kind != "" {
						t.Errorf("%s %s: rule %s stands after a kind", key, r.ID, l.Rule)
					}
					continue
				}
				if _, ok := shapes.Kinds[l.Kind]; !ok {
					t.Errorf("%s %s: kind %s is not collected", key, r.ID, l.Kind)
				}
				linked[l.Kind] = true
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(shapes.Kinds)) {
			if !linked[kind] {
				t.Errorf("%s: kind %s is not linked from any practice", key, kind)
			}
		}
	}
}

// TestResponsibility: every side of every party has words in both languages, and no row is there twice.
func TestResponsibility(t *testing.T) {
	var f struct {
		Portion []struct {
			Party, Side, Framework, Basis string
			Expected                      text
		}
	}
	md, err := toml.DecodeFS(frameworks.FS, "responsibility.toml", &f)
	if err != nil {
		t.Fatal(err)
	}
	if un := md.Undecoded(); len(un) > 0 {
		t.Errorf("unknown keys %v", un)
	}
	seen := map[string]bool{}
	for _, p := range f.Portion {
		key := strings.TrimSuffix(p.Party+"/"+p.Side+"/"+p.Framework, "/")
		if seen[key] {
			t.Errorf("%s: twice", key)
		}
		seen[key] = true
		if p.Basis != "tool-default" {
			t.Errorf("%s: basis %q", key, p.Basis)
		}
		checkText(t, key, p.Expected)
	}
	for _, key := range []string{"aws/aws", "aws/customer", "shared/aws", "shared/customer", "customer/customer"} {
		if !seen[key] {
			t.Errorf("%s: missing", key)
		}
	}
}
