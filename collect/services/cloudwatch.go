package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CloudWatch collects metric alarms, composite alarms, which combine others, and the streams that carry metrics out of the account.
func CloudWatch() collect.Service {
	return collect.Service{Name: "cloudwatch", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "cloudwatch.alarm", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Alarm"},
			cloudwatchDescribeAlarms,
			cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm}},
			func(out *cloudwatch.DescribeAlarmsOutput) []types.MetricAlarm { return out.MetricAlarms },
			func(_ *collect.Session, a types.MetricAlarm, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.AlarmName), ARN: aws.ToString(a.AlarmArn)}
			},
			cloudwatchTags(func(a types.MetricAlarm) *string { return a.AlarmArn }),
		),
		collect.Listed(collect.Kind{Name: "cloudwatch.composite-alarm", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "CompositeAlarm"},
			cloudwatchDescribeAlarms,
			cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeCompositeAlarm}, MaxRecords: aws.Int32(100)},
			func(out *cloudwatch.DescribeAlarmsOutput) []types.CompositeAlarm { return out.CompositeAlarms },
			func(_ *collect.Session, a types.CompositeAlarm, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.AlarmName), ARN: aws.ToString(a.AlarmArn)}
			},
			cloudwatchTags(func(a types.CompositeAlarm) *string { return a.AlarmArn }),
		),
		collect.Listed(collect.Kind{Name: "cloudwatch.metric-stream", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			cloudwatchListMetricStreams, cloudwatch.ListMetricStreamsInput{MaxResults: aws.Int32(500)},
			func(out *cloudwatch.ListMetricStreamsOutput) []types.MetricStreamEntry { return out.Entries },
			func(_ *collect.Session, m types.MetricStreamEntry, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(m.Name), ARN: aws.ToString(m.Arn)}
			},
			collect.Read("MetricStream", cloudwatchGetMetricStream,
				func(m types.MetricStreamEntry) *cloudwatch.GetMetricStreamInput {
					return &cloudwatch.GetMetricStreamInput{Name: m.Name}
				}),
			cloudwatchTags(func(m types.MetricStreamEntry) *string { return m.Arn }),
		),
	}}
}

// cloudwatchTags is the part with the tags of the resource that arn names.
func cloudwatchTags[S any](arn func(S) *string) collect.Part[S] {
	return collect.Read("Tags", cloudwatchListTagsForResource,
		func(item S) *cloudwatch.ListTagsForResourceInput {
			return &cloudwatch.ListTagsForResourceInput{ResourceARN: arn(item)}
		})
}

func cloudwatchClient(cfg aws.Config) *cloudwatch.Client { return cloudwatch.NewFromConfig(cfg) }

// The operations of this file.
var (
	cloudwatchDescribeAlarms = collect.NewOp("cloudwatch", "DescribeAlarms",
		func(ctx context.Context, cfg aws.Config, in *cloudwatch.DescribeAlarmsInput) (*cloudwatch.DescribeAlarmsOutput, error) {
			return cloudwatchClient(cfg).DescribeAlarms(ctx, in)
		}).Paged(func(in *cloudwatch.DescribeAlarmsInput, out *cloudwatch.DescribeAlarmsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	cloudwatchListTagsForResource = collect.NewOp("cloudwatch", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *cloudwatch.ListTagsForResourceInput) (*cloudwatch.ListTagsForResourceOutput, error) {
			return cloudwatchClient(cfg).ListTagsForResource(ctx, in)
		})
	cloudwatchListMetricStreams = collect.NewOp("cloudwatch", "ListMetricStreams",
		func(ctx context.Context, cfg aws.Config, in *cloudwatch.ListMetricStreamsInput) (*cloudwatch.ListMetricStreamsOutput, error) {
			return cloudwatchClient(cfg).ListMetricStreams(ctx, in)
		}).Paged(func(in *cloudwatch.ListMetricStreamsInput, out *cloudwatch.ListMetricStreamsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	cloudwatchGetMetricStream = collect.NewOp("cloudwatch", "GetMetricStream",
		func(ctx context.Context, cfg aws.Config, in *cloudwatch.GetMetricStreamInput) (*cloudwatch.GetMetricStreamOutput, error) {
			return cloudwatchClient(cfg).GetMetricStream(ctx, in)
		})
)
