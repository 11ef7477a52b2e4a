package awsread

var lambdaReviews = reviews{
	"GetFunctionCodeSigningConfig":   {},
	"GetFunctionConcurrency":         {},
	"GetLayerVersionPolicy":          {},
	"GetPolicy":                      {},
	"ListCodeSigningConfigs":         {},
	"ListEventSourceMappings":        {}, // credentials of a source are named by ARN
	"ListFunctionEventInvokeConfigs": {},
	"ListFunctionUrlConfigs":         {},
	"ListFunctions": {drop: []string{
		"EnvironmentResponse.Variables", "EnvironmentError.Message",
		"ImageConfig.Command", "ImageConfig.EntryPoint", "ImageConfigError.Message", "RuntimeVersionError.Message"}},
	"ListLayers": {},
	"ListTags":   {},
}
