package awsread

var configReviews = reviews{
	"DescribeConfigurationRecorderStatus": {},
	"DescribeConfigurationRecorders":      {},
	"DescribeDeliveryChannels":            {},
}
