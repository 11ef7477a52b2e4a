package expr

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// opens notes that a member of a part is read which may be null.
func (c *compiler) opens(kind, part string, id int64) {
	k := c.env.shapes.Kinds[kind]
	key := [2]string{kind, part}
	if _, preset := c.env.defaults[key]; preset || k == nil || len(k.Parts[part].Absent) == 0 {
		return
	}
	if _, ok := c.opened[key]; !ok {
		c.opened[key] = opening{c.field, positions{c.ast.SourceInfo()}, id}
	}
}

// lint refuses what is valid CEL and does not say what its author means.
func (c *compiler) lint(when, expect compiled) {
	for _, key := range slices.SortedFunc(maps.Keys(c.opened), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		if o := c.opened[key]; !c.guarded[key] {
			c.errorAt(o.field, o.at, o.id, fmt.Sprintf("part %s of %s is null where nothing is configured (%s): compare it with null first",
				key[1], key[0], strings.Join(c.env.shapes.Kinds[key[0]].Parts[key[1]].Absent, ", ")))
		}
	}
	if when.ast == nil || expect.ast == nil || !isTrueLiteral(when.ast.Expr()) {
		return
	}
	c.field, c.ast = "expect", expect.ast
	sized := map[string]bool{}
	walk(expect.ast.Expr(), func(x celast.Expr) {
		if x.Kind() == celast.CallKind && x.AsCall().FunctionName() == "size" {
			call := x.AsCall()
			if call.IsMemberFunction() {
				sized[sameText(call.Target())] = true
			} else {
				sized[sameText(call.Args()[0])] = true
			}
		}
	})
	walk(expect.ast.Expr(), func(x celast.Expr) {
		if x.Kind() != celast.ComprehensionKind {
			return
		}
		if p, ok := recognise(x.AsComprehension()); !ok || p.macro != operators.All {
			return
		}
		over := x.AsComprehension().IterRange()
		if over.Kind() != celast.ListKind && !sized[sameText(over)] {
			c.errorf(x.ID(), "all() passes on an empty list and when is true: say that the list is not empty (size(%s) > 0), "+
				"or write !….exists(x, …) where an empty list is meant to pass, or narrow when", readable(over))
		}
	})
}

func isTrueLiteral(x celast.Expr) bool {
	return x.Kind() == celast.LiteralKind && x.AsLiteral() == types.True
}

// sameText is a text by which two expressions are the same.
func sameText(x celast.Expr) string {
	switch x.Kind() {
	case celast.IdentKind:
		return x.AsIdent()
	case celast.SelectKind:
		return sameText(x.AsSelect().Operand()) + "." + x.AsSelect().FieldName()
	}
	return fmt.Sprintf("#%d", x.ID())
}

func readable(x celast.Expr) string {
	switch x.Kind() {
	case celast.IdentKind:
		if l, ok := lookupOf(x.AsIdent()); ok {
			return fmt.Sprintf("%s(%q)", l.Scope, l.Kind)
		}
		return x.AsIdent()
	case celast.SelectKind:
		return readable(x.AsSelect().Operand()) + "." + x.AsSelect().FieldName()
	}
	return "the list"
}

// walk visits an expression and all of its parts.
func walk(x celast.Expr, visit func(celast.Expr)) {
	celast.PreOrderVisit(x, celast.NewExprVisitor(visit))
}

var (
	undefinedField = regexp.MustCompile(`^undefined field '(.*)'$`)
	undeclared     = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	noOverload     = regexp.MustCompile(`^found no matching overload for '([^']*)' applied to '(.*)'$`)
)

// report turns the errors of cel-go into sentences for someone who knows AWS and not CEL.
func (c *compiler) report(issues *cel.Issues) {
	missed := c.env.provider.missed
	for _, e := range issues.Errors() {
		msg := e.Message
		if strings.HasPrefix(msg, "Syntax error: ") && len(c.errs) > 0 && c.errs[len(c.errs)-1].Field == c.field {
			return // what follows the first mistake of syntax explains nothing
		}
		switch {
		case undefinedField.MatchString(msg):
			name := undefinedField.FindStringSubmatch(msg)[1]
			if i := slices.IndexFunc(missed, func(m miss) bool { return m.member == name }); i >= 0 {
				members, _ := c.env.provider.members(missed[i].typ)
				msg = fmt.Sprintf("%s has no member %s%s", typeName(missed[i].typ), name, DidYouMean(name, members))
				missed = slices.Delete(slices.Clone(missed), i, i+1)
			}
		case undeclared.MatchString(msg):
			msg = c.unknownName(undeclared.FindStringSubmatch(msg)[1])
		case noOverload.MatchString(msg):
			m := noOverload.FindStringSubmatch(msg)
			msg = wrongTypes(m[1], m[2])
		case strings.Contains(msg, "token recognition error at: '=") || strings.Contains(msg, "'=' expecting"):
			msg = "a comparison is written ==, not ="
		case strings.HasPrefix(msg, "Syntax error: "):
			msg = syntaxHint(strings.TrimPrefix(msg, "Syntax error: "))
		}
		line, column := max(e.Location.Line(), 1), max(e.Location.Column(), 0)+1
		c.errs = append(c.errs, &CompileError{c.field, line, column, msg})
	}
}

func (c *compiler) unknownName(name string) string {
	if name == "r" {
		return "r is the resource of a rule per resource; this rule is evaluated per " + string(c.prog.rule.Per)
	}
	have := append(c.env.functionNames(), "as_of", "account_id", "region", "all", "here", "all_org", "has", "size")
	if c.prog.rule.Per == PerResource {
		have = append(have, "r")
	}
	return fmt.Sprintf("there is no variable or function %s%s", name, DidYouMean(name, have))
}

func typeName(typ string) string {
	return strings.TrimPrefix(typ, kindPrefix)
}

var operatorNames = strings.NewReplacer("_", "", "@", "")

func wrongTypes(function, signature string) string {
	name := function
	if strings.ContainsAny(function, "_@") && strings.HasPrefix(function, "_") || function == operators.In {
		name = operatorNames.Replace(function)
	}
	args := strings.NewReplacer(kindPrefix, "", "google.protobuf.Timestamp", "timestamp", "google.protobuf.Duration", "duration").Replace(signature)
	return fmt.Sprintf("%s cannot be used with %s", name, args)
}

func syntaxHint(msg string) string {
	hints := []struct{ sign, hint string }{
		{"'&", "and is written &&"}, {"'|", "or is written ||"}, {"'and'", "and is written &&"}, {"'or'", "or is written ||"},
		{"'not'", "not is written !"}, {"<EOF>", "the expression ends too early: a bracket or an operand is missing"},
	}
	for _, h := range hints {
		if strings.Contains(msg, h.sign) {
			return h.hint + " (" + msg + ")"
		}
	}
	return "this is not an expression: " + msg
}
