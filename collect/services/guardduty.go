package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// GuardDuty collects detectors: a region without one is a region without threat detection. With each come the account that
// administers it, its members, where findings go, which findings it is told to put aside, and how many are open. Findings themselves
// are not read.
func GuardDuty() collect.Service {
	return collect.Service{Name: "guardduty", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "guardduty.detector", Scope: bundle.ScopeRegion, Tags: "Detector.Tags"},
			guarddutyListDetectors,
			guardduty.ListDetectorsInput{},
			func(out *guardduty.ListDetectorsOutput) []string { return out.DetectorIds },
			func(s *collect.Session, id string, _ bundle.From) collect.ID {
				return collect.ID{ID: id, ARN: s.ARN("guardduty", "detector/"+id)}
			},
			collect.Read("Detector", guarddutyGetDetector,
				func(id string) *guardduty.GetDetectorInput { return &guardduty.GetDetectorInput{DetectorId: &id} }),
			collect.Read("Administrator", guarddutyGetAdministratorAccount,
				func(id string) *guardduty.GetAdministratorAccountInput {
					return &guardduty.GetAdministratorAccountInput{DetectorId: &id}
				}),
			collect.Read("Members", guarddutyListMembers,
				func(id string) *guardduty.ListMembersInput {
					return &guardduty.ListMembersInput{DetectorId: &id, OnlyAssociated: aws.String("false"), MaxResults: aws.Int32(50)}
				}),
			collect.Read("PublishingDestinations", guarddutyListPublishingDestinations,
				func(id string) *guardduty.ListPublishingDestinationsInput {
					return &guardduty.ListPublishingDestinationsInput{DetectorId: &id, MaxResults: aws.Int32(50)}
				}),
			detectorFilters(),
			collect.Read("IPSets", guarddutyListIPSets,
				func(id string) *guardduty.ListIPSetsInput {
					return &guardduty.ListIPSetsInput{DetectorId: &id, MaxResults: aws.Int32(50)}
				}),
			collect.Read("ThreatIntelSets", guarddutyListThreatIntelSets,
				func(id string) *guardduty.ListThreatIntelSetsInput {
					return &guardduty.ListThreatIntelSetsInput{DetectorId: &id, MaxResults: aws.Int32(50)}
				}),
			collect.Read("FindingsStatistics", guarddutyGetFindingsStatistics, openFindings),
		),
	}}
}

// openFindings asks how many findings of each severity nobody archived. There are at most as many groups as severities, and they
// come in one answer.
func openFindings(id string) *guardduty.GetFindingsStatisticsInput {
	return &guardduty.GetFindingsStatisticsInput{
		DetectorId: &id, GroupBy: types.GroupByTypeSeverity, MaxResults: aws.Int32(100),
		FindingCriteria: &types.FindingCriteria{Criterion: map[string]types.Condition{"service.archived": {Equals: []string{"false"}}}},
	}
}

// DetectorFilters holds the filters of a detector. One with the action ARCHIVE suppresses what it matches.
type DetectorFilters struct {
	Filters []guardduty.GetFilterOutput `json:"Filters"`
}

// detectorFilters is the part with the detector's filters. The list gives their names, and each is asked for by its name.
func detectorFilters() collect.Part[string] {
	return collect.Custom[DetectorFilters]("Filters", []collect.Operation{guarddutyListFilters.Operation, guarddutyGetFilter.Operation},
		func(ctx context.Context, s *collect.Session, id string) bundle.Part {
			list, calls, f := collect.Get(ctx, s, guarddutyListFilters, &guardduty.ListFiltersInput{DetectorId: &id, MaxResults: aws.Int32(50)})
			if f != nil {
				return f.Part(calls)
			}
			all := DetectorFilters{Filters: []guardduty.GetFilterOutput{}}
			for _, name := range list.FilterNames {
				out, made, f := collect.Get(ctx, s, guarddutyGetFilter, &guardduty.GetFilterInput{DetectorId: &id, FilterName: &name})
				calls = append(calls, made...)
				if f != nil {
					return f.Part(calls)
				}
				all.Filters = append(all.Filters, *out)
			}
			return s.OK(guarddutyGetFilter.Operation, all, calls)
		})
}

func guarddutyClient(cfg aws.Config) *guardduty.Client { return guardduty.NewFromConfig(cfg) }

// The operations of this file.
var (
	guarddutyListDetectors = collect.NewOp("guardduty", "ListDetectors",
		func(ctx context.Context, cfg aws.Config, in *guardduty.ListDetectorsInput) (*guardduty.ListDetectorsOutput, error) {
			return guarddutyClient(cfg).ListDetectors(ctx, in)
		}).Paged(func(in *guardduty.ListDetectorsInput, out *guardduty.ListDetectorsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	guarddutyGetDetector = collect.NewOp("guardduty", "GetDetector",
		func(ctx context.Context, cfg aws.Config, in *guardduty.GetDetectorInput) (*guardduty.GetDetectorOutput, error) {
			return guarddutyClient(cfg).GetDetector(ctx, in)
		})
	guarddutyGetAdministratorAccount = collect.NewOp("guardduty", "GetAdministratorAccount",
		func(ctx context.Context, cfg aws.Config, in *guardduty.GetAdministratorAccountInput) (*guardduty.GetAdministratorAccountOutput, error) {
			return guarddutyClient(cfg).GetAdministratorAccount(ctx, in)
		})
	guarddutyListMembers = collect.NewOp("guardduty", "ListMembers",
		func(ctx context.Context, cfg aws.Config, in *guardduty.ListMembersInput) (*guardduty.ListMembersOutput, error) {
			return guarddutyClient(cfg).ListMembers(ctx, in)
		}).Paged(func(in *guardduty.ListMembersInput, out *guardduty.ListMembersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	guarddutyListPublishingDestinations = collect.NewOp("guardduty", "ListPublishingDestinations",
		func(ctx context.Context, cfg aws.Config, in *guardduty.ListPublishingDestinationsInput) (*guardduty.ListPublishingDestinationsOutput, error) {
			return guarddutyClient(cfg).ListPublishingDestinations(ctx, in)
		}).Paged(func(in *guardduty.ListPublishingDestinationsInput, out *guardduty.ListPublishingDestinationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	guarddutyListFilters = collect.NewOp("guardduty", "ListFilters",
		func(ctx context.Context, cfg aws.Config, in *guardduty.ListFiltersInput) (*guardduty.ListFiltersOutput, error) {
			return guarddutyClient(cfg).ListFilters(ctx, in)
		}).Paged(func(in *guardduty.ListFiltersInput, out *guardduty.ListFiltersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	guarddutyGetFilter = collect.NewOp("guardduty", "GetFilter",
		func(ctx context.Context, cfg aws.Config, in *guardduty.GetFilterInput) (*guardduty.GetFilterOutput, error) {
			return guarddutyClient(cfg).GetFilter(ctx, in)
		})
	guarddutyListIPSets = collect.NewOp("guardduty", "ListIPSets",
		func(ctx context.Context, cfg aws.Config, in *guardduty.ListIPSetsInput) (*guardduty.ListIPSetsOutput, error) {
			return guarddutyClient(cfg).ListIPSets(ctx, in)
		}).Paged(func(in *guardduty.ListIPSetsInput, out *guardduty.ListIPSetsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	guarddutyListThreatIntelSets = collect.NewOp("guardduty", "ListThreatIntelSets",
		func(ctx context.Context, cfg aws.Config, in *guardduty.ListThreatIntelSetsInput) (*guardduty.ListThreatIntelSetsOutput, error) {
			return guarddutyClient(cfg).ListThreatIntelSets(ctx, in)
		}).Paged(func(in *guardduty.ListThreatIntelSetsInput, out *guardduty.ListThreatIntelSetsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	guarddutyGetFindingsStatistics = collect.NewOp("guardduty", "GetFindingsStatistics",
		func(ctx context.Context, cfg aws.Config, in *guardduty.GetFindingsStatisticsInput) (*guardduty.GetFindingsStatisticsOutput, error) {
			return guarddutyClient(cfg).GetFindingsStatistics(ctx, in)
		})
)
