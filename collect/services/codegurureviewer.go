package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codegurureviewer"
	"github.com/aws/aws-sdk-go-v2/service/codegurureviewer/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CodeGuruReviewer collects the associated repositories. What a review found is not asked for.
func CodeGuruReviewer() collect.Service {
	return collect.Service{Name: "codeguru-reviewer", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "codeguru-reviewer.repository-association", Scope: bundle.ScopeRegion, Tags: "RepositoryAssociation.Tags"},
			codegurureviewerListRepositoryAssociations, codegurureviewer.ListRepositoryAssociationsInput{MaxResults: aws.Int32(100)},
			func(out *codegurureviewer.ListRepositoryAssociationsOutput) []types.RepositoryAssociationSummary {
				return out.RepositoryAssociationSummaries
			},
			func(_ *collect.Session, a types.RepositoryAssociationSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.AssociationId), ARN: aws.ToString(a.AssociationArn)}
			},
			collect.Read("RepositoryAssociation", codegurureviewerDescribeRepositoryAssociation,
				func(a types.RepositoryAssociationSummary) *codegurureviewer.DescribeRepositoryAssociationInput {
					return &codegurureviewer.DescribeRepositoryAssociationInput{AssociationArn: a.AssociationArn}
				}),
		),
	}}
}

func codegurureviewerClient(cfg aws.Config) *codegurureviewer.Client {
	return codegurureviewer.NewFromConfig(cfg)
}

// The operations of this file.
var (
	codegurureviewerListRepositoryAssociations = collect.NewOp("codeguru-reviewer", "ListRepositoryAssociations",
		func(ctx context.Context, cfg aws.Config, in *codegurureviewer.ListRepositoryAssociationsInput) (*codegurureviewer.ListRepositoryAssociationsOutput, error) {
			return codegurureviewerClient(cfg).ListRepositoryAssociations(ctx, in)
		}).Paged(func(in *codegurureviewer.ListRepositoryAssociationsInput, out *codegurureviewer.ListRepositoryAssociationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	codegurureviewerDescribeRepositoryAssociation = collect.NewOp("codeguru-reviewer", "DescribeRepositoryAssociation",
		func(ctx context.Context, cfg aws.Config, in *codegurureviewer.DescribeRepositoryAssociationInput) (*codegurureviewer.DescribeRepositoryAssociationOutput, error) {
			return codegurureviewerClient(cfg).DescribeRepositoryAssociation(ctx, in)
		})
)
