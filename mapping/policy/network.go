package policy

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
)

// Family is a set of IP versions.
type Family int

// The IP versions.
const (
	IPv4 Family = 1 << iota
	IPv6
)

// Permission is one rule of a security group: a protocol, its ports, and the addresses on the other side. Prefix lists
// and other security groups are not addresses: what they hold is not seen here.
type Permission struct {
	Protocol string // "-1" all, "tcp", "udp", "icmp", "icmpv6" or a protocol number
	From, To *int   // ports; absent where the protocol is all
	CIDRs    []string
}

// anyPort is the range of ports that count. Port 0 is not used.
const (
	firstPort = 1
	lastPort  = 65535
)

// OpenToWorld says whether some port in from..to is reachable over TCP or UDP from the whole internet of one of the
// families, and by which permissions (indexes of perms). The ranges of several permissions add up: two halves of the
// address space are the whole.
func OpenToWorld(perms []Permission, from, to int, families Family) (open bool, by []int, err error) {
	if from > to || from < 0 || to > lastPort {
		return false, nil, fmt.Errorf("ports %d to %d are not a range", from, to)
	}
	rules, err := readPermissions(perms)
	if err != nil {
		return false, nil, err
	}
	for _, protocol := range []int{protocolTCP, protocolUDP} {
		for _, port := range steps(rules, protocol, from, to) {
			if by := worldAt(rules, protocol, port, families); by != nil {
				return true, by, nil
			}
		}
	}
	return false, nil, nil
}

// AllPortsOpenToWorld says whether every port of TCP or of UDP is reachable from the whole internet of one of the
// versions of IP, and by which permissions.
func AllPortsOpenToWorld(perms []Permission) (open bool, by []int, err error) {
	rules, err := readPermissions(perms)
	if err != nil {
		return false, nil, err
	}
	for _, protocol := range []int{protocolTCP, protocolUDP} {
		for _, family := range []Family{IPv4, IPv6} {
			all, used := true, []int{}
			for _, port := range steps(rules, protocol, firstPort, lastPort) {
				by := worldAt(rules, protocol, port, family)
				if all = by != nil; !all {
					break
				}
				used = append(used, by...)
			}
			if all {
				slices.Sort(used)
				return true, slices.Compact(used), nil
			}
		}
	}
	return false, nil, nil
}

// The protocol numbers that have ports (IANA).
const (
	protocolAll = -1
	protocolTCP = 6
	protocolUDP = 17
)

// portRule is a permission or NACL entry in numbers.
type portRule struct {
	protocol int
	from, to int
	prefixes []netip.Prefix
}

func (r portRule) covers(protocol, port int) bool {
	return (r.protocol == protocol || r.protocol == protocolAll) && r.from <= port && port <= r.to
}

// maxRules is the number of address ranges above which a security group or network ACL is not judged: several times
// what AWS's quotas allow.
const maxRules = 5000

func readPermissions(perms []Permission) ([]portRule, error) {
	ranges := len(perms)
	for _, p := range perms {
		ranges += len(p.CIDRs)
	}
	if ranges > maxRules {
		return nil, fmt.Errorf("%d permissions and ranges are more than AWS allows", ranges)
	}
	out := make([]portRule, len(perms))
	for i, p := range perms {
		r, err := readRule(p.Protocol, p.From, p.To, p.CIDRs)
		if err != nil {
			return nil, fmt.Errorf("permission %d: %w", i, err)
		}
		out[i] = r
	}
	return out, nil
}

func readRule(protocol string, from, to *int, cidrs []string) (portRule, error) {
	r := portRule{from: 0, to: lastPort}
	switch protocol {
	case "-1":
		r.protocol = protocolAll
	case "tcp", "6":
		r.protocol = protocolTCP
	case "udp", "17":
		r.protocol = protocolUDP
	case "":
		return r, fmt.Errorf("no protocol")
	default:
		r.from, r.to = 1, 0 // no ports
	}
	if r.protocol == protocolTCP || r.protocol == protocolUDP {
		switch {
		case from == nil || to == nil:
			return r, fmt.Errorf("no ports")
		case *from == -1: // all of them
		case *from < 0 || *to > lastPort || *from > *to:
			return r, fmt.Errorf("ports %d to %d are not a range", *from, *to)
		default:
			r.from, r.to = *from, *to
		}
	}
	for _, c := range cidrs {
		p, err := parsePrefix(c)
		if err != nil {
			return r, err
		}
		r.prefixes = append(r.prefixes, p)
	}
	return r, nil
}

// steps returns the ports in from..to at which the set of covering rules changes.
func steps(rules []portRule, protocol, from, to int) []int {
	ports := []int{from}
	for _, r := range rules {
		if r.protocol != protocol && r.protocol != protocolAll {
			continue
		}
		for _, p := range []int{r.from, r.to + 1} {
			if p > from && p <= to {
				ports = append(ports, p)
			}
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// worldAt returns the rules that open a port to the whole internet, nil if they do not.
func worldAt(rules []portRule, protocol, port int, families Family) []int {
	var all []netip.Prefix
	var by []int
	for i, r := range rules {
		if r.covers(protocol, port) && len(r.prefixes) > 0 {
			all = append(all, r.prefixes...)
			by = append(by, i)
		}
	}
	for _, f := range []Family{IPv4, IPv6} {
		if families&f == 0 || !reachesWorld(all, f) {
			continue
		}
		for _, i := range by { // one that is enough by itself explains more
			if reachesWorld(rules[i].prefixes, f) {
				return []int{i}
			}
		}
		return by
	}
	return nil
}

// internet is the address space that can be reached from the internet: IPv4 without the blocks that IANA's registry of
// special-purpose addresses keeps from being routed, and the global unicast block of IPv6.
func internet(f Family) spans {
	if f == IPv6 {
		return spansOf(netip.MustParsePrefix("2000::/3"))
	}
	world := spansOf(netip.MustParsePrefix("0.0.0.0/0"))
	for _, special := range []string{"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"} {
		world = world.minus(netip.MustParsePrefix(special))
	}
	return world
}

// reachesWorld says whether the prefixes cover the internet of one version of IP.
func reachesWorld(prefixes []netip.Prefix, f Family) bool {
	left := spans(nil)
	for _, p := range prefixes {
		if p.Addr().Is4() != (f == IPv4) {
			continue
		}
		if p.Bits() == 0 {
			return true
		}
		if left == nil {
			left = internet(f)
		}
		left = left.minus(p)
	}
	return left != nil && len(left) == 0
}

// spans is a sorted set of addresses as ranges, both ends included.
type spans []span

type span struct{ lo, hi netip.Addr }

func spansOf(p netip.Prefix) spans { return spans{{p.Addr(), lastOf(p)}} }

// lastOf returns the last address of a prefix.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for bit := p.Bits(); bit < len(b)*8; bit++ {
		b[bit/8] |= 0x80 >> (bit % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// minus returns s without the addresses of p. The result is never nil.
func (s spans) minus(p netip.Prefix) spans {
	lo, hi := p.Addr(), lastOf(p)
	out := make(spans, 0, len(s)+1)
	for _, r := range s {
		if hi.Less(r.lo) || r.hi.Less(lo) || hi.Is4() != r.lo.Is4() {
			out = append(out, r)
			continue
		}
		if r.lo.Less(lo) {
			out = append(out, span{r.lo, lo.Prev()})
		}
		if hi.Less(r.hi) {
			out = append(out, span{hi.Next(), r.hi})
		}
	}
	return out
}

// Entry is one rule of a network ACL.
type Entry struct {
	Number   int
	Protocol string
	Allow    bool
	Egress   bool
	CIDR     string // IPv4 or IPv6
	From, To *int   // nil where the protocol has no ports or is all
}

// NACLOpenToWorld says whether the network ACL lets TCP or UDP from the whole internet in to some port in from..to: the
// allow rules that a lower-numbered deny does not make void add up to it. The answer names the entries.
func NACLOpenToWorld(entries []Entry, from, to int) (open bool, by []int, err error) {
	if from > to || from < 0 || to > lastPort {
		return false, nil, fmt.Errorf("ports %d to %d are not a range", from, to)
	}
	return naclOpen(entries, func(rules []portRule) (cases [][2]int) {
		for _, protocol := range []int{protocolTCP, protocolUDP} {
			for _, port := range steps(rules, protocol, from, to) {
				cases = append(cases, [2]int{protocol, port})
			}
		}
		return cases
	})
}

// NACLOpenToAny says whether the network ACL has an ingress rule that lets every protocol and port in from the whole
// internet.
func NACLOpenToAny(entries []Entry) (open bool, by []int, err error) {
	return naclOpen(entries, func([]portRule) [][2]int { return [][2]int{{protocolAll, 0}} })
}

func naclOpen(entries []Entry, cases func([]portRule) [][2]int) (bool, []int, error) {
	if len(entries) > maxRules {
		return false, nil, fmt.Errorf("%d entries are more than AWS allows", len(entries))
	}
	rules := make([]portRule, len(entries))
	order := make([]int, 0, len(entries))
	for i, e := range entries {
		var cidrs []string
		if e.CIDR != "" {
			cidrs = []string{e.CIDR}
		}
		r, err := readRule(e.Protocol, e.From, e.To, cidrs)
		if err != nil {
			return false, nil, fmt.Errorf("entry %d: %w", e.Number, err)
		}
		rules[i] = r
		if !e.Egress {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(entries[a].Number, entries[b].Number) })
	ingress := make([]portRule, 0, len(order))
	for _, i := range order {
		ingress = append(ingress, rules[i])
	}
	for _, c := range cases(ingress) {
		for _, f := range []Family{IPv4, IPv6} {
			if by := naclWorld(entries, rules, order, c[0], c[1], f); by != nil {
				return true, by, nil
			}
		}
	}
	return false, nil, nil
}

// naclWorld walks the rules in their order and returns the allow rules that let the internet in.
func naclWorld(entries []Entry, rules []portRule, order []int, protocol, port int, f Family) []int {
	undecided := internet(f)
	var allowed []netip.Prefix
	var by []int
	for _, i := range order {
		r := rules[i]
		if len(r.prefixes) == 0 || !r.covers(protocol, port) {
			continue
		}
		p := r.prefixes[0]
		before := undecided
		undecided = undecided.minus(p)
		if entries[i].Allow && !slices.Equal(before, undecided) {
			allowed = append(allowed, p)
			by = append(by, i)
		}
	}
	if !reachesWorld(allowed, f) {
		return nil
	}
	return by
}
