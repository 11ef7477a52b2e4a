package awsread

var stsReviews = reviews{
	"AssumeRole":        {drop: []string{"AssumeRoleOutput.Credentials", "AssumeRoleInput.ExternalId"}},
	"GetCallerIdentity": {},
}
