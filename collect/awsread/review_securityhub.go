package awsread

var securityhubReviews = reviews{
	"BatchGetAutomationRules":      {},
	"DescribeHub":                  {},
	"GetAdministratorAccount":      {},
	"GetEnabledStandards":          {},
	"GetFindingAggregator":         {},
	"ListAutomationRules":          {},
	"ListEnabledProductsForImport": {},
	"ListFindingAggregators":       {},
	"ListMembers":                  {drop: []string{"Member.Email"}},
	"ListTagsForResource":          {},
}
