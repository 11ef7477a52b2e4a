package awsread

var logsReviews = reviews{
	"DescribeMetricFilters": {},
}
