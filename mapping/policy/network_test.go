package policy

import (
	"fmt"
	"net/netip"
	"testing"
)

func port(p int) *int { return &p }

func TestOpenToWorld(t *testing.T) {
	tcp := func(from, to int, cidrs ...string) Permission {
		return Permission{Protocol: "tcp", From: port(from), To: port(to), CIDRs: cidrs}
	}
	all := func(cidrs ...string) Permission { return Permission{Protocol: "-1", CIDRs: cidrs} }
	const four, six = IPv4, IPv6
	for _, tt := range []struct {
		name     string
		perms    []Permission
		from, to int
		families Family
		want     bool
		by       string
	}{
		{"nothing", nil, 22, 22, four | six, false, "[]"},
		{"exact port", []Permission{tcp(22, 22, "0.0.0.0/0")}, 22, 22, four | six, true, "[0]"},
		{"range around", []Permission{tcp(20, 30, "0.0.0.0/0")}, 22, 22, four | six, true, "[0]"},
		{"range ends before", []Permission{tcp(0, 21, "0.0.0.0/0")}, 22, 22, four | six, false, "[]"},
		{"range begins after", []Permission{tcp(23, 65535, "0.0.0.0/0")}, 22, 22, four | six, false, "[]"},
		{"range inside what is asked", []Permission{tcp(500, 501, "0.0.0.0/0")}, 0, 65535, four | six, true, "[0]"},
		{"all protocols", []Permission{all("0.0.0.0/0")}, 22, 22, four | six, true, "[0]"},
		{"all protocols, ipv6", []Permission{all("::/0")}, 22, 22, four | six, true, "[0]"},
		{"ipv6 asked as ipv4", []Permission{all("::/0")}, 22, 22, four, false, "[]"},
		{"ipv4 asked as ipv6", []Permission{all("0.0.0.0/0")}, 22, 22, six, false, "[]"},
		{"udp", []Permission{{Protocol: "udp", From: port(22), To: port(22), CIDRs: []string{"0.0.0.0/0"}}}, 22, 22, four, true, "[0]"},
		{"by number", []Permission{{Protocol: "6", From: port(22), To: port(22), CIDRs: []string{"0.0.0.0/0"}}}, 22, 22, four, true, "[0]"},
		{"icmp", []Permission{{Protocol: "icmp", From: port(-1), To: port(-1), CIDRs: []string{"0.0.0.0/0"}}}, 0, 65535, four, false, "[]"},
		{"esp", []Permission{{Protocol: "50", CIDRs: []string{"0.0.0.0/0"}}}, 0, 65535, four, false, "[]"},
		{"one network", []Permission{tcp(22, 22, "203.0.113.0/24")}, 22, 22, four | six, false, "[]"},
		{"half", []Permission{tcp(22, 22, "0.0.0.0/1")}, 22, 22, four | six, false, "[]"},
		{"two halves", []Permission{tcp(22, 22, "0.0.0.0/1", "128.0.0.0/1")}, 22, 22, four | six, true, "[0]"},
		{"two halves in two permissions", []Permission{tcp(22, 22, "0.0.0.0/1"), tcp(80, 80, "0.0.0.0/0"), all("128.0.0.0/1")}, 22, 22, four | six, true, "[0 2]"},
		{"two halves on different ports", []Permission{tcp(22, 22, "0.0.0.0/1"), tcp(23, 23, "128.0.0.0/1")}, 22, 23, four | six, false, "[]"},
		{"two halves on overlapping ports", []Permission{tcp(20, 22, "0.0.0.0/1"), tcp(22, 24, "128.0.0.0/1")}, 20, 24, four | six, true, "[0 1]"},
		{"halves of tcp and udp", []Permission{tcp(22, 22, "0.0.0.0/1"), {Protocol: "udp", From: port(22), To: port(22), CIDRs: []string{"128.0.0.0/1"}}}, 22, 22, four, false, "[]"},
		{"everything but private space", []Permission{tcp(22, 22, "0.0.0.0/5", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2", "128.0.0.0/1")}, 22, 22, four, true, "[0]"},
		{"global unicast of ipv6", []Permission{tcp(22, 22, "2000::/3")}, 22, 22, six, true, "[0]"},
		{"two halves of ipv6", []Permission{tcp(22, 22, "::/1", "8000::/1")}, 22, 22, six, true, "[0]"},
		{"only a security group", []Permission{tcp(22, 22)}, 22, 22, four | six, false, "[]"},
		{"old form of all ports", []Permission{{Protocol: "tcp", From: port(-1), To: port(-1), CIDRs: []string{"0.0.0.0/0"}}}, 22, 22, four, true, "[0]"},
	} {
		got, by, err := OpenToWorld(tt.perms, tt.from, tt.to, tt.families)
		if err != nil || got != tt.want || fmt.Sprint(by) != tt.by {
			t.Errorf("%s: got %v by %v, error %v; want %v by %v", tt.name, got, by, err, tt.want, tt.by)
		}
	}
	for name, p := range map[string]Permission{
		"no protocol": {CIDRs: []string{"0.0.0.0/0"}},
		"no ports":    {Protocol: "tcp", CIDRs: []string{"0.0.0.0/0"}},
		"backwards":   tcp(23, 22, "0.0.0.0/0"),
		"too high":    tcp(1, 70000, "0.0.0.0/0"),
		"no address":  tcp(22, 22, "everywhere"),
		"bad mask":    tcp(22, 22, "0.0.0.0/33"),
	} {
		if _, _, err := OpenToWorld([]Permission{p}, 22, 22, IPv4); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, _, err := OpenToWorld(nil, 23, 22, IPv4); err == nil {
		t.Error("ports backwards: no error")
	}
}

func TestAllPortsOpenToWorld(t *testing.T) {
	for _, tt := range []struct {
		name  string
		perms []Permission
		want  bool
	}{
		{"all protocols", []Permission{{Protocol: "-1", CIDRs: []string{"0.0.0.0/0"}}}, true},
		{"all of tcp", []Permission{{Protocol: "tcp", From: port(0), To: port(65535), CIDRs: []string{"::/0"}}}, true},
		{"all of tcp but port 0", []Permission{{Protocol: "tcp", From: port(1), To: port(65535), CIDRs: []string{"0.0.0.0/0"}}}, true},
		{"in two pieces", []Permission{{Protocol: "tcp", From: port(0), To: port(1023), CIDRs: []string{"0.0.0.0/0"}}, {Protocol: "tcp", From: port(1024), To: port(65535), CIDRs: []string{"0.0.0.0/0"}}}, true},
		{"pieces of two families", []Permission{{Protocol: "tcp", From: port(0), To: port(1023), CIDRs: []string{"0.0.0.0/0"}}, {Protocol: "tcp", From: port(1024), To: port(65535), CIDRs: []string{"::/0"}}}, false},
		{"high ports", []Permission{{Protocol: "tcp", From: port(1024), To: port(65535), CIDRs: []string{"0.0.0.0/0"}}}, false},
		{"to a network", []Permission{{Protocol: "-1", CIDRs: []string{"10.0.0.0/8"}}}, false},
		{"nothing", nil, false},
	} {
		if got, _, err := AllPortsOpenToWorld(tt.perms); err != nil || got != tt.want {
			t.Errorf("%s: got %v, error %v", tt.name, got, err)
		}
	}
}

func TestNACL(t *testing.T) {
	entry := func(n int, allow bool, protocol, cidr string, ports ...int) Entry {
		e := Entry{Number: n, Protocol: protocol, Allow: allow, CIDR: cidr}
		if len(ports) == 2 {
			e.From, e.To = &ports[0], &ports[1]
		}
		return e
	}
	last := entry(32767, false, "-1", "0.0.0.0/0")
	for _, tt := range []struct {
		name      string
		entries   []Entry
		open, any bool
	}{
		{"default ACL", []Entry{entry(100, true, "-1", "0.0.0.0/0"), last}, true, true},
		{"closed", []Entry{last}, false, false},
		{"ssh", []Entry{entry(100, true, "6", "0.0.0.0/0", 22, 22), last}, true, false},
		{"another port", []Entry{entry(100, true, "6", "0.0.0.0/0", 443, 443), last}, false, false},
		{"denied before", []Entry{entry(80, false, "17", "0.0.0.0/0", 22, 22), entry(90, false, "6", "0.0.0.0/0", 22, 22), entry(100, true, "-1", "0.0.0.0/0"), last}, false, true},
		{"denied before for tcp only", []Entry{entry(90, false, "6", "0.0.0.0/0", 22, 22), entry(100, true, "-1", "0.0.0.0/0"), last}, true, true},
		{"denied before, in another order of the list", []Entry{last, entry(100, true, "6", "0.0.0.0/0", 0, 65535), entry(90, false, "6", "0.0.0.0/0", 22, 22)}, false, false},
		{"denied after", []Entry{entry(90, true, "-1", "0.0.0.0/0"), entry(100, false, "6", "0.0.0.0/0", 22, 22)}, true, true},
		{"one network denied before", []Entry{entry(90, false, "-1", "198.18.0.0/15"), entry(100, true, "-1", "0.0.0.0/0")}, true, true},
		{"half denied before", []Entry{entry(90, false, "-1", "0.0.0.0/1"), entry(100, true, "-1", "0.0.0.0/0")}, true, true},
		{"both halves denied before", []Entry{entry(80, false, "-1", "128.0.0.0/1"), entry(90, false, "-1", "0.0.0.0/1"), entry(100, true, "-1", "0.0.0.0/0")}, false, false},
		{"one network allowed, the rest denied", []Entry{entry(100, true, "-1", "203.0.113.0/24"), last}, false, false},
		{"two halves allowed", []Entry{entry(100, true, "-1", "0.0.0.0/1"), entry(110, true, "-1", "128.0.0.0/1")}, true, true},
		{"udp denied, tcp allowed", []Entry{entry(90, false, "17", "0.0.0.0/0", 22, 22), entry(100, true, "6", "0.0.0.0/0", 0, 65535)}, true, false},
		{"ipv6", []Entry{last, entry(100, true, "-1", "::/0")}, true, true},
		{"egress", []Entry{{Number: 100, Protocol: "-1", Allow: true, Egress: true, CIDR: "0.0.0.0/0"}, last}, false, false},
		{"icmp", []Entry{entry(100, true, "1", "0.0.0.0/0"), last}, false, false},
	} {
		if got, _, err := NACLOpenToWorld(tt.entries, 22, 22); err != nil || got != tt.open {
			t.Errorf("%s: open is %v, error %v", tt.name, got, err)
		}
		if got, _, err := NACLOpenToAny(tt.entries); err != nil || got != tt.any {
			t.Errorf("%s: open to any is %v, error %v", tt.name, got, err)
		}
	}
	if _, _, err := NACLOpenToWorld([]Entry{entry(1, true, "6", "0.0.0.0/0")}, 22, 22); err == nil {
		t.Error("tcp without ports: no error")
	}
}

func TestSpans(t *testing.T) {
	s := spansOf(netip.MustParsePrefix("10.0.0.0/30"))
	s = s.minus(netip.MustParsePrefix("10.0.0.1/32"))
	var got []string
	for _, r := range s {
		got = append(got, fmt.Sprintf("%v-%v", r.lo, r.hi))
	}
	if got, want := fmt.Sprint(got), "[10.0.0.0-10.0.0.0 10.0.0.2-10.0.0.3]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if s = s.minus(netip.MustParsePrefix("0.0.0.0/0")); s == nil || len(s) != 0 {
		t.Errorf("got %v, want nothing", s)
	}
}

func TestSelectors(t *testing.T) {
	advanced := func(fields ...FieldSelector) Selectors {
		return Selectors{Advanced: []AdvancedSelector{{Fields: fields}}}
	}
	eq := func(field string, values ...string) FieldSelector {
		return FieldSelector{Field: field, Equals: values}
	}
	s3 := func(access string, values ...string) Selectors {
		return Selectors{Classic: []EventSelector{{ReadWriteType: access, DataResources: []DataResource{{"AWS::S3::Object", values}}}}}
	}
	data, objects := eq("eventCategory", "Data"), eq("resources.type", "AWS::S3::Object")
	for _, tt := range []struct {
		name                    string
		s                       Selectors
		management, reads, puts bool
	}{
		{"nothing", Selectors{}, false, false, false},
		{"default", Selectors{Classic: []EventSelector{{ReadWriteType: "All", IncludeManagementEvents: true}}}, true, false, false},
		{"no management", Selectors{Classic: []EventSelector{{ReadWriteType: "All"}}}, false, false, false},
		{"writes only", Selectors{Classic: []EventSelector{{ReadWriteType: "WriteOnly", IncludeManagementEvents: true}}}, false, false, false},
		{"in two", Selectors{Classic: []EventSelector{{ReadWriteType: "WriteOnly", IncludeManagementEvents: true}, {ReadWriteType: "ReadOnly", IncludeManagementEvents: true}}}, true, false, false},
		{"without kms", Selectors{Classic: []EventSelector{{ReadWriteType: "All", IncludeManagementEvents: true, ExcludedSources: []string{"kms.amazonaws.com"}}}}, false, false, false},
		{"all buckets", s3("All", "arn:aws:s3"), false, true, true},
		{"all buckets, long", s3("All", "arn:aws:s3:::"), false, true, true},
		{"all buckets of China", s3("All", "arn:aws-cn:s3:::"), false, true, true},
		{"reads", s3("ReadOnly", "arn:aws:s3"), false, true, false},
		{"writes", s3("WriteOnly", "arn:aws:s3"), false, false, true},
		{"one bucket", s3("All", "arn:aws:s3:::b/"), false, false, false},
		{"functions", Selectors{Classic: []EventSelector{{ReadWriteType: "All", DataResources: []DataResource{{"AWS::Lambda::Function", []string{"arn:aws:lambda"}}}}}}, false, false, false},
		{"advanced management", advanced(eq("eventCategory", "Management")), true, false, false},
		{"advanced reads", advanced(eq("eventCategory", "Management"), eq("readOnly", "true")), false, false, false},
		{"advanced without kms", advanced(eq("eventCategory", "Management"), FieldSelector{Field: "eventSource", Narrowed: true}), false, false, false},
		{"advanced one source", advanced(eq("eventCategory", "Management"), eq("eventSource", "kms.amazonaws.com")), false, false, false},
		{"advanced objects", advanced(data, objects), false, true, true},
		{"advanced object writes", advanced(data, objects, eq("readOnly", "false")), false, false, true},
		{"advanced every bucket", advanced(data, objects, FieldSelector{Field: "resources.ARN", StartsWith: []string{"arn:aws:s3:::"}}), false, true, true},
		{"advanced one bucket", advanced(data, objects, FieldSelector{Field: "resources.ARN", StartsWith: []string{"arn:aws:s3:::b/"}}), false, false, false},
		{"advanced one event", advanced(data, objects, eq("eventName", "PutObject")), false, false, false},
		{"advanced other type", advanced(data, eq("resources.type", "AWS::Lambda::Function")), false, false, false},
		{"advanced no type", advanced(data), false, false, false},
		{"advanced but some", advanced(data, objects, FieldSelector{Field: "resources.ARN", Narrowed: true}), false, false, false},
	} {
		m, err := tt.s.ManagementEvents()
		r, err2 := tt.s.S3DataEvents("read")
		w, err3 := tt.s.S3DataEvents("write")
		if err != nil || err2 != nil || err3 != nil || m != tt.management || r != tt.reads || w != tt.puts {
			t.Errorf("%s: management %v, reads %v, writes %v; errors %v %v %v", tt.name, m, r, w, err, err2, err3)
		}
	}
	if _, err := (Selectors{Classic: []EventSelector{{ReadWriteType: "Some"}}}).ManagementEvents(); err == nil {
		t.Error("an unknown ReadWriteType: no error")
	}
}
