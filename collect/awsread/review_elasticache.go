package awsread

var elasticacheReviews = reviews{
	"DescribeCacheClusters":     {},
	"DescribeCacheSubnetGroups": {},
	"DescribeReplicationGroups": {},
	"DescribeServerlessCaches":  {},
	"DescribeSnapshots":         {},
	"DescribeUserGroups":        {},
	"DescribeUsers":             {},
	"ListTagsForResource":       {},
}
