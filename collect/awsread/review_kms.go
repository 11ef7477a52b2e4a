package awsread

var kmsReviews = reviews{
	"DescribeKey":          {},
	"GetKeyPolicy":         {},
	"GetKeyRotationStatus": {},
	"ListKeys":             {},
	"ListResourceTags":     {},
}
