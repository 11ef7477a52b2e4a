package awsread

var artifactReviews = reviews{
	"GetAccountSettings":     {},
	"ListCustomerAgreements": {drop: []string{"ArtifactCustomerAgreement.AcceptanceTerms", "ArtifactCustomerAgreement.TerminateTerms"}},
	"ListReports":            {},
}
