package awsread

var apigatewayReviews = reviews{
	"GetAccount":            {},
	"GetApiKeys":            {drop: []string{"ApiKey.Value"}}, // never asked for
	"GetAuthorizers":        {},
	"GetClientCertificates": {}, // the certificate is public; its key never leaves the service
	"GetDomainNames":        {},
	// Parameters and templates can set a header to a constant, and the URI's query can have one: a key of the backend.
	"GetResources": {drop: []string{
		"Integration.Uri", "Integration.RequestParameters", "Integration.RequestTemplates",
		"IntegrationResponse.ResponseParameters", "IntegrationResponse.ResponseTemplates"}},
	"GetRestApis":   {},
	"GetStages":     {drop: []string{"CanarySettings.StageVariableOverrides", "Stage.Variables"}},
	"GetUsagePlans": {},
}
