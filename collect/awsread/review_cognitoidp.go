package awsread

const appClientID = "the public name of an app client: it stands in every sign-in address"

var cognitoidpReviews = reviews{
	"DescribeIdentityProvider": {drop: []string{"IdentityProviderType.ProviderDetails"}},
	"DescribeRiskConfiguration": {
		drop: []string{"NotifyConfigurationType.From", "NotifyConfigurationType.ReplyTo"},
		keep: map[string]string{"RiskConfigurationType.ClientId": appClientID}},
	"DescribeUserPool": {drop: []string{
		"EmailConfigurationType.From", "EmailConfigurationType.ReplyToEmailAddress", "SmsConfigurationType.ExternalId"}},
	"DescribeUserPoolClient": {
		drop: []string{"AnalyticsConfigurationType.ExternalId", "UserPoolClientType.ClientSecret"},
		keep: map[string]string{"UserPoolClientType.ClientId": appClientID}},
	"GetUserPoolMfaConfig":  {drop: []string{"SmsConfigurationType.ExternalId"}},
	"ListIdentityProviders": {},
	"ListUserPoolClients":   {keep: map[string]string{"UserPoolClientDescription.ClientId": appClientID}},
	"ListUserPools":         {},
}
