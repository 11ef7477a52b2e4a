package awsread

var cognitoidentityReviews = reviews{
	"DescribeIdentityPool": {},
	"GetIdentityPoolRoles": {},
	"ListIdentityPools":    {},
}
