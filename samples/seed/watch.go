package seed

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cloudtrailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cloudwatchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
)

const trailLogGroup = "/example-trading/cloudtrail"

// filter describes one metric filter; alarm is the name of the alarm on its metric, "" for none.
type filter struct{ name, pattern, alarm string }

func filters() []filter {
	return []filter{
		{"root-usage", `{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }`, "root-usage"},
		{"unauthorized-calls", `{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }`, "不正な API 呼び出し " + surrogate},
		{"console-without-mfa", `{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }`, ""},
		{"iam-changes <b>", `{ ($.eventName = DeleteGroupPolicy) || ($.eventName = DeleteRolePolicy) || ($.eventName = DeleteUserPolicy) || ($.eventName = PutGroupPolicy) || ` +
			`($.eventName = PutRolePolicy) || ($.eventName = PutUserPolicy) || ($.eventName = CreatePolicy) || ($.eventName = DeletePolicy) }`, formula},
		{"trail-changes", `{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }`, script},
	}
}

// alerts makes topics, subscriptions, the trail's log group with metric filters, and alarms.
func (s *seeder) alerts() {
	topics := sns.NewFromConfig(s.config(Tokyo))
	for _, name := range []string{"security-alerts", "nobody-listens"} {
		s.do("topic "+name, func() error {
			in := &sns.CreateTopicInput{Name: &name, Tags: []snstypes.Tag{{Key: aws.String("Owner"), Value: aws.String("情報システム部")}}}
			if name == "security-alerts" {
				in.Attributes = map[string]string{"KmsMasterKeyId": "alias/aws/sns"}
			}
			out, err := topics.CreateTopic(s.ctx, in)
			if err == nil {
				s.topics[name] = aws.ToString(out.TopicArn)
			}
			return err
		})
		s.made("sns.topic", Tokyo, 1)
	}
	for _, sub := range [][2]string{{"email", "csirt@example.com"}, {"https", "https://alerts.example.com/hook?x=<script>"}} {
		s.do("subscription", func() error {
			_, err := topics.Subscribe(s.ctx, &sns.SubscribeInput{TopicArn: aws.String(s.topics["security-alerts"]), Protocol: &sub[0], Endpoint: &sub[1]})
			return err
		})
		s.made("sns.subscription", Tokyo, 1)
	}
	logs := cloudwatchlogs.NewFromConfig(s.config(Tokyo))
	s.do("log group", func() error {
		_, err := logs.CreateLogGroup(s.ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(trailLogGroup)})
		return err
	})
	alarms := cloudwatch.NewFromConfig(s.config(Tokyo))
	for _, f := range filters() {
		s.do("metric filter "+f.name, func() error {
			_, err := logs.PutMetricFilter(s.ctx, &cloudwatchlogs.PutMetricFilterInput{LogGroupName: aws.String(trailLogGroup), FilterName: &f.name, FilterPattern: &f.pattern,
				MetricTransformations: []logstypes.MetricTransformation{{MetricName: aws.String("count-" + f.name[:4]), MetricNamespace: aws.String("ExampleTrading"), MetricValue: aws.String("1")}}})
			return err
		})
		s.made("logs.metric-filter", Tokyo, 1)
		if f.alarm == "" {
			continue
		}
		s.do("alarm "+f.alarm, func() error {
			topic := s.topics["security-alerts"]
			if f.name == "trail-changes" {
				topic = s.topics["nobody-listens"]
			}
			_, err := alarms.PutMetricAlarm(s.ctx, &cloudwatch.PutMetricAlarmInput{AlarmName: &f.alarm, AlarmDescription: aws.String(newlines), MetricName: aws.String("count-" + f.name[:4]),
				Namespace: aws.String("ExampleTrading"), Statistic: cloudwatchtypes.StatisticSum, Period: aws.Int32(300), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1),
				ComparisonOperator: cloudwatchtypes.ComparisonOperatorGreaterThanOrEqualToThreshold, AlarmActions: []string{topic}})
			return err
		})
		s.made("cloudwatch.alarm", Tokyo, 1)
	}
}

// trails makes a good multi-region trail and a weak one that does not log.
func (s *seeder) trails() {
	c := cloudtrail.NewFromConfig(s.config(Tokyo))
	s.do("main trail", func() error {
		_, err := c.CreateTrail(s.ctx, &cloudtrail.CreateTrailInput{Name: aws.String("example-trading-main"), S3BucketName: aws.String(prefix + "cloudtrail"),
			IsMultiRegionTrail: aws.Bool(true), IncludeGlobalServiceEvents: aws.Bool(true), EnableLogFileValidation: aws.Bool(true), KmsKeyId: aws.String(s.keys["trail"]),
			CloudWatchLogsLogGroupArn: aws.String(arn("logs", Tokyo, "log-group:"+trailLogGroup+":*")), CloudWatchLogsRoleArn: aws.String("arn:aws:iam::" + AccountID + ":role/cloudtrail-to-logs"),
			TagsList: []cloudtrailtypes.Tag{{Key: aws.String("DataClass"), Value: aws.String(secret)}}})
		if err != nil {
			return err
		}
		if _, err = c.StartLogging(s.ctx, &cloudtrail.StartLoggingInput{Name: aws.String("example-trading-main")}); err != nil {
			return err
		}
		_, err = c.PutEventSelectors(s.ctx, &cloudtrail.PutEventSelectorsInput{TrailName: aws.String("example-trading-main"), EventSelectors: []cloudtrailtypes.EventSelector{{
			ReadWriteType: cloudtrailtypes.ReadWriteTypeAll, IncludeManagementEvents: aws.Bool(true),
			DataResources: []cloudtrailtypes.DataResource{{Type: aws.String("AWS::S3::Object"), Values: []string{"arn:aws:s3:::" + prefix + "customer-data/"}}}}}})
		return err
	})
	s.made("cloudtrail.trail", Tokyo, 1)
	weak := cloudtrail.NewFromConfig(s.config(Virginia))
	s.do("weak trail", func() error {
		_, err := weak.CreateTrail(s.ctx, &cloudtrail.CreateTrailInput{Name: aws.String("legacy-us"), S3BucketName: aws.String(prefix + "analytics"),
			IsMultiRegionTrail: aws.Bool(false), EnableLogFileValidation: aws.Bool(false)})
		return err
	})
	s.made("cloudtrail.trail", Virginia, 1)
}

// watchers turns AWS Config on in one region, GuardDuty in two and Security Hub in one.
func (s *seeder) watchers() {
	cfg := configservice.NewFromConfig(s.config(Tokyo))
	s.do("configuration recorder", func() error {
		if _, err := cfg.PutConfigurationRecorder(s.ctx, &configservice.PutConfigurationRecorderInput{ConfigurationRecorder: &configtypes.ConfigurationRecorder{Name: aws.String("default"),
			RoleARN: aws.String("arn:aws:iam::" + AccountID + ":role/config-recorder"), RecordingGroup: &configtypes.RecordingGroup{AllSupported: true, IncludeGlobalResourceTypes: true}}}); err != nil {
			return err
		}
		if _, err := cfg.PutDeliveryChannel(s.ctx, &configservice.PutDeliveryChannelInput{DeliveryChannel: &configtypes.DeliveryChannel{Name: aws.String("default"), S3BucketName: aws.String(prefix + "config")}}); err != nil {
			return err
		}
		_, err := cfg.StartConfigurationRecorder(s.ctx, &configservice.StartConfigurationRecorderInput{ConfigurationRecorderName: aws.String("default")})
		return err
	})
	s.made("config.recorder", Tokyo, 1)
	s.made("config.delivery-channel", Tokyo, 1)
	for _, region := range []string{Tokyo, Virginia} {
		s.do("detector in "+region, func() error {
			_, err := guardduty.NewFromConfig(s.config(region)).CreateDetector(s.ctx, &guardduty.CreateDetectorInput{Enable: aws.Bool(true), Tags: map[string]string{"Owner": "情報システム部"}})
			return err
		})
		s.made("guardduty.detector", region, 1)
	}
	s.do("security hub", func() error {
		c := securityhub.NewFromConfig(s.config(Tokyo))
		_, err := c.EnableSecurityHub(s.ctx, &securityhub.EnableSecurityHubInput{EnableDefaultStandards: aws.Bool(false), Tags: map[string]string{"Owner": "情報システム部"}})
		return err
	})
	s.made("securityhub.hub", Tokyo, 1)
}
