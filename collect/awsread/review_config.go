package awsread

var configReviews = reviews{
	"DescribeComplianceByConfigRule":      {},
	"DescribeConfigRules":                 {},
	"DescribeConfigurationAggregators":    {},
	"DescribeConfigurationRecorderStatus": {},
	"DescribeConfigurationRecorders":      {},
	"DescribeConformancePackStatus":       {},
	"DescribeConformancePacks":            {},
	"DescribeDeliveryChannels":            {},
	"DescribeRetentionConfigurations":     {},
	"GetConformancePackComplianceSummary": {},
	"ListTagsForResource":                 {},
}
