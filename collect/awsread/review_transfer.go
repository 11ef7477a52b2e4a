package awsread

var transferReviews = reviews{
	"DescribeServer": {},
	"ListServers":    {},
}
