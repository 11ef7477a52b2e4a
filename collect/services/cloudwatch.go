package services

import (
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
			func(cfg aws.Config) *cloudwatch.Client { return cloudwatch.NewFromConfig(cfg) },
			collect.NewOp("cloudwatch", "DescribeAlarms", (*cloudwatch.Client).DescribeAlarms).
				Paged(func(in *cloudwatch.DescribeAlarmsInput, out *cloudwatch.DescribeAlarmsOutput) (**string, *string) {
					return &in.NextToken, out.NextToken
				}),
			cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm}},
			func(out *cloudwatch.DescribeAlarmsOutput) []types.MetricAlarm { return out.MetricAlarms },
			func(_ *collect.Session, a types.MetricAlarm, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.AlarmName), ARN: aws.ToString(a.AlarmArn)}
			}),
	}}
}
