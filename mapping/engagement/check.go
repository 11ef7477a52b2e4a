package engagement

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// place gives the entries their lines.
func (e *Engagement) place() {
	at := func(table string, i int) int { return e.lines.of(fmt.Sprintf("%s/%d", table, i)) }
	for i := range e.Exclusions {
		e.Exclusions[i].Line = at("exclusion", i)
	}
	for i := range e.Inherited {
		e.Inherited[i].Line = at("inherited", i)
	}
	for i := range e.Attestations {
		e.Attestations[i].Line = at("attestation", i)
	}
	for i := range e.Acceptances {
		e.Acceptances[i].Line = at("acceptance", i)
	}
	for i := range e.NotApplicable {
		e.NotApplicable[i].Line = at("not_applicable", i)
	}
	for i := range e.Questions {
		e.Questions[i].Line = at("question", i)
	}
	if e.Status == "" {
		e.Status = "draft"
	}
}

// FrameworksLine is the line of the list of frameworks.
func (e *Engagement) FrameworksLine() int { return e.lines.of("frameworks") }

// checker collects mistakes that the schema cannot express.
type checker struct {
	e   *Engagement
	out []error
	ids map[string]string // id → where it was given
}

// check finds what the schema cannot express: days that do not exist, ends before beginnings, ids and answers twice.
func (e *Engagement) check() []error {
	c := &checker{e: e, ids: map[string]string{}}
	c.order("period/from", e.Period.From, "period/to", e.Period.To)
	for i, r := range e.Revisions {
		c.date(fmt.Sprintf("revision/%d/date", i), r.Date)
	}
	for i, r := range e.Inherited {
		at := fmt.Sprintf("inherited/%d", i)
		c.id(at, r.ID)
		if r.To == "" && r.Series != SeriesAoC && r.Series != SeriesBAA {
			c.add(at, "%q is missing%s", "to", in(at))
		}
		c.order(at+"/from", r.From, at+"/to", r.To)
	}
	answered := map[string]string{}
	for i, a := range e.Attestations {
		at := fmt.Sprintf("attestation/%d", i)
		c.id(at, a.ID)
		c.once(answered, at, a.Framework+" "+a.Requirement, "is answered twice: also")
		c.order(at+"/date", a.Date, at+"/expires", a.Expires)
	}
	for i, a := range e.Acceptances {
		at := fmt.Sprintf("acceptance/%d", i)
		c.id(at, a.ID)
		c.date(at+"/expires", a.Expires)
	}
	decided := map[string]string{}
	for i, n := range e.NotApplicable {
		at := fmt.Sprintf("not_applicable/%d", i)
		c.id(at, n.ID)
		c.once(decided, at, n.Framework+" "+n.Requirement, "is decided twice: also")
	}
	asked := map[string]string{}
	for i, q := range e.Questions {
		c.once(asked, fmt.Sprintf("question/%d", i), q.Framework+" "+q.Requirement, "is decided twice: also")
	}
	return sorted(c.out)
}

func (c *checker) add(path, format string, args ...any) {
	c.out = append(c.out, c.e.mistake(path, format, args...))
}

// date checks that a date exists in the calendar.
func (c *checker) date(path, date string) bool {
	if date == "" {
		return true
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		c.add(path, "there is no day %s", date)
		return false
	}
	return true
}

func (c *checker) order(fromPath, from, toPath, to string) {
	ok := c.date(fromPath, from)
	if ok = c.date(toPath, to) && ok; ok && to != "" && to < from {
		c.add(toPath, "ends on %s, before its beginning on %s", to, from)
	}
}

func (c *checker) id(path, id string) { c.once(c.ids, path, "id "+id, "is given twice: also") }

func (c *checker) once(seen map[string]string, path, what, twice string) {
	if other, ok := seen[what]; ok {
		c.add(path, "%s %s%s", what, twice, in(other))
		return
	}
	seen[what] = path
}

// sorted orders mistakes by line.
func sorted(mistakes []error) []error {
	line := func(err error) int {
		var e *Error
		if errors.As(err, &e) {
			return e.Line
		}
		return 0
	}
	slices.SortStableFunc(mistakes, func(a, b error) int {
		return cmp.Or(cmp.Compare(line(a), line(b)), cmp.Compare(a.Error(), b.Error()))
	})
	return slices.Compact(mistakes)
}
