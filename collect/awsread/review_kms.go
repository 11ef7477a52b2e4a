package awsread

var kmsReviews = reviews{
	"DescribeCustomKeyStores": {mask: []string{"XksProxyConfigurationType.AccessKeyId"}},
	"DescribeKey":             {},
	"GetKeyPolicy":            {},
	"GetKeyRotationStatus":    {},
	"ListAliases":             {},
	"ListGrants":              {},
	"ListKeys":                {},
	"ListResourceTags":        {},
}
