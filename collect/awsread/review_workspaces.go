package awsread

var workspacesReviews = reviews{
	"DescribeIpGroups":             {},
	"DescribeTags":                 {},
	"DescribeWorkspaceDirectories": {drop: []string{"WorkspaceDirectory.CustomerUserName", "WorkspaceDirectory.RegistrationCode"}},
	"DescribeWorkspaces":           {},
}
