package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ControlTower collects the landing zone, and the controls and baselines that are enabled under it. A landing zone lives in its
// home region and in the account that manages it; where there is none, controls and baselines are not asked for and their
// populations are empty. That another account of the organization manages one is not seen there.
func ControlTower() collect.Service {
	return collect.Service{Name: "controltower", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "controltower.landing-zone", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			controltowerListLandingZones, controltower.ListLandingZonesInput{},
			func(out *controltower.ListLandingZonesOutput) []types.LandingZoneSummary { return out.LandingZones },
			func(_ *collect.Session, z types.LandingZoneSummary, _ bundle.From) collect.ID {
				return controltowerID(z.Arn)
			},
			collect.Read("LandingZone", controltowerGetLandingZone,
				func(z types.LandingZoneSummary) *controltower.GetLandingZoneInput {
					return &controltower.GetLandingZoneInput{LandingZoneIdentifier: z.Arn}
				}),
			controltowerTags(func(z types.LandingZoneSummary) *string { return z.Arn }),
		),
		controltowerEnabledControl(),
		controltowerEnabledBaseline(),
	}}
}

// controltowerEnabledControl collects the controls that are enabled on organizational units, those inherited from a unit above
// included, with their drift.
func controltowerEnabledControl() collect.Kind {
	type control = types.EnabledControlSummary
	return collect.ListedUnder(
		collect.Kind{Name: "controltower.enabled-control", Scope: bundle.ScopeRegion, Item: "EnabledControl", Tags: "Tags.Tags"},
		collect.Children[string, controltower.ListEnabledControlsInput, controltower.ListEnabledControlsOutput, control]{
			Parents: controltowerZones, ParentOps: []collect.Operation{controltowerListLandingZones.Operation},
			List: controltowerListEnabledControls,
			Input: func(string) *controltower.ListEnabledControlsInput {
				return &controltower.ListEnabledControlsInput{IncludeChildren: true, MaxResults: aws.Int32(200)}
			},
			Items: func(_ string, out *controltower.ListEnabledControlsOutput) []control { return out.EnabledControls },
		},
		func(_ *collect.Session, c control, _ bundle.From) collect.ID { return controltowerID(c.Arn) },
		controltowerTags(func(c control) *string { return c.Arn }),
	)
}

// controltowerEnabledBaseline collects the baselines of units, and those that their accounts have from them.
func controltowerEnabledBaseline() collect.Kind {
	type baseline = types.EnabledBaselineSummary
	return collect.ListedUnder(
		collect.Kind{Name: "controltower.enabled-baseline", Scope: bundle.ScopeRegion, Item: "EnabledBaseline", Tags: "Tags.Tags"},
		collect.Children[string, controltower.ListEnabledBaselinesInput, controltower.ListEnabledBaselinesOutput, baseline]{
			Parents: controltowerZones, ParentOps: []collect.Operation{controltowerListLandingZones.Operation},
			List: controltowerListEnabledBaselines,
			Input: func(string) *controltower.ListEnabledBaselinesInput {
				return &controltower.ListEnabledBaselinesInput{IncludeChildren: true, MaxResults: aws.Int32(100)}
			},
			Items: func(_ string, out *controltower.ListEnabledBaselinesOutput) []baseline { return out.EnabledBaselines },
		},
		func(_ *collect.Session, b baseline, _ bundle.From) collect.ID { return controltowerID(b.Arn) },
		controltowerTags(func(b baseline) *string { return b.Arn }),
	)
}

// controltowerZones returns at most one landing zone: an organization has no more, and the lists of controls and baselines are
// about all of it.
func controltowerZones(ctx context.Context, s *collect.Session) ([]string, []string, *collect.Failure) {
	out, calls, f := collect.Get(ctx, s, controltowerListLandingZones, &controltower.ListLandingZonesInput{})
	if f != nil || len(out.LandingZones) == 0 {
		return nil, calls, f
	}
	return []string{aws.ToString(out.LandingZones[0].Arn)}, calls, nil
}

// controltowerID names a resource by the last word of its ARN.
func controltowerID(arn *string) collect.ID {
	return collect.ID{ID: lastOf(aws.ToString(arn), "/"), ARN: aws.ToString(arn)}
}

func controltowerTags[S any](arn func(S) *string) collect.Part[S] {
	return collect.Read("Tags", controltowerListTagsForResource, func(item S) *controltower.ListTagsForResourceInput {
		return &controltower.ListTagsForResourceInput{ResourceArn: arn(item)}
	})
}

func controltowerClient(cfg aws.Config) *controltower.Client { return controltower.NewFromConfig(cfg) }

// The operations of this file.
var (
	controltowerListLandingZones = collect.NewOp("controltower", "ListLandingZones",
		func(ctx context.Context, cfg aws.Config, in *controltower.ListLandingZonesInput) (*controltower.ListLandingZonesOutput, error) {
			return controltowerClient(cfg).ListLandingZones(ctx, in)
		}).Paged(func(in *controltower.ListLandingZonesInput, out *controltower.ListLandingZonesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}).Shared()
	controltowerGetLandingZone = collect.NewOp("controltower", "GetLandingZone",
		func(ctx context.Context, cfg aws.Config, in *controltower.GetLandingZoneInput) (*controltower.GetLandingZoneOutput, error) {
			return controltowerClient(cfg).GetLandingZone(ctx, in)
		})
	controltowerListEnabledControls = collect.NewOp("controltower", "ListEnabledControls",
		func(ctx context.Context, cfg aws.Config, in *controltower.ListEnabledControlsInput) (*controltower.ListEnabledControlsOutput, error) {
			return controltowerClient(cfg).ListEnabledControls(ctx, in)
		}).Paged(func(in *controltower.ListEnabledControlsInput, out *controltower.ListEnabledControlsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	controltowerListEnabledBaselines = collect.NewOp("controltower", "ListEnabledBaselines",
		func(ctx context.Context, cfg aws.Config, in *controltower.ListEnabledBaselinesInput) (*controltower.ListEnabledBaselinesOutput, error) {
			return controltowerClient(cfg).ListEnabledBaselines(ctx, in)
		}).Paged(func(in *controltower.ListEnabledBaselinesInput, out *controltower.ListEnabledBaselinesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	controltowerListTagsForResource = collect.NewOp("controltower", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *controltower.ListTagsForResourceInput) (*controltower.ListTagsForResourceOutput, error) {
			return controltowerClient(cfg).ListTagsForResource(ctx, in)
		})
)
