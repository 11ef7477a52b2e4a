package awsread

var elbv2Reviews = reviews{
	"DescribeListeners": {drop: []string{
		"AuthenticateCognitoActionConfig.AuthenticationRequestExtraParams",
		"AuthenticateOidcActionConfig.AuthenticationRequestExtraParams", "AuthenticateOidcActionConfig.ClientSecret",
		"FixedResponseActionConfig.MessageBody"}},
	"DescribeLoadBalancerAttributes": {},
	"DescribeLoadBalancers":          {},
	"DescribeRules": {drop: []string{
		"AuthenticateCognitoActionConfig.AuthenticationRequestExtraParams",
		"AuthenticateOidcActionConfig.AuthenticationRequestExtraParams", "AuthenticateOidcActionConfig.ClientSecret",
		"FixedResponseActionConfig.MessageBody",
		// A rule that lets only a content network through compares a header with a secret that the two share.
		"HttpHeaderConditionConfig.RegexValues", "HttpHeaderConditionConfig.Values", "QueryStringKeyValuePair.Value"}},
	"DescribeSSLPolicies":           {},
	"DescribeTags":                  {},
	"DescribeTargetGroupAttributes": {},
	"DescribeTargetGroups":          {},
}
