package expr

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"

	"github.com/auditpack/auditpack/mapping/policy"
)

// parsedPolicy remembers a document, because several functions of several rules read the same one.
type parsedPolicy struct {
	text   string
	policy *policy.Policy
	err    error
}

// policy parses a policy document.
func (e *state) policy(text string) (*policy.Policy, error) {
	for i := range e.recent {
		if r := &e.recent[i]; r.text == text && (r.policy != nil || r.err != nil) {
			return r.policy, r.err
		}
	}
	r := &e.recent[e.turn%len(e.recent)]
	e.turn++
	r.text = text
	r.policy, r.err = policy.Parse(text)
	return r.policy, r.err
}

// withPolicy runs f on the parsed policy of the first argument.
func (e *state) withPolicy(id int64, a []value, f func(*policy.Policy) bool) value {
	if !e.spend(len(a[0].str)) {
		return failure(id, "stopped")
	}
	p, err := e.policy(a[0].str)
	if err != nil {
		return failure(id, "%v", err)
	}
	return boolean(f(p))
}

func onPolicy(name, doc string, f func(*policy.Policy) bool) *function {
	return &function{name: name, doc: doc, args: []*cel.Type{str}, result: cel.BoolType,
		call: func(e *state, id int64, a []value) value { return e.withPolicy(id, a, f) }}
}

func publicAllows(e *state, id int64, a []value) value {
	actions, bad := e.names(a[1], id)
	if bad.bad() {
		return bad
	}
	return e.withPolicy(id, a, func(p *policy.Policy) bool { return p.PublicAllows(actions) })
}

func crossAccount(e *state, id int64, a []value) value {
	if len(a) == 2 {
		return e.withPolicy(id, a, func(p *policy.Policy) bool { return p.CrossAccount(a[1].str) })
	}
	actions, bad := e.names(a[2], id)
	if bad.bad() {
		return bad
	}
	return e.withPolicy(id, a, func(p *policy.Policy) bool { return p.CrossAccountAllows(a[1].str, actions) })
}

func allowsOnAll(e *state, id int64, a []value) value {
	actions, bad := e.names(a[1], id)
	if bad.bad() {
		return bad
	}
	return e.withPolicy(id, a, func(p *policy.Policy) bool { return p.AllowsOnAll(actions) })
}

func deniesInsecureTransport(e *state, id int64, a []value) value {
	return e.withPolicy(id, a, func(p *policy.Policy) bool { return p.DeniesInsecureTransport(a[1].str) })
}

// names reads a list of strings that is known in full.
func (e *state) names(v value, id int64) ([]string, value) {
	vals, rest := e.values(v, id)
	if rest.bad() {
		return nil, rest
	}
	out := make([]string, len(vals))
	for i, x := range vals {
		if x.bad() {
			return nil, x
		}
		if x.kind != kindString {
			return nil, failure(id, "%s where a string is needed", x.shape())
		}
		out[i] = x.str
	}
	return out, value{}
}

// checkActions checks literal action names when a rule is loaded: "service:Action".
func checkActions(arg int) func([]celast.Expr) string {
	return func(args []celast.Expr) string {
		if args[arg].Kind() != celast.ListKind {
			return ""
		}
		if args[arg].AsList().Size() == 0 {
			return "the list of actions is empty"
		}
		for _, x := range args[arg].AsList().Elements() {
			if s, ok := stringLiteral(x); ok && !strings.Contains(s, ":") {
				return fmt.Sprintf("%q is not an action; actions are written service:Action", s)
			}
		}
		return ""
	}
}

// oneOf checks that a literal argument is one of the words.
func oneOf(arg int, words ...string) func([]celast.Expr) string {
	return func(args []celast.Expr) string {
		s, ok := stringLiteral(args[arg])
		if !ok {
			return fmt.Sprintf("argument %d has to be one of these in quotes: %s", arg+1, strings.Join(words, ", "))
		}
		if !slices.Contains(words, s) {
			return fmt.Sprintf("there is no %q%s", s, DidYouMean(s, words))
		}
		return ""
	}
}

// reader takes values out of a JSON object of AWS's API and remembers the first thing that is not as the API has it.
type reader struct {
	d   *Doc
	err error
}

func (r *reader) fail(node uint32, want string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s is not %s", r.d.pointer(node), want)
	}
}

// must notes the absence of a member that AWS always sends.
func (r *reader) must(object uint32, names ...string) {
	for _, name := range names {
		if _, ok := r.d.member(object, name); !ok && r.err == nil {
			r.err = fmt.Errorf("%s has no member %s", r.d.pointer(object), name)
		}
	}
}

// mustOne notes that none of several members is there.
func (r *reader) mustOne(object uint32, names ...string) {
	for _, name := range names {
		if _, ok := r.d.member(object, name); ok {
			return
		}
	}
	if r.err == nil {
		r.err = fmt.Errorf("%s has none of the members %s", r.d.pointer(object), strings.Join(names, ", "))
	}
}

func (r *reader) text(object uint32, name string) string {
	i, ok := r.d.member(object, name)
	if !ok {
		return ""
	}
	s, ok := r.d.stringAt(i)
	if !ok {
		r.fail(i, "a string")
	}
	return s
}

func (r *reader) number(object uint32, name string) *int {
	i, ok := r.d.member(object, name)
	if !ok {
		return nil
	}
	n, ok := r.d.integer(i)
	if !ok {
		r.fail(i, "a whole number")
	}
	v := int(n)
	return &v
}

func (r *reader) truth(object uint32, name string) bool {
	i, ok := r.d.member(object, name)
	if !ok {
		return false
	}
	switch r.d.nodes[i].kind {
	case nodeTrue:
		return true
	case nodeFalse:
	default:
		r.fail(i, "a truth value")
	}
	return false
}

// each calls f with every element of a list member; a missing list is empty.
func (r *reader) each(object uint32, name string, f func(uint32)) {
	i, ok := r.d.member(object, name)
	if !ok {
		return
	}
	if r.d.nodes[i].kind != nodeArray {
		r.fail(i, "a list")
		return
	}
	r.d.elements(i, func(el uint32) bool { f(el); return true })
}

func (r *reader) texts(object uint32, name string) []string {
	var out []string
	r.each(object, name, func(el uint32) {
		s, ok := r.d.stringAt(el)
		if !ok {
			r.fail(el, "a string")
		}
		out = append(out, s)
	})
	return out
}

// objects reads a list of JSON objects: read is called for each. It returns where they are, for the facts.
func (e *state) objects(v value, id int64, read func(r *reader, object uint32)) (at []value, bad value) {
	vals, rest := e.values(v, id)
	if rest.bad() {
		return nil, rest
	}
	for _, x := range vals {
		if x.kind != kindObject {
			return nil, failure(id, "%s where an object is needed", x.shape())
		}
		r := &reader{d: x.doc}
		read(r, x.node)
		if r.err != nil {
			return nil, failure(id, "%v", r.err)
		}
	}
	return vals, value{}
}

// answer is the result of a function over a list of objects: the elements that decided are the facts, or the list.
func (e *state) answer(id int64, v value, at []value, open bool, by []int, err error) value {
	if err != nil {
		return failure(id, "%v", err)
	}
	for _, i := range by[:min(len(by), MaxFacts)] {
		e.fact(at[i].doc, at[i].node)
	}
	if !open && v.kind == kindArray && len(at) > 0 {
		e.fact(v.doc, v.node)
	}
	return boolean(open)
}

func (e *state) permissions(v value, id int64) (perms []policy.Permission, at []value, bad value) {
	at, bad = e.objects(v, id, func(r *reader, o uint32) {
		p := policy.Permission{Protocol: r.text(o, "IpProtocol"), From: r.number(o, "FromPort"), To: r.number(o, "ToPort")}
		r.must(o, "IpProtocol")
		r.each(o, "IpRanges", func(i uint32) { r.must(i, "CidrIp"); p.CIDRs = append(p.CIDRs, r.text(i, "CidrIp")) })
		r.each(o, "Ipv6Ranges", func(i uint32) { r.must(i, "CidrIpv6"); p.CIDRs = append(p.CIDRs, r.text(i, "CidrIpv6")) })
		perms = append(perms, p)
	})
	return perms, at, bad
}

func onPorts(name, world string, families policy.Family) *function {
	doc := "whether some TCP or UDP port in the range is open to " + world
	return &function{name: name, doc: doc, args: []*cel.Type{anyList, num, num}, result: cel.BoolType,
		call: func(e *state, id int64, a []value) value {
			perms, at, bad := e.permissions(a[0], id)
			if bad.bad() {
				return bad
			}
			open, by, err := policy.OpenToWorld(perms, int(a[1].num), int(a[2].num), families)
			return e.answer(id, a[0], at, open, by, err)
		}}
}

func openAllPorts(e *state, id int64, a []value) value {
	perms, at, bad := e.permissions(a[0], id)
	if bad.bad() {
		return bad
	}
	open, by, err := policy.AllPortsOpenToWorld(perms)
	return e.answer(id, a[0], at, open, by, err)
}

func (e *state) entries(v value, id int64) (entries []policy.Entry, at []value, bad value) {
	at, bad = e.objects(v, id, func(r *reader, o uint32) {
		en := policy.Entry{Protocol: r.text(o, "Protocol"), Egress: r.truth(o, "Egress"), CIDR: r.text(o, "CidrBlock")}
		if six := r.text(o, "Ipv6CidrBlock"); six != "" {
			en.CIDR = six
		}
		r.must(o, "RuleNumber", "RuleAction", "Protocol", "Egress")
		r.mustOne(o, "CidrBlock", "Ipv6CidrBlock")
		if n := r.number(o, "RuleNumber"); n != nil {
			en.Number = *n
		}
		switch r.text(o, "RuleAction") {
		case "allow":
			en.Allow = true
		case "deny":
		default:
			r.fail(o, "an entry that allows or denies")
		}
		if i, ok := r.d.member(o, "PortRange"); ok {
			en.From, en.To = r.number(i, "From"), r.number(i, "To")
		}
		entries = append(entries, en)
	})
	return entries, at, bad
}

func naclOpen(e *state, id int64, a []value) value {
	entries, at, bad := e.entries(a[0], id)
	if bad.bad() {
		return bad
	}
	open, by, err := policy.NACLOpenToWorld(entries, int(a[1].num), int(a[2].num))
	return e.answer(id, a[0], at, open, by, err)
}

func naclOpenAny(e *state, id int64, a []value) value {
	entries, at, bad := e.entries(a[0], id)
	if bad.bad() {
		return bad
	}
	open, by, err := policy.NACLOpenToAny(entries)
	return e.answer(id, a[0], at, open, by, err)
}

// fieldOperators are the operators of an advanced event selector's field; from the third on they narrow it in ways that
// are not judged.
var fieldOperators = []string{"Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"}

// selectors reads the answer of cloudtrail:GetEventSelectors.
func (e *state) selectors(v value, id int64) (policy.Selectors, value) {
	var s policy.Selectors
	if v.kind != kindObject {
		return s, failure(id, "%s where the event selectors of a trail are needed", v.shape())
	}
	r := &reader{d: v.doc}
	r.mustOne(v.node, "EventSelectors", "AdvancedEventSelectors")
	r.each(v.node, "EventSelectors", func(o uint32) {
		r.must(o, "ReadWriteType", "IncludeManagementEvents")
		c := policy.EventSelector{ReadWriteType: r.text(o, "ReadWriteType"), IncludeManagementEvents: r.truth(o, "IncludeManagementEvents"),
			ExcludedSources: r.texts(o, "ExcludeManagementEventSources")}
		r.each(o, "DataResources", func(d uint32) {
			r.must(d, "Type")
			c.DataResources = append(c.DataResources, policy.DataResource{Type: r.text(d, "Type"), Values: r.texts(d, "Values")})
		})
		s.Classic = append(s.Classic, c)
	})
	r.each(v.node, "AdvancedEventSelectors", func(o uint32) {
		var a policy.AdvancedSelector
		r.must(o, "FieldSelectors")
		r.each(o, "FieldSelectors", func(f uint32) {
			fs := policy.FieldSelector{Field: r.text(f, "Field"), Equals: r.texts(f, "Equals"), StartsWith: r.texts(f, "StartsWith")}
			r.must(f, "Field")
			r.mustOne(f, fieldOperators...)
			for _, other := range fieldOperators[2:] {
				fs.Narrowed = fs.Narrowed || len(r.texts(f, other)) > 0
			}
			a.Fields = append(a.Fields, fs)
		})
		s.Advanced = append(s.Advanced, a)
	})
	if r.err != nil {
		return s, failure(id, "%v", r.err)
	}
	for _, name := range []string{"EventSelectors", "AdvancedEventSelectors"} {
		if i, ok := v.doc.member(v.node, name); ok {
			e.fact(v.doc, i)
		}
	}
	return s, value{}
}

func managementEvents(e *state, id int64, a []value) value {
	s, bad := e.selectors(a[0], id)
	if bad.bad() {
		return bad
	}
	ok, err := s.ManagementEvents()
	return e.answer(id, a[0], nil, ok, nil, err)
}

func s3DataEvents(e *state, id int64, a []value) value {
	s, bad := e.selectors(a[0], id)
	if bad.bad() {
		return bad
	}
	ok, err := s.S3DataEvents(a[1].str)
	return e.answer(id, a[0], nil, ok, nil, err)
}

func metricFilter(e *state, id int64, a []value) value {
	if !e.spend(len(a[0].str)) {
		return failure(id, "stopped")
	}
	ok, err := policy.MetricFilterCovers(a[0].str, a[1].str)
	return e.answer(id, a[0], nil, ok, nil, err)
}
