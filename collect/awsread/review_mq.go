package awsread

var mqReviews = reviews{
	"DescribeBroker": {}, // AWS never sends passwords of users or of the LDAP account
	"ListBrokers":    {},
}
