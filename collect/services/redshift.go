package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/aws-sdk-go-v2/service/redshift/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Redshift collects provisioned clusters, the parameter groups that decide about TLS (require_ssl) and the activity log
// (enable_user_activity_logging), subnet groups, and the snapshots that people took. Whom a snapshot is shared with is a member
// of it. Redshift gives no ARN of clusters and groups; they are named as its service authorization reference says.
func Redshift() collect.Service {
	return collect.Service{Name: "redshift", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "redshift.cluster", Scope: bundle.ScopeRegion, Tags: "Cluster.Tags", Item: "Cluster"},
			redshiftDescribeClusters, redshift.DescribeClustersInput{MaxRecords: aws.Int32(100)},
			func(out *redshift.DescribeClustersOutput) []types.Cluster { return out.Clusters },
			func(s *collect.Session, c types.Cluster, _ bundle.From) collect.ID {
				return redshiftID(s, "cluster", c.ClusterIdentifier)
			},
			collect.Read("LoggingStatus", redshiftDescribeLoggingStatus,
				func(c types.Cluster) *redshift.DescribeLoggingStatusInput {
					return &redshift.DescribeLoggingStatusInput{ClusterIdentifier: c.ClusterIdentifier}
				}),
		),
		collect.Listed(collect.Kind{Name: "redshift.cluster-parameter-group", Scope: bundle.ScopeRegion, Tags: "ClusterParameterGroup.Tags", Item: "ClusterParameterGroup"},
			redshiftDescribeClusterParameterGroups, redshift.DescribeClusterParameterGroupsInput{MaxRecords: aws.Int32(100)},
			func(out *redshift.DescribeClusterParameterGroupsOutput) []types.ClusterParameterGroup {
				return out.ParameterGroups
			},
			func(s *collect.Session, g types.ClusterParameterGroup, _ bundle.From) collect.ID {
				return redshiftID(s, "parametergroup", g.ParameterGroupName)
			},
			collect.Read("ClusterParameters", redshiftDescribeClusterParameters,
				func(g types.ClusterParameterGroup) *redshift.DescribeClusterParametersInput {
					return &redshift.DescribeClusterParametersInput{ParameterGroupName: g.ParameterGroupName, MaxRecords: aws.Int32(100)}
				}),
		),
		collect.Listed(collect.Kind{Name: "redshift.cluster-subnet-group", Scope: bundle.ScopeRegion, Tags: "ClusterSubnetGroup.Tags", Item: "ClusterSubnetGroup"},
			redshiftDescribeClusterSubnetGroups, redshift.DescribeClusterSubnetGroupsInput{MaxRecords: aws.Int32(100)},
			func(out *redshift.DescribeClusterSubnetGroupsOutput) []types.ClusterSubnetGroup {
				return out.ClusterSubnetGroups
			},
			func(s *collect.Session, g types.ClusterSubnetGroup, _ bundle.From) collect.ID {
				return redshiftID(s, "subnetgroup", g.ClusterSubnetGroupName)
			}),
		collect.Listed(collect.Kind{Name: "redshift.snapshot", Scope: bundle.ScopeRegion, Tags: "Snapshot.Tags", Item: "Snapshot"},
			redshiftDescribeClusterSnapshots, redshift.DescribeClusterSnapshotsInput{SnapshotType: aws.String("manual"), MaxRecords: aws.Int32(100)},
			func(out *redshift.DescribeClusterSnapshotsOutput) []types.Snapshot { return out.Snapshots },
			func(s *collect.Session, n types.Snapshot, _ bundle.From) collect.ID {
				name := aws.ToString(n.ClusterIdentifier) + "/" + aws.ToString(n.SnapshotIdentifier)
				if n.SnapshotArn != nil {
					return collect.ID{ID: name, ARN: *n.SnapshotArn}
				}
				return redshiftID(s, "snapshot", &name)
			}),
	}}
}

func redshiftClient(cfg aws.Config) *redshift.Client { return redshift.NewFromConfig(cfg) }

// redshiftID names a resource of a type that Redshift gives no ARN for.
func redshiftID(s *collect.Session, typ string, name *string) collect.ID {
	return collect.ID{ID: aws.ToString(name), ARN: s.ARN("redshift", typ+":"+aws.ToString(name))}
}

// The operations of this file.
var (
	redshiftDescribeClusters = collect.NewOp("redshift", "DescribeClusters",
		func(ctx context.Context, cfg aws.Config, in *redshift.DescribeClustersInput) (*redshift.DescribeClustersOutput, error) {
			return redshiftClient(cfg).DescribeClusters(ctx, in)
		}).Paged(func(in *redshift.DescribeClustersInput, out *redshift.DescribeClustersOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	redshiftDescribeLoggingStatus = collect.NewOp("redshift", "DescribeLoggingStatus",
		func(ctx context.Context, cfg aws.Config, in *redshift.DescribeLoggingStatusInput) (*redshift.DescribeLoggingStatusOutput, error) {
			return redshiftClient(cfg).DescribeLoggingStatus(ctx, in)
		})
	redshiftDescribeClusterParameterGroups = collect.NewOp("redshift", "DescribeClusterParameterGroups",
		func(ctx context.Context, cfg aws.Config, in *redshift.DescribeClusterParameterGroupsInput) (*redshift.DescribeClusterParameterGroupsOutput, error) {
			return redshiftClient(cfg).DescribeClusterParameterGroups(ctx, in)
		}).Paged(func(in *redshift.DescribeClusterParameterGroupsInput, out *redshift.DescribeClusterParameterGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	redshiftDescribeClusterParameters = collect.NewOp("redshift", "DescribeClusterParameters",
		func(ctx context.Context, cfg aws.Config, in *redshift.DescribeClusterParametersInput) (*redshift.DescribeClusterParametersOutput, error) {
			return redshiftClient(cfg).DescribeClusterParameters(ctx, in)
		}).Paged(func(in *redshift.DescribeClusterParametersInput, out *redshift.DescribeClusterParametersOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	redshiftDescribeClusterSubnetGroups = collect.NewOp("redshift", "DescribeClusterSubnetGroups",
		func(ctx context.Context, cfg aws.Config, in *redshift.DescribeClusterSubnetGroupsInput) (*redshift.DescribeClusterSubnetGroupsOutput, error) {
			return redshiftClient(cfg).DescribeClusterSubnetGroups(ctx, in)
		}).Paged(func(in *redshift.DescribeClusterSubnetGroupsInput, out *redshift.DescribeClusterSubnetGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	redshiftDescribeClusterSnapshots = collect.NewOp("redshift", "DescribeClusterSnapshots",
		func(ctx context.Context, cfg aws.Config, in *redshift.DescribeClusterSnapshotsInput) (*redshift.DescribeClusterSnapshotsOutput, error) {
			return redshiftClient(cfg).DescribeClusterSnapshots(ctx, in)
		}).Paged(func(in *redshift.DescribeClusterSnapshotsInput, out *redshift.DescribeClusterSnapshotsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
)
