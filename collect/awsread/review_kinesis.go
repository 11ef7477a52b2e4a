package awsread

var kinesisReviews = reviews{
	"DescribeStreamSummary": {},
	"GetResourcePolicy":     {},
	"ListStreamConsumers":   {},
	"ListStreams":           {},
	"ListTagsForStream":     {},
}
