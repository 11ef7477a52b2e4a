package services

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// RDS collects database instances, clusters and the snapshots that people took. Neptune and DocumentDB answer on the same
// operations and are among them.
func RDS() collect.Service {
	instances := collect.NewOp("rds", "DescribeDBInstances", (*rds.Client).DescribeDBInstances).
		Paged(func(in *rds.DescribeDBInstancesInput, out *rds.DescribeDBInstancesOutput) (**string, *string) {
			return &in.Marker, out.Marker
		})
	clusters := collect.NewOp("rds", "DescribeDBClusters", (*rds.Client).DescribeDBClusters).
		Paged(func(in *rds.DescribeDBClustersInput, out *rds.DescribeDBClustersOutput) (**string, *string) {
			return &in.Marker, out.Marker
		})
	snapshots := collect.NewOp("rds", "DescribeDBSnapshots", (*rds.Client).DescribeDBSnapshots).
		Paged(func(in *rds.DescribeDBSnapshotsInput, out *rds.DescribeDBSnapshotsOutput) (**string, *string) {
			return &in.Marker, out.Marker
		})
	return collect.Service{Name: "rds", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "rds.db-instance", Scope: bundle.ScopeRegion, Tags: "DBInstance.TagList", Item: "DBInstance"},
			rdsClient, instances, rds.DescribeDBInstancesInput{},
			func(out *rds.DescribeDBInstancesOutput) []types.DBInstance { return out.DBInstances },
			func(_ *collect.Session, d types.DBInstance, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.DBInstanceIdentifier), ARN: aws.ToString(d.DBInstanceArn)}
			}),
		collect.Listed(collect.Kind{Name: "rds.db-cluster", Scope: bundle.ScopeRegion, Tags: "DBCluster.TagList", Item: "DBCluster"},
			rdsClient, clusters, rds.DescribeDBClustersInput{},
			func(out *rds.DescribeDBClustersOutput) []types.DBCluster { return out.DBClusters },
			func(_ *collect.Session, d types.DBCluster, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.DBClusterIdentifier), ARN: aws.ToString(d.DBClusterArn)}
			}),
		collect.Listed(collect.Kind{Name: "rds.db-snapshot", Scope: bundle.ScopeRegion, Tags: "DBSnapshot.TagList", Item: "DBSnapshot"},
			rdsClient, snapshots, rds.DescribeDBSnapshotsInput{SnapshotType: aws.String("manual")},
			func(out *rds.DescribeDBSnapshotsOutput) []types.DBSnapshot { return out.DBSnapshots },
			func(_ *collect.Session, d types.DBSnapshot, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.DBSnapshotIdentifier), ARN: aws.ToString(d.DBSnapshotArn)}
			},
			collect.Read("Attributes", collect.NewOp("rds", "DescribeDBSnapshotAttributes", (*rds.Client).DescribeDBSnapshotAttributes),
				func(d types.DBSnapshot) *rds.DescribeDBSnapshotAttributesInput {
					return &rds.DescribeDBSnapshotAttributesInput{DBSnapshotIdentifier: d.DBSnapshotIdentifier}
				}),
		),
	}}
}

func rdsClient(cfg aws.Config) *rds.Client { return rds.NewFromConfig(cfg) }
