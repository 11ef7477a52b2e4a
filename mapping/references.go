package mapping

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/engagement"
)

// choose returns the framework editions of the pack in order.
func choose(c *catalog.Catalog, named []string, e *engagement.Engagement) ([]*catalog.Framework, error) {
	if len(named) == 0 {
		named = e.Frameworks
	}
	if len(named) == 0 {
		return c.Frameworks, nil
	}
	var out []*catalog.Framework
	var mistakes []error
	seen := map[string]bool{}
	for _, key := range named {
		f := c.Framework(key)
		switch {
		case f == nil:
			mistakes = append(mistakes, unknownFramework(c, key))
		case seen[key]:
			mistakes = append(mistakes, fmt.Errorf("framework %q is named twice", key))
		default:
			out = append(out, f)
		}
		seen[key] = true
	}
	if len(mistakes) > 0 {
		return nil, fmt.Errorf("%w: %w", ErrInput, errors.Join(mistakes...))
	}
	return out, nil
}

func unknownFramework(c *catalog.Catalog, key string) error {
	var have []string
	for _, f := range c.Frameworks {
		have = append(have, f.Key())
	}
	return fmt.Errorf("framework %q is not in the catalogue; there are %s", key, strings.Join(have, ", "))
}

// Check reports what an engagement names and the catalogue does not have: frameworks, requirements, rules. The error
// wraps ErrInput and joins every mistake, each an *engagement.Error, by line. A nil engagement names nothing.
func Check(c *catalog.Catalog, e *engagement.Engagement) error {
	if e == nil {
		return nil
	}
	k := checker{c: c, e: e}
	for _, key := range e.Frameworks {
		k.framework(e.FrameworksLine(), key)
	}
	for _, r := range e.Inherited {
		for _, key := range r.Frameworks {
			k.framework(r.Line, key)
		}
	}
	for _, a := range e.Attestations {
		k.requirement(a.Line, a.Framework, a.Requirement)
	}
	for _, n := range e.NotApplicable {
		k.requirement(n.Line, n.Framework, n.Requirement)
	}
	for _, q := range e.Questions {
		if f := k.requirement(q.Line, q.Framework, q.Requirement); f != nil && !f.Questions {
			k.add(q.Line, "%s has no questions", q.Framework)
		}
	}
	for _, a := range e.Acceptances {
		if !slices.ContainsFunc(c.Rules, func(r *catalog.Rule) bool { return r.ID == a.Rule }) {
			k.add(a.Line, "rule %q is not in the catalogue", a.Rule)
		}
	}
	if len(k.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(k.mistakes, func(a, b *engagement.Error) int { return cmp.Compare(a.Line, b.Line) })
	errs := make([]error, len(k.mistakes))
	for i, m := range k.mistakes {
		errs[i] = m
	}
	return fmt.Errorf("%w: %w", ErrInput, errors.Join(errs...))
}

type checker struct {
	c        *catalog.Catalog
	e        *engagement.Engagement
	mistakes []*engagement.Error
}

func (k *checker) add(line int, format string, args ...any) {
	k.mistakes = append(k.mistakes, &engagement.Error{File: k.e.File, Line: line, Message: fmt.Sprintf(format, args...)})
}

func (k *checker) framework(line int, key string) *catalog.Framework {
	f := k.c.Framework(key)
	if f == nil {
		k.add(line, "%s", unknownFramework(k.c, key))
	}
	return f
}

func (k *checker) requirement(line int, key, id string) *catalog.Framework {
	f := k.framework(line, key)
	if f != nil && f.Requirement(id) == nil {
		k.add(line, "%s has no requirement %q", key, id)
	}
	return f
}
