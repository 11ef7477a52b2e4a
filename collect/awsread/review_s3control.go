package awsread

var s3controlReviews = reviews{
	"GetAccessPoint":                        {},
	"GetAccessPointPolicy":                  {},
	"GetAccessPointPolicyStatus":            {},
	"GetMultiRegionAccessPointPolicy":       {},
	"GetMultiRegionAccessPointPolicyStatus": {},
	"GetPublicAccessBlock":                  {},
	"ListAccessPoints":                      {},
	"ListMultiRegionAccessPoints":           {},
	"ListTagsForResource":                   {},
}
