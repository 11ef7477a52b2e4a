package awsread

var apigatewayReviews = reviews{
	"GetAccount":            {},
	"GetApiKeys":            {drop: []string{"ApiKey.Value"}}, // never asked for
	"GetAuthorizers":        {},
	"GetClientCertificates": {}, // the certificate is public; its key never leaves the service
	"GetDomainNames":        {},
	"GetResources": {drop: []string{ // parameters and templates can set a header to a constant: a key of the backend
		"Integration.RequestParameters", "Integration.RequestTemplates",
		"IntegrationResponse.ResponseParameters", "IntegrationResponse.ResponseTemplates"}},
	"GetRestApis":   {},
	"GetStages":     {drop: []string{"CanarySettings.StageVariableOverrides", "Stage.Variables"}},
	"GetUsagePlans": {},
}
