package policy

import (
	"net/netip"
	"strings"
)

// keyKind says what a condition key is compared with.
type keyKind int

const (
	notRestricting keyKind = iota
	accountKey             // an account id
	fixedKey               // an identifier that one party owns: a VPC, an endpoint, an organization
	orgPathKey             // o-…/r-…/ou-…/
	arnKey
	userIDKey // unique id of a principal, with :session for a role
	addressKey
)

// restrictingKeys are the condition keys that limit who can make a request or where it comes from, because their value
// is set by AWS and owned by one party. Keys that a caller chooses (aws:Referer, aws:UserAgent), shares with everyone
// (aws:SecureTransport, aws:MultiFactorAuthPresent, kms:ViaService, aws:CalledVia, aws:PrincipalIsAWSService), names
// without an account (aws:username, aws:PrincipalTag) or passes as a secret (sts:ExternalId) only look like it.
var restrictingKeys = map[string]keyKind{
	"aws:principalarn":          arnKey,
	"aws:principalaccount":      accountKey,
	"aws:principalorgid":        fixedKey,
	"aws:principalorgpaths":     orgPathKey,
	"aws:principalservicename":  fixedKey,
	"aws:userid":                userIDKey,
	"aws:sourcearn":             arnKey,
	"aws:sourceaccount":         accountKey,
	"aws:sourceowner":           accountKey,
	"aws:sourceorgid":           fixedKey,
	"aws:sourceorgpaths":        orgPathKey,
	"aws:sourcevpc":             fixedKey,
	"aws:sourcevpcarn":          arnKey,
	"aws:sourcevpce":            fixedKey,
	"aws:vpceaccount":           accountKey,
	"aws:vpceorgid":             fixedKey,
	"aws:vpceorgpaths":          orgPathKey,
	"aws:sourceip":              addressKey,
	"kms:calleraccount":         accountKey,
	"s3:dataaccesspointarn":     arnKey,
	"s3:dataaccesspointaccount": accountKey,
}

// negations are the operators that a Deny restricts with: what they deny is everything but their values.
var negations = map[string]string{
	"stringnotequals": "stringequals", "stringnotequalsignorecase": "stringequalsignorecase", "stringnotlike": "stringlike",
	"arnnotequals": "arnequals", "arnnotlike": "arnlike", "notipaddress": "ipaddress",
}

// restricts says whether an Allow under this condition reaches a limited set of callers: whether every value is fixed.
func (c Condition) restricts() bool {
	if c.IfExists || c.ForAll { // true for a request that does not have the key
		return false
	}
	return c.limits(func(keyKind, string) bool { return true })
}

// limits says whether every value of a positive operator is fixed and accepted.
func (c Condition) limits(accept func(keyKind, string) bool) bool {
	kind, ok := restrictingKeys[c.Key]
	if !ok || len(c.Values) == 0 {
		return false
	}
	if kind == addressKey {
		return c.Operator == "ipaddress" && narrowAddresses(c.Values) && accept(kind, "")
	}
	literal := false
	switch c.Operator {
	case "stringequals", "stringequalsignorecase":
		literal = true
	case "stringlike", "arnequals", "arnlike":
	default:
		return false
	}
	for _, v := range c.Values {
		if !fixed(kind, v, literal) || !accept(kind, v) {
			return false
		}
	}
	return true
}

// fixed says whether a value names one party. A policy variable does not, but for the two that name the owner of the
// resource.
func fixed(kind keyKind, v string, literal bool) bool {
	if strings.Contains(v, "${") {
		lower := strings.ToLower(v)
		return kind == accountKey && lower == "${aws:resourceaccount}" || kind == fixedKey && lower == "${aws:resourceorgid}"
	}
	if v == "" {
		return false
	}
	if literal || !hasWildcard(v) {
		return true
	}
	switch kind {
	case arnKey:
		a, ok := splitARN(v)
		if !ok || hasWildcard(a.service) {
			return false
		}
		if a.account != "" {
			return !hasWildcard(a.account)
		}
		return !hasWildcard(a.resource)
	case orgPathKey:
		org, _, _ := strings.Cut(v, "/")
		return strings.HasPrefix(org, "o-") && !hasWildcard(org)
	case userIDKey:
		id, _, _ := strings.Cut(v, ":")
		return len(id) >= 12 && !hasWildcard(id)
	}
	return false
}

// Widths of address ranges that are no restriction, as the Amazon S3 User Guide draws the line: wider than /8 of IPv4
// and wider than /32 of IPv6.
const (
	widestIPv4 = 8
	widestIPv6 = 32
)

// narrowAddresses says whether every range is narrow and all together are not the internet.
func narrowAddresses(cidrs []string) bool {
	var all []netip.Prefix
	for _, s := range cidrs {
		p, err := parsePrefix(s)
		if err != nil {
			return false
		}
		if p.Addr().Is4() && p.Bits() < widestIPv4 || p.Addr().Is6() && p.Bits() < widestIPv6 {
			return false
		}
		all = append(all, p)
	}
	return !reachesWorld(all, IPv4) && !reachesWorld(all, IPv6)
}

// parsePrefix reads a CIDR block or a single address.
func parsePrefix(s string) (netip.Prefix, error) {
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, err
		}
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

// arn is an Amazon Resource Name, split.
type arn struct{ partition, service, region, account, resource string }

func splitARN(s string) (arn, bool) {
	f := strings.SplitN(s, ":", 6)
	if len(f) != 6 || f[0] != "arn" {
		return arn{}, false
	}
	return arn{f[1], f[2], f[3], f[4], f[5]}, true
}
