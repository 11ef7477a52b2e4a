package awsread

var organizationsReviews = reviews{
	"DescribeOrganization":                {drop: []string{"Organization.MasterAccountEmail"}},
	"DescribePolicy":                      {},
	"DescribeResourcePolicy":              {},
	"ListAWSServiceAccessForOrganization": {},
	"ListAccounts": {
		drop: []string{"Account.Email"},
		keep: map[string]string{"Account.Name": "people tell accounts apart by it"},
	},
	"ListDelegatedAdministrators": {
		drop: []string{"DelegatedAdministrator.Email"},
		keep: map[string]string{"DelegatedAdministrator.Name": "name of an account, not of a person"},
	},
	"ListDelegatedServicesForAccount":  {},
	"ListOrganizationalUnitsForParent": {},
	"ListPolicies":                     {},
	"ListRoots":                        {},
	"ListTagsForResource":              {},
	"ListTargetsForPolicy":             {},
}
