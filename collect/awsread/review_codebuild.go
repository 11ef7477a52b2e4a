package awsread

// Names and types of environment variables stay: they tell which variables are plain text, and what is in them.
var codebuildReviews = reviews{
	"BatchGetProjects": {drop: []string{
		"EnvironmentVariable.Value", "ProjectBadge.BadgeRequestUrl", "ProjectSource.Buildspec",
		"Webhook.PayloadUrl", "Webhook.Secret"}},
	"BatchGetReportGroups":  {},
	"ListProjects":          {},
	"ListReportGroups":      {},
	"ListSourceCredentials": {},
}
