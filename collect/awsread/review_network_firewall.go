package awsread

var networkFirewallReviews = reviews{
	"DescribeFirewall":             {},
	"DescribeFirewallPolicy":       {},
	"DescribeLoggingConfiguration": {},
	"DescribeRuleGroup":            {},
	"ListFirewallPolicies":         {},
	"ListFirewalls":                {},
	"ListRuleGroups":               {},
}
