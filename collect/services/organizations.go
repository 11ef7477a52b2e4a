package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Organizations collects the organization as the account that is asked sees it: roots, units, accounts, policies of every type
// with their documents and targets, and delegated administrators. Every account may describe its organization; the rest is for
// the management account and delegated administrators, and a gap elsewhere. An account in no organization has complete, empty
// populations.
func Organizations() collect.Service {
	return collect.Service{Name: "organizations", Kinds: []collect.Kind{
		organizationsOrganization(), organizationsRoot(), organizationsUnit(), organizationsAccount(), organizationsPolicy(),
		organizationsDelegatedAdministrator(),
	}}
}

// notInOrganization is AWS's answer for an account that belongs to no organization.
var notInOrganization = []collect.Says{{Code: "AWSOrganizationsNotInUseException"}}

// organizationsPage is the page size that Organizations is asked for: its largest.
var organizationsPage = aws.Int32(20)

func organizationsOrganization() collect.Kind {
	return collect.Listed(
		collect.Kind{Name: "organizations.organization", Scope: bundle.ScopeAccount, Item: "Organization", Empty: notInOrganization},
		organizationsDescribeOrganization, organizations.DescribeOrganizationInput{},
		func(out *organizations.DescribeOrganizationOutput) []types.Organization {
			if out.Organization == nil {
				return nil
			}
			return []types.Organization{*out.Organization}
		},
		func(_ *collect.Session, o types.Organization, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(o.Id), ARN: aws.ToString(o.Arn)}
		},
		collect.Read("EnabledServices", organizationsListAWSServiceAccessForOrganization,
			func(types.Organization) *organizations.ListAWSServiceAccessForOrganizationInput {
				return &organizations.ListAWSServiceAccessForOrganizationInput{MaxResults: organizationsPage}
			}),
		collect.Read("ResourcePolicy", organizationsDescribeResourcePolicy,
			func(types.Organization) *organizations.DescribeResourcePolicyInput {
				return &organizations.DescribeResourcePolicyInput{}
			}, "ResourcePolicyNotFoundException"),
	)
}

// organizationsRoot collects the root, which tells in PolicyTypes what types of policies are enabled.
func organizationsRoot() collect.Kind {
	return collect.Listed(
		collect.Kind{Name: "organizations.root", Scope: bundle.ScopeAccount, Item: "Root", Tags: "Tags.Tags", Empty: notInOrganization},
		organizationsListRoots, organizations.ListRootsInput{MaxResults: organizationsPage},
		func(out *organizations.ListRootsOutput) []types.Root { return out.Roots },
		func(_ *collect.Session, r types.Root, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(r.Id), ARN: aws.ToString(r.Arn)}
		},
		organizationsTags(func(r types.Root) *string { return r.Id }),
	)
}

func organizationsUnit() collect.Kind {
	type unit = types.OrganizationalUnit
	return collect.ListedUnder(
		collect.Kind{Name: "organizations.organizational-unit", Scope: bundle.ScopeAccount, Item: "OrganizationalUnit", Tags: "Tags.Tags"},
		collect.Children[string, organizations.ListOrganizationalUnitsForParentInput, organizations.ListOrganizationalUnitsForParentOutput, unit]{
			Parents: organizationsParents, ParentOps: []collect.Operation{organizationsListRoots.Operation},
			List: organizationsListOrganizationalUnitsForParent, Input: organizationsBelow,
			Items: func(_ string, out *organizations.ListOrganizationalUnitsForParentOutput) []unit {
				return out.OrganizationalUnits
			},
		},
		func(_ *collect.Session, u unit, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(u.Id), ARN: aws.ToString(u.Arn)}
		},
		organizationsTags(func(u unit) *string { return u.Id }),
	)
}

// organizationsParents walks the tree and returns the ids of everything that can have units below it: the roots, and the units.
// The lists are shared, so that none is read twice.
func organizationsParents(ctx context.Context, s *collect.Session) ([]string, []string, *collect.Failure) {
	roots, calls, f := collect.Get(ctx, s, organizationsListRoots, &organizations.ListRootsInput{MaxResults: organizationsPage}, notInOrganization...)
	if f != nil {
		return nil, calls, f
	}
	var parents []string
	for _, r := range roots.Roots {
		parents = append(parents, aws.ToString(r.Id))
	}
	for i := 0; i < len(parents); i++ {
		out, more, f := collect.Get(ctx, s, organizationsListOrganizationalUnitsForParent, organizationsBelow(parents[i]))
		calls = append(calls, more...)
		if f != nil {
			continue // the list of this parent answers the same, and makes the population incomplete
		}
		for _, u := range out.OrganizationalUnits {
			parents = append(parents, aws.ToString(u.Id))
		}
	}
	return parents, calls, nil
}

func organizationsBelow(parent string) *organizations.ListOrganizationalUnitsForParentInput {
	return &organizations.ListOrganizationalUnitsForParentInput{ParentId: &parent, MaxResults: organizationsPage}
}

// organizationsAccount collects the member accounts. Their e-mail addresses are replaced at collection.
func organizationsAccount() collect.Kind {
	return collect.Listed(
		collect.Kind{Name: "organizations.account", Scope: bundle.ScopeAccount, Item: "Account", Tags: "Tags.Tags", Empty: notInOrganization},
		organizationsListAccounts, organizations.ListAccountsInput{MaxResults: organizationsPage},
		func(out *organizations.ListAccountsOutput) []types.Account { return out.Accounts },
		func(_ *collect.Session, a types.Account, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(a.Id), ARN: aws.ToString(a.Arn)}
		},
		organizationsTags(func(a types.Account) *string { return a.Id }),
	)
}

// organizationsPolicy collects the policies of every type that the SDK knows, whether or not the type is enabled: the root says
// that. A partition that does not have a type answers UnsupportedAPIEndpointException, or that the input is invalid: the first
// page is asked for with the type and nothing else that could be.
func organizationsPolicy() collect.Kind {
	type policy = types.PolicySummary
	empty := append([]collect.Says{{Code: "UnsupportedAPIEndpointException"}, {Code: "InvalidInputException"}}, notInOrganization...)
	return collect.ListedUnder(
		collect.Kind{Name: "organizations.policy", Scope: bundle.ScopeAccount, Item: "Summary", Tags: "Tags.Tags", Empty: empty},
		collect.Children[types.PolicyType, organizations.ListPoliciesInput, organizations.ListPoliciesOutput, policy]{
			Parents: func(context.Context, *collect.Session) ([]types.PolicyType, []string, *collect.Failure) {
				return types.PolicyTypeServiceControlPolicy.Values(), nil, nil
			},
			List: organizationsListPolicies,
			Input: func(t types.PolicyType) *organizations.ListPoliciesInput {
				return &organizations.ListPoliciesInput{Filter: t, MaxResults: organizationsPage}
			},
			Items: func(_ types.PolicyType, out *organizations.ListPoliciesOutput) []policy { return out.Policies },
		},
		func(_ *collect.Session, p policy, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(p.Id), ARN: aws.ToString(p.Arn)}
		},
		collect.Read("Policy", organizationsDescribePolicy,
			func(p policy) *organizations.DescribePolicyInput {
				return &organizations.DescribePolicyInput{PolicyId: p.Id}
			}),
		collect.Read("Targets", organizationsListTargetsForPolicy,
			func(p policy) *organizations.ListTargetsForPolicyInput {
				return &organizations.ListTargetsForPolicyInput{PolicyId: p.Id, MaxResults: organizationsPage}
			}),
		organizationsTags(func(p policy) *string { return p.Id }),
	)
}

func organizationsDelegatedAdministrator() collect.Kind {
	return collect.Listed(
		collect.Kind{
			Name: "organizations.delegated-administrator", Scope: bundle.ScopeAccount, Item: "DelegatedAdministrator", Empty: notInOrganization,
		},
		organizationsListDelegatedAdministrators, organizations.ListDelegatedAdministratorsInput{MaxResults: organizationsPage},
		func(out *organizations.ListDelegatedAdministratorsOutput) []types.DelegatedAdministrator {
			return out.DelegatedAdministrators
		},
		func(_ *collect.Session, a types.DelegatedAdministrator, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(a.Id), ARN: aws.ToString(a.Arn)}
		},
		collect.Read("DelegatedServices", organizationsListDelegatedServicesForAccount,
			func(a types.DelegatedAdministrator) *organizations.ListDelegatedServicesForAccountInput {
				return &organizations.ListDelegatedServicesForAccountInput{AccountId: a.Id, MaxResults: organizationsPage}
			}),
	)
}

// organizationsTags reads the tags of a root, unit, account or policy.
func organizationsTags[S any](id func(S) *string) collect.Part[S] {
	return collect.Read("Tags", organizationsListTagsForResource, func(item S) *organizations.ListTagsForResourceInput {
		return &organizations.ListTagsForResourceInput{ResourceId: id(item)}
	})
}

func organizationsClient(cfg aws.Config) *organizations.Client {
	return organizations.NewFromConfig(cfg)
}

// The operations of this file.
var (
	organizationsDescribeOrganization = collect.NewOp("organizations", "DescribeOrganization",
		func(ctx context.Context, cfg aws.Config, in *organizations.DescribeOrganizationInput) (*organizations.DescribeOrganizationOutput, error) {
			return organizationsClient(cfg).DescribeOrganization(ctx, in)
		})
	organizationsListAWSServiceAccessForOrganization = collect.NewOp("organizations", "ListAWSServiceAccessForOrganization",
		func(ctx context.Context, cfg aws.Config, in *organizations.ListAWSServiceAccessForOrganizationInput) (*organizations.ListAWSServiceAccessForOrganizationOutput, error) {
			return organizationsClient(cfg).ListAWSServiceAccessForOrganization(ctx, in)
		}).Paged(func(in *organizations.ListAWSServiceAccessForOrganizationInput, out *organizations.ListAWSServiceAccessForOrganizationOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	organizationsDescribeResourcePolicy = collect.NewOp("organizations", "DescribeResourcePolicy",
		func(ctx context.Context, cfg aws.Config, in *organizations.DescribeResourcePolicyInput) (*organizations.DescribeResourcePolicyOutput, error) {
			return organizationsClient(cfg).DescribeResourcePolicy(ctx, in)
		})
	organizationsListRoots = collect.NewOp("organizations", "ListRoots",
		func(ctx context.Context, cfg aws.Config, in *organizations.ListRootsInput) (*organizations.ListRootsOutput, error) {
			return organizationsClient(cfg).ListRoots(ctx, in)
		}).Paged(func(in *organizations.ListRootsInput, out *organizations.ListRootsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}).Shared()
	organizationsListOrganizationalUnitsForParent = collect.NewOp("organizations", "ListOrganizationalUnitsForParent",
		func(ctx context.Context, cfg aws.Config, in *organizations.ListOrganizationalUnitsForParentInput) (*organizations.ListOrganizationalUnitsForParentOutput, error) {
			return organizationsClient(cfg).ListOrganizationalUnitsForParent(ctx, in)
		}).Paged(func(in *organizations.ListOrganizationalUnitsForParentInput, out *organizations.ListOrganizationalUnitsForParentOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}).Shared()
	organizationsListAccounts = collect.NewOp("organizations", "ListAccounts",
		func(ctx context.Context, cfg aws.Config, in *organizations.ListAccountsInput) (*organizations.ListAccountsOutput, error) {
			return organizationsClient(cfg).ListAccounts(ctx, in)
		}).Paged(func(in *organizations.ListAccountsInput, out *organizations.ListAccountsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	organizationsListPolicies = collect.NewOp("organizations", "ListPolicies",
		func(ctx context.Context, cfg aws.Config, in *organizations.ListPoliciesInput) (*organizations.ListPoliciesOutput, error) {
			return organizationsClient(cfg).ListPolicies(ctx, in)
		}).Paged(func(in *organizations.ListPoliciesInput, out *organizations.ListPoliciesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	organizationsDescribePolicy = collect.NewOp("organizations", "DescribePolicy",
		func(ctx context.Context, cfg aws.Config, in *organizations.DescribePolicyInput) (*organizations.DescribePolicyOutput, error) {
			return organizationsClient(cfg).DescribePolicy(ctx, in)
		})
	organizationsListTargetsForPolicy = collect.NewOp("organizations", "ListTargetsForPolicy",
		func(ctx context.Context, cfg aws.Config, in *organizations.ListTargetsForPolicyInput) (*organizations.ListTargetsForPolicyOutput, error) {
			return organizationsClient(cfg).ListTargetsForPolicy(ctx, in)
		}).Paged(func(in *organizations.ListTargetsForPolicyInput, out *organizations.ListTargetsForPolicyOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	organizationsListDelegatedAdministrators = collect.NewOp("organizations", "ListDelegatedAdministrators",
		func(ctx context.Context, cfg aws.Config, in *organizations.ListDelegatedAdministratorsInput) (*organizations.ListDelegatedAdministratorsOutput, error) {
			return organizationsClient(cfg).ListDelegatedAdministrators(ctx, in)
		}).Paged(func(in *organizations.ListDelegatedAdministratorsInput, out *organizations.ListDelegatedAdministratorsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	organizationsListDelegatedServicesForAccount = collect.NewOp("organizations", "ListDelegatedServicesForAccount",
		func(ctx context.Context, cfg aws.Config, in *organizations.ListDelegatedServicesForAccountInput) (*organizations.ListDelegatedServicesForAccountOutput, error) {
			return organizationsClient(cfg).ListDelegatedServicesForAccount(ctx, in)
		}).Paged(func(in *organizations.ListDelegatedServicesForAccountInput, out *organizations.ListDelegatedServicesForAccountOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	organizationsListTagsForResource = collect.NewOp("organizations", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *organizations.ListTagsForResourceInput) (*organizations.ListTagsForResourceOutput, error) {
			return organizationsClient(cfg).ListTagsForResource(ctx, in)
		}).Paged(func(in *organizations.ListTagsForResourceInput, out *organizations.ListTagsForResourceOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
