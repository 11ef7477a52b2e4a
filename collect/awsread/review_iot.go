package awsread

var iotReviews = reviews{
	"DescribeAccountAuditConfiguration": {},
	"DescribeScheduledAudit":            {},
	"DescribeSecurityProfile":           {},
	"GetPolicy":                         {},
	"GetV2LoggingOptions":               {},
	"ListPolicies":                      {},
	"ListScheduledAudits":               {},
	"ListSecurityProfiles":              {},
	"ListTagsForResource":               {},
}
