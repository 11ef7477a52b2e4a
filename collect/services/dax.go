package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dax"
	"github.com/aws/aws-sdk-go-v2/service/dax/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// DAX collects clusters of the cache in front of DynamoDB. Encryption at rest and in transit are members of the cluster.
func DAX() collect.Service {
	return collect.Service{Name: "dax", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "dax.cluster", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Cluster"},
			daxDescribeClusters, dax.DescribeClustersInput{MaxResults: aws.Int32(100)},
			func(out *dax.DescribeClustersOutput) []types.Cluster { return out.Clusters },
			func(_ *collect.Session, c types.Cluster, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(c.ClusterName), ARN: aws.ToString(c.ClusterArn)}
			},
			collect.Read("Tags", daxListTags,
				func(c types.Cluster) *dax.ListTagsInput { return &dax.ListTagsInput{ResourceName: c.ClusterArn} }),
		),
	}}
}

func daxClient(cfg aws.Config) *dax.Client { return dax.NewFromConfig(cfg) }

// The operations of this file.
var (
	daxDescribeClusters = collect.NewOp("dax", "DescribeClusters",
		func(ctx context.Context, cfg aws.Config, in *dax.DescribeClustersInput) (*dax.DescribeClustersOutput, error) {
			return daxClient(cfg).DescribeClusters(ctx, in)
		}).Paged(func(in *dax.DescribeClustersInput, out *dax.DescribeClustersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	daxListTags = collect.NewOp("dax", "ListTags",
		func(ctx context.Context, cfg aws.Config, in *dax.ListTagsInput) (*dax.ListTagsOutput, error) {
			return daxClient(cfg).ListTags(ctx, in)
		}).Paged(func(in *dax.ListTagsInput, out *dax.ListTagsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
