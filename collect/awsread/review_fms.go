package awsread

var fmsReviews = reviews{
	"GetAdminAccount":     {},
	"GetPolicy":           {},
	"ListPolicies":        {},
	"ListTagsForResource": {},
}
