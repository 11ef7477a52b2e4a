package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ConfigService collects AWS Config's recorders and delivery channels, its rules and conformance packs with what they found, and
// where configuration is gathered and how long it is kept. Without a name AWS lists the recorder that the account manages: those
// that other services made for themselves are not among them.
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
		collect.Listed(collect.Kind{Name: "config.config-rule", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "ConfigRule"},
			configDescribeConfigRules, configservice.DescribeConfigRulesInput{},
			func(out *configservice.DescribeConfigRulesOutput) []types.ConfigRule { return out.ConfigRules },
			func(_ *collect.Session, r types.ConfigRule, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(r.ConfigRuleName), ARN: aws.ToString(r.ConfigRuleArn)}
			},
			collect.Read("Compliance", configDescribeComplianceByConfigRule,
				func(r types.ConfigRule) *configservice.DescribeComplianceByConfigRuleInput {
					return &configservice.DescribeComplianceByConfigRuleInput{ConfigRuleNames: []string{aws.ToString(r.ConfigRuleName)}}
				}),
			configTags(func(r types.ConfigRule) *string { return r.ConfigRuleArn }),
		),
		collect.Listed(collect.Kind{Name: "config.conformance-pack", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "ConformancePack"},
			configDescribeConformancePacks, configservice.DescribeConformancePacksInput{Limit: 20},
			func(out *configservice.DescribeConformancePacksOutput) []types.ConformancePackDetail {
				return out.ConformancePackDetails
			},
			func(_ *collect.Session, p types.ConformancePackDetail, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.ConformancePackName), ARN: aws.ToString(p.ConformancePackArn)}
			},
			collect.Read("Status", configDescribeConformancePackStatus,
				func(p types.ConformancePackDetail) *configservice.DescribeConformancePackStatusInput {
					return &configservice.DescribeConformancePackStatusInput{ConformancePackNames: []string{aws.ToString(p.ConformancePackName)}}
				}),
			collect.Read("ComplianceSummary", configGetConformancePackComplianceSummary,
				func(p types.ConformancePackDetail) *configservice.GetConformancePackComplianceSummaryInput {
					return &configservice.GetConformancePackComplianceSummaryInput{ConformancePackNames: []string{aws.ToString(p.ConformancePackName)}}
				}),
			configTags(func(p types.ConformancePackDetail) *string { return p.ConformancePackArn }),
		),
		collect.Listed(collect.Kind{Name: "config.config-aggregator", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "ConfigurationAggregator"},
			configDescribeConfigurationAggregators, configservice.DescribeConfigurationAggregatorsInput{},
			func(out *configservice.DescribeConfigurationAggregatorsOutput) []types.ConfigurationAggregator {
				return out.ConfigurationAggregators
			},
			func(_ *collect.Session, a types.ConfigurationAggregator, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.ConfigurationAggregatorName), ARN: aws.ToString(a.ConfigurationAggregatorArn)}
			},
			configTags(func(a types.ConfigurationAggregator) *string { return a.ConfigurationAggregatorArn }),
		),
		collect.Listed(collect.Kind{Name: "config.retention-configuration", Scope: bundle.ScopeRegion, Item: "RetentionConfiguration"},
			configDescribeRetentionConfigurations, configservice.DescribeRetentionConfigurationsInput{},
			func(out *configservice.DescribeRetentionConfigurationsOutput) []types.RetentionConfiguration {
				return out.RetentionConfigurations
			},
			func(_ *collect.Session, r types.RetentionConfiguration, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(r.Name)}
			}),
	}}
}

// configTags is the part with the tags of the resource that arn names.
func configTags[S any](arn func(S) *string) collect.Part[S] {
	return collect.Read("Tags", configListTagsForResource,
		func(item S) *configservice.ListTagsForResourceInput {
			return &configservice.ListTagsForResourceInput{ResourceArn: arn(item), Limit: 100}
		})
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
	configDescribeConfigRules = collect.NewOp("config", "DescribeConfigRules",
		func(ctx context.Context, cfg aws.Config, in *configservice.DescribeConfigRulesInput) (*configservice.DescribeConfigRulesOutput, error) {
			return configClient(cfg).DescribeConfigRules(ctx, in)
		}).Paged(func(in *configservice.DescribeConfigRulesInput, out *configservice.DescribeConfigRulesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	configDescribeComplianceByConfigRule = collect.NewOp("config", "DescribeComplianceByConfigRule",
		func(ctx context.Context, cfg aws.Config, in *configservice.DescribeComplianceByConfigRuleInput) (*configservice.DescribeComplianceByConfigRuleOutput, error) {
			return configClient(cfg).DescribeComplianceByConfigRule(ctx, in)
		}).Paged(func(in *configservice.DescribeComplianceByConfigRuleInput, out *configservice.DescribeComplianceByConfigRuleOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	configDescribeConformancePacks = collect.NewOp("config", "DescribeConformancePacks",
		func(ctx context.Context, cfg aws.Config, in *configservice.DescribeConformancePacksInput) (*configservice.DescribeConformancePacksOutput, error) {
			return configClient(cfg).DescribeConformancePacks(ctx, in)
		}).Paged(func(in *configservice.DescribeConformancePacksInput, out *configservice.DescribeConformancePacksOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	configDescribeConformancePackStatus = collect.NewOp("config", "DescribeConformancePackStatus",
		func(ctx context.Context, cfg aws.Config, in *configservice.DescribeConformancePackStatusInput) (*configservice.DescribeConformancePackStatusOutput, error) {
			return configClient(cfg).DescribeConformancePackStatus(ctx, in)
		}).Paged(func(in *configservice.DescribeConformancePackStatusInput, out *configservice.DescribeConformancePackStatusOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	configGetConformancePackComplianceSummary = collect.NewOp("config", "GetConformancePackComplianceSummary",
		func(ctx context.Context, cfg aws.Config, in *configservice.GetConformancePackComplianceSummaryInput) (*configservice.GetConformancePackComplianceSummaryOutput, error) {
			return configClient(cfg).GetConformancePackComplianceSummary(ctx, in)
		}).Paged(func(in *configservice.GetConformancePackComplianceSummaryInput, out *configservice.GetConformancePackComplianceSummaryOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	configDescribeConfigurationAggregators = collect.NewOp("config", "DescribeConfigurationAggregators",
		func(ctx context.Context, cfg aws.Config, in *configservice.DescribeConfigurationAggregatorsInput) (*configservice.DescribeConfigurationAggregatorsOutput, error) {
			return configClient(cfg).DescribeConfigurationAggregators(ctx, in)
		}).Paged(func(in *configservice.DescribeConfigurationAggregatorsInput, out *configservice.DescribeConfigurationAggregatorsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	configDescribeRetentionConfigurations = collect.NewOp("config", "DescribeRetentionConfigurations",
		func(ctx context.Context, cfg aws.Config, in *configservice.DescribeRetentionConfigurationsInput) (*configservice.DescribeRetentionConfigurationsOutput, error) {
			return configClient(cfg).DescribeRetentionConfigurations(ctx, in)
		}).Paged(func(in *configservice.DescribeRetentionConfigurationsInput, out *configservice.DescribeRetentionConfigurationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	configListTagsForResource = collect.NewOp("config", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *configservice.ListTagsForResourceInput) (*configservice.ListTagsForResourceOutput, error) {
			return configClient(cfg).ListTagsForResource(ctx, in)
		}).Paged(func(in *configservice.ListTagsForResourceInput, out *configservice.ListTagsForResourceOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
