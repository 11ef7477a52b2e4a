package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// RDS collects database instances, clusters, the snapshots that people took (those that RDS takes by itself cannot be shared, and
// those of AWS Backup are its recovery points), and what instances and clusters share: parameter and option groups, subnet
// groups, proxies and event subscriptions. Neptune and DocumentDB answer on the same operations and are among them, with the
// engines "neptune" and "docdb"; their ARNs and IAM actions are those of RDS.
func RDS() collect.Service {
	return collect.Service{Name: "rds", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "rds.db-instance", Scope: bundle.ScopeRegion, Tags: "DBInstance.TagList", Item: "DBInstance"},
			rdsDescribeDBInstances, rds.DescribeDBInstancesInput{},
			func(out *rds.DescribeDBInstancesOutput) []types.DBInstance { return out.DBInstances },
			func(_ *collect.Session, d types.DBInstance, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.DBInstanceIdentifier), ARN: aws.ToString(d.DBInstanceArn)}
			}),
		collect.Listed(collect.Kind{Name: "rds.db-cluster", Scope: bundle.ScopeRegion, Tags: "DBCluster.TagList", Item: "DBCluster"},
			rdsDescribeDBClusters, rds.DescribeDBClustersInput{},
			func(out *rds.DescribeDBClustersOutput) []types.DBCluster { return out.DBClusters },
			func(_ *collect.Session, d types.DBCluster, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.DBClusterIdentifier), ARN: aws.ToString(d.DBClusterArn)}
			}),
		collect.Listed(collect.Kind{Name: "rds.db-snapshot", Scope: bundle.ScopeRegion, Tags: "DBSnapshot.TagList", Item: "DBSnapshot"},
			rdsDescribeDBSnapshots, rds.DescribeDBSnapshotsInput{SnapshotType: aws.String("manual")},
			func(out *rds.DescribeDBSnapshotsOutput) []types.DBSnapshot { return out.DBSnapshots },
			func(_ *collect.Session, d types.DBSnapshot, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.DBSnapshotIdentifier), ARN: aws.ToString(d.DBSnapshotArn)}
			},
			collect.Read("Attributes", rdsDescribeDBSnapshotAttributes,
				func(d types.DBSnapshot) *rds.DescribeDBSnapshotAttributesInput {
					return &rds.DescribeDBSnapshotAttributesInput{DBSnapshotIdentifier: d.DBSnapshotIdentifier}
				}),
		),
		collect.Listed(collect.Kind{Name: "rds.db-cluster-snapshot", Scope: bundle.ScopeRegion, Tags: "DBClusterSnapshot.TagList", Item: "DBClusterSnapshot"},
			rdsDescribeDBClusterSnapshots, rds.DescribeDBClusterSnapshotsInput{SnapshotType: aws.String("manual")},
			func(out *rds.DescribeDBClusterSnapshotsOutput) []types.DBClusterSnapshot {
				return out.DBClusterSnapshots
			},
			func(_ *collect.Session, d types.DBClusterSnapshot, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.DBClusterSnapshotIdentifier), ARN: aws.ToString(d.DBClusterSnapshotArn)}
			},
			collect.Read("Attributes", rdsDescribeDBClusterSnapshotAttributes,
				func(d types.DBClusterSnapshot) *rds.DescribeDBClusterSnapshotAttributesInput {
					return &rds.DescribeDBClusterSnapshotAttributesInput{DBClusterSnapshotIdentifier: d.DBClusterSnapshotIdentifier}
				}),
		),
		rdsParameterGroups(),
		rdsClusterParameterGroups(),
		rdsOptionGroups(),
		rdsSubnetGroups(),
		rdsProxies(),
		rdsEventSubscriptions(),
	}}
}

func rdsClient(cfg aws.Config) *rds.Client { return rds.NewFromConfig(cfg) }

// The operations of this file.
var (
	rdsDescribeDBInstances = collect.NewOp("rds", "DescribeDBInstances",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBInstancesInput) (*rds.DescribeDBInstancesOutput, error) {
			return rdsClient(cfg).DescribeDBInstances(ctx, in)
		}).Paged(func(in *rds.DescribeDBInstancesInput, out *rds.DescribeDBInstancesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeDBClusters = collect.NewOp("rds", "DescribeDBClusters",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBClustersInput) (*rds.DescribeDBClustersOutput, error) {
			return rdsClient(cfg).DescribeDBClusters(ctx, in)
		}).Paged(func(in *rds.DescribeDBClustersInput, out *rds.DescribeDBClustersOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeDBSnapshots = collect.NewOp("rds", "DescribeDBSnapshots",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBSnapshotsInput) (*rds.DescribeDBSnapshotsOutput, error) {
			return rdsClient(cfg).DescribeDBSnapshots(ctx, in)
		}).Paged(func(in *rds.DescribeDBSnapshotsInput, out *rds.DescribeDBSnapshotsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeDBSnapshotAttributes = collect.NewOp("rds", "DescribeDBSnapshotAttributes",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBSnapshotAttributesInput) (*rds.DescribeDBSnapshotAttributesOutput, error) {
			return rdsClient(cfg).DescribeDBSnapshotAttributes(ctx, in)
		})
	rdsDescribeDBClusterSnapshots = collect.NewOp("rds", "DescribeDBClusterSnapshots",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBClusterSnapshotsInput) (*rds.DescribeDBClusterSnapshotsOutput, error) {
			return rdsClient(cfg).DescribeDBClusterSnapshots(ctx, in)
		}).Paged(func(in *rds.DescribeDBClusterSnapshotsInput, out *rds.DescribeDBClusterSnapshotsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeDBClusterSnapshotAttributes = collect.NewOp("rds", "DescribeDBClusterSnapshotAttributes",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBClusterSnapshotAttributesInput) (*rds.DescribeDBClusterSnapshotAttributesOutput, error) {
			return rdsClient(cfg).DescribeDBClusterSnapshotAttributes(ctx, in)
		})
)
