package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
	"github.com/aws/aws-sdk-go-v2/service/kafka/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Kafka collects Amazon MSK clusters, provisioned and serverless.
func Kafka() collect.Service {
	return collect.Service{Name: "kafka", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "kafka.cluster", Scope: bundle.ScopeRegion, Tags: "Cluster.Tags", Item: "Cluster"},
			kafkaListClustersV2, kafka.ListClustersV2Input{MaxResults: aws.Int32(100)},
			func(out *kafka.ListClustersV2Output) []types.Cluster { return out.ClusterInfoList },
			func(_ *collect.Session, c types.Cluster, _ bundle.From) collect.ID {
				// The ARN ends in the cluster's name and an id: names come back after a cluster was deleted.
				return collect.ID{ID: aws.ToString(c.ClusterName) + "/" + lastOf(aws.ToString(c.ClusterArn), "/"), ARN: aws.ToString(c.ClusterArn)}
			},
			collect.Read("Policy", kafkaGetClusterPolicy,
				func(c types.Cluster) *kafka.GetClusterPolicyInput {
					return &kafka.GetClusterPolicyInput{ClusterArn: c.ClusterArn}
				},
				"NotFoundException"),
		),
	}}
}

func kafkaClient(cfg aws.Config) *kafka.Client { return kafka.NewFromConfig(cfg) }

// The operations of this file.
var (
	kafkaListClustersV2 = collect.NewOp("kafka", "ListClustersV2",
		func(ctx context.Context, cfg aws.Config, in *kafka.ListClustersV2Input) (*kafka.ListClustersV2Output, error) {
			return kafkaClient(cfg).ListClustersV2(ctx, in)
		}).Paged(func(in *kafka.ListClustersV2Input, out *kafka.ListClustersV2Output) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	kafkaGetClusterPolicy = collect.NewOp("kafka", "GetClusterPolicy",
		func(ctx context.Context, cfg aws.Config, in *kafka.GetClusterPolicyInput) (*kafka.GetClusterPolicyOutput, error) {
			return kafkaClient(cfg).GetClusterPolicy(ctx, in)
		})
)
