package awsread

var inspector2Reviews = reviews{
	"BatchGetAccountStatus":   {},
	"GetConfiguration":        {},
	"ListCoverageStatistics":  {},
	"ListFindingAggregations": {},
}
