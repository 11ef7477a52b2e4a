package awsread

var logsReviews = reviews{
	"DescribeAccountPolicies":  {},
	"DescribeDestinations":     {},
	"DescribeLogGroups":        {},
	"DescribeMetricFilters":    {},
	"DescribeResourcePolicies": {},
}
