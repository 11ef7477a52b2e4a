package awsread

var athenaReviews = reviews{
	"GetWorkGroup":        {drop: []string{"EngineConfiguration.AdditionalConfigs", "EngineConfiguration.SparkProperties", "Classification.Properties"}},
	"ListTagsForResource": {},
	"ListWorkGroups":      {},
}
