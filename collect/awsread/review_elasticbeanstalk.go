package awsread

var elasticbeanstalkReviews = reviews{
	"DescribeApplications": {},
	"DescribeConfigurationSettings": {
		drop: []string{"EnvironmentOption.HiddenValue"},
		keep: map[string]string{"ConfigurationOptionSetting.Value": "never encoded: a value is moved to " +
			"EnvironmentOption.Value if its namespace holds no secrets, and to HiddenValue, which is dropped, if it may"},
	},
	"DescribeEnvironments": {},
	"ListTagsForResource":  {},
}
