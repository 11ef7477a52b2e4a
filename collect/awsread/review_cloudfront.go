package awsread

var cloudfrontReviews = reviews{
	"GetDistributionConfig": {drop: []string{
		"DistributionConfig.Comment", "OriginCustomHeader.HeaderValue", "StringSchemaConfig.Comment", "StringSchemaConfig.DefaultValue"}},
	"ListCloudFrontOriginAccessIdentities": {},
	"ListDistributions":                    {drop: []string{"DistributionSummary.Comment", "OriginCustomHeader.HeaderValue"}},
	"ListOriginAccessControls":             {},
	"ListTagsForResource":                  {},
}
