package awsread

var eksReviews = reviews{
	"DescribeAddon":                  {drop: []string{"Addon.ConfigurationValues"}}, // free text for the add-on
	"DescribeCluster":                {},                                            // its certificate authority is public
	"DescribeFargateProfile":         {},
	"DescribeIdentityProviderConfig": {},
	"DescribeNodegroup":              {},
	"ListAddons":                     {},
	"ListClusters":                   {},
	"ListFargateProfiles":            {},
	"ListIdentityProviderConfigs":    {},
	"ListNodegroups":                 {},
}
