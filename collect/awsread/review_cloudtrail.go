package awsread

var cloudtrailReviews = reviews{
	"DescribeTrails":      {},
	"GetEventDataStore":   {},
	"GetEventSelectors":   {},
	"GetInsightSelectors": {},
	"GetTrailStatus":      {},
	"ListEventDataStores": {},
	"ListTags":            {},
}
