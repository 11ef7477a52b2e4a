package awsread

var securityhubReviews = reviews{
	"DescribeHub":         {},
	"GetEnabledStandards": {},
}
