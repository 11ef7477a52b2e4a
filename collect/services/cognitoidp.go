package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CognitoIDP collects user pools with their app clients and identity providers. Users are not asked for. Client secrets and what
// Cognito knows of an identity provider, its secret among it, are replaced at collection.
func CognitoIDP() collect.Service {
	return collect.Service{Name: "cognito-idp", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "cognito-idp.user-pool", Scope: bundle.ScopeRegion, Tags: "UserPool.UserPool.UserPoolTags"},
			cognitoidentityproviderListUserPools, cognitoidentityprovider.ListUserPoolsInput{MaxResults: aws.Int32(60)},
			func(out *cognitoidentityprovider.ListUserPoolsOutput) []types.UserPoolDescriptionType {
				return out.UserPools
			},
			func(s *collect.Session, p types.UserPoolDescriptionType, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.Id), ARN: s.ARN("cognito-idp", "userpool/"+aws.ToString(p.Id))}
			},
			collect.Read("UserPool", cognitoidentityproviderDescribeUserPool,
				func(p types.UserPoolDescriptionType) *cognitoidentityprovider.DescribeUserPoolInput {
					return &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: p.Id}
				}),
			collect.Read("MfaConfig", cognitoidentityproviderGetUserPoolMfaConfig,
				func(p types.UserPoolDescriptionType) *cognitoidentityprovider.GetUserPoolMfaConfigInput {
					return &cognitoidentityprovider.GetUserPoolMfaConfigInput{UserPoolId: p.Id}
				}),
			// Threat protection is an add-on of a pool.
			collect.Read("RiskConfiguration", cognitoidentityproviderDescribeRiskConfiguration,
				func(p types.UserPoolDescriptionType) *cognitoidentityprovider.DescribeRiskConfigurationInput {
					return &cognitoidentityprovider.DescribeRiskConfigurationInput{UserPoolId: p.Id}
				}, "UserPoolAddOnNotEnabledException"),
			userPoolClients(),
			userPoolProviders(),
		),
	}}
}

func cognitoidentityproviderClient(cfg aws.Config) *cognitoidentityprovider.Client {
	return cognitoidentityprovider.NewFromConfig(cfg)
}

// UserPoolClients is the data of the part of that name: the app clients of one user pool.
type UserPoolClients struct {
	UserPoolClients []types.UserPoolClientType
}

// userPoolClients reads the list of app clients and then each client. If one of the calls fails the whole part is a gap.
func userPoolClients() collect.Part[types.UserPoolDescriptionType] {
	list, describe := cognitoidentityproviderListUserPoolClients, cognitoidentityproviderDescribeUserPoolClient
	return collect.Custom[UserPoolClients]("UserPoolClients", []collect.Operation{list.Operation, describe.Operation},
		func(ctx context.Context, s *collect.Session, p types.UserPoolDescriptionType) bundle.Part {
			all := UserPoolClients{UserPoolClients: []types.UserPoolClientType{}}
			out, calls, f := collect.Get(ctx, s, list, &cognitoidentityprovider.ListUserPoolClientsInput{UserPoolId: p.Id, MaxResults: aws.Int32(60)})
			if f != nil {
				return f.Part(calls)
			}
			for _, c := range out.UserPoolClients {
				one, more, f := collect.Get(ctx, s, describe, &cognitoidentityprovider.DescribeUserPoolClientInput{UserPoolId: p.Id, ClientId: c.ClientId})
				calls = append(calls, more...)
				switch {
				case f != nil:
					return f.Part(calls)
				case one.UserPoolClient == nil:
					return s.Missing(describe.Operation, "RowMissing", "the answer holds no app client", calls)
				}
				all.UserPoolClients = append(all.UserPoolClients, *one.UserPoolClient)
			}
			return s.OK(describe.Operation, all, calls)
		})
}

// UserPoolProviders is the data of the part IdentityProviders: the external identity providers of one user pool.
type UserPoolProviders struct {
	IdentityProviders []types.IdentityProviderType
}

// userPoolProviders reads the list of identity providers and then each provider. If one of the calls fails the whole part is a gap.
func userPoolProviders() collect.Part[types.UserPoolDescriptionType] {
	list, describe := cognitoidentityproviderListIdentityProviders, cognitoidentityproviderDescribeIdentityProvider
	return collect.Custom[UserPoolProviders]("IdentityProviders", []collect.Operation{list.Operation, describe.Operation},
		func(ctx context.Context, s *collect.Session, p types.UserPoolDescriptionType) bundle.Part {
			all := UserPoolProviders{IdentityProviders: []types.IdentityProviderType{}}
			out, calls, f := collect.Get(ctx, s, list, &cognitoidentityprovider.ListIdentityProvidersInput{UserPoolId: p.Id, MaxResults: aws.Int32(60)})
			if f != nil {
				return f.Part(calls)
			}
			for _, provider := range out.Providers {
				one, more, f := collect.Get(ctx, s, describe, &cognitoidentityprovider.DescribeIdentityProviderInput{
					UserPoolId: p.Id, ProviderName: provider.ProviderName})
				calls = append(calls, more...)
				switch {
				case f != nil:
					return f.Part(calls)
				case one.IdentityProvider == nil:
					return s.Missing(describe.Operation, "RowMissing", "the answer holds no identity provider", calls)
				}
				all.IdentityProviders = append(all.IdentityProviders, *one.IdentityProvider)
			}
			return s.OK(describe.Operation, all, calls)
		})
}

// The operations of this file.
var (
	cognitoidentityproviderListUserPools = collect.NewOp("cognito-idp", "ListUserPools",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentityprovider.ListUserPoolsInput) (*cognitoidentityprovider.ListUserPoolsOutput, error) {
			return cognitoidentityproviderClient(cfg).ListUserPools(ctx, in)
		}).Paged(func(in *cognitoidentityprovider.ListUserPoolsInput, out *cognitoidentityprovider.ListUserPoolsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	cognitoidentityproviderDescribeUserPool = collect.NewOp("cognito-idp", "DescribeUserPool",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentityprovider.DescribeUserPoolInput) (*cognitoidentityprovider.DescribeUserPoolOutput, error) {
			return cognitoidentityproviderClient(cfg).DescribeUserPool(ctx, in)
		})
	cognitoidentityproviderGetUserPoolMfaConfig = collect.NewOp("cognito-idp", "GetUserPoolMfaConfig",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentityprovider.GetUserPoolMfaConfigInput) (*cognitoidentityprovider.GetUserPoolMfaConfigOutput, error) {
			return cognitoidentityproviderClient(cfg).GetUserPoolMfaConfig(ctx, in)
		})
	cognitoidentityproviderDescribeRiskConfiguration = collect.NewOp("cognito-idp", "DescribeRiskConfiguration",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentityprovider.DescribeRiskConfigurationInput) (*cognitoidentityprovider.DescribeRiskConfigurationOutput, error) {
			return cognitoidentityproviderClient(cfg).DescribeRiskConfiguration(ctx, in)
		})
	cognitoidentityproviderListUserPoolClients = collect.NewOp("cognito-idp", "ListUserPoolClients",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentityprovider.ListUserPoolClientsInput) (*cognitoidentityprovider.ListUserPoolClientsOutput, error) {
			return cognitoidentityproviderClient(cfg).ListUserPoolClients(ctx, in)
		}).Paged(func(in *cognitoidentityprovider.ListUserPoolClientsInput, out *cognitoidentityprovider.ListUserPoolClientsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	cognitoidentityproviderDescribeUserPoolClient = collect.NewOp("cognito-idp", "DescribeUserPoolClient",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentityprovider.DescribeUserPoolClientInput) (*cognitoidentityprovider.DescribeUserPoolClientOutput, error) {
			return cognitoidentityproviderClient(cfg).DescribeUserPoolClient(ctx, in)
		})
	cognitoidentityproviderListIdentityProviders = collect.NewOp("cognito-idp", "ListIdentityProviders",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentityprovider.ListIdentityProvidersInput) (*cognitoidentityprovider.ListIdentityProvidersOutput, error) {
			return cognitoidentityproviderClient(cfg).ListIdentityProviders(ctx, in)
		}).Paged(func(in *cognitoidentityprovider.ListIdentityProvidersInput, out *cognitoidentityprovider.ListIdentityProvidersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	cognitoidentityproviderDescribeIdentityProvider = collect.NewOp("cognito-idp", "DescribeIdentityProvider",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentityprovider.DescribeIdentityProviderInput) (*cognitoidentityprovider.DescribeIdentityProviderOutput, error) {
			return cognitoidentityproviderClient(cfg).DescribeIdentityProvider(ctx, in)
		})
)
