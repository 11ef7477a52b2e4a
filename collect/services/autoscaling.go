package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// AutoScaling collects Auto Scaling groups, those of size zero included, and launch configurations. User data, which configures
// instances and often holds passwords, is replaced at collection.
func AutoScaling() collect.Service {
	return collect.Service{Name: "autoscaling", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{
			Name: "autoscaling.auto-scaling-group", Scope: bundle.ScopeRegion, Tags: "AutoScalingGroup.Tags", Item: "AutoScalingGroup",
		},
			autoscalingDescribeAutoScalingGroups, autoscaling.DescribeAutoScalingGroupsInput{MaxRecords: aws.Int32(100)},
			func(out *autoscaling.DescribeAutoScalingGroupsOutput) []types.AutoScalingGroup {
				return out.AutoScalingGroups
			},
			func(_ *collect.Session, g types.AutoScalingGroup, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(g.AutoScalingGroupName), ARN: aws.ToString(g.AutoScalingGroupARN)}
			}),
		collect.Listed(collect.Kind{
			Name: "autoscaling.launch-configuration", Scope: bundle.ScopeRegion, Item: "LaunchConfiguration",
		},
			autoscalingDescribeLaunchConfigurations, autoscaling.DescribeLaunchConfigurationsInput{MaxRecords: aws.Int32(100)},
			func(out *autoscaling.DescribeLaunchConfigurationsOutput) []types.LaunchConfiguration {
				return out.LaunchConfigurations
			},
			func(_ *collect.Session, c types.LaunchConfiguration, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(c.LaunchConfigurationName), ARN: aws.ToString(c.LaunchConfigurationARN)}
			}),
	}}
}

func autoscalingClient(cfg aws.Config) *autoscaling.Client { return autoscaling.NewFromConfig(cfg) }

// The operations of this file.
var (
	autoscalingDescribeAutoScalingGroups = collect.NewOp("autoscaling", "DescribeAutoScalingGroups",
		func(ctx context.Context, cfg aws.Config, in *autoscaling.DescribeAutoScalingGroupsInput) (*autoscaling.DescribeAutoScalingGroupsOutput, error) {
			return autoscalingClient(cfg).DescribeAutoScalingGroups(ctx, in)
		}).Paged(func(in *autoscaling.DescribeAutoScalingGroupsInput, out *autoscaling.DescribeAutoScalingGroupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	autoscalingDescribeLaunchConfigurations = collect.NewOp("autoscaling", "DescribeLaunchConfigurations",
		func(ctx context.Context, cfg aws.Config, in *autoscaling.DescribeLaunchConfigurationsInput) (*autoscaling.DescribeLaunchConfigurationsOutput, error) {
			return autoscalingClient(cfg).DescribeLaunchConfigurations(ctx, in)
		}).Paged(func(in *autoscaling.DescribeLaunchConfigurationsInput, out *autoscaling.DescribeLaunchConfigurationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
