package awsread

var ec2Reviews = reviews{
	"DescribeFlowLogs":          {},
	"DescribeInstances":         {},
	"DescribeNetworkAcls":       {},
	"DescribeRegions":           {},
	"DescribeSecurityGroups":    {},
	"DescribeVolumes":           {},
	"DescribeVpcs":              {},
	"GetEbsEncryptionByDefault": {},
}
