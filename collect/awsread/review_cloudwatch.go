package awsread

var cloudwatchReviews = reviews{
	"DescribeAlarms":      {},
	"GetMetricStream":     {},
	"ListMetricStreams":   {},
	"ListTagsForResource": {},
}
