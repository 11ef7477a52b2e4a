package awsread

var glueReviews = reviews{
	"GetConnections": {drop: []string{
		"Connection.AthenaProperties", "Connection.ConnectionProperties", "Connection.PythonProperties", "Connection.SparkProperties",
		"OAuth2Properties.TokenUrlParametersMap"}},
	"GetCrawlers":                      {},
	"GetDataCatalogEncryptionSettings": {},
	"GetDevEndpoints":                  {drop: []string{"DevEndpoint.Arguments"}},
	"GetJobs": {drop: []string{
		"Job.CodeGenConfigurationNodes", "Job.DefaultArguments", "Job.NonOverridableArguments", "SourceControlDetails.AuthToken"}},
	"GetMLTransforms":           {},
	"GetResourcePolicy":         {},
	"GetSecurityConfigurations": {},
	"GetTags":                   {},
}
