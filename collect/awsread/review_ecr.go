package awsread

var ecrReviews = reviews{
	"DescribeImages":                   {},
	"DescribeRegistry":                 {},
	"DescribeRepositories":             {},
	"GetLifecyclePolicy":               {},
	"GetRegistryPolicy":                {},
	"GetRegistryScanningConfiguration": {},
	"GetRepositoryPolicy":              {},
	"ListTagsForResource":              {},
}
