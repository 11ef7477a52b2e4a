package awsread

var rdsReviews = reviews{
	"DescribeDBClusterParameterGroups":    {},
	"DescribeDBClusterParameters":         {},
	"DescribeDBClusterSnapshotAttributes": {},
	"DescribeDBClusterSnapshots":          {},
	"DescribeDBClusters":                  {drop: []string{"ClusterPendingModifiedValues.MasterUserPassword"}},
	"DescribeDBInstances":                 {drop: []string{"PendingModifiedValues.MasterUserPassword"}},
	"DescribeDBParameterGroups":           {},
	"DescribeDBParameters":                {},
	"DescribeDBProxies":                   {},
	"DescribeDBSnapshotAttributes":        {},
	"DescribeDBSnapshots":                 {},
	"DescribeDBSubnetGroups":              {},
	"DescribeEventSubscriptions":          {},
	"DescribeOptionGroups":                {drop: []string{"OptionSetting.Value"}},
	"ListTagsForResource":                 {},
}
