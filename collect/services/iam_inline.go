package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// InlinePolicies is the data of the part of that name: the policies that are embedded in one user, group or role.
type InlinePolicies struct {
	Policies []InlinePolicy
}

// InlinePolicy is one embedded policy. PolicyDocument is JSON, percent-encoded as IAM sends it.
type InlinePolicy struct {
	PolicyName     *string
	PolicyDocument *string
}

func userInlinePolicies() collect.Part[types.User] {
	return inlinePolicies(iamListUserPolicies.Operation, iamGetUserPolicy.Operation,
		func(ctx context.Context, s *collect.Session, u types.User) ([]string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, iamListUserPolicies, &iam.ListUserPoliciesInput{UserName: u.UserName})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyNames, calls, nil
		},
		func(ctx context.Context, s *collect.Session, u types.User, name string) (*string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, iamGetUserPolicy, &iam.GetUserPolicyInput{UserName: u.UserName, PolicyName: &name})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyDocument, calls, nil
		})
}

func groupInlinePolicies() collect.Part[types.Group] {
	return inlinePolicies(iamListGroupPolicies.Operation, iamGetGroupPolicy.Operation,
		func(ctx context.Context, s *collect.Session, g types.Group) ([]string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, iamListGroupPolicies, &iam.ListGroupPoliciesInput{GroupName: g.GroupName})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyNames, calls, nil
		},
		func(ctx context.Context, s *collect.Session, g types.Group, name string) (*string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, iamGetGroupPolicy, &iam.GetGroupPolicyInput{GroupName: g.GroupName, PolicyName: &name})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyDocument, calls, nil
		})
}

func roleInlinePolicies() collect.Part[types.Role] {
	return inlinePolicies(iamListRolePolicies.Operation, iamGetRolePolicy.Operation,
		func(ctx context.Context, s *collect.Session, r types.Role) ([]string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, iamListRolePolicies, &iam.ListRolePoliciesInput{RoleName: r.RoleName})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyNames, calls, nil
		},
		func(ctx context.Context, s *collect.Session, r types.Role, name string) (*string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, iamGetRolePolicy, &iam.GetRolePolicyInput{RoleName: r.RoleName, PolicyName: &name})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyDocument, calls, nil
		})
}

// inlinePolicies reads the names and then each document. If one of the calls fails the whole part is a gap: a policy that was
// not seen could be the one that matters.
func inlinePolicies[S any](list, get collect.Operation,
	names func(context.Context, *collect.Session, S) ([]string, []string, *collect.Failure),
	document func(context.Context, *collect.Session, S, string) (*string, []string, *collect.Failure),
) collect.Part[S] {
	read := func(ctx context.Context, s *collect.Session, owner S) bundle.Part {
		all, calls, f := names(ctx, s, owner)
		if f != nil {
			return f.Part(calls)
		}
		data := InlinePolicies{Policies: []InlinePolicy{}}
		for _, name := range all {
			doc, more, f := document(ctx, s, owner, name)
			calls = append(calls, more...)
			if f != nil {
				return f.Part(calls)
			}
			data.Policies = append(data.Policies, InlinePolicy{PolicyName: aws.String(name), PolicyDocument: doc})
		}
		return s.OK(get, data, calls)
	}
	return collect.Custom[InlinePolicies]("InlinePolicies", []collect.Operation{list, get}, read)
}

// The operations of this file.
var (
	iamListUserPolicies = collect.NewOp("iam", "ListUserPolicies",
		func(ctx context.Context, cfg aws.Config, in *iam.ListUserPoliciesInput) (*iam.ListUserPoliciesOutput, error) {
			return iamClient(cfg).ListUserPolicies(ctx, in)
		}).Paged(func(in *iam.ListUserPoliciesInput, out *iam.ListUserPoliciesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamGetUserPolicy = collect.NewOp("iam", "GetUserPolicy",
		func(ctx context.Context, cfg aws.Config, in *iam.GetUserPolicyInput) (*iam.GetUserPolicyOutput, error) {
			return iamClient(cfg).GetUserPolicy(ctx, in)
		})
	iamListGroupPolicies = collect.NewOp("iam", "ListGroupPolicies",
		func(ctx context.Context, cfg aws.Config, in *iam.ListGroupPoliciesInput) (*iam.ListGroupPoliciesOutput, error) {
			return iamClient(cfg).ListGroupPolicies(ctx, in)
		}).Paged(func(in *iam.ListGroupPoliciesInput, out *iam.ListGroupPoliciesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamGetGroupPolicy = collect.NewOp("iam", "GetGroupPolicy",
		func(ctx context.Context, cfg aws.Config, in *iam.GetGroupPolicyInput) (*iam.GetGroupPolicyOutput, error) {
			return iamClient(cfg).GetGroupPolicy(ctx, in)
		})
	iamListRolePolicies = collect.NewOp("iam", "ListRolePolicies",
		func(ctx context.Context, cfg aws.Config, in *iam.ListRolePoliciesInput) (*iam.ListRolePoliciesOutput, error) {
			return iamClient(cfg).ListRolePolicies(ctx, in)
		}).Paged(func(in *iam.ListRolePoliciesInput, out *iam.ListRolePoliciesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamGetRolePolicy = collect.NewOp("iam", "GetRolePolicy",
		func(ctx context.Context, cfg aws.Config, in *iam.GetRolePolicyInput) (*iam.GetRolePolicyOutput, error) {
			return iamClient(cfg).GetRolePolicy(ctx, in)
		})
)
