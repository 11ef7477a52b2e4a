package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CloudFormation collects stacks and the stack sets that this account manages in its own name. What a delegated administrator
// manages in the name of the organization is listed in the management account only. Deleted stacks are not among them:
// DescribeStacks lists them only by id. Values of parameters and outputs are replaced at collection, as anyone can put a secret
// there; templates are not asked for.
func CloudFormation() collect.Service {
	return collect.Service{Name: "cloudformation", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "cloudformation.stack", Scope: bundle.ScopeRegion, Tags: "Stack.Tags", Item: "Stack"},
			cloudformationDescribeStacks, cloudformation.DescribeStacksInput{},
			func(out *cloudformation.DescribeStacksOutput) []types.Stack { return out.Stacks },
			func(_ *collect.Session, s types.Stack, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(s.StackName), ARN: aws.ToString(s.StackId)}
			},
			// A stack without a policy has an answer without a body.
			collect.Read("Policy", cloudformationGetStackPolicy,
				func(s types.Stack) *cloudformation.GetStackPolicyInput {
					return &cloudformation.GetStackPolicyInput{StackName: s.StackId}
				}),
		),
		collect.Listed(collect.Kind{Name: "cloudformation.stack-set", Scope: bundle.ScopeRegion, Tags: "StackSet.StackSet.Tags"},
			cloudformationListStackSets,
			cloudformation.ListStackSetsInput{Status: types.StackSetStatusActive, MaxResults: aws.Int32(100)},
			func(out *cloudformation.ListStackSetsOutput) []types.StackSetSummary { return out.Summaries },
			func(s *collect.Session, set types.StackSetSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(set.StackSetName), ARN: s.ARN("cloudformation", "stackset/"+aws.ToString(set.StackSetId))}
			},
			collect.Read("StackSet", cloudformationDescribeStackSet,
				func(set types.StackSetSummary) *cloudformation.DescribeStackSetInput {
					return &cloudformation.DescribeStackSetInput{StackSetName: set.StackSetName}
				}),
		),
	}}
}

func cloudformationClient(cfg aws.Config) *cloudformation.Client {
	return cloudformation.NewFromConfig(cfg)
}

// The operations of this file.
var (
	// Without a stack's name the operation needs the permission to list, too.
	cloudformationDescribeStacks = collect.NewOp("cloudformation", "DescribeStacks",
		func(ctx context.Context, cfg aws.Config, in *cloudformation.DescribeStacksInput) (*cloudformation.DescribeStacksOutput, error) {
			return cloudformationClient(cfg).DescribeStacks(ctx, in)
		}, "cloudformation:DescribeStacks", "cloudformation:ListStacks").Paged(func(in *cloudformation.DescribeStacksInput, out *cloudformation.DescribeStacksOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	cloudformationGetStackPolicy = collect.NewOp("cloudformation", "GetStackPolicy",
		func(ctx context.Context, cfg aws.Config, in *cloudformation.GetStackPolicyInput) (*cloudformation.GetStackPolicyOutput, error) {
			return cloudformationClient(cfg).GetStackPolicy(ctx, in)
		})
	cloudformationListStackSets = collect.NewOp("cloudformation", "ListStackSets",
		func(ctx context.Context, cfg aws.Config, in *cloudformation.ListStackSetsInput) (*cloudformation.ListStackSetsOutput, error) {
			return cloudformationClient(cfg).ListStackSets(ctx, in)
		}).Paged(func(in *cloudformation.ListStackSetsInput, out *cloudformation.ListStackSetsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	cloudformationDescribeStackSet = collect.NewOp("cloudformation", "DescribeStackSet",
		func(ctx context.Context, cfg aws.Config, in *cloudformation.DescribeStackSetInput) (*cloudformation.DescribeStackSetOutput, error) {
			return cloudformationClient(cfg).DescribeStackSet(ctx, in)
		})
)
