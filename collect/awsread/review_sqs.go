package awsread

var sqsReviews = reviews{
	"GetQueueAttributes": {},
	"ListQueueTags":      {},
	"ListQueues":         {},
}
