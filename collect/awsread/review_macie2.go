package awsread

var macie2Reviews = reviews{
	"DescribeClassificationJob":            {},
	"GetAutomatedDiscoveryConfiguration":   {},
	"GetClassificationExportConfiguration": {},
	"GetFindingsPublicationConfiguration":  {},
	"GetMacieSession":                      {},
	"ListClassificationJobs":               {},
}
