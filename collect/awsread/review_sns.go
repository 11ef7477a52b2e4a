package awsread

var snsReviews = reviews{
	"GetTopicAttributes":  {},
	"ListSubscriptions":   {}, // web addresses: see scan
	"ListTagsForResource": {},
	"ListTopics":          {},
}
