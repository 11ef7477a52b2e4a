package awsread

var athenaReviews = reviews{
	"GetWorkGroup": {drop: []string{
		"Classification.Properties", "EngineConfiguration.AdditionalConfigs", "EngineConfiguration.SparkProperties",
		"WorkGroupConfiguration.AdditionalConfiguration"}},
	"ListTagsForResource": {},
	"ListWorkGroups":      {},
}
