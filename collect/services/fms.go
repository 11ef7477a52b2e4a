package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fms"
	"github.com/aws/aws-sdk-go-v2/service/fms/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// FMS collects the administrator of Firewall Manager and, in an administrator's account, its policies. Only administrators have
// policies. To every other account Firewall Manager says so with AccessDeniedException, which IAM uses too: the message tells.
func FMS() collect.Service {
	return collect.Service{Name: "fms", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "fms.admin-account", Scope: bundle.ScopeAccount},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Account()} },
			collect.Read("AdminAccount", fmsGetAdminAccount,
				func(*collect.Session) *fms.GetAdminAccountInput { return &fms.GetAdminAccountInput{} },
				"ResourceNotFoundException"),
		),
		collect.Listed(collect.Kind{
			Name: "fms.policy", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "PolicySummary",
			Empty: []collect.Says{
				{Code: "AccessDeniedException", Message: "No default admin could be found"},
				{Code: "AccessDeniedException", Message: "only available to AWS Firewall Manager Administrators"},
			},
		},
			fmsListPolicies,
			fms.ListPoliciesInput{MaxResults: aws.Int32(100)},
			func(out *fms.ListPoliciesOutput) []types.PolicySummary { return out.PolicyList },
			func(_ *collect.Session, p types.PolicySummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.PolicyId), ARN: aws.ToString(p.PolicyArn)}
			},
			collect.Read("Policy", fmsGetPolicy,
				func(p types.PolicySummary) *fms.GetPolicyInput { return &fms.GetPolicyInput{PolicyId: p.PolicyId} }),
			collect.Read("Tags", fmsListTagsForResource,
				func(p types.PolicySummary) *fms.ListTagsForResourceInput {
					return &fms.ListTagsForResourceInput{ResourceArn: p.PolicyArn}
				}),
		),
	}}
}

func fmsClient(cfg aws.Config) *fms.Client { return fms.NewFromConfig(cfg) }

// The operations of this file.
var (
	fmsGetAdminAccount = collect.NewOp("fms", "GetAdminAccount",
		func(ctx context.Context, cfg aws.Config, in *fms.GetAdminAccountInput) (*fms.GetAdminAccountOutput, error) {
			return fmsClient(inUSEast1(cfg)).GetAdminAccount(ctx, in)
		})
	fmsListPolicies = collect.NewOp("fms", "ListPolicies",
		func(ctx context.Context, cfg aws.Config, in *fms.ListPoliciesInput) (*fms.ListPoliciesOutput, error) {
			return fmsClient(cfg).ListPolicies(ctx, in)
		}).Paged(func(in *fms.ListPoliciesInput, out *fms.ListPoliciesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	fmsGetPolicy = collect.NewOp("fms", "GetPolicy",
		func(ctx context.Context, cfg aws.Config, in *fms.GetPolicyInput) (*fms.GetPolicyOutput, error) {
			return fmsClient(cfg).GetPolicy(ctx, in)
		})
	fmsListTagsForResource = collect.NewOp("fms", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *fms.ListTagsForResourceInput) (*fms.ListTagsForResourceOutput, error) {
			return fmsClient(cfg).ListTagsForResource(ctx, in)
		})
)
