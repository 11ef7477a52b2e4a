package expr

import (
	"maps"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"

	"github.com/auditpack/auditpack/mapping/policy"
)

// function is one function that rules can call beside CEL's own. Its arguments are known when it is called; an error
// that it returns becomes rule_error.
type function struct {
	name   string
	doc    string // what it answers
	args   []*cel.Type
	result *cel.Type
	call   operation
	check  func(args []celast.Expr) string // of literal arguments when a rule is loaded; "" where there is nothing to say
	method bool                            // written x.name()
	whole  bool                            // the first argument is an artifact: r, or an element of a population
}

func (f *function) declare() cel.EnvOption {
	if f.method {
		return cel.Function(f.name, cel.MemberOverload(f.name+"_rule", f.args, f.result))
	}
	return cel.Function(f.name, cel.Overload(f.name+"_rule", f.args, f.result))
}

var (
	anyList  = cel.ListType(cel.DynType)
	nameList = cel.ListType(cel.StringType)
	str      = cel.StringType
	num      = cel.IntType
)

// functions lists every function of package policy that rules can call, and the few about time.
func functions() []*function {
	return []*function{
		{name: "days", doc: "n times 24 hours", args: []*cel.Type{num}, result: cel.DurationType, call: days},
		{name: "lowerAscii", doc: "the string with A to Z in lower case", args: []*cel.Type{str}, result: str, call: lowerASCII, method: true},
		{name: "unseen", doc: "a condition that is never known: what would decide it is of a kind that was not collected", args: []*cel.Type{str}, result: cel.BoolType, call: unseen, check: literalName},
		identity("account_of", "account"),
		identity("region_of", "region"),
		identity("arn_of", "arn"),
		{name: "is_timestamp", doc: "whether a string is an RFC 3339 time; cells of the credential report also hold N/A and the like", args: []*cel.Type{str}, result: cel.BoolType, call: isTimestamp},

		onPolicy("policy_is_public", "whether a resource policy lets everyone in, without a condition that really restricts it", func(p *policy.Policy) bool { return p.Public() }),
		{name: "policy_public_allows", doc: "whether a resource policy lets everyone do at least one of the actions", args: []*cel.Type{str, nameList}, result: cel.BoolType, call: publicAllows, check: checkActions(1)},
		{name: "policy_cross_account", doc: "whether a resource policy lets in someone outside the account", args: []*cel.Type{str, str}, result: cel.BoolType, call: crossAccount},
		{name: "policy_cross_account_allows", doc: "whether a resource policy lets someone outside the account do at least one of the actions", args: []*cel.Type{str, str, nameList}, result: cel.BoolType, call: crossAccount, check: checkActions(2)},
		onPolicy("policy_allows_admin", "whether an identity policy allows every action on every resource", func(p *policy.Policy) bool { return p.Administrator() }),
		{name: "policy_allows_on_all", doc: "whether an identity policy allows at least one of the actions on every resource of its service", args: []*cel.Type{str, nameList}, result: cel.BoolType, call: allowsOnAll, check: checkActions(1)},
		onPolicy("policy_service_wildcard", "whether an identity policy allows every action of some service", func(p *policy.Policy) bool { return p.ServiceWildcard() }),
		{name: "policy_denies_insecure_transport", doc: "whether a bucket policy denies everyone every action on the bucket (its ARN) and its objects without TLS", args: []*cel.Type{str, str}, result: cel.BoolType, call: deniesInsecureTransport},
		onPolicy("policy_trusts_service_without_source", "whether a policy trusts an AWS service without saying on whose behalf", func(p *policy.Policy) bool { return p.ServiceWithoutSource() }),

		onPorts("open_to_world", "the whole IPv4 or IPv6 internet", policy.IPv4|policy.IPv6),
		onPorts("open_to_world_ipv4", "the whole IPv4 internet", policy.IPv4),
		onPorts("open_to_world_ipv6", "the whole IPv6 internet", policy.IPv6),
		{name: "open_all_ports_to_world", doc: "whether every TCP or UDP port is open to the whole IPv4 or IPv6 internet", args: []*cel.Type{anyList}, result: cel.BoolType, call: openAllPorts},
		{name: "nacl_open_to_world", doc: "whether a network ACL lets the whole internet in to some port in the range", args: []*cel.Type{anyList, num, num}, result: cel.BoolType, call: naclOpen},
		{name: "nacl_open_any", doc: "whether a network ACL lets every protocol in from the whole internet", args: []*cel.Type{anyList}, result: cel.BoolType, call: naclOpenAny},

		{name: "trail_logs_management_events", doc: "whether the event selectors of a trail record all management events", args: []*cel.Type{cel.DynType}, result: cel.BoolType, call: managementEvents},
		{name: "trail_logs_s3_data_events", doc: "whether the event selectors of a trail record the \"read\" or \"write\" events of every bucket's objects", args: []*cel.Type{cel.DynType, str}, result: cel.BoolType, call: s3DataEvents, check: oneOf(1, "read", "write")},
		{name: "metric_filter_covers", doc: "whether a metric filter pattern catches all events of a family", args: []*cel.Type{str, str}, result: cel.BoolType, call: metricFilter, check: oneOf(1, policy.MetricFamilies()...)},
	}
}

// Function describes a function that rules can call beside CEL's own.
type Function struct {
	Name      string
	Signature string // "days(int) -> duration"
	Doc       string // one English phrase: what it answers
}

// Functions lists the functions of rules, in the order of their subjects.
func Functions() []Function {
	var out []Function
	for _, f := range functions() {
		args := make([]string, len(f.args))
		for i, a := range f.args {
			args[i] = shortType(a)
		}
		signature := f.name + "(" + strings.Join(args, ", ") + ")"
		if f.method {
			signature = args[0] + "." + f.name + "(" + strings.Join(args[1:], ", ") + ")"
		}
		out = append(out, Function{f.name, signature + " -> " + shortType(f.result), f.doc})
	}
	return out
}

// shortType names a type as rule authors know it.
func shortType(t *cel.Type) string {
	return strings.NewReplacer("google.protobuf.", "", "Duration", "duration", "(dyn)", "", "dyn", "object").Replace(cel.FormatCELType(t))
}

// functionNames returns the names of the functions of an environment, sorted.
func (e *Env) functionNames() []string { return slices.Sorted(maps.Keys(e.functions)) }

func days(_ *state, id int64, a []value) value {
	const limit = 106751 // what 64 bits of nanoseconds hold
	if n := a[0].num; n < -limit || n > limit {
		return overflow(id)
	}
	return span(time.Duration(a[0].num) * 24 * time.Hour)
}

func isTimestamp(_ *state, _ int64, a []value) value {
	_, err := time.Parse(time.RFC3339Nano, a[0].str)
	return boolean(err == nil)
}

// lowerASCII is CEL's extension of that name.
func lowerASCII(e *state, id int64, a []value) value {
	if !e.spend(len(a[0].str)) {
		return failure(id, "stopped")
	}
	b := []byte(a[0].str)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return text(string(b))
}

// unseen is a condition that is never known: what would decide it is of a kind that was not collected, or lives in an
// account that was not visited.
func unseen(_ *state, _ int64, a []value) value { return unknown(Gap{Kind: a[0].str}) }

func literalName(args []celast.Expr) string {
	if s, ok := stringLiteral(args[0]); !ok || s == "" {
		return "unseen() takes the name of a kind in quotes"
	}
	return ""
}

// identity is a function that reads what identifies an artifact. That is known also where every part is a gap.
func identity(name, member string) *function {
	return &function{name: name, doc: "the " + member + " of an artifact: r, or an element of a population", args: []*cel.Type{cel.DynType}, result: str, whole: true,
		call: func(e *state, id int64, a []value) value {
			d := a[0].doc
			if a[0].kind != kindArtifact {
				return failure(id, "%s where an artifact is needed", a[0].shape())
			}
			i, ok := d.member(0, member)
			if !ok {
				return text("")
			}
			e.fact(d, i)
			return text(d.str(i))
		}}
}
