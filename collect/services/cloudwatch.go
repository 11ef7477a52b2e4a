package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CloudWatch collects metric alarms. Composite alarms only combine others and are not asked for.
func CloudWatch() collect.Service {
	return collect.Service{Name: "cloudwatch", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "cloudwatch.alarm", Scope: bundle.ScopeRegion, Item: "Alarm"},
			cloudwatchDescribeAlarms,
			cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm}},
			func(out *cloudwatch.DescribeAlarmsOutput) []types.MetricAlarm { return out.MetricAlarms },
			func(_ *collect.Session, a types.MetricAlarm, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.AlarmName), ARN: aws.ToString(a.AlarmArn)}
			}),
	}}
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
)
