package awsread

var elasticbeanstalkReviews = reviews{
	"DescribeApplications": {},
	// A value is moved to EnvironmentOption.Value if its namespace holds no secrets.
	"DescribeConfigurationSettings": {drop: []string{"ConfigurationOptionSetting.Value", "EnvironmentOption.HiddenValue"}},
	"DescribeEnvironments":          {},
	"ListTagsForResource":           {},
}
