package awsread

var workspacesReviews = reviews{
	"DescribeIpGroups":             {},
	"DescribeTags":                 {},
	"DescribeWorkspaceDirectories": {drop: []string{"WorkspaceDirectory.CustomerUserName", "WorkspaceDirectory.RegistrationCode"}},
	"DescribeWorkspaces":           {drop: []string{"Workspace.UserName"}}, // a person: rules ask about the desktop
}
