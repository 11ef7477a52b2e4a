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

func userInlinePolicies() collect.Part[*iam.Client, types.User] {
	list := collect.NewOp("iam", "ListUserPolicies", (*iam.Client).ListUserPolicies).
		Paged(func(in *iam.ListUserPoliciesInput, out *iam.ListUserPoliciesOutput) (**string, *string) {
			return &in.Marker, out.Marker
		})
	get := collect.NewOp("iam", "GetUserPolicy", (*iam.Client).GetUserPolicy)
	return inlinePolicies(list.Operation, get.Operation,
		func(ctx context.Context, s *collect.Session, c *iam.Client, u types.User) ([]string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, c, list, &iam.ListUserPoliciesInput{UserName: u.UserName})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyNames, calls, nil
		},
		func(ctx context.Context, s *collect.Session, c *iam.Client, u types.User, name string) (*string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, c, get, &iam.GetUserPolicyInput{UserName: u.UserName, PolicyName: &name})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyDocument, calls, nil
		})
}

func groupInlinePolicies() collect.Part[*iam.Client, types.Group] {
	list := collect.NewOp("iam", "ListGroupPolicies", (*iam.Client).ListGroupPolicies).
		Paged(func(in *iam.ListGroupPoliciesInput, out *iam.ListGroupPoliciesOutput) (**string, *string) {
			return &in.Marker, out.Marker
		})
	get := collect.NewOp("iam", "GetGroupPolicy", (*iam.Client).GetGroupPolicy)
	return inlinePolicies(list.Operation, get.Operation,
		func(ctx context.Context, s *collect.Session, c *iam.Client, g types.Group) ([]string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, c, list, &iam.ListGroupPoliciesInput{GroupName: g.GroupName})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyNames, calls, nil
		},
		func(ctx context.Context, s *collect.Session, c *iam.Client, g types.Group, name string) (*string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, c, get, &iam.GetGroupPolicyInput{GroupName: g.GroupName, PolicyName: &name})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyDocument, calls, nil
		})
}

func roleInlinePolicies() collect.Part[*iam.Client, types.Role] {
	list := collect.NewOp("iam", "ListRolePolicies", (*iam.Client).ListRolePolicies).
		Paged(func(in *iam.ListRolePoliciesInput, out *iam.ListRolePoliciesOutput) (**string, *string) {
			return &in.Marker, out.Marker
		})
	get := collect.NewOp("iam", "GetRolePolicy", (*iam.Client).GetRolePolicy)
	return inlinePolicies(list.Operation, get.Operation,
		func(ctx context.Context, s *collect.Session, c *iam.Client, r types.Role) ([]string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, c, list, &iam.ListRolePoliciesInput{RoleName: r.RoleName})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyNames, calls, nil
		},
		func(ctx context.Context, s *collect.Session, c *iam.Client, r types.Role, name string) (*string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, c, get, &iam.GetRolePolicyInput{RoleName: r.RoleName, PolicyName: &name})
			if f != nil {
				return nil, calls, f
			}
			return out.PolicyDocument, calls, nil
		})
}

// inlinePolicies reads the names and then each document. If one of the calls fails the whole part is a gap: a policy that was
// not seen could be the one that matters.
func inlinePolicies[S any](list, get collect.Operation,
	names func(context.Context, *collect.Session, *iam.Client, S) ([]string, []string, *collect.Failure),
	document func(context.Context, *collect.Session, *iam.Client, S, string) (*string, []string, *collect.Failure),
) collect.Part[*iam.Client, S] {
	read := func(ctx context.Context, s *collect.Session, c *iam.Client, owner S) bundle.Part {
		all, calls, f := names(ctx, s, c, owner)
		if f != nil {
			return f.Part(calls)
		}
		data := InlinePolicies{Policies: []InlinePolicy{}}
		for _, name := range all {
			doc, more, f := document(ctx, s, c, owner, name)
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
