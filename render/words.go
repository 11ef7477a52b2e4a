package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/templates"
)

// Words says in one language what a pack holds as codes: every renderer takes its sentences from here, so that the report and
// the workbook cannot differ.
type Words struct {
	msgs  *templates.Messages
	lang  string
	pack  *pack.Pack
	rules map[string]*pack.Rule
}

// NewWords returns the words of p in lang ("en" or "ja").
func NewWords(msgs *templates.Messages, lang string, p *pack.Pack) *Words {
	w := &Words{msgs: msgs, lang: lang, pack: p, rules: map[string]*pack.Rule{}}
	for i := range p.Rules {
		w.rules[p.Rules[i].ID] = &p.Rules[i]
	}
	return w
}

func (w *Words) t(key string, args ...string) string { return w.msgs.Get(w.lang, key, args...) }

// named is the message of a code, or the code itself where nobody has named it.
func (w *Words) named(prefix, code string) string {
	if key := prefix + "." + code; w.msgs.Has(key) {
		return w.t(key)
	}
	return code
}

// Kind names an artifact kind, or what a finding speaks about where that is no resource ("account", "region", "population").
func (w *Words) Kind(kind string) string {
	if w.msgs.Has("subject." + kind) {
		return w.t("subject." + kind)
	}
	return w.named("kind", kind)
}

// Service names an AWS service.
func (w *Words) Service(service string) string { return w.named("service", service) }

// Rule is the title of a rule in quotation marks.
func (w *Words) Rule(id string) string {
	if r := w.rules[id]; r != nil {
		return w.t("words.quoted", "text", r.Title.In(w.lang))
	}
	return w.t("words.quoted", "text", id)
}

// Framework is the short name of an edition with the edition in it; key is "id@edition".
func (w *Words) Framework(key string) string {
	for i := range w.pack.Frameworks {
		if f := &w.pack.Frameworks[i]; f.Key() == key {
			return withEdition(f.Short.In(w.lang), f.Edition)
		}
	}
	return key
}

// Title is the full name of an edition with the edition in it.
func (w *Words) Title(f *pack.Framework) string { return withEdition(f.Title.In(w.lang), f.Edition) }

// withEdition adds the edition to a name that does not carry it.
func withEdition(name, edition string) string {
	if strings.Contains(name, edition) {
		return name
	}
	return name + " " + edition
}

// Frameworks are the short names of several editions.
func (w *Words) Frameworks(keys []string) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = w.Framework(k)
	}
	return strings.Join(names, w.t("words.and"))
}

// Requirement names a requirement by its edition and id; ref is "id@edition#requirement".
func (w *Words) Requirement(ref string) string {
	key, id, _ := strings.Cut(ref, "#")
	if name := w.Framework(key); name != key {
		return name + " · " + id
	}
	return ref
}

// Subject names what a finding is about: the ARN, or the id where AWS has none. A finding about a population says so, because
// its id is a kind and no resource.
func (w *Words) Subject(f *pack.Finding) string {
	switch {
	case f.Kind == "population":
		return w.t("words.population", "kind", w.named("kind", f.ID))
	case f.Kind == "account" || f.Kind == "region":
		return w.t("subject."+f.Kind) + " " + f.ID
	case f.ARN != "":
		return f.ARN
	}
	return f.ID
}

// Region prints the region of a finding. A population may speak about all regions in scope, or about those that could not be listed.
func (w *Words) Region(f *pack.Finding) string {
	switch {
	case f.Kind == "population" && f.Region == "":
		return w.t("words.all_regions")
	case f.Region == "*":
		return w.t("words.unknown_regions")
	}
	return f.Region
}

// grouped are the reasons of which several are told in one sentence, with the argument that differs.
var grouped = map[string]string{
	pack.ReasonRuleFailed: "rule", pack.ReasonRuleNotAssessed: "rule", pack.ReasonRulePassed: "rule", pack.ReasonSupportsFailed: "rule",
	pack.ReasonWhenFalse: "rule", pack.ReasonNoResources: "kind", pack.ReasonPopulation: "kind",
}

// maxNamed is how many rules or kinds one sentence names.
const maxNamed = 4

// Reason is the sentence of one reason.
func (w *Words) Reason(r pack.Reason) string {
	if r.Code == "" {
		return ""
	}
	if by, ok := grouped[r.Code]; ok && r.Args[by] != "" {
		return w.several(r.Code, by, []pack.Reason{r})
	}
	args := make([]string, 0, 2*len(r.Args))
	for _, k := range slices.Sorted(maps.Keys(r.Args)) {
		v := r.Args[k]
		switch k {
		case "rule":
			v = w.Rule(v)
		case "kind":
			v = w.named("kind", v)
		}
		args = append(args, k, v)
	}
	return w.t("reason."+r.Code, args...)
}

// several tells reasons of one code in one sentence.
func (w *Words) several(code, by string, list []pack.Reason) string {
	var names []string
	for i, r := range list {
		if i == maxNamed && len(list) > maxNamed+1 {
			names = append(names, w.t("words.more", "count", Number(len(list)-i)))
			break
		}
		if by == "kind" {
			names = append(names, w.named("kind", r.Args["kind"]))
			continue
		}
		names = append(names, w.t("words.rule_count", "rule", w.Rule(r.Args["rule"]), "count", r.Args["count"]))
	}
	return w.t("reason."+code, by, strings.Join(names, w.t("words.and")))
}

// Reasons are the sentences of a list of reasons: those of one code together, where the first stands, and no sentence twice.
func (w *Words) Reasons(list []pack.Reason) []string {
	var out []string
	done := map[string]bool{}
	for _, r := range list {
		s := ""
		if by, ok := grouped[r.Code]; ok && r.Args[by] != "" {
			if done[r.Code] {
				continue
			}
			done[r.Code] = true
			var same []pack.Reason
			for _, x := range list {
				if x.Code == r.Code {
					same = append(same, x)
				}
			}
			s = w.several(r.Code, by, same)
		} else {
			s = w.Reason(r)
		}
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// Basis are the sentences for the verdict of a requirement: its own, then those of its portions with their party before them.
func (w *Words) Basis(q *pack.Requirement) []string {
	out := w.Reasons(q.Reasons)
	for _, p := range q.Portions {
		for _, s := range w.Reasons(p.Reasons) {
			if !slices.Contains(out, s) {
				out = append(out, w.t("words.party", "party", w.t("party."+string(p.Party)), "text", s))
			}
		}
	}
	return out
}

// maxBulk is how much of an object or a list is printed as a fact. The record holds all of it.
const maxBulk = 90

// Fact prints a fact as the place in the record, without what is the same in every place, and the value as the API response
// holds it. A value that was withheld at collection says so. Objects and lists are cut: what decided in them is a member that they lack, and the record shows them whole.
func (w *Words) Fact(f pack.Fact) (place, value string) {
	place = strings.ReplaceAll(strings.TrimPrefix(strings.TrimSuffix(f.Pointer, "/data"), "/parts/"), "/data/", "/")
	place = strings.NewReplacer("~1", "/", "~0", "~").Replace(place)
	if strings.Contains(string(f.Value[:min(len(f.Value), 16)]), `"__redacted"`) {
		return place, w.t("words.redacted")
	}
	value = factValue(f.Value)
	if runes := []rune(value); Bulk(f) && len(runes) > maxBulk {
		value = string(runes[:maxBulk]) + "…"
	}
	return place, value
}

// Bulk reports whether the value of a fact is an object or a list.
func Bulk(f pack.Fact) bool {
	s := strings.TrimPrefix(string(f.Value), `"`)
	return s != "" && (s[0] == '{' || s[0] == '[')
}

// Facts returns the facts of a finding with those first that can be taken in at a glance.
func Facts(f *pack.Finding) []pack.Fact {
	list := slices.Clone(f.Facts)
	slices.SortStableFunc(list, func(a, b pack.Fact) int {
		switch {
		case Bulk(a) == Bulk(b):
			return 0
		case Bulk(a):
			return 1
		}
		return -1
	})
	return list
}

// factValue prints a JSON value. A string keeps its quotes and escapes, but not those that only HTML needs; a value that the pack
// cut is a string that ends with an ellipsis, and is printed as the JSON that it was.
func factValue(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return string(raw)
	}
	if strings.HasSuffix(s, "…") && strings.ContainsAny(s[:1], "{[\"") {
		return s
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return string(raw)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Freshness are the sentences about the age of the evidence: how long before the moment of the assessment the collection ended,
// and how the collection window lies to the period under assessment, where the engagement names one.
func (w *Words) Freshness() []string {
	b := &w.pack.Bundle
	out := []string{w.t("words.fresh.age", "days", Number(days(b.End, w.pack.AsOf)))}
	from, errFrom := time.Parse(time.DateOnly, w.pack.Engagement.PeriodFrom)
	to, errTo := time.Parse(time.DateOnly, w.pack.Engagement.PeriodTo)
	if errFrom != nil || errTo != nil {
		return out
	}
	end := to.AddDate(0, 0, 1)
	period := []string{"from", w.pack.Engagement.PeriodFrom, "to", w.pack.Engagement.PeriodTo}
	switch {
	case !b.Start.Before(end):
		return append(out, w.t("words.fresh.after", append(period, "days", Number(days(end, b.Start)+1))...))
	case b.End.Before(from):
		return append(out, w.t("words.fresh.before", append(period, "days", Number(days(b.End, from)+1))...))
	}
	return append(out, w.t("words.fresh.inside", period...))
}

// days counts the whole days between two moments.
func days(from, to time.Time) int { return int(to.Sub(from) / (24 * time.Hour)) }

// Period prints the days from and to; nothing where neither is known.
func (w *Words) Period(from, to string) string {
	if from == "" && to == "" {
		return ""
	}
	return fmt.Sprint(from, w.t("words.to"), to)
}
