package services

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CloudWatchLogs collects log groups, metric filters, which turn patterns in logs into metrics that alarms can watch, and the
// policies by which others may write here: of the region, of destinations and, for data protection, of the account. A policy that
// is attached to one log group would cost one call a group and is not among them. No log event is read. An account can have
// hundreds of thousands of log groups, so a group is what the list says of it: its tags would cost one call a group and are left
// out.
func CloudWatchLogs() collect.Service {
	return collect.Service{Name: "logs", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "logs.metric-filter", Scope: bundle.ScopeRegion, Item: "MetricFilter"},
			logsDescribeMetricFilters,
			cloudwatchlogs.DescribeMetricFiltersInput{},
			func(out *cloudwatchlogs.DescribeMetricFiltersOutput) []types.MetricFilter { return out.MetricFilters },
			func(_ *collect.Session, f types.MetricFilter, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(f.LogGroupName) + ":" + aws.ToString(f.FilterName)}
			}),
		collect.Listed(collect.Kind{Name: "logs.log-group", Scope: bundle.ScopeRegion, Item: "LogGroup"},
			logsDescribeLogGroups, cloudwatchlogs.DescribeLogGroupsInput{Limit: aws.Int32(50)},
			func(out *cloudwatchlogs.DescribeLogGroupsOutput) []types.LogGroup { return out.LogGroups },
			func(_ *collect.Session, g types.LogGroup, _ bundle.From) collect.ID {
				arn := aws.ToString(g.LogGroupArn)
				if arn == "" {
					arn = strings.TrimSuffix(aws.ToString(g.Arn), ":*") // the form for IAM policies
				}
				return collect.ID{ID: aws.ToString(g.LogGroupName), ARN: arn}
			}),
		collect.Listed(collect.Kind{Name: "logs.resource-policy", Scope: bundle.ScopeRegion, Item: "ResourcePolicy"},
			logsDescribeResourcePolicies, cloudwatchlogs.DescribeResourcePoliciesInput{},
			func(out *cloudwatchlogs.DescribeResourcePoliciesOutput) []types.ResourcePolicy {
				return out.ResourcePolicies
			},
			func(_ *collect.Session, p types.ResourcePolicy, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.PolicyName)}
			}),
		collect.Listed(collect.Kind{Name: "logs.destination", Scope: bundle.ScopeRegion, Item: "Destination"},
			logsDescribeDestinations, cloudwatchlogs.DescribeDestinationsInput{Limit: aws.Int32(50)},
			func(out *cloudwatchlogs.DescribeDestinationsOutput) []types.Destination { return out.Destinations },
			func(_ *collect.Session, d types.Destination, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.DestinationName), ARN: aws.ToString(d.Arn)}
			}),
		collect.Listed(collect.Kind{Name: "logs.data-protection-policy", Scope: bundle.ScopeRegion, Item: "AccountPolicy"},
			logsDescribeAccountPolicies,
			cloudwatchlogs.DescribeAccountPoliciesInput{PolicyType: types.PolicyTypeDataProtectionPolicy},
			func(out *cloudwatchlogs.DescribeAccountPoliciesOutput) []types.AccountPolicy {
				return out.AccountPolicies
			},
			func(_ *collect.Session, p types.AccountPolicy, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.PolicyName)}
			}),
	}}
}

func logsClient(cfg aws.Config) *cloudwatchlogs.Client { return cloudwatchlogs.NewFromConfig(cfg) }

// The operations of this file.
var (
	logsDescribeMetricFilters = collect.NewOp("logs", "DescribeMetricFilters",
		func(ctx context.Context, cfg aws.Config, in *cloudwatchlogs.DescribeMetricFiltersInput) (*cloudwatchlogs.DescribeMetricFiltersOutput, error) {
			return logsClient(cfg).DescribeMetricFilters(ctx, in)
		}).Paged(func(in *cloudwatchlogs.DescribeMetricFiltersInput, out *cloudwatchlogs.DescribeMetricFiltersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	logsDescribeLogGroups = collect.NewOp("logs", "DescribeLogGroups",
		func(ctx context.Context, cfg aws.Config, in *cloudwatchlogs.DescribeLogGroupsInput) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
			return logsClient(cfg).DescribeLogGroups(ctx, in)
		}).Paged(func(in *cloudwatchlogs.DescribeLogGroupsInput, out *cloudwatchlogs.DescribeLogGroupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	logsDescribeResourcePolicies = collect.NewOp("logs", "DescribeResourcePolicies",
		func(ctx context.Context, cfg aws.Config, in *cloudwatchlogs.DescribeResourcePoliciesInput) (*cloudwatchlogs.DescribeResourcePoliciesOutput, error) {
			return logsClient(cfg).DescribeResourcePolicies(ctx, in)
		}).Paged(func(in *cloudwatchlogs.DescribeResourcePoliciesInput, out *cloudwatchlogs.DescribeResourcePoliciesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	logsDescribeDestinations = collect.NewOp("logs", "DescribeDestinations",
		func(ctx context.Context, cfg aws.Config, in *cloudwatchlogs.DescribeDestinationsInput) (*cloudwatchlogs.DescribeDestinationsOutput, error) {
			return logsClient(cfg).DescribeDestinations(ctx, in)
		}).Paged(func(in *cloudwatchlogs.DescribeDestinationsInput, out *cloudwatchlogs.DescribeDestinationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	logsDescribeAccountPolicies = collect.NewOp("logs", "DescribeAccountPolicies",
		func(ctx context.Context, cfg aws.Config, in *cloudwatchlogs.DescribeAccountPoliciesInput) (*cloudwatchlogs.DescribeAccountPoliciesOutput, error) {
			return logsClient(cfg).DescribeAccountPolicies(ctx, in)
		}).Paged(func(in *cloudwatchlogs.DescribeAccountPoliciesInput, out *cloudwatchlogs.DescribeAccountPoliciesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
