package awsread

var autoscalingReviews = reviews{
	"DescribeAutoScalingGroups":    {},
	"DescribeLaunchConfigurations": {drop: []string{"LaunchConfiguration.UserData"}},
}
