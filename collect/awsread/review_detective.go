package awsread

var detectiveReviews = reviews{
	"ListDatasourcePackages": {},
	"ListGraphs":             {},
	"ListMembers":            {drop: []string{"MemberDetail.EmailAddress"}},
	"ListTagsForResource":    {},
}
