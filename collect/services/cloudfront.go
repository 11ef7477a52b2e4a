package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CloudFront collects distributions and the two ways in which they sign requests to their origins. The values of headers that a
// distribution adds for its origin are often a shared secret and are replaced at collection.
func CloudFront() collect.Service {
	return collect.Service{Name: "cloudfront", Kinds: []collect.Kind{
		cloudfrontDistribution(),
		collect.Listed(collect.Kind{
			Name: "cloudfront.origin-access-control", Scope: bundle.ScopeAccount, Item: "OriginAccessControl",
		},
			cloudfrontListOriginAccessControls, cloudfront.ListOriginAccessControlsInput{},
			func(out *cloudfront.ListOriginAccessControlsOutput) []types.OriginAccessControlSummary {
				if out.OriginAccessControlList == nil {
					return nil
				}
				return out.OriginAccessControlList.Items
			},
			func(s *collect.Session, c types.OriginAccessControlSummary, _ bundle.From) collect.ID {
				return cloudfrontID(s, "origin-access-control", c.Id)
			}),
		collect.Listed(collect.Kind{
			Name: "cloudfront.origin-access-identity", Scope: bundle.ScopeAccount, Item: "OriginAccessIdentity",
		},
			cloudfrontListCloudFrontOriginAccessIdentities, cloudfront.ListCloudFrontOriginAccessIdentitiesInput{},
			func(out *cloudfront.ListCloudFrontOriginAccessIdentitiesOutput) []types.CloudFrontOriginAccessIdentitySummary {
				if out.CloudFrontOriginAccessIdentityList == nil {
					return nil
				}
				return out.CloudFrontOriginAccessIdentityList.Items
			},
			func(s *collect.Session, i types.CloudFrontOriginAccessIdentitySummary, _ bundle.From) collect.ID {
				return cloudfrontID(s, "origin-access-identity", i.Id)
			}),
	}}
}

// cloudfrontDistribution is the kind of distributions. The list item has no logging and no root object: those are in the
// configuration.
func cloudfrontDistribution() collect.Kind {
	return collect.Listed(collect.Kind{
		Name: "cloudfront.distribution", Scope: bundle.ScopeAccount, Tags: "Tags.Tags.Items", Item: "Distribution",
	},
		cloudfrontListDistributions, cloudfront.ListDistributionsInput{},
		func(out *cloudfront.ListDistributionsOutput) []types.DistributionSummary {
			if out.DistributionList == nil {
				return nil
			}
			return out.DistributionList.Items
		},
		func(_ *collect.Session, d types.DistributionSummary, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(d.Id), ARN: aws.ToString(d.ARN)}
		},
		collect.Read("DistributionConfig", cloudfrontGetDistributionConfig,
			func(d types.DistributionSummary) *cloudfront.GetDistributionConfigInput {
				return &cloudfront.GetDistributionConfigInput{Id: d.Id}
			}),
		collect.Read("Tags", cloudfrontListTagsForResource,
			func(d types.DistributionSummary) *cloudfront.ListTagsForResourceInput {
				return &cloudfront.ListTagsForResourceInput{Resource: d.ARN}
			}),
	)
}

// cloudfrontID names a resource that belongs to the account in all regions.
func cloudfrontID(s *collect.Session, noun string, id *string) collect.ID {
	return collect.ID{
		ID: aws.ToString(id), ARN: "arn:" + s.Partition() + ":cloudfront::" + s.Account() + ":" + noun + "/" + aws.ToString(id),
	}
}

func cloudfrontClient(cfg aws.Config) *cloudfront.Client { return cloudfront.NewFromConfig(cfg) }

// The operations of this file.
var (
	cloudfrontListDistributions = collect.NewOp("cloudfront", "ListDistributions",
		func(ctx context.Context, cfg aws.Config, in *cloudfront.ListDistributionsInput) (*cloudfront.ListDistributionsOutput, error) {
			return cloudfrontClient(cfg).ListDistributions(ctx, in)
		}).Paged(func(in *cloudfront.ListDistributionsInput, out *cloudfront.ListDistributionsOutput) (**string, *string) {
		if out.DistributionList == nil {
			return &in.Marker, nil
		}
		return &in.Marker, out.DistributionList.NextMarker
	})
	cloudfrontGetDistributionConfig = collect.NewOp("cloudfront", "GetDistributionConfig",
		func(ctx context.Context, cfg aws.Config, in *cloudfront.GetDistributionConfigInput) (*cloudfront.GetDistributionConfigOutput, error) {
			return cloudfrontClient(cfg).GetDistributionConfig(ctx, in)
		})
	cloudfrontListOriginAccessControls = collect.NewOp("cloudfront", "ListOriginAccessControls",
		func(ctx context.Context, cfg aws.Config, in *cloudfront.ListOriginAccessControlsInput) (*cloudfront.ListOriginAccessControlsOutput, error) {
			return cloudfrontClient(cfg).ListOriginAccessControls(ctx, in)
		}).Paged(func(in *cloudfront.ListOriginAccessControlsInput, out *cloudfront.ListOriginAccessControlsOutput) (**string, *string) {
		if out.OriginAccessControlList == nil {
			return &in.Marker, nil
		}
		return &in.Marker, out.OriginAccessControlList.NextMarker
	})
	cloudfrontListCloudFrontOriginAccessIdentities = collect.NewOp("cloudfront", "ListCloudFrontOriginAccessIdentities",
		func(ctx context.Context, cfg aws.Config, in *cloudfront.ListCloudFrontOriginAccessIdentitiesInput) (*cloudfront.ListCloudFrontOriginAccessIdentitiesOutput, error) {
			return cloudfrontClient(cfg).ListCloudFrontOriginAccessIdentities(ctx, in)
		}).Paged(func(in *cloudfront.ListCloudFrontOriginAccessIdentitiesInput, out *cloudfront.ListCloudFrontOriginAccessIdentitiesOutput) (**string, *string) {
		if out.CloudFrontOriginAccessIdentityList == nil {
			return &in.Marker, nil
		}
		return &in.Marker, out.CloudFrontOriginAccessIdentityList.NextMarker
	})
	cloudfrontListTagsForResource = collect.NewOp("cloudfront", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *cloudfront.ListTagsForResourceInput) (*cloudfront.ListTagsForResourceOutput, error) {
			return cloudfrontClient(cfg).ListTagsForResource(ctx, in)
		})
)
