package awsread

var efsReviews = reviews{
	"DescribeAccessPoints":              {},
	"DescribeBackupPolicy":              {},
	"DescribeFileSystemPolicy":          {},
	"DescribeFileSystems":               {},
	"DescribeLifecycleConfiguration":    {},
	"DescribeMountTargetSecurityGroups": {},
	"DescribeMountTargets":              {},
	"DescribeReplicationConfigurations": {},
}
