package awsread

var codegurureviewerReviews = reviews{
	"DescribeRepositoryAssociation": {},
	"ListRepositoryAssociations":    {},
}
