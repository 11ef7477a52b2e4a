package awsread

var sagemakerReviews = reviews{
	"DescribeDomain":           {},
	"DescribeEndpoint":         {},
	"DescribeEndpointConfig":   {},
	"DescribeModel":            {drop: []string{"ContainerDefinition.Environment", "RealTimeInferenceRecommendation.Environment"}},
	"DescribeNotebookInstance": {},
	"ListDomains":              {},
	"ListEndpointConfigs":      {},
	"ListEndpoints":            {},
	"ListModels":               {},
	"ListNotebookInstances":    {},
	"ListTags":                 {},
}
