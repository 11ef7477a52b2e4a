package awsread

var accessanalyzerReviews = reviews{
	"GetFindingsStatistics": {},
	"ListAnalyzers":         {},
	"ListArchiveRules":      {},
}
