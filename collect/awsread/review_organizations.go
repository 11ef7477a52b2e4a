package awsread

var organizationsReviews = reviews{
	"ListAccounts": {drop: []string{"Account.Email"}, keep: map[string]string{
		"Account.Name": "the name by which people know the account"}},
}
