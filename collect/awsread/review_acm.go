package awsread

var acmReviews = reviews{
	"DescribeCertificate":     {drop: []string{"DomainValidation.ValidationEmails"}},
	"GetAccountConfiguration": {},
	"ListCertificates":        {},
	"ListTagsForCertificate":  {},
}
