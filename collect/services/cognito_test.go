package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

func TestLiveCognitoIDP(t *testing.T) {
	var strict, lax, secret string
	s := liveService(t, func(s *seeder) {
		c := cognitoidentityprovider.NewFromConfig(s.cfg)
		pool := func(in *cognitoidentityprovider.CreateUserPoolInput) string {
			return *made[cognitoidentityprovider.CreateUserPoolOutput](s)(c.CreateUserPool(s.ctx, in)).UserPool.Id
		}
		strict = pool(&cognitoidentityprovider.CreateUserPoolInput{PoolName: aws.String("strict"), MfaConfiguration: types.UserPoolMfaTypeOn,
			DeletionProtection: types.DeletionProtectionTypeActive, UserPoolTags: map[string]string{"env": "prod"},
			Policies: &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{MinimumLength: aws.Int32(14)}}})
		lax = pool(&cognitoidentityprovider.CreateUserPoolInput{PoolName: aws.String("lax")})
		secret = *made[cognitoidentityprovider.CreateUserPoolClientOutput](s)(c.CreateUserPoolClient(s.ctx, &cognitoidentityprovider.CreateUserPoolClientInput{
			UserPoolId: &strict, ClientName: aws.String("web"), GenerateSecret: true, CallbackURLs: []string{"https://app.example/"}})).UserPoolClient.ClientSecret
		made[cognitoidentityprovider.CreateIdentityProviderOutput](s)(c.CreateIdentityProvider(s.ctx, &cognitoidentityprovider.CreateIdentityProviderInput{
			UserPoolId: &strict, ProviderName: aws.String("corp"), ProviderType: types.IdentityProviderTypeTypeOidc,
			ProviderDetails: map[string]string{"client_id": "app", "client_secret": planted}}))
	}, CognitoIDP())
	a := "cognito-idp.user-pool us-east-1 " + strict
	partHolds(t, s, a, "UserPool", `"MfaConfiguration":"ON"`, `"MinimumLength":14`, `"UserPoolTags":{"env":"prod"}`)
	partHolds(t, s, a, "UserPoolClients", `"ClientName":"web"`, `"ClientSecret":{"__redacted":`)
	partHolds(t, s, a, "IdentityProviders", `"ProviderName":"corp"`, `"ProviderDetails":{"__redacted":`)
	if got, want := s.artifacts[a].ARN, "arn:aws:cognito-idp:us-east-1:"+emulated+":userpool/"+strict; got != want {
		t.Errorf("ARN %s, want %s", got, want)
	}
	b := "cognito-idp.user-pool us-east-1 " + lax
	partHolds(t, s, b, "UserPoolClients", `{"UserPoolClients":[]}`)
	partHolds(t, s, b, "IdentityProviders", `{"IdentityProviders":[]}`)
	for name, data := range s.data() {
		if secret == "" || strings.Contains(data, secret) {
			t.Errorf("%s holds the client secret", name)
		}
	}
	nothingIn(t, s, "cognito-idp.user-pool")
}

func TestLiveCognitoIdentity(t *testing.T) {
	var id string
	s := liveService(t, func(s *seeder) {
		id = *made[cognitoidentity.CreateIdentityPoolOutput](s)(cognitoidentity.NewFromConfig(s.cfg).CreateIdentityPool(s.ctx, &cognitoidentity.CreateIdentityPoolInput{
			IdentityPoolName: aws.String("visitors"), AllowUnauthenticatedIdentities: true, IdentityPoolTags: map[string]string{"env": "prod"}})).IdentityPoolId
	}, CognitoIdentity())
	partHolds(t, s, "cognito-identity.identity-pool us-east-1 "+id, "IdentityPool", `"AllowUnauthenticatedIdentities":true`, `"IdentityPoolTags":{"env":"prod"}`)
	nothingIn(t, s, "cognito-identity.identity-pool")
}
