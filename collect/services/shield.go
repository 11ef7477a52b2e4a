package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Shield collects the subscription to Shield Advanced and the resources that it protects. The service is global, and the SDK finds
// its only endpoint, in us-east-1. An account that is not subscribed gets ResourceNotFoundException.
func Shield() collect.Service {
	return collect.Service{Name: "shield", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "shield.subscription", Scope: bundle.ScopeAccount},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Account()} },
			collect.Read("Subscription", shieldDescribeSubscription,
				func(*collect.Session) *shield.DescribeSubscriptionInput { return &shield.DescribeSubscriptionInput{} },
				"ResourceNotFoundException"),
			collect.Read("EmergencyContacts", shieldDescribeEmergencyContactSettings,
				func(*collect.Session) *shield.DescribeEmergencyContactSettingsInput {
					return &shield.DescribeEmergencyContactSettingsInput{}
				},
				"ResourceNotFoundException"),
		),
		collect.Listed(collect.Kind{
			Name: "shield.protection", Scope: bundle.ScopeAccount, Tags: "Tags.Tags", Item: "Protection",
			Empty: []collect.Says{{Code: "ResourceNotFoundException"}},
		},
			shieldListProtections,
			shield.ListProtectionsInput{MaxResults: aws.Int32(1000)},
			func(out *shield.ListProtectionsOutput) []types.Protection { return out.Protections },
			func(_ *collect.Session, p types.Protection, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.Id), ARN: aws.ToString(p.ProtectionArn)}
			},
			collect.Read("Tags", shieldListTagsForResource,
				func(p types.Protection) *shield.ListTagsForResourceInput {
					return &shield.ListTagsForResourceInput{ResourceARN: p.ProtectionArn}
				}),
		),
	}}
}

func shieldClient(cfg aws.Config) *shield.Client { return shield.NewFromConfig(cfg) }

// The operations of this file.
var (
	shieldDescribeSubscription = collect.NewOp("shield", "DescribeSubscription",
		func(ctx context.Context, cfg aws.Config, in *shield.DescribeSubscriptionInput) (*shield.DescribeSubscriptionOutput, error) {
			return shieldClient(cfg).DescribeSubscription(ctx, in)
		})
	shieldDescribeEmergencyContactSettings = collect.NewOp("shield", "DescribeEmergencyContactSettings",
		func(ctx context.Context, cfg aws.Config, in *shield.DescribeEmergencyContactSettingsInput) (*shield.DescribeEmergencyContactSettingsOutput, error) {
			return shieldClient(cfg).DescribeEmergencyContactSettings(ctx, in)
		})
	shieldListProtections = collect.NewOp("shield", "ListProtections",
		func(ctx context.Context, cfg aws.Config, in *shield.ListProtectionsInput) (*shield.ListProtectionsOutput, error) {
			return shieldClient(cfg).ListProtections(ctx, in)
		}).Paged(func(in *shield.ListProtectionsInput, out *shield.ListProtectionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	shieldListTagsForResource = collect.NewOp("shield", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *shield.ListTagsForResourceInput) (*shield.ListTagsForResourceOutput, error) {
			return shieldClient(cfg).ListTagsForResource(ctx, in)
		})
)
