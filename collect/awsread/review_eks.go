package awsread

var eksReviews = reviews{
	"DescribeAccessEntry":            {},
	"DescribeAddon":                  {drop: []string{"Addon.ConfigurationValues"}},              // free text for the add-on
	"DescribeCluster":                {drop: []string{"ConnectorConfigResponse.ActivationCode"}}, // who has the code can pose as the cluster; its certificate authority is public
	"DescribeFargateProfile":         {},
	"DescribeIdentityProviderConfig": {},
	"DescribeNodegroup":              {},
	"ListAccessEntries":              {},
	"ListAddons":                     {},
	"ListAssociatedAccessPolicies":   {},
	"ListClusters":                   {},
	"ListFargateProfiles":            {},
	"ListIdentityProviderConfigs":    {},
	"ListNodegroups":                 {},
}
