package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// SecurityHub collects the hub and its enabled standards. DescribeHub is also the list: an account that is not subscribed in
// a region has an empty, complete population there. AWS uses the same code for a caller without permission, so the message
// decides.
func SecurityHub() collect.Service {
	return collect.Service{Name: "securityhub", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{
			Name: "securityhub.hub", Scope: bundle.ScopeRegion, Item: "Hub",
			Empty: []collect.Says{{Code: "InvalidAccessException", Message: "not subscribed"}, {Code: "ResourceNotFoundException"}},
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
		),
	}}
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
)
