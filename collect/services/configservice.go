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
	return collect.Service{Name: "config", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "config.recorder", Scope: bundle.ScopeRegion, Item: "Recorder"},
			configDescribeConfigurationRecorders,
			configservice.DescribeConfigurationRecordersInput{},
			func(out *configservice.DescribeConfigurationRecordersOutput) []types.ConfigurationRecorder {
				return out.ConfigurationRecorders
			},
			func(_ *collect.Session, r types.ConfigurationRecorder, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(r.Name), ARN: aws.ToString(r.Arn)}
			},
			recorderStatus(),
		),
		collect.Listed(collect.Kind{Name: "config.delivery-channel", Scope: bundle.ScopeRegion, Item: "DeliveryChannel"},
			configDescribeDeliveryChannels,
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
func recorderStatus() collect.Part[types.ConfigurationRecorder] {
	read := func(ctx context.Context, s *collect.Session, r types.ConfigurationRecorder) bundle.Part {
		out, calls, f := collect.Get(ctx, s, configDescribeConfigurationRecorderStatus, &configservice.DescribeConfigurationRecorderStatusInput{})
		if f != nil {
			return f.Part(calls)
		}
		for i, status := range out.ConfigurationRecordersStatus {
			if aws.ToString(status.Name) == aws.ToString(r.Name) {
				part := s.OK(configDescribeConfigurationRecorderStatus.Operation, status, calls)
				part.From = &bundle.From{Index: i}
				return part
			}
		}
		return s.Missing(configDescribeConfigurationRecorderStatus.Operation, "RowMissing", "the list of recorder statuses does not name this recorder", calls)
	}
	return collect.Custom[types.ConfigurationRecorderStatus]("Status", []collect.Operation{configDescribeConfigurationRecorderStatus.Operation}, read)
}

func configClient(cfg aws.Config) *configservice.Client { return configservice.NewFromConfig(cfg) }

// The operations of this file.
var (
	configDescribeConfigurationRecorders = collect.NewOp("config", "DescribeConfigurationRecorders",
		func(ctx context.Context, cfg aws.Config, in *configservice.DescribeConfigurationRecordersInput) (*configservice.DescribeConfigurationRecordersOutput, error) {
			return configClient(cfg).DescribeConfigurationRecorders(ctx, in)
		})
	configDescribeDeliveryChannels = collect.NewOp("config", "DescribeDeliveryChannels",
		func(ctx context.Context, cfg aws.Config, in *configservice.DescribeDeliveryChannelsInput) (*configservice.DescribeDeliveryChannelsOutput, error) {
			return configClient(cfg).DescribeDeliveryChannels(ctx, in)
		})
	configDescribeConfigurationRecorderStatus = collect.NewOp("config", "DescribeConfigurationRecorderStatus",
		func(ctx context.Context, cfg aws.Config, in *configservice.DescribeConfigurationRecorderStatusInput) (*configservice.DescribeConfigurationRecorderStatusOutput, error) {
			return configClient(cfg).DescribeConfigurationRecorderStatus(ctx, in)
		}).Shared()
)
