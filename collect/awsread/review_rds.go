package awsread

var rdsReviews = reviews{
	"DescribeDBClusters":           {drop: []string{"ClusterPendingModifiedValues.MasterUserPassword"}},
	"DescribeDBInstances":          {drop: []string{"PendingModifiedValues.MasterUserPassword"}},
	"DescribeDBSnapshotAttributes": {},
	"DescribeDBSnapshots":          {},
}
