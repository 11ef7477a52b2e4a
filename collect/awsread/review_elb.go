package awsread

var elbReviews = reviews{
	"DescribeLoadBalancerAttributes": {},
	"DescribeLoadBalancerPolicies":   {},
	"DescribeLoadBalancers":          {},
	"DescribeTags":                   {},
}
