package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CognitoIdentity collects identity pools and the roles that they give to users and to guests.
func CognitoIdentity() collect.Service {
	return collect.Service{Name: "cognito-identity", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "cognito-identity.identity-pool", Scope: bundle.ScopeRegion, Tags: "IdentityPool.IdentityPoolTags"},
			cognitoidentityListIdentityPools, cognitoidentity.ListIdentityPoolsInput{MaxResults: aws.Int32(60)},
			func(out *cognitoidentity.ListIdentityPoolsOutput) []types.IdentityPoolShortDescription {
				return out.IdentityPools
			},
			func(s *collect.Session, p types.IdentityPoolShortDescription, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.IdentityPoolId), ARN: s.ARN("cognito-identity", "identitypool/"+aws.ToString(p.IdentityPoolId))}
			},
			collect.Read("IdentityPool", cognitoidentityDescribeIdentityPool,
				func(p types.IdentityPoolShortDescription) *cognitoidentity.DescribeIdentityPoolInput {
					return &cognitoidentity.DescribeIdentityPoolInput{IdentityPoolId: p.IdentityPoolId}
				}),
			collect.Read("Roles", cognitoidentityGetIdentityPoolRoles,
				func(p types.IdentityPoolShortDescription) *cognitoidentity.GetIdentityPoolRolesInput {
					return &cognitoidentity.GetIdentityPoolRolesInput{IdentityPoolId: p.IdentityPoolId}
				}),
		),
	}}
}

func cognitoidentityClient(cfg aws.Config) *cognitoidentity.Client {
	return cognitoidentity.NewFromConfig(cfg)
}

// The operations of this file.
var (
	cognitoidentityListIdentityPools = collect.NewOp("cognito-identity", "ListIdentityPools",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentity.ListIdentityPoolsInput) (*cognitoidentity.ListIdentityPoolsOutput, error) {
			return cognitoidentityClient(cfg).ListIdentityPools(ctx, in)
		}).Paged(func(in *cognitoidentity.ListIdentityPoolsInput, out *cognitoidentity.ListIdentityPoolsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	cognitoidentityDescribeIdentityPool = collect.NewOp("cognito-identity", "DescribeIdentityPool",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentity.DescribeIdentityPoolInput) (*cognitoidentity.DescribeIdentityPoolOutput, error) {
			return cognitoidentityClient(cfg).DescribeIdentityPool(ctx, in)
		})
	cognitoidentityGetIdentityPoolRoles = collect.NewOp("cognito-identity", "GetIdentityPoolRoles",
		func(ctx context.Context, cfg aws.Config, in *cognitoidentity.GetIdentityPoolRolesInput) (*cognitoidentity.GetIdentityPoolRolesOutput, error) {
			return cognitoidentityClient(cfg).GetIdentityPoolRoles(ctx, in)
		})
)
