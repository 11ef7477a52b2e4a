package awsread

var eventsReviews = reviews{
	"DescribeEventBus":    {},
	"ListApiDestinations": {drop: []string{"ApiDestination.InvocationEndpoint"}}, // a web address, whose path is often its password
	"ListArchives":        {},
	"ListConnections":     {},
	"ListEventBuses":      {},
	"ListRules":           {},
	"ListTagsForResource": {},
	"ListTargetsByRule": {drop: []string{
		"AppSyncParameters.GraphQLOperation", "HttpParameters.HeaderParameters", "HttpParameters.PathParameterValues",
		"HttpParameters.QueryStringParameters", "InputTransformer.InputTemplate", "RedshiftDataParameters.Sql",
		"RedshiftDataParameters.Sqls", "SageMakerPipelineParameter.Value", "Target.Input"}},
}
