package awsread

var apigatewayv2Reviews = reviews{
	"GetApis":        {},
	"GetAuthorizers": {},
	"GetDomainNames": {},
	"GetRoutes":      {},
	"GetStages":      {drop: []string{"Stage.StageVariables"}},
}
