package awsread

var elbv2Reviews = reviews{
	"DescribeListeners": {drop: []string{
		"AuthenticateOidcActionConfig.AuthenticationRequestExtraParams", "AuthenticateOidcActionConfig.ClientSecret",
		"FixedResponseActionConfig.MessageBody"}},
	"DescribeLoadBalancerAttributes": {},
	"DescribeLoadBalancers":          {},
	"DescribeRules": {drop: []string{
		"AuthenticateOidcActionConfig.AuthenticationRequestExtraParams", "AuthenticateOidcActionConfig.ClientSecret",
		"FixedResponseActionConfig.MessageBody"}},
	"DescribeSSLPolicies":           {},
	"DescribeTags":                  {},
	"DescribeTargetGroupAttributes": {},
	"DescribeTargetGroups":          {},
}
