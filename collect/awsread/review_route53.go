package awsread

var route53Reviews = reviews{
	"GetDNSSEC":               {},
	"ListHostedZones":         {},
	"ListQueryLoggingConfigs": {},
	"ListTagsForResource":     {},
}
