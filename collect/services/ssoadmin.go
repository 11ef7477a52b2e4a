package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// SSOAdmin collects IAM Identity Center: its instances, the applications of each, permission sets and who is assigned to them
// in which account. An instance lives in one region, and an account sees its own and its organization's. What only the
// management account and delegated administrators may see is a gap elsewhere.
func SSOAdmin() collect.Service {
	return collect.Service{Name: "sso-admin", Kinds: []collect.Kind{ssoadminInstance(), ssoadminApplication(), ssoadminPermissionSet()}}
}

// ssoadminPage is the page size that IAM Identity Center is asked for: its largest.
var ssoadminPage = aws.Int32(100)

func ssoadminInstance() collect.Kind {
	type instance = types.InstanceMetadata
	return collect.Listed(
		collect.Kind{Name: "sso-admin.instance", Scope: bundle.ScopeRegion, Item: "Instance", Tags: "Tags.Tags"},
		ssoadminListInstances, ssoadmin.ListInstancesInput{MaxResults: ssoadminPage},
		func(out *ssoadmin.ListInstancesOutput) []instance { return out.Instances },
		func(_ *collect.Session, i instance, _ bundle.From) collect.ID {
			return collect.ID{ID: lastOf(aws.ToString(i.InstanceArn), "/"), ARN: aws.ToString(i.InstanceArn)}
		},
		collect.Read("Details", ssoadminDescribeInstance,
			func(i instance) *ssoadmin.DescribeInstanceInput {
				return &ssoadmin.DescribeInstanceInput{InstanceArn: i.InstanceArn}
			}),
		collect.Read("AccessControlAttributes", ssoadminDescribeInstanceAccessControlAttributeConfiguration,
			func(i instance) *ssoadmin.DescribeInstanceAccessControlAttributeConfigurationInput {
				return &ssoadmin.DescribeInstanceAccessControlAttributeConfigurationInput{InstanceArn: i.InstanceArn}
			}, "ResourceNotFoundException"),
		collect.Read("Tags", ssoadminListTagsForResource,
			func(i instance) *ssoadmin.ListTagsForResourceInput {
				return &ssoadmin.ListTagsForResourceInput{InstanceArn: i.InstanceArn, ResourceArn: i.InstanceArn}
			}),
	)
}

func ssoadminApplication() collect.Kind {
	type application = types.Application
	return collect.ListedUnder(
		collect.Kind{Name: "sso-admin.application", Scope: bundle.ScopeRegion, Item: "Application", Tags: "Tags.Tags"},
		collect.Children[string, ssoadmin.ListApplicationsInput, ssoadmin.ListApplicationsOutput, application]{
			Parents: ssoadminInstances, ParentOps: []collect.Operation{ssoadminListInstances.Operation},
			List: ssoadminListApplications,
			Input: func(instance string) *ssoadmin.ListApplicationsInput {
				return &ssoadmin.ListApplicationsInput{InstanceArn: &instance, MaxResults: ssoadminPage}
			},
			Items: func(_ string, out *ssoadmin.ListApplicationsOutput) []application { return out.Applications },
		},
		func(_ *collect.Session, a application, _ bundle.From) collect.ID {
			return collect.ID{ID: lastOf(aws.ToString(a.ApplicationArn), "/"), ARN: aws.ToString(a.ApplicationArn)}
		},
		collect.Read("Tags", ssoadminListTagsForResource,
			func(a application) *ssoadmin.ListTagsForResourceInput {
				return &ssoadmin.ListTagsForResourceInput{InstanceArn: a.InstanceArn, ResourceArn: a.ApplicationArn}
			}),
	)
}

// permissionSet is a permission set and the instance that it belongs to.
type permissionSet struct{ Instance, ARN *string }

// AccountAssignments is the data of the part of that name: who may enter which accounts with a permission set.
type AccountAssignments struct {
	AccountIds         []string // that the permission set is provisioned to
	AccountAssignments []types.AccountAssignment
}

// ssoadminPermissionSet collects permission sets. The inline policy of one that has none is an empty text; one without a
// boundary answers ResourceNotFoundException, as does one that was deleted after the list, whose other parts are gaps.
func ssoadminPermissionSet() collect.Kind {
	return collect.ListedUnder(
		collect.Kind{Name: "sso-admin.permission-set", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
		collect.Children[string, ssoadmin.ListPermissionSetsInput, ssoadmin.ListPermissionSetsOutput, permissionSet]{
			Parents:   ssoadminPermitting,
			ParentOps: []collect.Operation{ssoadminListInstances.Operation, ssoadminDescribeInstance.Operation},
			List:      ssoadminListPermissionSets,
			Input: func(instance string) *ssoadmin.ListPermissionSetsInput {
				return &ssoadmin.ListPermissionSetsInput{InstanceArn: &instance, MaxResults: ssoadminPage}
			},
			Items: func(instance string, out *ssoadmin.ListPermissionSetsOutput) []permissionSet {
				var all []permissionSet
				for _, arn := range out.PermissionSets {
					all = append(all, permissionSet{Instance: &instance, ARN: &arn})
				}
				return all
			},
		},
		func(_ *collect.Session, p permissionSet, _ bundle.From) collect.ID {
			return collect.ID{ID: lastOf(*p.ARN, "/"), ARN: *p.ARN}
		},
		collect.Read("PermissionSet", ssoadminDescribePermissionSet,
			func(p permissionSet) *ssoadmin.DescribePermissionSetInput {
				return &ssoadmin.DescribePermissionSetInput{InstanceArn: p.Instance, PermissionSetArn: p.ARN}
			}),
		collect.Read("InlinePolicy", ssoadminGetInlinePolicyForPermissionSet,
			func(p permissionSet) *ssoadmin.GetInlinePolicyForPermissionSetInput {
				return &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: p.Instance, PermissionSetArn: p.ARN}
			}),
		collect.Read("ManagedPolicies", ssoadminListManagedPoliciesInPermissionSet,
			func(p permissionSet) *ssoadmin.ListManagedPoliciesInPermissionSetInput {
				return &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: p.Instance, PermissionSetArn: p.ARN, MaxResults: ssoadminPage}
			}),
		collect.Read("CustomerManagedPolicies", ssoadminListCustomerManagedPolicyReferencesInPermissionSet,
			func(p permissionSet) *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput {
				return &ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{
					InstanceArn: p.Instance, PermissionSetArn: p.ARN, MaxResults: ssoadminPage}
			}),
		collect.Read("PermissionsBoundary", ssoadminGetPermissionsBoundaryForPermissionSet,
			func(p permissionSet) *ssoadmin.GetPermissionsBoundaryForPermissionSetInput {
				return &ssoadmin.GetPermissionsBoundaryForPermissionSetInput{InstanceArn: p.Instance, PermissionSetArn: p.ARN}
			}, "ResourceNotFoundException"),
		ssoadminAccountAssignments(),
		collect.Read("Tags", ssoadminListTagsForResource,
			func(p permissionSet) *ssoadmin.ListTagsForResourceInput {
				return &ssoadmin.ListTagsForResourceInput{InstanceArn: p.Instance, ResourceArn: p.ARN}
			}),
	)
}

// ssoadminAccountAssignments asks for the assignments in the accounts that the permission set is provisioned to, and in no
// others: a permission set that is not provisioned to an account is assigned to nobody there. That is one call for each permission
// set and account: a thousand accounts with a hundred permission sets each cost a hundred thousand calls.
func ssoadminAccountAssignments() collect.Part[permissionSet] {
	list, assignments := ssoadminListAccountsForProvisionedPermissionSet, ssoadminListAccountAssignments
	return collect.Custom[AccountAssignments]("AccountAssignments", []collect.Operation{list.Operation, assignments.Operation},
		func(ctx context.Context, s *collect.Session, p permissionSet) bundle.Part {
			accounts, calls, f := collect.Get(ctx, s, list, &ssoadmin.ListAccountsForProvisionedPermissionSetInput{
				InstanceArn: p.Instance, PermissionSetArn: p.ARN, MaxResults: ssoadminPage})
			if f != nil {
				return f.Part(calls)
			}
			data := AccountAssignments{AccountIds: append([]string{}, accounts.AccountIds...), AccountAssignments: []types.AccountAssignment{}}
			for _, account := range data.AccountIds {
				out, more, f := collect.Get(ctx, s, assignments, &ssoadmin.ListAccountAssignmentsInput{
					InstanceArn: p.Instance, PermissionSetArn: p.ARN, AccountId: &account, MaxResults: ssoadminPage})
				calls = append(calls, more...)
				if f != nil {
					return f.Part(calls)
				}
				data.AccountAssignments = append(data.AccountAssignments, out.AccountAssignments...)
			}
			return s.OK(assignments.Operation, data, calls)
		})
}

// ssoadminInstances returns the ARNs of the instances.
func ssoadminInstances(ctx context.Context, s *collect.Session) ([]string, []string, *collect.Failure) {
	out, calls, f := collect.Get(ctx, s, ssoadminListInstances, &ssoadmin.ListInstancesInput{MaxResults: ssoadminPage})
	if f != nil {
		return nil, calls, f
	}
	var arns []string
	for _, i := range out.Instances {
		arns = append(arns, aws.ToString(i.InstanceArn))
	}
	return arns, calls, nil
}

// ssoadminPermitting leaves out the instances that say that they have no permission sets, as the instance of a single account
// does. One that cannot be described is asked.
func ssoadminPermitting(ctx context.Context, s *collect.Session) ([]string, []string, *collect.Failure) {
	all, calls, f := ssoadminInstances(ctx, s)
	var permitting []string
	for _, arn := range all {
		out, more, f := collect.Get(ctx, s, ssoadminDescribeInstance, &ssoadmin.DescribeInstanceInput{InstanceArn: &arn})
		calls = append(calls, more...)
		if f != nil || out.PermissionSetsEnabled == nil || *out.PermissionSetsEnabled {
			permitting = append(permitting, arn)
		}
	}
	return permitting, calls, f
}

func ssoadminClient(cfg aws.Config) *ssoadmin.Client { return ssoadmin.NewFromConfig(cfg) }

// The operations of this file.
var (
	ssoadminListInstances = collect.NewOp("sso-admin", "ListInstances",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.ListInstancesInput) (*ssoadmin.ListInstancesOutput, error) {
			return ssoadminClient(cfg).ListInstances(ctx, in)
		}).Paged(func(in *ssoadmin.ListInstancesInput, out *ssoadmin.ListInstancesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}).Shared()
	ssoadminDescribeInstance = collect.NewOp("sso-admin", "DescribeInstance",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.DescribeInstanceInput) (*ssoadmin.DescribeInstanceOutput, error) {
			return ssoadminClient(cfg).DescribeInstance(ctx, in)
		}).Shared()
	ssoadminDescribeInstanceAccessControlAttributeConfiguration = collect.NewOp("sso-admin", "DescribeInstanceAccessControlAttributeConfiguration",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.DescribeInstanceAccessControlAttributeConfigurationInput) (*ssoadmin.DescribeInstanceAccessControlAttributeConfigurationOutput, error) {
			return ssoadminClient(cfg).DescribeInstanceAccessControlAttributeConfiguration(ctx, in)
		})
	ssoadminListApplications = collect.NewOp("sso-admin", "ListApplications",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.ListApplicationsInput) (*ssoadmin.ListApplicationsOutput, error) {
			return ssoadminClient(cfg).ListApplications(ctx, in)
		}).Paged(func(in *ssoadmin.ListApplicationsInput, out *ssoadmin.ListApplicationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssoadminListPermissionSets = collect.NewOp("sso-admin", "ListPermissionSets",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.ListPermissionSetsInput) (*ssoadmin.ListPermissionSetsOutput, error) {
			return ssoadminClient(cfg).ListPermissionSets(ctx, in)
		}).Paged(func(in *ssoadmin.ListPermissionSetsInput, out *ssoadmin.ListPermissionSetsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssoadminDescribePermissionSet = collect.NewOp("sso-admin", "DescribePermissionSet",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.DescribePermissionSetInput) (*ssoadmin.DescribePermissionSetOutput, error) {
			return ssoadminClient(cfg).DescribePermissionSet(ctx, in)
		})
	ssoadminGetInlinePolicyForPermissionSet = collect.NewOp("sso-admin", "GetInlinePolicyForPermissionSet",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.GetInlinePolicyForPermissionSetInput) (*ssoadmin.GetInlinePolicyForPermissionSetOutput, error) {
			return ssoadminClient(cfg).GetInlinePolicyForPermissionSet(ctx, in)
		})
	ssoadminListManagedPoliciesInPermissionSet = collect.NewOp("sso-admin", "ListManagedPoliciesInPermissionSet",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.ListManagedPoliciesInPermissionSetInput) (*ssoadmin.ListManagedPoliciesInPermissionSetOutput, error) {
			return ssoadminClient(cfg).ListManagedPoliciesInPermissionSet(ctx, in)
		}).Paged(func(in *ssoadmin.ListManagedPoliciesInPermissionSetInput, out *ssoadmin.ListManagedPoliciesInPermissionSetOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssoadminListCustomerManagedPolicyReferencesInPermissionSet = collect.NewOp("sso-admin", "ListCustomerManagedPolicyReferencesInPermissionSet",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput) (*ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput, error) {
			return ssoadminClient(cfg).ListCustomerManagedPolicyReferencesInPermissionSet(ctx, in)
		}).Paged(func(in *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput, out *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssoadminGetPermissionsBoundaryForPermissionSet = collect.NewOp("sso-admin", "GetPermissionsBoundaryForPermissionSet",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.GetPermissionsBoundaryForPermissionSetInput) (*ssoadmin.GetPermissionsBoundaryForPermissionSetOutput, error) {
			return ssoadminClient(cfg).GetPermissionsBoundaryForPermissionSet(ctx, in)
		})
	ssoadminListAccountsForProvisionedPermissionSet = collect.NewOp("sso-admin", "ListAccountsForProvisionedPermissionSet",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.ListAccountsForProvisionedPermissionSetInput) (*ssoadmin.ListAccountsForProvisionedPermissionSetOutput, error) {
			return ssoadminClient(cfg).ListAccountsForProvisionedPermissionSet(ctx, in)
		}).Paged(func(in *ssoadmin.ListAccountsForProvisionedPermissionSetInput, out *ssoadmin.ListAccountsForProvisionedPermissionSetOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssoadminListAccountAssignments = collect.NewOp("sso-admin", "ListAccountAssignments",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.ListAccountAssignmentsInput) (*ssoadmin.ListAccountAssignmentsOutput, error) {
			return ssoadminClient(cfg).ListAccountAssignments(ctx, in)
		}).Paged(func(in *ssoadmin.ListAccountAssignmentsInput, out *ssoadmin.ListAccountAssignmentsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssoadminListTagsForResource = collect.NewOp("sso-admin", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *ssoadmin.ListTagsForResourceInput) (*ssoadmin.ListTagsForResourceOutput, error) {
			return ssoadminClient(cfg).ListTagsForResource(ctx, in)
		}).Paged(func(in *ssoadmin.ListTagsForResourceInput, out *ssoadmin.ListTagsForResourceOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
