// Package policy says what AWS configuration means where the meaning is more than a value: who an IAM or resource
// policy lets in, which addresses and ports a security group or network ACL opens, what a trail records, and which
// events a metric filter catches. It is pure: text and numbers in, an answer or an error out. What cannot be
// understood is always an error and never an answer.
//
// Policies follow the IAM User Guide: "IAM JSON policy elements reference", "Policy evaluation logic" and "AWS global
// condition context keys". What makes a resource policy public follows the Amazon S3 User Guide, "The meaning of
// public".
package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

// Policy is a parsed policy document.
type Policy struct {
	Statements []Statement
}

// Statement is one statement of a policy. Of Principal and NotPrincipal, Actions and NotActions, Resources and
// NotResources at most one each is set.
type Statement struct {
	Sid          string
	Allow        bool // Effect is Allow and not Deny
	Principal    []Principal
	NotPrincipal []Principal
	Actions      []string // in lower case: action names are not case-sensitive
	NotActions   []string
	Resources    []string
	NotResources []string
	Conditions   []Condition
}

// Principal is one principal of a statement: Type is "AWS", "Service", "Federated", "CanonicalUser", or "*" for
// everyone, as "*" and {"AWS": "*"} are. The ID "*" of another type is everyone of that type.
type Principal struct {
	Type string
	ID   string
}

// Condition is one key of the Condition element. All conditions of a statement must hold; of its values one is enough
// (none may match for a negated operator).
type Condition struct {
	Operator string // in lower case without qualifier and suffix: "stringequals"
	ForAll   bool   // ForAllValues:
	ForAny   bool   // ForAnyValue:
	IfExists bool
	Key      string // in lower case: condition keys are not case-sensitive
	Values   []string
}

// Limits of a policy document. AWS's largest is 32 KiB (KMS) or less; percent-encoding can triple that.
const (
	maxDocument = 256 << 10
	maxDepth    = 16
)

// Parse reads a policy document as AWS returns it: JSON, or percent-encoded JSON as IAM sends it (RFC 3986).
func Parse(document string) (*Policy, error) {
	if len(document) > maxDocument {
		return nil, fmt.Errorf("reading a policy: %d bytes is more than AWS accepts", len(document))
	}
	text := strings.TrimSpace(document)
	if strings.HasPrefix(text, "%") {
		decoded, err := url.PathUnescape(text)
		if err != nil {
			return nil, fmt.Errorf("reading a policy: %w", err)
		}
		text = decoded
	}
	root, err := readJSON(text)
	if err != nil {
		return nil, fmt.Errorf("reading a policy: %w", err)
	}
	p, found := &Policy{}, false
	err = eachMember(root, "the policy", func(name string, v any) error {
		switch name {
		case "version", "id":
			_, err := oneString(v)
			return err
		case "statement":
			found = true
			return p.statements(v)
		}
		return errors.New("is not an element of a policy")
	})
	if err == nil && !found {
		err = errors.New("no statement")
	}
	if err != nil {
		return nil, fmt.Errorf("reading a policy: %w", err)
	}
	return p, nil
}

func (p *Policy) statements(v any) error {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for i, item := range list {
		s, err := readStatement(item)
		if err != nil {
			return fmt.Errorf("statement %d: %w", i+1, err)
		}
		p.Statements = append(p.Statements, s)
	}
	return nil
}

func readStatement(v any) (Statement, error) {
	var s Statement
	effect := ""
	err := eachMember(v, "the statement", func(name string, v any) (err error) {
		switch name {
		case "sid":
			s.Sid, err = oneString(v)
		case "effect":
			effect, err = oneString(v)
		case "principal":
			s.Principal, err = readPrincipals(v)
		case "notprincipal":
			s.NotPrincipal, err = readPrincipals(v)
		case "action":
			s.Actions, err = lowered(v)
		case "notaction":
			s.NotActions, err = lowered(v)
		case "resource":
			s.Resources, err = stringList(v)
		case "notresource":
			s.NotResources, err = stringList(v)
		case "condition":
			s.Conditions, err = readConditions(v)
		default:
			err = errors.New("is not an element of a statement")
		}
		return err
	})
	switch {
	case err != nil:
		return s, err
	case effect != "Allow" && effect != "Deny":
		return s, fmt.Errorf("effect %q is neither Allow nor Deny", effect)
	case s.Actions == nil && s.NotActions == nil:
		return s, errors.New("no action")
	case s.Actions != nil && s.NotActions != nil, s.Principal != nil && s.NotPrincipal != nil, s.Resources != nil && s.NotResources != nil:
		return s, errors.New("an element stands beside its Not form")
	}
	s.Allow = effect == "Allow"
	return s, nil
}

func readPrincipals(v any) ([]Principal, error) {
	if s, ok := v.(string); ok {
		if s != "*" {
			return nil, fmt.Errorf("principal %q is neither * nor an object", s)
		}
		return []Principal{{Type: "*", ID: "*"}}, nil
	}
	types := map[string]string{"aws": "AWS", "service": "Service", "federated": "Federated", "canonicaluser": "CanonicalUser"}
	out := []Principal{}
	err := eachMember(v, "the principal", func(name string, v any) error {
		typ, ok := types[name]
		if !ok {
			return errors.New("is not a type of principal")
		}
		ids, err := stringList(v)
		for _, id := range ids {
			if id == "*" && typ == "AWS" {
				out = append(out, Principal{"*", "*"})
				continue
			}
			out = append(out, Principal{typ, id})
		}
		return err
	})
	return out, err
}

func readConditions(v any) ([]Condition, error) {
	var out []Condition
	err := eachMember(v, "the condition", func(operator string, v any) error {
		var c Condition
		op := operator
		if rest, ok := strings.CutPrefix(op, "forallvalues:"); ok {
			c.ForAll, op = true, rest
		} else if rest, ok := strings.CutPrefix(op, "foranyvalue:"); ok {
			c.ForAny, op = true, rest
		}
		if rest, ok := strings.CutSuffix(op, "ifexists"); ok {
			c.IfExists, op = true, rest
		}
		if !slices.Contains(conditionOperators, op) {
			return errors.New("is not a condition operator")
		}
		c.Operator = op
		return eachMember(v, "the condition operator", func(key string, v any) error {
			values, err := scalarList(v)
			c.Key, c.Values = key, values
			out = append(out, c)
			return err
		})
	})
	return out, err
}

var conditionOperators = []string{
	"stringequals", "stringnotequals", "stringequalsignorecase", "stringnotequalsignorecase", "stringlike", "stringnotlike",
	"numericequals", "numericnotequals", "numericlessthan", "numericlessthanequals", "numericgreaterthan", "numericgreaterthanequals",
	"dateequals", "datenotequals", "datelessthan", "datelessthanequals", "dategreaterthan", "dategreaterthanequals",
	"bool", "binaryequals", "ipaddress", "notipaddress", "arnequals", "arnlike", "arnnotequals", "arnnotlike", "null",
}

// member is one member of a JSON object; objects keep their order and their duplicates until they are checked.
type member struct {
	name  string
	value any
}

type object []member

// eachMember calls f with every member of an object, its name in lower case, because the names of policy elements are not
// case-sensitive. A name that occurs twice is an error: AWS refuses it and two readers could disagree about it.
func eachMember(v any, what string, f func(name string, v any) error) error {
	o, ok := v.(object)
	if !ok {
		return fmt.Errorf("%s is not an object", what)
	}
	seen := map[string]bool{}
	for _, m := range o {
		name := strings.ToLower(m.name)
		if seen[name] {
			return fmt.Errorf("%s occurs twice in %s", m.name, what)
		}
		seen[name] = true
		if err := f(name, m.value); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

func readJSON(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := readValue(d, 0)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.New("it ends too early")
	}
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("data after the document")
	}
	return v, nil
}

func readValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deep")
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		o := object{}
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			o = append(o, member{name.(string), v})
		}
		_, err := d.Token()
		return o, err
	case json.Delim('['):
		l := []any{}
		for d.More() {
			v, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			l = append(l, v)
		}
		_, err := d.Token()
		return l, err
	}
	return t, nil
}

func oneString(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", errors.New("is not a string")
	}
	return s, nil
}

// stringList reads a string or a list of strings. The result is not nil.
func stringList(v any) ([]string, error) {
	if s, ok := v.(string); ok {
		return []string{s}, nil
	}
	l, ok := v.([]any)
	if !ok {
		return nil, errors.New("is neither a string nor a list of strings")
	}
	out := make([]string, 0, len(l))
	for _, item := range l {
		s, err := oneString(item)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func lowered(v any) ([]string, error) {
	l, err := stringList(v)
	for i := range l {
		l[i] = strings.ToLower(l[i])
	}
	return l, err
}

// scalarList reads the values of a condition, which may also be truth values and numbers.
func scalarList(v any) ([]string, error) {
	l, ok := v.([]any)
	if !ok {
		l = []any{v}
	}
	out := make([]string, 0, len(l))
	for _, item := range l {
		switch s := item.(type) {
		case string:
			out = append(out, s)
		case bool:
			out = append(out, fmt.Sprint(s))
		case json.Number:
			out = append(out, s.String())
		default:
			return nil, errors.New("is neither a value nor a list of values")
		}
	}
	return out, nil
}
