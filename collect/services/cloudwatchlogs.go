package services

import (
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
			func(cfg aws.Config) *cloudwatchlogs.Client { return cloudwatchlogs.NewFromConfig(cfg) },
			collect.NewOp("logs", "DescribeMetricFilters", (*cloudwatchlogs.Client).DescribeMetricFilters).
				Paged(func(in *cloudwatchlogs.DescribeMetricFiltersInput, out *cloudwatchlogs.DescribeMetricFiltersOutput) (**string, *string) {
					return &in.NextToken, out.NextToken
				}),
			cloudwatchlogs.DescribeMetricFiltersInput{},
			func(out *cloudwatchlogs.DescribeMetricFiltersOutput) []types.MetricFilter { return out.MetricFilters },
			func(_ *collect.Session, f types.MetricFilter, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(f.LogGroupName) + ":" + aws.ToString(f.FilterName)}
			}),
	}}
}
