package expr

import (
	"maps"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"

	"github.com/auditpack/auditpack/mapping/policy"
)

// function is one function that rules can call beside CEL's own. Its arguments are known when it is called; an error
// that it returns becomes rule_error.
type function struct {
	name   string
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
		{name: "days", args: []*cel.Type{num}, result: cel.DurationType, call: days},
		{name: "lowerAscii", args: []*cel.Type{str}, result: str, call: lowerASCII, method: true},
		{name: "unseen", args: []*cel.Type{str}, result: cel.BoolType, call: unseen, check: literalName},
		identity("account_of", "account"), identity("region_of", "region"), identity("arn_of", "arn"),
		{name: "is_timestamp", args: []*cel.Type{str}, result: cel.BoolType, call: isTimestamp},

		onPolicy("policy_is_public", func(p *policy.Policy) bool { return p.Public() }),
		{name: "policy_public_allows", args: []*cel.Type{str, nameList}, result: cel.BoolType, call: publicAllows, check: checkActions(1)},
		{name: "policy_cross_account", args: []*cel.Type{str, str}, result: cel.BoolType, call: crossAccount},
		{name: "policy_cross_account_allows", args: []*cel.Type{str, str, nameList}, result: cel.BoolType, call: crossAccount, check: checkActions(2)},
		onPolicy("policy_allows_admin", func(p *policy.Policy) bool { return p.Administrator() }),
		{name: "policy_allows_on_all", args: []*cel.Type{str, nameList}, result: cel.BoolType, call: allowsOnAll, check: checkActions(1)},
		onPolicy("policy_service_wildcard", func(p *policy.Policy) bool { return p.ServiceWildcard() }),
		{name: "policy_denies_insecure_transport", args: []*cel.Type{str, str}, result: cel.BoolType, call: deniesInsecureTransport},
		onPolicy("policy_trusts_service_without_source", func(p *policy.Policy) bool { return p.ServiceWithoutSource() }),

		onPorts("open_to_world", policy.IPv4|policy.IPv6),
		onPorts("open_to_world_ipv4", policy.IPv4),
		onPorts("open_to_world_ipv6", policy.IPv6),
		{name: "open_all_ports_to_world", args: []*cel.Type{anyList}, result: cel.BoolType, call: openAllPorts},
		{name: "nacl_open_to_world", args: []*cel.Type{anyList, num, num}, result: cel.BoolType, call: naclOpen},
		{name: "nacl_open_any", args: []*cel.Type{anyList}, result: cel.BoolType, call: naclOpenAny},

		{name: "trail_logs_management_events", args: []*cel.Type{cel.DynType}, result: cel.BoolType, call: managementEvents},
		{name: "trail_logs_s3_data_events", args: []*cel.Type{cel.DynType, str}, result: cel.BoolType, call: s3DataEvents, check: oneOf(1, "read", "write")},
		{name: "metric_filter_covers", args: []*cel.Type{str, str}, result: cel.BoolType, call: metricFilter, check: oneOf(1, policy.MetricFamilies()...)},
	}
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
	return &function{name: name, args: []*cel.Type{cel.DynType}, result: str, whole: true,
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
