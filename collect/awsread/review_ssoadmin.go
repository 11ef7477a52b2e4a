package awsread

var ssoadminReviews = reviews{
	"DescribeInstance": {},
	"DescribeInstanceAccessControlAttributeConfiguration": {},
	"DescribePermissionSet":                               {},
	"GetInlinePolicyForPermissionSet":                     {},
	"GetPermissionsBoundaryForPermissionSet":              {},
	"ListAccountAssignments":                              {},
	"ListAccountsForProvisionedPermissionSet":             {},
	"ListApplications":                                    {},
	"ListCustomerManagedPolicyReferencesInPermissionSet":  {},
	"ListInstances":                                       {},
	"ListManagedPoliciesInPermissionSet":                  {},
	"ListPermissionSets":                                  {},
	"ListTagsForResource":                                 {},
}
