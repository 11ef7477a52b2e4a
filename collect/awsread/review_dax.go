package awsread

var daxReviews = reviews{
	"DescribeClusters": {},
	"ListTags":         {},
}
