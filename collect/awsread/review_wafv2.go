package awsread

// A rule that lets only a content network through compares a header with a secret, and another inserts that header: both are
// dropped wherever rules are.
var wafv2Reviews = reviews{
	"GetIPSet":                {},
	"GetLoggingConfiguration": {},
	"GetRuleGroup":            {drop: []string{"ByteMatchStatement.SearchString", "CustomHTTPHeader.Value"}},
	"GetWebACL":               {drop: []string{"ByteMatchStatement.SearchString", "CustomHTTPHeader.Value"}},
	"ListIPSets":              {},
	"ListResourcesForWebACL":  {},
	"ListRuleGroups":          {},
	"ListTagsForResource":     {},
	"ListWebACLs":             {},
}
