package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CloudWatchLogs collects metric filters, which turn patterns in logs into metrics that alarms can watch. No log event is read.
func CloudWatchLogs() collect.Service {
	return collect.Service{Name: "logs", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "logs.metric-filter", Scope: bundle.ScopeRegion, Item: "MetricFilter"},
			logsDescribeMetricFilters,
			cloudwatchlogs.DescribeMetricFiltersInput{},
			func(out *cloudwatchlogs.DescribeMetricFiltersOutput) []types.MetricFilter { return out.MetricFilters },
			func(_ *collect.Session, f types.MetricFilter, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(f.LogGroupName) + ":" + aws.ToString(f.FilterName)}
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
)
