package awsread

var cloudtrailReviews = reviews{
	"DescribeTrails":    {},
	"GetEventSelectors": {},
	"GetTrailStatus":    {},
	"ListTags":          {},
}
