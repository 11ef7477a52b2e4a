package services

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CloudTrail collects every trail once: in its home region, or if that is not collected, as the copy that the first of the
// account's regions shows. The copies are left out here rather than by asking for no shadow trails: that would also hide an
// organization's trail from its member accounts. Event data stores are listed in their own region only.
func CloudTrail() collect.Service {
	return collect.Service{Name: "cloudtrail", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "cloudtrail.trail", Scope: bundle.ScopeRegion, Tags: "Tags.ResourceTagList.TagsList", Item: "Trail"},
			cloudtrailDescribeTrails,
			cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(true)},
			func(out *cloudtrail.DescribeTrailsOutput) []types.Trail { return out.TrailList },
			func(s *collect.Session, t types.Trail, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(t.Name), ARN: aws.ToString(t.TrailARN), Skip: isSpare(t, s.Region(), s.Regions())}
			},
			trailPart("Status", cloudtrailGetTrailStatus, true,
				func(t types.Trail) *cloudtrail.GetTrailStatusInput {
					return &cloudtrail.GetTrailStatusInput{Name: t.TrailARN}
				}),
			trailPart("EventSelectors", cloudtrailGetEventSelectors, true,
				func(t types.Trail) *cloudtrail.GetEventSelectorsInput {
					return &cloudtrail.GetEventSelectorsInput{TrailName: t.TrailARN}
				}),
			trailPart("InsightSelectors", cloudtrailGetInsightSelectors, true,
				func(t types.Trail) *cloudtrail.GetInsightSelectorsInput {
					return &cloudtrail.GetInsightSelectorsInput{TrailName: t.TrailARN}
				}, "InsightNotEnabledException"),
			trailPart("Tags", cloudtrailListTags, false,
				func(t types.Trail) *cloudtrail.ListTagsInput {
					return &cloudtrail.ListTagsInput{ResourceIdList: []string{aws.ToString(t.TrailARN)}}
				}),
		),
		collect.Listed(collect.Kind{Name: "cloudtrail.event-data-store", Scope: bundle.ScopeRegion, Tags: "Tags.ResourceTagList.TagsList"},
			cloudtrailListEventDataStores, cloudtrail.ListEventDataStoresInput{MaxResults: aws.Int32(1000)},
			func(out *cloudtrail.ListEventDataStoresOutput) []types.EventDataStore { return out.EventDataStores },
			func(_ *collect.Session, d types.EventDataStore, _ bundle.From) collect.ID {
				return collect.ID{ID: lastOf(aws.ToString(d.EventDataStoreArn), "/"), ARN: aws.ToString(d.EventDataStoreArn)}
			},
			collect.Read("EventDataStore", cloudtrailGetEventDataStore,
				func(d types.EventDataStore) *cloudtrail.GetEventDataStoreInput {
					return &cloudtrail.GetEventDataStoreInput{EventDataStore: d.EventDataStoreArn}
				}),
			collect.Read("Tags", cloudtrailListTags,
				func(d types.EventDataStore) *cloudtrail.ListTagsInput {
					return &cloudtrail.ListTagsInput{ResourceIdList: []string{aws.ToString(d.EventDataStoreArn)}}
				}),
		),
	}}
}

// isSpare reports whether the trail that this region shows is kept elsewhere: in its home region if that is among the collected
// regions, which are sorted, and otherwise in the first of them. A copy that every region shows is thus kept exactly once. An
// account may see a trail whose home it never visits: the regions were chosen, or the trail is the organization's and its home
// is not enabled in this account.
func isSpare(t types.Trail, region string, collected []string) bool {
	home := aws.ToString(t.HomeRegion)
	if home == "" || home == region {
		return false
	}
	return slices.Contains(collected, home) || region != collected[0]
}

// trailPart is a part that is read by the trail's ARN from its home region, whatever region shows the trail. With here, the
// region that shows it is asked where its home gives no answer. ListTags is not asked there: it speaks of its own region only,
// and no tags from there would not mean that the trail has none. An error code in absent means that nothing is configured.
func trailPart[I, O any](name string, op collect.Op[I, O], here bool, in func(types.Trail) *I, absent ...string) collect.Part[types.Trail] {
	says := make([]collect.Says, 0, len(absent))
	for _, code := range absent {
		says = append(says, collect.Says{Code: code})
	}
	p := collect.Custom[O](name, []collect.Operation{op.Operation},
		func(ctx context.Context, s *collect.Session, t types.Trail) bundle.Part {
			at := []*collect.Session{s}
			if home := aws.ToString(t.HomeRegion); home != "" && home != s.Region() {
				at = []*collect.Session{s.In(home)}
				if here {
					at = append(at, s)
				}
			}
			var calls []string
			var failure *collect.Failure
			for _, s := range at {
				out, made, f := collect.Get(ctx, s, op, in(t), says...)
				calls = append(calls, made...)
				if f == nil {
					return s.OK(op.Operation, out, calls)
				}
				if f.Absent {
					return f.Part(calls)
				}
				if failure == nil || !failure.Denied {
					failure = f // a denial names the action that opens the gap
				}
			}
			return failure.Part(calls)
		})
	p.Absent = absent
	return p
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
	cloudtrailGetInsightSelectors = collect.NewOp("cloudtrail", "GetInsightSelectors",
		func(ctx context.Context, cfg aws.Config, in *cloudtrail.GetInsightSelectorsInput) (*cloudtrail.GetInsightSelectorsOutput, error) {
			return cloudtrailClient(cfg).GetInsightSelectors(ctx, in)
		})
	cloudtrailListEventDataStores = collect.NewOp("cloudtrail", "ListEventDataStores",
		func(ctx context.Context, cfg aws.Config, in *cloudtrail.ListEventDataStoresInput) (*cloudtrail.ListEventDataStoresOutput, error) {
			return cloudtrailClient(cfg).ListEventDataStores(ctx, in)
		}).Paged(func(in *cloudtrail.ListEventDataStoresInput, out *cloudtrail.ListEventDataStoresOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	cloudtrailGetEventDataStore = collect.NewOp("cloudtrail", "GetEventDataStore",
		func(ctx context.Context, cfg aws.Config, in *cloudtrail.GetEventDataStoreInput) (*cloudtrail.GetEventDataStoreOutput, error) {
			return cloudtrailClient(cfg).GetEventDataStore(ctx, in)
		})
)
