package awsread

var shieldReviews = reviews{
	"DescribeEmergencyContactSettings": {drop: []string{"EmergencyContact.ContactNotes", "EmergencyContact.EmailAddress", "EmergencyContact.PhoneNumber"}},
	"DescribeSubscription":             {},
	"ListProtections":                  {},
	"ListTagsForResource":              {},
}
