package policy

import "strings"

// Public says whether the resource policy lets everyone in: some Allow has everyone as its principal (NotPrincipal
// beside Allow is everyone but a few), no condition that really restricts it, and no Deny that takes it back.
func (p *Policy) Public() bool { return p.reaches(everyone, nil) }

// PublicAllows says whether the policy lets everyone do at least one of the actions ("s3:PutObject"; wildcards are
// understood on both sides).
func (p *Policy) PublicAllows(actions []string) bool { return p.reaches(everyone, lowerAll(actions)) }

// CrossAccount says whether the resource policy lets in someone outside the account: another account, its users and
// roles, a SAML or OIDC provider of another account, a canonical user, or everyone. AWS services do not count, nor do
// the ids that stay behind in a policy when a principal is deleted.
func (p *Policy) CrossAccount(account string) bool { return p.reaches(outside(account), nil) }

// CrossAccountAllows is CrossAccount for at least one of the actions.
func (p *Policy) CrossAccountAllows(account string, actions []string) bool {
	return p.reaches(outside(account), lowerAll(actions))
}

// audience is a set of callers that a policy may let in.
type audience struct {
	includes func(Principal) bool
	// excluded says whether a condition value keeps the audience out.
	excluded func(keyKind, string) bool
	// spared says whether a principal that a Deny leaves out is not of the audience.
	spared func(Principal) bool
}

var everyone = audience{
	includes: anyone,
	excluded: func(keyKind, string) bool { return true },
	spared:   func(p Principal) bool { return !anyone(p) },
}

func anyone(p Principal) bool {
	a, ok := splitARN(p.ID)
	return p.ID == "*" || p.Type == "AWS" && ok && hasWildcard(a.account)
}

func outside(account string) audience {
	inside := func(p Principal) bool {
		if p.ID == "*" {
			return false
		}
		switch p.Type {
		case "Service":
			return true
		case "AWS":
			owner := accountOf(p.ID)
			return owner == account || owner == ""
		case "Federated":
			a, ok := splitARN(p.ID)
			return !ok || a.account == account
		}
		return false
	}
	return audience{
		includes: func(p Principal) bool { return !inside(p) },
		excluded: func(k keyKind, v string) bool {
			switch k {
			case accountKey:
				return v == account || strings.EqualFold(v, "${aws:ResourceAccount}")
			case arnKey:
				a, ok := splitARN(v)
				return ok && a.account == account
			}
			return false
		},
		spared: inside,
	}
}

// accountOf returns the account of an AWS principal: an ARN or an account id. It is empty for what AWS itself owns
// (CloudFront's origin access identities) and for the unique ids of deleted principals.
func accountOf(principal string) string {
	if a, ok := splitARN(principal); ok {
		if a.account == "cloudfront" {
			return ""
		}
		return a.account
	}
	if len(principal) == 12 && strings.Trim(principal, "0123456789") == "" {
		return principal
	}
	return ""
}

// reaches says whether some Allow lets the audience do at least one of the actions (nil: anything).
func (p *Policy) reaches(who audience, actions []string) bool {
	for i := range p.Statements {
		s := &p.Statements[i]
		if !s.Allow || !s.admits(who) || s.conditioned(who) {
			continue
		}
		for _, a := range s.allowed(actions) {
			for _, r := range s.resourcesOrAll() {
				if !p.denied(who, a, r) {
					return true
				}
			}
		}
	}
	return false
}

// admits says whether the statement's principal includes some of the audience.
func (s *Statement) admits(who audience) bool {
	if s.NotPrincipal != nil {
		return true
	}
	for _, pr := range s.Principal {
		if who.includes(pr) {
			return true
		}
	}
	return false
}

// conditioned says whether one of the conditions keeps the audience out.
func (s *Statement) conditioned(who audience) bool {
	for _, c := range s.Conditions {
		if c.restricts() && c.limits(who.excluded) {
			return true
		}
	}
	return false
}

// allowed returns the patterns of actions that the statement allows among those asked for.
func (s *Statement) allowed(asked []string) []string {
	if asked == nil {
		if s.NotActions != nil {
			return []string{"*"}
		}
		return s.Actions
	}
	var out []string
	for _, a := range asked {
		if s.NotActions != nil {
			if !anyCovers(s.NotActions, a) {
				out = append(out, a)
			}
			continue
		}
		for _, have := range s.Actions {
			switch {
			case covers(have, a):
				out = append(out, a)
			case overlap(have, a):
				out = append(out, have)
			}
		}
	}
	return out
}

func (s *Statement) resourcesOrAll() []string {
	if s.Resources != nil {
		return s.Resources
	}
	return []string{"*"}
}

// denied says whether some Deny keeps the whole audience from the action on the resource. It holds only for a Deny
// that is simple enough to be sure: on everyone, or on everyone but principals outside the audience; without
// conditions, or with conditions that say that the caller is not a fixed one.
func (p *Policy) denied(who audience, action, resource string) bool {
	for i := range p.Statements {
		s := &p.Statements[i]
		if s.Allow || s.NotActions != nil || s.NotResources != nil || !anyCovers(s.Actions, action) {
			continue
		}
		if s.Resources != nil && !anyCovers(s.Resources, resource) {
			continue
		}
		if s.bars(who) {
			return true
		}
	}
	return false
}

// bars says whether the principal and the conditions of a Deny cover the whole audience.
func (s *Statement) bars(who audience) bool {
	all := false
	for _, pr := range s.Principal {
		all = all || pr.Type == "*"
	}
	if s.NotPrincipal != nil {
		all = true
		for _, pr := range s.NotPrincipal {
			all = all && who.spared(pr)
		}
	}
	for _, c := range s.Conditions { // spared is who escapes one of them
		all = all && c.spares(who)
	}
	return all
}

// spares says whether nobody of the audience escapes a Deny through this condition of it: the condition says that the caller is
// not one of a few fixed ones, or no AWS service.
func (c Condition) spares(who audience) bool {
	if c.Operator == "bool" && c.Key == "aws:principalisawsservice" && !c.ForAll && !c.ForAny && c.IfExists {
		return len(c.Values) == 1 && strings.EqualFold(c.Values[0], "false")
	}
	positive, ok := negations[c.Operator]
	if !ok || c.ForAll || c.ForAny {
		return false
	}
	c.Operator = positive
	return c.limits(who.excluded)
}

func lowerAll(s []string) []string {
	out := make([]string, len(s))
	for i := range s {
		out[i] = strings.ToLower(s[i])
	}
	return out
}
