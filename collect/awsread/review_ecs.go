package awsread

var ecsReviews = reviews{
	"DescribeClusters": {},
	"DescribeServices": {drop: []string{
		"DeploymentLifecycleHook.HookDetails", // what the caller wants to tell a hook
		"LogConfiguration.Options"}},          // of Service Connect's proxy: see DescribeTaskDefinition
	"DescribeTaskDefinition": {
		drop: []string{
			"ContainerDefinition.Command", "ContainerDefinition.DockerLabels", "ContainerDefinition.EntryPoint",
			"DockerVolumeConfiguration.DriverOpts", // a network file system's user and password
			"HealthCheck.Command",
			"KeyValuePair.Value",        // environment variables
			"LogConfiguration.Options"}, // a log service's token
		keep: map[string]string{
			"ContainerDefinition.Environment":           "names of variables are evidence; their values are dropped",
			"ContainerDefinition.RepositoryCredentials": "the ARN of a secret, not the secret",
		},
	},
	"ListAccountSettings": {},
	"ListClusters":        {},
	"ListServices":        {},
	"ListTaskDefinitions": {},
}
