package awsread

var applicationautoscalingReviews = reviews{
	"DescribeScalableTargets": {},
	"DescribeScalingPolicies": {},
	"ListTagsForResource":     {},
}
