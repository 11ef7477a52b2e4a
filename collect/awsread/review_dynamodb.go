package awsread

var dynamodbReviews = reviews{
	"DescribeContinuousBackups":           {},
	"DescribeKinesisStreamingDestination": {},
	"DescribeTable":                       {},
	"GetResourcePolicy":                   {},
	"ListTables":                          {},
	"ListTagsOfResource":                  {},
}
