package awsread

var guarddutyReviews = reviews{
	"GetAdministratorAccount":    {},
	"GetDetector":                {},
	"GetFilter":                  {},
	"GetFindingsStatistics":      {},
	"ListDetectors":              {},
	"ListFilters":                {},
	"ListIPSets":                 {},
	"ListMembers":                {drop: []string{"Member.Email"}},
	"ListPublishingDestinations": {},
	"ListThreatIntelSets":        {},
}
