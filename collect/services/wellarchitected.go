package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wellarchitected"
	"github.com/aws/aws-sdk-go-v2/service/wellarchitected/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// WellArchitected collects the workloads of the Well-Architected Tool: what they are, their risks, lens reviews and milestones,
// and the answers to the questions of the Framework's security pillar. A workload that is reviewed by custom lenses alone has
// no such answers, and the part is a gap. Notes and the reviewer's name are replaced at collection.
func WellArchitected() collect.Service {
	page := aws.Int32(50) // the service's largest
	return collect.Service{Name: "wellarchitected", Kinds: []collect.Kind{
		collect.Listed(
			collect.Kind{Name: "wellarchitected.workload", Scope: bundle.ScopeRegion, Item: "Summary", Tags: "Workload.Workload.Tags"},
			wellarchitectedListWorkloads, wellarchitected.ListWorkloadsInput{MaxResults: page},
			func(out *wellarchitected.ListWorkloadsOutput) []types.WorkloadSummary { return out.WorkloadSummaries },
			func(_ *collect.Session, w types.WorkloadSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(w.WorkloadId), ARN: aws.ToString(w.WorkloadArn)}
			},
			collect.Read("Workload", wellarchitectedGetWorkload,
				func(w types.WorkloadSummary) *wellarchitected.GetWorkloadInput {
					return &wellarchitected.GetWorkloadInput{WorkloadId: w.WorkloadId}
				}),
			collect.Read("LensReviews", wellarchitectedListLensReviews,
				func(w types.WorkloadSummary) *wellarchitected.ListLensReviewsInput {
					return &wellarchitected.ListLensReviewsInput{WorkloadId: w.WorkloadId, MaxResults: page}
				}),
			collect.Read("SecurityAnswers", wellarchitectedListAnswers,
				func(w types.WorkloadSummary) *wellarchitected.ListAnswersInput {
					return &wellarchitected.ListAnswersInput{
						WorkloadId: w.WorkloadId, LensAlias: aws.String("wellarchitected"), PillarId: aws.String("security"), MaxResults: page}
				}),
			collect.Read("Milestones", wellarchitectedListMilestones,
				func(w types.WorkloadSummary) *wellarchitected.ListMilestonesInput {
					return &wellarchitected.ListMilestonesInput{WorkloadId: w.WorkloadId, MaxResults: page}
				}),
		),
	}}
}

func wellarchitectedClient(cfg aws.Config) *wellarchitected.Client {
	return wellarchitected.NewFromConfig(cfg)
}

// The operations of this file.
var (
	wellarchitectedListWorkloads = collect.NewOp("wellarchitected", "ListWorkloads",
		func(ctx context.Context, cfg aws.Config, in *wellarchitected.ListWorkloadsInput) (*wellarchitected.ListWorkloadsOutput, error) {
			return wellarchitectedClient(cfg).ListWorkloads(ctx, in)
		}).Paged(func(in *wellarchitected.ListWorkloadsInput, out *wellarchitected.ListWorkloadsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	wellarchitectedGetWorkload = collect.NewOp("wellarchitected", "GetWorkload",
		func(ctx context.Context, cfg aws.Config, in *wellarchitected.GetWorkloadInput) (*wellarchitected.GetWorkloadOutput, error) {
			return wellarchitectedClient(cfg).GetWorkload(ctx, in)
		})
	wellarchitectedListLensReviews = collect.NewOp("wellarchitected", "ListLensReviews",
		func(ctx context.Context, cfg aws.Config, in *wellarchitected.ListLensReviewsInput) (*wellarchitected.ListLensReviewsOutput, error) {
			return wellarchitectedClient(cfg).ListLensReviews(ctx, in)
		}).Paged(func(in *wellarchitected.ListLensReviewsInput, out *wellarchitected.ListLensReviewsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	wellarchitectedListAnswers = collect.NewOp("wellarchitected", "ListAnswers",
		func(ctx context.Context, cfg aws.Config, in *wellarchitected.ListAnswersInput) (*wellarchitected.ListAnswersOutput, error) {
			return wellarchitectedClient(cfg).ListAnswers(ctx, in)
		}).Paged(func(in *wellarchitected.ListAnswersInput, out *wellarchitected.ListAnswersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	wellarchitectedListMilestones = collect.NewOp("wellarchitected", "ListMilestones",
		func(ctx context.Context, cfg aws.Config, in *wellarchitected.ListMilestonesInput) (*wellarchitected.ListMilestonesOutput, error) {
			return wellarchitectedClient(cfg).ListMilestones(ctx, in)
		}).Paged(func(in *wellarchitected.ListMilestonesInput, out *wellarchitected.ListMilestonesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
