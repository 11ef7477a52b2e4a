package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CloudTrail collects trails in their home regions. The copies that other regions show of a trail are left out here rather
// than by asking for no shadow trails: that would also hide an organization's trail from its member accounts.
func CloudTrail() collect.Service {
	return collect.Service{Name: "cloudtrail", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "cloudtrail.trail", Scope: bundle.ScopeRegion, Tags: "Tags.ResourceTagList.TagsList", Item: "Trail"},
			cloudtrailDescribeTrails,
			cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(true)},
			func(out *cloudtrail.DescribeTrailsOutput) []types.Trail { return out.TrailList },
			func(s *collect.Session, t types.Trail, _ bundle.From) collect.ID {
				home := aws.ToString(t.HomeRegion)
				return collect.ID{ID: aws.ToString(t.Name), ARN: aws.ToString(t.TrailARN), Skip: home != "" && home != s.Region()}
			},
			collect.Read("Status", cloudtrailGetTrailStatus,
				func(t types.Trail) *cloudtrail.GetTrailStatusInput {
					return &cloudtrail.GetTrailStatusInput{Name: t.TrailARN}
				}),
			collect.Read("EventSelectors", cloudtrailGetEventSelectors,
				func(t types.Trail) *cloudtrail.GetEventSelectorsInput {
					return &cloudtrail.GetEventSelectorsInput{TrailName: t.TrailARN}
				}),
			collect.Read("Tags", cloudtrailListTags,
				func(t types.Trail) *cloudtrail.ListTagsInput {
					return &cloudtrail.ListTagsInput{ResourceIdList: []string{aws.ToString(t.TrailARN)}}
				}),
		),
	}}
}

func cloudtrailClient(cfg aws.Config) *cloudtrail.Client { return cloudtrail.NewFromConfig(cfg) }

// The operations of this file.
var (
	cloudtrailDescribeTrails = collect.NewOp("cloudtrail", "DescribeTrails",
		func(ctx context.Context, cfg aws.Config, in *cloudtrail.DescribeTrailsInput) (*cloudtrail.DescribeTrailsOutput, error) {
			return cloudtrailClient(cfg).DescribeTrails(ctx, in)
		})
	cloudtrailGetTrailStatus = collect.NewOp("cloudtrail", "GetTrailStatus",
		func(ctx context.Context, cfg aws.Config, in *cloudtrail.GetTrailStatusInput) (*cloudtrail.GetTrailStatusOutput, error) {
			return cloudtrailClient(cfg).GetTrailStatus(ctx, in)
		})
	cloudtrailGetEventSelectors = collect.NewOp("cloudtrail", "GetEventSelectors",
		func(ctx context.Context, cfg aws.Config, in *cloudtrail.GetEventSelectorsInput) (*cloudtrail.GetEventSelectorsOutput, error) {
			return cloudtrailClient(cfg).GetEventSelectors(ctx, in)
		})
	cloudtrailListTags = collect.NewOp("cloudtrail", "ListTags",
		func(ctx context.Context, cfg aws.Config, in *cloudtrail.ListTagsInput) (*cloudtrail.ListTagsOutput, error) {
			return cloudtrailClient(cfg).ListTags(ctx, in)
		}).Paged(func(in *cloudtrail.ListTagsInput, out *cloudtrail.ListTagsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
