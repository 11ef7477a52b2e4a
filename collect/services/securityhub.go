package services

import (
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
			func(cfg aws.Config) *securityhub.Client { return securityhub.NewFromConfig(cfg) },
			collect.NewOp("securityhub", "DescribeHub", (*securityhub.Client).DescribeHub),
			securityhub.DescribeHubInput{},
			func(out *securityhub.DescribeHubOutput) []securityhub.DescribeHubOutput {
				return []securityhub.DescribeHubOutput{*out}
			},
			func(_ *collect.Session, h securityhub.DescribeHubOutput, _ bundle.From) collect.ID {
				return collect.ID{ID: "default", ARN: aws.ToString(h.HubArn)}
			},
			collect.Read("EnabledStandards", collect.NewOp("securityhub", "GetEnabledStandards", (*securityhub.Client).GetEnabledStandards).
				Paged(func(in *securityhub.GetEnabledStandardsInput, out *securityhub.GetEnabledStandardsOutput) (**string, *string) {
					return &in.NextToken, out.NextToken
				}),
				func(securityhub.DescribeHubOutput) *securityhub.GetEnabledStandardsInput {
					return &securityhub.GetEnabledStandardsInput{}
				}),
		),
	}}
}
