package services

// unmodelled are the parts, "kind part", that cannot be made from modelled answers, and why.
var unmodelled = map[string]string{
	"iam.user CredentialReport": "the content of the report is CSV, of which the model says nothing",
	"iam.root CredentialReport": "the content of the report is CSV, of which the model says nothing",
}
