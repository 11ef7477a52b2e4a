package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ApplicationAutoScaling collects what scales by itself in the services of scalableNamespaces, and the policies by which it does.
func ApplicationAutoScaling() collect.Service {
	return collect.Service{Name: "application-autoscaling", Kinds: []collect.Kind{
		collect.ListedUnder(collect.Kind{
			Name: "application-autoscaling.scalable-target", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "ScalableTarget",
		},
			collect.Children[types.ServiceNamespace, applicationautoscaling.DescribeScalableTargetsInput, applicationautoscaling.DescribeScalableTargetsOutput, types.ScalableTarget]{
				Parents: namespaces,
				List:    applicationautoscalingDescribeScalableTargets,
				Input: func(n types.ServiceNamespace) *applicationautoscaling.DescribeScalableTargetsInput {
					return &applicationautoscaling.DescribeScalableTargetsInput{ServiceNamespace: n, MaxResults: aws.Int32(50)}
				},
				Items: func(_ types.ServiceNamespace, out *applicationautoscaling.DescribeScalableTargetsOutput) []types.ScalableTarget {
					return out.ScalableTargets
				},
			},
			func(_ *collect.Session, t types.ScalableTarget, _ bundle.From) collect.ID {
				return collect.ID{
					ID:  string(t.ServiceNamespace) + "/" + aws.ToString(t.ResourceId) + "/" + string(t.ScalableDimension),
					ARN: aws.ToString(t.ScalableTargetARN),
				}
			},
			collect.Read("Tags", applicationautoscalingListTagsForResource,
				func(t types.ScalableTarget) *applicationautoscaling.ListTagsForResourceInput {
					return &applicationautoscaling.ListTagsForResourceInput{ResourceARN: t.ScalableTargetARN}
				}),
		),
		collect.ListedUnder(collect.Kind{
			Name: "application-autoscaling.scaling-policy", Scope: bundle.ScopeRegion, Item: "ScalingPolicy",
		},
			collect.Children[types.ServiceNamespace, applicationautoscaling.DescribeScalingPoliciesInput, applicationautoscaling.DescribeScalingPoliciesOutput, types.ScalingPolicy]{
				Parents: namespaces,
				List:    applicationautoscalingDescribeScalingPolicies,
				Input: func(n types.ServiceNamespace) *applicationautoscaling.DescribeScalingPoliciesInput {
					return &applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: n}
				},
				Items: func(_ types.ServiceNamespace, out *applicationautoscaling.DescribeScalingPoliciesOutput) []types.ScalingPolicy {
					return out.ScalingPolicies
				},
			},
			func(_ *collect.Session, p types.ScalingPolicy, _ bundle.From) collect.ID {
				return collect.ID{ID: after(aws.ToString(p.PolicyARN), ":scalingPolicy:"), ARN: aws.ToString(p.PolicyARN)}
			}),
	}}
}

// scalableNamespaces are the services whose targets are collected: those that every region has and whose capacity a rule can
// speak about. The service lists one of them at a time.
var scalableNamespaces = []types.ServiceNamespace{
	types.ServiceNamespaceDynamodb, types.ServiceNamespaceEc2, types.ServiceNamespaceEcs,
	types.ServiceNamespaceLambda, types.ServiceNamespaceRds,
}

// namespaces are the parents of the lists.
func namespaces(context.Context, *collect.Session) ([]types.ServiceNamespace, []string, *collect.Failure) {
	return scalableNamespaces, nil, nil
}

func applicationautoscalingClient(cfg aws.Config) *applicationautoscaling.Client {
	return applicationautoscaling.NewFromConfig(cfg)
}

// The operations of this file.
var (
	applicationautoscalingDescribeScalableTargets = collect.NewOp("application-autoscaling", "DescribeScalableTargets",
		func(ctx context.Context, cfg aws.Config, in *applicationautoscaling.DescribeScalableTargetsInput) (*applicationautoscaling.DescribeScalableTargetsOutput, error) {
			return applicationautoscalingClient(cfg).DescribeScalableTargets(ctx, in)
		}).Paged(func(in *applicationautoscaling.DescribeScalableTargetsInput, out *applicationautoscaling.DescribeScalableTargetsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	applicationautoscalingDescribeScalingPolicies = collect.NewOp("application-autoscaling", "DescribeScalingPolicies",
		func(ctx context.Context, cfg aws.Config, in *applicationautoscaling.DescribeScalingPoliciesInput) (*applicationautoscaling.DescribeScalingPoliciesOutput, error) {
			return applicationautoscalingClient(cfg).DescribeScalingPolicies(ctx, in)
		}).Paged(func(in *applicationautoscaling.DescribeScalingPoliciesInput, out *applicationautoscaling.DescribeScalingPoliciesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	applicationautoscalingListTagsForResource = collect.NewOp("application-autoscaling", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *applicationautoscaling.ListTagsForResourceInput) (*applicationautoscaling.ListTagsForResourceOutput, error) {
			return applicationautoscalingClient(cfg).ListTagsForResource(ctx, in)
		})
)
