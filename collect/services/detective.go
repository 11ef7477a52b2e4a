package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/detective"
	"github.com/aws/aws-sdk-go-v2/service/detective/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Detective collects the behavior graphs that the account administers, which accounts feed them and from which sources. A member
// account lists no graph.
func Detective() collect.Service {
	return collect.Service{Name: "detective", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "detective.graph", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Graph"},
			detectiveListGraphs, detective.ListGraphsInput{MaxResults: aws.Int32(200)},
			func(out *detective.ListGraphsOutput) []types.Graph { return out.GraphList },
			func(_ *collect.Session, g types.Graph, _ bundle.From) collect.ID {
				return collect.ID{ID: lastOf(aws.ToString(g.Arn), ":"), ARN: aws.ToString(g.Arn)}
			},
			collect.Read("Members", detectiveListMembers,
				func(g types.Graph) *detective.ListMembersInput {
					return &detective.ListMembersInput{GraphArn: g.Arn, MaxResults: aws.Int32(200)}
				}),
			collect.Read("DatasourcePackages", detectiveListDatasourcePackages,
				func(g types.Graph) *detective.ListDatasourcePackagesInput {
					return &detective.ListDatasourcePackagesInput{GraphArn: g.Arn, MaxResults: aws.Int32(200)}
				}),
			collect.Read("Tags", detectiveListTagsForResource,
				func(g types.Graph) *detective.ListTagsForResourceInput {
					return &detective.ListTagsForResourceInput{ResourceArn: g.Arn}
				}),
		),
	}}
}

func detectiveClient(cfg aws.Config) *detective.Client { return detective.NewFromConfig(cfg) }

// The operations of this file.
var (
	detectiveListGraphs = collect.NewOp("detective", "ListGraphs",
		func(ctx context.Context, cfg aws.Config, in *detective.ListGraphsInput) (*detective.ListGraphsOutput, error) {
			return detectiveClient(cfg).ListGraphs(ctx, in)
		}).Paged(func(in *detective.ListGraphsInput, out *detective.ListGraphsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	detectiveListMembers = collect.NewOp("detective", "ListMembers",
		func(ctx context.Context, cfg aws.Config, in *detective.ListMembersInput) (*detective.ListMembersOutput, error) {
			return detectiveClient(cfg).ListMembers(ctx, in)
		}).Paged(func(in *detective.ListMembersInput, out *detective.ListMembersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	detectiveListDatasourcePackages = collect.NewOp("detective", "ListDatasourcePackages",
		func(ctx context.Context, cfg aws.Config, in *detective.ListDatasourcePackagesInput) (*detective.ListDatasourcePackagesOutput, error) {
			return detectiveClient(cfg).ListDatasourcePackages(ctx, in)
		}).Paged(func(in *detective.ListDatasourcePackagesInput, out *detective.ListDatasourcePackagesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	detectiveListTagsForResource = collect.NewOp("detective", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *detective.ListTagsForResourceInput) (*detective.ListTagsForResourceOutput, error) {
			return detectiveClient(cfg).ListTagsForResource(ctx, in)
		})
)
