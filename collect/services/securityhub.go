package services

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/securityhub/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// noHub is how Security Hub says that the account is not subscribed in the region.
var noHub = []collect.Says{{Code: "InvalidAccessException", Message: "not subscribed"}, {Code: "ResourceNotFoundException"}}

// SecurityHub collects the hub and its enabled standards and products, who administers it and whom, automation rules, which can
// suppress findings, and where findings of regions come together. DescribeHub is also the list: an account that is not subscribed in
// a region has an empty, complete population there. AWS uses the same code for a caller without permission, so the message
// decides.
func SecurityHub() collect.Service {
	return collect.Service{Name: "securityhub", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{
			Name: "securityhub.hub", Scope: bundle.ScopeRegion, Item: "Hub", Tags: "Tags.Tags", Empty: noHub,
		},
			securityhubDescribeHub,
			securityhub.DescribeHubInput{},
			func(out *securityhub.DescribeHubOutput) []securityhub.DescribeHubOutput {
				return []securityhub.DescribeHubOutput{*out}
			},
			func(_ *collect.Session, h securityhub.DescribeHubOutput, _ bundle.From) collect.ID {
				return collect.ID{ID: "default", ARN: aws.ToString(h.HubArn)}
			},
			collect.Read("EnabledStandards", securityhubGetEnabledStandards,
				func(securityhub.DescribeHubOutput) *securityhub.GetEnabledStandardsInput {
					return &securityhub.GetEnabledStandardsInput{}
				}),
			collect.Read("EnabledProducts", securityhubListEnabledProductsForImport,
				func(securityhub.DescribeHubOutput) *securityhub.ListEnabledProductsForImportInput {
					return &securityhub.ListEnabledProductsForImportInput{MaxResults: aws.Int32(100)}
				}),
			collect.Read("Administrator", securityhubGetAdministratorAccount,
				func(securityhub.DescribeHubOutput) *securityhub.GetAdministratorAccountInput {
					return &securityhub.GetAdministratorAccountInput{}
				}, "ResourceNotFoundException"),
			collect.Read("Members", securityhubListMembers,
				func(securityhub.DescribeHubOutput) *securityhub.ListMembersInput {
					return &securityhub.ListMembersInput{OnlyAssociated: aws.Bool(false), MaxResults: aws.Int32(50)}
				}),
			securityhubTags(func(h securityhub.DescribeHubOutput) *string { return h.HubArn }),
		),
		collect.Listed(collect.Kind{
			Name: "securityhub.automation-rule", Scope: bundle.ScopeRegion, Item: "AutomationRule", Tags: "Tags.Tags", Empty: noHub,
		},
			securityhubListAutomationRules, securityhub.ListAutomationRulesInput{MaxResults: aws.Int32(100)},
			func(out *securityhub.ListAutomationRulesOutput) []types.AutomationRulesMetadata {
				return out.AutomationRulesMetadata
			},
			func(_ *collect.Session, r types.AutomationRulesMetadata, _ bundle.From) collect.ID {
				return collect.ID{ID: lastOf(aws.ToString(r.RuleArn), "/"), ARN: aws.ToString(r.RuleArn)}
			},
			collect.Read("Configuration", securityhubBatchGetAutomationRules,
				func(r types.AutomationRulesMetadata) *securityhub.BatchGetAutomationRulesInput {
					return &securityhub.BatchGetAutomationRulesInput{AutomationRulesArns: []string{aws.ToString(r.RuleArn)}}
				}),
			securityhubTags(func(r types.AutomationRulesMetadata) *string { return r.RuleArn }),
		),
		collect.Listed(collect.Kind{Name: "securityhub.finding-aggregator", Scope: bundle.ScopeRegion, Empty: noHub},
			securityhubListFindingAggregators, securityhub.ListFindingAggregatorsInput{MaxResults: aws.Int32(100)},
			func(out *securityhub.ListFindingAggregatorsOutput) []types.FindingAggregator {
				return out.FindingAggregators
			},
			func(s *collect.Session, a types.FindingAggregator, _ bundle.From) collect.ID {
				return aggregatorID(aws.ToString(a.FindingAggregatorArn), s.Region(), s.Regions())
			},
			collect.Read("FindingAggregator", securityhubGetFindingAggregator,
				func(a types.FindingAggregator) *securityhub.GetFindingAggregatorInput {
					return &securityhub.GetFindingAggregatorInput{FindingAggregatorArn: a.FindingAggregatorArn}
				}),
		),
	}}
}

// securityhubTags is the part with the tags of the resource that arn names.
func securityhubTags[S any](arn func(S) *string) collect.Part[S] {
	return collect.Read("Tags", securityhubListTagsForResource,
		func(item S) *securityhub.ListTagsForResourceInput {
			return &securityhub.ListTagsForResourceInput{ResourceArn: arn(item)}
		})
}

// aggregatorID names an aggregator. One that another collected region is home to is kept there, whatever regions show it.
func aggregatorID(arn, region string, collected []string) collect.ID {
	id := collect.ID{ID: lastOf(arn, "/"), ARN: arn}
	if f := strings.Split(arn, ":"); len(f) > 3 && f[3] != region {
		id.Skip = slices.Contains(collected, f[3])
	}
	return id
}

func securityhubClient(cfg aws.Config) *securityhub.Client { return securityhub.NewFromConfig(cfg) }

// The operations of this file.
var (
	securityhubDescribeHub = collect.NewOp("securityhub", "DescribeHub",
		func(ctx context.Context, cfg aws.Config, in *securityhub.DescribeHubInput) (*securityhub.DescribeHubOutput, error) {
			return securityhubClient(cfg).DescribeHub(ctx, in)
		})
	securityhubGetEnabledStandards = collect.NewOp("securityhub", "GetEnabledStandards",
		func(ctx context.Context, cfg aws.Config, in *securityhub.GetEnabledStandardsInput) (*securityhub.GetEnabledStandardsOutput, error) {
			return securityhubClient(cfg).GetEnabledStandards(ctx, in)
		}).Paged(func(in *securityhub.GetEnabledStandardsInput, out *securityhub.GetEnabledStandardsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	securityhubListEnabledProductsForImport = collect.NewOp("securityhub", "ListEnabledProductsForImport",
		func(ctx context.Context, cfg aws.Config, in *securityhub.ListEnabledProductsForImportInput) (*securityhub.ListEnabledProductsForImportOutput, error) {
			return securityhubClient(cfg).ListEnabledProductsForImport(ctx, in)
		}).Paged(func(in *securityhub.ListEnabledProductsForImportInput, out *securityhub.ListEnabledProductsForImportOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	securityhubGetAdministratorAccount = collect.NewOp("securityhub", "GetAdministratorAccount",
		func(ctx context.Context, cfg aws.Config, in *securityhub.GetAdministratorAccountInput) (*securityhub.GetAdministratorAccountOutput, error) {
			return securityhubClient(cfg).GetAdministratorAccount(ctx, in)
		})
	securityhubListMembers = collect.NewOp("securityhub", "ListMembers",
		func(ctx context.Context, cfg aws.Config, in *securityhub.ListMembersInput) (*securityhub.ListMembersOutput, error) {
			return securityhubClient(cfg).ListMembers(ctx, in)
		}).Paged(func(in *securityhub.ListMembersInput, out *securityhub.ListMembersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	securityhubListTagsForResource = collect.NewOp("securityhub", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *securityhub.ListTagsForResourceInput) (*securityhub.ListTagsForResourceOutput, error) {
			return securityhubClient(cfg).ListTagsForResource(ctx, in)
		})
	securityhubListAutomationRules = collect.NewOp("securityhub", "ListAutomationRules",
		func(ctx context.Context, cfg aws.Config, in *securityhub.ListAutomationRulesInput) (*securityhub.ListAutomationRulesOutput, error) {
			return securityhubClient(cfg).ListAutomationRules(ctx, in)
		}).Paged(func(in *securityhub.ListAutomationRulesInput, out *securityhub.ListAutomationRulesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	securityhubBatchGetAutomationRules = collect.NewOp("securityhub", "BatchGetAutomationRules",
		func(ctx context.Context, cfg aws.Config, in *securityhub.BatchGetAutomationRulesInput) (*securityhub.BatchGetAutomationRulesOutput, error) {
			return securityhubClient(cfg).BatchGetAutomationRules(ctx, in)
		})
	securityhubListFindingAggregators = collect.NewOp("securityhub", "ListFindingAggregators",
		func(ctx context.Context, cfg aws.Config, in *securityhub.ListFindingAggregatorsInput) (*securityhub.ListFindingAggregatorsOutput, error) {
			return securityhubClient(cfg).ListFindingAggregators(ctx, in)
		}).Paged(func(in *securityhub.ListFindingAggregatorsInput, out *securityhub.ListFindingAggregatorsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	securityhubGetFindingAggregator = collect.NewOp("securityhub", "GetFindingAggregator",
		func(ctx context.Context, cfg aws.Config, in *securityhub.GetFindingAggregatorInput) (*securityhub.GetFindingAggregatorOutput, error) {
			return securityhubClient(cfg).GetFindingAggregator(ctx, in)
		})
)
