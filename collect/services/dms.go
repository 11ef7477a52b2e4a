package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	dms "github.com/aws/aws-sdk-go-v2/service/databasemigrationservice"
	"github.com/aws/aws-sdk-go-v2/service/databasemigrationservice/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// DMS collects replication instances, the databases that they move data between (endpoints) and the tasks that do it.
// Passwords and connection attributes of endpoints, and the tables and filters of tasks, are replaced at collection. The list of
// certificates would bring key material with it and is not asked for.
func DMS() collect.Service {
	return collect.Service{Name: "dms", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "dms.replication-instance", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "ReplicationInstance"},
			dmsDescribeReplicationInstances, dms.DescribeReplicationInstancesInput{MaxRecords: aws.Int32(100)},
			func(out *dms.DescribeReplicationInstancesOutput) []types.ReplicationInstance {
				return out.ReplicationInstances
			},
			func(_ *collect.Session, i types.ReplicationInstance, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(i.ReplicationInstanceIdentifier), ARN: aws.ToString(i.ReplicationInstanceArn)}
			},
			dmsTags(func(i types.ReplicationInstance) *string { return i.ReplicationInstanceArn })),
		collect.Listed(collect.Kind{Name: "dms.endpoint", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "Endpoint"},
			dmsDescribeEndpoints, dms.DescribeEndpointsInput{MaxRecords: aws.Int32(100)},
			func(out *dms.DescribeEndpointsOutput) []types.Endpoint { return out.Endpoints },
			func(_ *collect.Session, e types.Endpoint, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(e.EndpointIdentifier), ARN: aws.ToString(e.EndpointArn)}
			},
			dmsTags(func(e types.Endpoint) *string { return e.EndpointArn })),
		collect.Listed(collect.Kind{Name: "dms.replication-task", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "ReplicationTask"},
			dmsDescribeReplicationTasks, dms.DescribeReplicationTasksInput{MaxRecords: aws.Int32(100)},
			func(out *dms.DescribeReplicationTasksOutput) []types.ReplicationTask { return out.ReplicationTasks },
			func(_ *collect.Session, t types.ReplicationTask, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(t.ReplicationTaskIdentifier), ARN: aws.ToString(t.ReplicationTaskArn)}
			},
			dmsTags(func(t types.ReplicationTask) *string { return t.ReplicationTaskArn })),
	}}
}

func dmsTags[S any](arn func(S) *string) collect.Part[S] {
	return collect.Read("Tags", dmsListTagsForResource, func(item S) *dms.ListTagsForResourceInput {
		return &dms.ListTagsForResourceInput{ResourceArn: arn(item)}
	})
}

func dmsClient(cfg aws.Config) *dms.Client { return dms.NewFromConfig(cfg) }

// The operations of this file.
var (
	dmsDescribeReplicationInstances = collect.NewOp("dms", "DescribeReplicationInstances",
		func(ctx context.Context, cfg aws.Config, in *dms.DescribeReplicationInstancesInput) (*dms.DescribeReplicationInstancesOutput, error) {
			return dmsClient(cfg).DescribeReplicationInstances(ctx, in)
		}).Paged(func(in *dms.DescribeReplicationInstancesInput, out *dms.DescribeReplicationInstancesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	dmsDescribeEndpoints = collect.NewOp("dms", "DescribeEndpoints",
		func(ctx context.Context, cfg aws.Config, in *dms.DescribeEndpointsInput) (*dms.DescribeEndpointsOutput, error) {
			return dmsClient(cfg).DescribeEndpoints(ctx, in)
		}).Paged(func(in *dms.DescribeEndpointsInput, out *dms.DescribeEndpointsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	dmsDescribeReplicationTasks = collect.NewOp("dms", "DescribeReplicationTasks",
		func(ctx context.Context, cfg aws.Config, in *dms.DescribeReplicationTasksInput) (*dms.DescribeReplicationTasksOutput, error) {
			return dmsClient(cfg).DescribeReplicationTasks(ctx, in)
		}).Paged(func(in *dms.DescribeReplicationTasksInput, out *dms.DescribeReplicationTasksOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	dmsListTagsForResource = collect.NewOp("dms", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *dms.ListTagsForResourceInput) (*dms.ListTagsForResourceOutput, error) {
			return dmsClient(cfg).ListTagsForResource(ctx, in)
		})
)
