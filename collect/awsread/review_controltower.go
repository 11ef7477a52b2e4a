package awsread

var controltowerReviews = reviews{
	"GetLandingZone":       {},
	"ListEnabledBaselines": {},
	"ListEnabledControls":  {},
	"ListLandingZones":     {},
	"ListTagsForResource":  {},
}
