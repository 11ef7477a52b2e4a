package awsread

var redshiftReviews = reviews{
	"DescribeClusterParameterGroups": {},
	"DescribeClusterParameters":      {},
	"DescribeClusterSnapshots":       {},
	"DescribeClusterSubnetGroups":    {},
	"DescribeClusters":               {drop: []string{"PendingModifiedValues.MasterUserPassword"}},
	"DescribeLoggingStatus":          {},
}
