package awsread

var guarddutyReviews = reviews{
	"GetDetector":   {},
	"ListDetectors": {},
}
