package policy

import "strings"

// grantMore are the actions with which a principal can give itself everything else.
var grantMore = []string{"iam:attachrolepolicy", "iam:attachuserpolicy", "iam:putrolepolicy", "iam:putuserpolicy", "iam:createpolicyversion"}

// Administrator says whether the identity policy allows every action on every resource, whatever its conditions.
// NotAction counts unless it leaves out the permissions to grant permissions: all but those is as good as all.
// A Deny counts only where it has no condition and takes everything back.
func (p *Policy) Administrator() bool {
	for i := range p.Statements {
		s := &p.Statements[i]
		if s.Allow && s.everyAction() && s.wideResource() && !p.takesBack("*", "*") {
			return true
		}
	}
	return false
}

func (s *Statement) everyAction() bool {
	if s.NotActions != nil {
		for _, a := range grantMore {
			if !anyCovers(s.NotActions, a) {
				return true
			}
		}
		return false
	}
	for _, a := range s.Actions {
		if everyAction(a) {
			return true
		}
	}
	return false
}

// everyAction says whether an action pattern is * or *:*.
func everyAction(a string) bool {
	service, action, ok := strings.Cut(a, ":")
	return anyText(a) || ok && anyText(service) && anyText(action)
}

// wideResource says whether a statement grants on every resource of a partition, however that is written: *, arn:aws:*,
// arn:aws:*:*:*:*. What is not everything of every partition is not enough to take a grant back: see everyResource.
func (s *Statement) wideResource() bool {
	if s.everyResource() {
		return true
	}
	for _, r := range s.Resources {
		f := strings.SplitN(r, ":", 6)
		wide := anyText(f[len(f)-1]) && (f[0] == "arn" || anyText(f[0]))
		for i := 2; i < len(f); i++ {
			wide = wide && anyText(f[i])
		}
		if wide {
			return true
		}
	}
	return false
}

// anyText says whether a pattern matches every action name or ARN: * with or without some ? beside it, which only ask for length.
func anyText(s string) bool {
	return strings.Contains(s, "*") && strings.Trim(s, "*?") == "" && strings.Count(s, "?") <= 2
}

// everyResource says whether a statement speaks about every resource, or every one but a few.
func (s *Statement) everyResource() bool {
	if s.NotResources != nil || s.Resources == nil {
		return true
	}
	for _, r := range s.Resources {
		if onlyStars(r) || covers(r, "arn:aws:*") {
			return true
		}
	}
	return false
}

// takesBack says whether a Deny without conditions covers the action on the resource.
func (p *Policy) takesBack(action, resource string) bool {
	for i := range p.Statements {
		s := &p.Statements[i]
		if s.Allow || len(s.Conditions) > 0 || s.NotActions != nil || s.NotResources != nil {
			continue
		}
		action := anyCovers(s.Actions, action) || everyAction(action) && s.everyAction()
		if action && (s.Resources == nil || anyCovers(s.Resources, resource) || onlyStars(resource) && s.everyResource()) {
			return true
		}
	}
	return false
}

// AllowsOnAll says whether the identity policy allows at least one of the actions ("kms:Decrypt") on every resource,
// or on every resource of the action's service in some region. Conditions are not considered, as in AWS's own check of
// decryption rights.
func (p *Policy) AllowsOnAll(actions []string) bool {
	for _, action := range lowerAll(actions) {
		service, _, _ := strings.Cut(action, ":")
		for i := range p.Statements {
			s := &p.Statements[i]
			if !s.Allow || len(s.allowed([]string{action})) == 0 {
				continue
			}
			if s.NotResources != nil && !p.takesBack(action, "*") {
				return true
			}
			for _, r := range s.resourcesOrAll() {
				if s.NotResources == nil && wholeService(r, service) && !p.takesBack(action, r) {
					return true
				}
			}
		}
	}
	return false
}

// wholeService says whether a resource pattern matches every resource of a service, or every one of a type.
func wholeService(pattern, service string) bool {
	if onlyStars(pattern) {
		return true
	}
	a, ok := splitARN(pattern)
	if !ok {
		return covers(pattern, "arn:aws:"+service+":*")
	}
	if !matches(strings.ToLower(a.service), service) {
		return false
	}
	_, name, typed := strings.Cut(a.resource, "/")
	return onlyStars(a.resource) || typed && onlyStars(name)
}

// ServiceWildcard says whether the identity policy allows every action of some service, "service:*" or wider, whatever
// the resource. NotAction beside Allow does.
func (p *Policy) ServiceWildcard() bool {
	for i := range p.Statements {
		s := &p.Statements[i]
		if !s.Allow {
			continue
		}
		if s.NotActions != nil {
			return true
		}
		for _, a := range s.Actions {
			if _, action, ok := strings.Cut(a, ":"); anyText(a) || ok && anyText(action) {
				return true
			}
		}
	}
	return false
}

// ServiceWithoutSource says whether the policy trusts an AWS service without saying on whose behalf (the confused
// deputy problem): no condition on aws:SourceArn, aws:SourceAccount, aws:SourceOrgID or aws:SourceOrgPaths.
func (p *Policy) ServiceWithoutSource() bool {
	for i := range p.Statements {
		s := &p.Statements[i]
		if s.Allow && s.trustsService() && !s.namesSource() {
			return true
		}
	}
	return false
}

func (s *Statement) trustsService() bool {
	for _, pr := range s.Principal {
		if pr.Type == "Service" {
			return true
		}
	}
	return false
}

func (s *Statement) namesSource() bool {
	for _, c := range s.Conditions {
		switch c.Key {
		case "aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths":
			if c.restricts() {
				return true
			}
		}
	}
	return false
}

// DeniesInsecureTransport says whether the bucket policy denies everyone every S3 action on the bucket and on its objects
// when the request does not use TLS (aws:SecureTransport is false). The two resources may stand in different
// statements. bucket is the bucket's ARN.
func (p *Policy) DeniesInsecureTransport(bucket string) bool {
	return p.deniesPlain(bucket) && p.deniesPlain(bucket+"/*")
}

func (p *Policy) deniesPlain(resource string) bool {
	for i := range p.Statements {
		s := &p.Statements[i]
		if s.Allow || len(s.Conditions) != 1 || !anyCovers(s.Actions, "s3:*") || !anyCovers(s.Resources, resource) {
			continue
		}
		c := s.Conditions[0]
		if c.Key != "aws:securetransport" || c.ForAll || c.ForAny || len(c.Values) != 1 {
			continue
		}
		switch {
		case c.Operator == "bool" && strings.EqualFold(c.Values[0], "false"):
		case c.Operator == "stringequals" && c.Values[0] == "false": // AWS writes the value in lower case
		default:
			continue
		}
		for _, pr := range s.Principal {
			if pr.Type == "*" {
				return true
			}
		}
	}
	return false
}
