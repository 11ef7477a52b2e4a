package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/emr"
	"github.com/aws/aws-sdk-go-v2/service/emr/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// EMR collects clusters that run, security configurations and the region's public access block. Steps and bootstrap actions, whose
// arguments may be secrets, are not asked for; Kerberos passwords and the properties of applications are replaced.
func EMR() collect.Service {
	return collect.Service{Name: "emr", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "emr.cluster", Scope: bundle.ScopeRegion, Tags: "Cluster.Cluster.Tags"},
			emrListClusters, emr.ListClustersInput{ClusterStates: emrLive()},
			func(out *emr.ListClustersOutput) []types.ClusterSummary { return out.Clusters },
			func(_ *collect.Session, c types.ClusterSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(c.Id), ARN: aws.ToString(c.ClusterArn)}
			},
			collect.Read("Cluster", emrDescribeCluster,
				func(c types.ClusterSummary) *emr.DescribeClusterInput {
					return &emr.DescribeClusterInput{ClusterId: c.Id}
				}),
		),
		collect.Listed(collect.Kind{Name: "emr.security-configuration", Scope: bundle.ScopeRegion},
			emrListSecurityConfigurations, emr.ListSecurityConfigurationsInput{},
			func(out *emr.ListSecurityConfigurationsOutput) []types.SecurityConfigurationSummary {
				return out.SecurityConfigurations
			},
			func(_ *collect.Session, c types.SecurityConfigurationSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(c.Name)}
			},
			collect.Read("SecurityConfiguration", emrDescribeSecurityConfiguration,
				func(c types.SecurityConfigurationSummary) *emr.DescribeSecurityConfigurationInput {
					return &emr.DescribeSecurityConfigurationInput{Name: c.Name}
				}),
		),
		collect.Single(collect.Kind{Name: "emr.block-public-access", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Region()} },
			collect.Read("BlockPublicAccess", emrGetBlockPublicAccessConfiguration,
				func(*collect.Session) *emr.GetBlockPublicAccessConfigurationInput {
					return &emr.GetBlockPublicAccessConfigurationInput{}
				}),
		),
	}}
}

// emrLive are the states of clusters that exist. AWS lists ended clusters for two months more.
func emrLive() []types.ClusterState {
	return []types.ClusterState{
		types.ClusterStateStarting, types.ClusterStateBootstrapping, types.ClusterStateRunning, types.ClusterStateWaiting,
		types.ClusterStateTerminating,
	}
}

func emrClient(cfg aws.Config) *emr.Client { return emr.NewFromConfig(cfg) }

// The operations of this file.
var (
	emrListClusters = collect.NewOp("emr", "ListClusters",
		func(ctx context.Context, cfg aws.Config, in *emr.ListClustersInput) (*emr.ListClustersOutput, error) {
			return emrClient(cfg).ListClusters(ctx, in)
		}).Paged(func(in *emr.ListClustersInput, out *emr.ListClustersOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	emrListSecurityConfigurations = collect.NewOp("emr", "ListSecurityConfigurations",
		func(ctx context.Context, cfg aws.Config, in *emr.ListSecurityConfigurationsInput) (*emr.ListSecurityConfigurationsOutput, error) {
			return emrClient(cfg).ListSecurityConfigurations(ctx, in)
		}).Paged(func(in *emr.ListSecurityConfigurationsInput, out *emr.ListSecurityConfigurationsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	emrDescribeCluster = collect.NewOp("emr", "DescribeCluster",
		func(ctx context.Context, cfg aws.Config, in *emr.DescribeClusterInput) (*emr.DescribeClusterOutput, error) {
			return emrClient(cfg).DescribeCluster(ctx, in)
		})
	emrDescribeSecurityConfiguration = collect.NewOp("emr", "DescribeSecurityConfiguration",
		func(ctx context.Context, cfg aws.Config, in *emr.DescribeSecurityConfigurationInput) (*emr.DescribeSecurityConfigurationOutput, error) {
			return emrClient(cfg).DescribeSecurityConfiguration(ctx, in)
		})
	emrGetBlockPublicAccessConfiguration = collect.NewOp("emr", "GetBlockPublicAccessConfiguration",
		func(ctx context.Context, cfg aws.Config, in *emr.GetBlockPublicAccessConfigurationInput) (*emr.GetBlockPublicAccessConfigurationOutput, error) {
			return emrClient(cfg).GetBlockPublicAccessConfiguration(ctx, in)
		})
)
