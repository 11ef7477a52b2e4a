package services

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// iamOIDCProvider collects the OpenID Connect providers that roles of the account trust.
func iamOIDCProvider() collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.oidc-provider", Scope: bundle.ScopeAccount, Tags: "Provider.Tags"},
		iamListOpenIDConnectProviders, iam.ListOpenIDConnectProvidersInput{},
		func(out *iam.ListOpenIDConnectProvidersOutput) []types.OpenIDConnectProviderListEntry {
			return out.OpenIDConnectProviderList
		},
		func(_ *collect.Session, p types.OpenIDConnectProviderListEntry, _ bundle.From) collect.ID {
			return collect.ID{ID: afterWord(p.Arn, ":oidc-provider/"), ARN: aws.ToString(p.Arn)}
		},
		collect.Read("Provider", iamGetOpenIDConnectProvider,
			func(p types.OpenIDConnectProviderListEntry) *iam.GetOpenIDConnectProviderInput {
				return &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: p.Arn}
			}),
	)
}

// iamSAMLProvider collects the SAML providers. The metadata document of the identity provider is replaced at collection.
func iamSAMLProvider() collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.saml-provider", Scope: bundle.ScopeAccount, Item: "SAMLProvider", Tags: "Details.Tags"},
		iamListSAMLProviders, iam.ListSAMLProvidersInput{},
		func(out *iam.ListSAMLProvidersOutput) []types.SAMLProviderListEntry { return out.SAMLProviderList },
		func(_ *collect.Session, p types.SAMLProviderListEntry, _ bundle.From) collect.ID {
			return collect.ID{ID: afterWord(p.Arn, ":saml-provider/"), ARN: aws.ToString(p.Arn)}
		},
		collect.Read("Details", iamGetSAMLProvider,
			func(p types.SAMLProviderListEntry) *iam.GetSAMLProviderInput {
				return &iam.GetSAMLProviderInput{SAMLProviderArn: p.Arn}
			}),
	)
}

// iamInstanceProfile collects instance profiles with their roles. The list leaves out the tags.
func iamInstanceProfile() collect.Kind {
	return collect.Listed(
		collect.Kind{Name: "iam.instance-profile", Scope: bundle.ScopeAccount, Item: "InstanceProfile", Tags: "Details.InstanceProfile.Tags"},
		iamListInstanceProfiles, iam.ListInstanceProfilesInput{MaxItems: iamPage},
		func(out *iam.ListInstanceProfilesOutput) []types.InstanceProfile { return out.InstanceProfiles },
		func(_ *collect.Session, p types.InstanceProfile, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(p.InstanceProfileName), ARN: aws.ToString(p.Arn)}
		},
		collect.Read("Details", iamGetInstanceProfile,
			func(p types.InstanceProfile) *iam.GetInstanceProfileInput {
				return &iam.GetInstanceProfileInput{InstanceProfileName: p.InstanceProfileName}
			}),
	)
}

// iamSupportAccess collects to whom AWS's own policy for handling support cases is attached. It is asked for by name: the list
// of policies holds only those that are in use.
func iamSupportAccess() collect.Kind {
	arn := func(s *collect.Session) string { return "arn:" + s.Partition() + ":iam::aws:policy/AWSSupportAccess" }
	return collect.Single(collect.Kind{Name: "iam.support-access", Scope: bundle.ScopeAccount},
		func(s *collect.Session) collect.ID { return collect.ID{ID: s.Account(), ARN: arn(s)} },
		collect.Read("Entities", iamListEntitiesForPolicy,
			func(s *collect.Session) *iam.ListEntitiesForPolicyInput { return iamEntities(arn(s)) }),
	)
}

// iamEntities asks who gets permissions from a policy. Those whom it only bounds are left out.
func iamEntities(arn string) *iam.ListEntitiesForPolicyInput {
	return &iam.ListEntitiesForPolicyInput{PolicyArn: &arn, PolicyUsageFilter: types.PolicyUsageTypePermissionsPolicy, MaxItems: iamPage}
}

// iamOrganizationsFeatures tells whether the root credentials of member accounts are managed centrally. Only the management
// account and IAM's delegated administrator may ask. Nothing is managed where there is no organization, where it has only
// consolidated billing, and where IAM has no trusted access to it.
func iamOrganizationsFeatures() collect.Part[*collect.Session] {
	return collect.Read("OrganizationsFeatures", iamListOrganizationsFeatures,
		func(*collect.Session) *iam.ListOrganizationsFeaturesInput {
			return &iam.ListOrganizationsFeaturesInput{}
		},
		"OrganizationNotFoundException", "OrganizationNotInAllFeaturesModeException", "ServiceAccessNotEnabledException")
}

// afterWord returns what follows word in an ARN: a name that may itself hold slashes.
func afterWord(arn *string, word string) string {
	_, name, ok := strings.Cut(aws.ToString(arn), word)
	if !ok {
		return aws.ToString(arn)
	}
	return name
}

// The operations of this file.
var (
	iamListOpenIDConnectProviders = collect.NewOp("iam", "ListOpenIDConnectProviders",
		func(ctx context.Context, cfg aws.Config, in *iam.ListOpenIDConnectProvidersInput) (*iam.ListOpenIDConnectProvidersOutput, error) {
			return iamClient(cfg).ListOpenIDConnectProviders(ctx, in)
		})
	iamGetOpenIDConnectProvider = collect.NewOp("iam", "GetOpenIDConnectProvider",
		func(ctx context.Context, cfg aws.Config, in *iam.GetOpenIDConnectProviderInput) (*iam.GetOpenIDConnectProviderOutput, error) {
			return iamClient(cfg).GetOpenIDConnectProvider(ctx, in)
		})
	iamListSAMLProviders = collect.NewOp("iam", "ListSAMLProviders",
		func(ctx context.Context, cfg aws.Config, in *iam.ListSAMLProvidersInput) (*iam.ListSAMLProvidersOutput, error) {
			return iamClient(cfg).ListSAMLProviders(ctx, in)
		})
	iamGetSAMLProvider = collect.NewOp("iam", "GetSAMLProvider",
		func(ctx context.Context, cfg aws.Config, in *iam.GetSAMLProviderInput) (*iam.GetSAMLProviderOutput, error) {
			return iamClient(cfg).GetSAMLProvider(ctx, in)
		})
	iamListInstanceProfiles = collect.NewOp("iam", "ListInstanceProfiles",
		func(ctx context.Context, cfg aws.Config, in *iam.ListInstanceProfilesInput) (*iam.ListInstanceProfilesOutput, error) {
			return iamClient(cfg).ListInstanceProfiles(ctx, in)
		}).Paged(func(in *iam.ListInstanceProfilesInput, out *iam.ListInstanceProfilesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamGetInstanceProfile = collect.NewOp("iam", "GetInstanceProfile",
		func(ctx context.Context, cfg aws.Config, in *iam.GetInstanceProfileInput) (*iam.GetInstanceProfileOutput, error) {
			return iamClient(cfg).GetInstanceProfile(ctx, in)
		})
	iamListEntitiesForPolicy = collect.NewOp("iam", "ListEntitiesForPolicy",
		func(ctx context.Context, cfg aws.Config, in *iam.ListEntitiesForPolicyInput) (*iam.ListEntitiesForPolicyOutput, error) {
			return iamClient(cfg).ListEntitiesForPolicy(ctx, in)
		}).Paged(func(in *iam.ListEntitiesForPolicyInput, out *iam.ListEntitiesForPolicyOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListOrganizationsFeatures = collect.NewOp("iam", "ListOrganizationsFeatures",
		func(ctx context.Context, cfg aws.Config, in *iam.ListOrganizationsFeaturesInput) (*iam.ListOrganizationsFeaturesOutput, error) {
			return iamClient(cfg).ListOrganizationsFeatures(ctx, in)
		})
	iamGetUser = collect.NewOp("iam", "GetUser",
		func(ctx context.Context, cfg aws.Config, in *iam.GetUserInput) (*iam.GetUserOutput, error) {
			return iamClient(cfg).GetUser(ctx, in)
		})
	iamGetRole = collect.NewOp("iam", "GetRole",
		func(ctx context.Context, cfg aws.Config, in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
			return iamClient(cfg).GetRole(ctx, in)
		})
	iamGetGroup = collect.NewOp("iam", "GetGroup",
		func(ctx context.Context, cfg aws.Config, in *iam.GetGroupInput) (*iam.GetGroupOutput, error) {
			return iamClient(cfg).GetGroup(ctx, in)
		}).Paged(func(in *iam.GetGroupInput, out *iam.GetGroupOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamGetPolicy = collect.NewOp("iam", "GetPolicy",
		func(ctx context.Context, cfg aws.Config, in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
			return iamClient(cfg).GetPolicy(ctx, in)
		})
	iamListServerCertificateTags = collect.NewOp("iam", "ListServerCertificateTags",
		func(ctx context.Context, cfg aws.Config, in *iam.ListServerCertificateTagsInput) (*iam.ListServerCertificateTagsOutput, error) {
			return iamClient(cfg).ListServerCertificateTags(ctx, in)
		}).Paged(func(in *iam.ListServerCertificateTagsInput, out *iam.ListServerCertificateTagsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
)
