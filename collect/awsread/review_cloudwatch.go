package awsread

var cloudwatchReviews = reviews{
	"DescribeAlarms": {},
}
