package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ConfigService collects AWS Config's recorders and delivery channels.
func ConfigService() collect.Service {
	client := func(cfg aws.Config) *configservice.Client { return configservice.NewFromConfig(cfg) }
	return collect.Service{Name: "config", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "config.recorder", Scope: bundle.ScopeRegion, Item: "Recorder"}, client,
			collect.NewOp("config", "DescribeConfigurationRecorders", (*configservice.Client).DescribeConfigurationRecorders),
			configservice.DescribeConfigurationRecordersInput{},
			func(out *configservice.DescribeConfigurationRecordersOutput) []types.ConfigurationRecorder {
				return out.ConfigurationRecorders
			},
			func(_ *collect.Session, r types.ConfigurationRecorder, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(r.Name), ARN: aws.ToString(r.Arn)}
			},
			recorderStatus(),
		),
		collect.Listed(collect.Kind{Name: "config.delivery-channel", Scope: bundle.ScopeRegion, Item: "DeliveryChannel"}, client,
			collect.NewOp("config", "DescribeDeliveryChannels", (*configservice.Client).DescribeDeliveryChannels),
			configservice.DescribeDeliveryChannelsInput{},
			func(out *configservice.DescribeDeliveryChannelsOutput) []types.DeliveryChannel {
				return out.DeliveryChannels
			},
			func(_ *collect.Session, c types.DeliveryChannel, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(c.Name)}
			}),
	}}
}

// recorderStatus takes a recorder's status out of the one answer that lists the status of all recorders.
func recorderStatus() collect.Part[*configservice.Client, types.ConfigurationRecorder] {
	op := collect.NewOp("config", "DescribeConfigurationRecorderStatus", (*configservice.Client).DescribeConfigurationRecorderStatus).Shared()
	read := func(ctx context.Context, s *collect.Session, c *configservice.Client, r types.ConfigurationRecorder) bundle.Part {
		out, calls, f := collect.Get(ctx, s, c, op, &configservice.DescribeConfigurationRecorderStatusInput{})
		if f != nil {
			return f.Part(calls)
		}
		for i, status := range out.ConfigurationRecordersStatus {
			if aws.ToString(status.Name) == aws.ToString(r.Name) {
				part := s.OK(op.Operation, status, calls)
				part.From = &bundle.From{Index: i}
				return part
			}
		}
		return s.Missing(op.Operation, "RowMissing", "the list of recorder statuses does not name this recorder", calls)
	}
	return collect.Custom[types.ConfigurationRecorderStatus]("Status", []collect.Operation{op.Operation}, read)
}
