package awsread

var emrReviews = reviews{
	"DescribeCluster": {drop: []string{
		"Application.AdditionalInfo", "Application.Args",
		"Configuration.Properties", // settings of applications, with the passwords of their stores
		"KerberosAttributes.ADDomainJoinPassword", "KerberosAttributes.CrossRealmTrustPrincipalPassword",
		"KerberosAttributes.KdcAdminPassword"}},
	"DescribeSecurityConfiguration":     {},
	"GetBlockPublicAccessConfiguration": {drop: []string{"Configuration.Properties"}},
	"ListClusters":                      {},
	"ListSecurityConfigurations":        {},
}
