package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ElastiCache collects cache clusters, the replication groups that most of them belong to, serverless caches, the users and user
// groups of their access control, subnet groups, and the snapshots that people took. No answer holds an AUTH token or a
// password: AWS tells only that there is one. A replication group says more of encryption, failover and backups than its
// members do; Memcached has clusters alone.
func ElastiCache() collect.Service {
	return collect.Service{Name: "elasticache", Kinds: []collect.Kind{
		elasticacheClusters(),
		elasticacheReplicationGroups(),
		elasticacheServerlessCaches(),
		collect.Listed(collect.Kind{Name: "elasticache.user", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "User"},
			elasticacheDescribeUsers, elasticache.DescribeUsersInput{MaxRecords: aws.Int32(100)},
			func(out *elasticache.DescribeUsersOutput) []types.User { return out.Users },
			func(_ *collect.Session, u types.User, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(u.UserId), ARN: aws.ToString(u.ARN)}
			},
			elasticacheTags(func(u types.User) *string { return u.ARN })),
		collect.Listed(collect.Kind{Name: "elasticache.user-group", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "UserGroup"},
			elasticacheDescribeUserGroups, elasticache.DescribeUserGroupsInput{MaxRecords: aws.Int32(100)},
			func(out *elasticache.DescribeUserGroupsOutput) []types.UserGroup { return out.UserGroups },
			func(_ *collect.Session, g types.UserGroup, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(g.UserGroupId), ARN: aws.ToString(g.ARN)}
			},
			elasticacheTags(func(g types.UserGroup) *string { return g.ARN })),
		collect.Listed(collect.Kind{Name: "elasticache.subnet-group", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "CacheSubnetGroup"},
			elasticacheDescribeCacheSubnetGroups, elasticache.DescribeCacheSubnetGroupsInput{MaxRecords: aws.Int32(100)},
			func(out *elasticache.DescribeCacheSubnetGroupsOutput) []types.CacheSubnetGroup {
				return out.CacheSubnetGroups
			},
			func(_ *collect.Session, g types.CacheSubnetGroup, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(g.CacheSubnetGroupName), ARN: aws.ToString(g.ARN)}
			},
			elasticacheTags(func(g types.CacheSubnetGroup) *string { return g.ARN })),
		collect.Listed(collect.Kind{Name: "elasticache.snapshot", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "Snapshot"},
			elasticacheDescribeSnapshots, elasticache.DescribeSnapshotsInput{SnapshotSource: aws.String("user"), MaxRecords: aws.Int32(50)},
			func(out *elasticache.DescribeSnapshotsOutput) []types.Snapshot { return out.Snapshots },
			func(_ *collect.Session, n types.Snapshot, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(n.SnapshotName), ARN: aws.ToString(n.ARN)}
			},
			elasticacheTags(func(n types.Snapshot) *string { return n.ARN })),
	}}
}

func elasticacheClusters() collect.Kind {
	return collect.Listed(collect.Kind{Name: "elasticache.cache-cluster", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "CacheCluster"},
		elasticacheDescribeCacheClusters, elasticache.DescribeCacheClustersInput{MaxRecords: aws.Int32(100)},
		func(out *elasticache.DescribeCacheClustersOutput) []types.CacheCluster { return out.CacheClusters },
		func(_ *collect.Session, c types.CacheCluster, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(c.CacheClusterId), ARN: aws.ToString(c.ARN)}
		},
		elasticacheTags(func(c types.CacheCluster) *string { return c.ARN }))
}

func elasticacheReplicationGroups() collect.Kind {
	return collect.Listed(collect.Kind{Name: "elasticache.replication-group", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "ReplicationGroup"},
		elasticacheDescribeReplicationGroups, elasticache.DescribeReplicationGroupsInput{MaxRecords: aws.Int32(100)},
		func(out *elasticache.DescribeReplicationGroupsOutput) []types.ReplicationGroup {
			return out.ReplicationGroups
		},
		func(_ *collect.Session, g types.ReplicationGroup, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(g.ReplicationGroupId), ARN: aws.ToString(g.ARN)}
		},
		elasticacheTags(func(g types.ReplicationGroup) *string { return g.ARN }))
}

func elasticacheServerlessCaches() collect.Kind {
	return collect.Listed(collect.Kind{Name: "elasticache.serverless-cache", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "ServerlessCache"},
		elasticacheDescribeServerlessCaches, elasticache.DescribeServerlessCachesInput{MaxResults: aws.Int32(50)},
		func(out *elasticache.DescribeServerlessCachesOutput) []types.ServerlessCache {
			return out.ServerlessCaches
		},
		func(_ *collect.Session, c types.ServerlessCache, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(c.ServerlessCacheName), ARN: aws.ToString(c.ARN)}
		},
		elasticacheTags(func(c types.ServerlessCache) *string { return c.ARN }))
}

func elasticacheTags[S any](arn func(S) *string) collect.Part[S] {
	return collect.Read("Tags", elasticacheListTagsForResource, func(item S) *elasticache.ListTagsForResourceInput {
		return &elasticache.ListTagsForResourceInput{ResourceName: arn(item)}
	})
}

func elasticacheClient(cfg aws.Config) *elasticache.Client { return elasticache.NewFromConfig(cfg) }

// The operations of this file.
var (
	elasticacheDescribeCacheClusters = collect.NewOp("elasticache", "DescribeCacheClusters",
		func(ctx context.Context, cfg aws.Config, in *elasticache.DescribeCacheClustersInput) (*elasticache.DescribeCacheClustersOutput, error) {
			return elasticacheClient(cfg).DescribeCacheClusters(ctx, in)
		}).Paged(func(in *elasticache.DescribeCacheClustersInput, out *elasticache.DescribeCacheClustersOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	elasticacheDescribeReplicationGroups = collect.NewOp("elasticache", "DescribeReplicationGroups",
		func(ctx context.Context, cfg aws.Config, in *elasticache.DescribeReplicationGroupsInput) (*elasticache.DescribeReplicationGroupsOutput, error) {
			return elasticacheClient(cfg).DescribeReplicationGroups(ctx, in)
		}).Paged(func(in *elasticache.DescribeReplicationGroupsInput, out *elasticache.DescribeReplicationGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	elasticacheDescribeServerlessCaches = collect.NewOp("elasticache", "DescribeServerlessCaches",
		func(ctx context.Context, cfg aws.Config, in *elasticache.DescribeServerlessCachesInput) (*elasticache.DescribeServerlessCachesOutput, error) {
			return elasticacheClient(cfg).DescribeServerlessCaches(ctx, in)
		}).Paged(func(in *elasticache.DescribeServerlessCachesInput, out *elasticache.DescribeServerlessCachesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	elasticacheDescribeUsers = collect.NewOp("elasticache", "DescribeUsers",
		func(ctx context.Context, cfg aws.Config, in *elasticache.DescribeUsersInput) (*elasticache.DescribeUsersOutput, error) {
			return elasticacheClient(cfg).DescribeUsers(ctx, in)
		}).Paged(func(in *elasticache.DescribeUsersInput, out *elasticache.DescribeUsersOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	elasticacheDescribeUserGroups = collect.NewOp("elasticache", "DescribeUserGroups",
		func(ctx context.Context, cfg aws.Config, in *elasticache.DescribeUserGroupsInput) (*elasticache.DescribeUserGroupsOutput, error) {
			return elasticacheClient(cfg).DescribeUserGroups(ctx, in)
		}).Paged(func(in *elasticache.DescribeUserGroupsInput, out *elasticache.DescribeUserGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	elasticacheDescribeCacheSubnetGroups = collect.NewOp("elasticache", "DescribeCacheSubnetGroups",
		func(ctx context.Context, cfg aws.Config, in *elasticache.DescribeCacheSubnetGroupsInput) (*elasticache.DescribeCacheSubnetGroupsOutput, error) {
			return elasticacheClient(cfg).DescribeCacheSubnetGroups(ctx, in)
		}).Paged(func(in *elasticache.DescribeCacheSubnetGroupsInput, out *elasticache.DescribeCacheSubnetGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	elasticacheDescribeSnapshots = collect.NewOp("elasticache", "DescribeSnapshots",
		func(ctx context.Context, cfg aws.Config, in *elasticache.DescribeSnapshotsInput) (*elasticache.DescribeSnapshotsOutput, error) {
			return elasticacheClient(cfg).DescribeSnapshots(ctx, in)
		}).Paged(func(in *elasticache.DescribeSnapshotsInput, out *elasticache.DescribeSnapshotsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	elasticacheListTagsForResource = collect.NewOp("elasticache", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *elasticache.ListTagsForResourceInput) (*elasticache.ListTagsForResourceOutput, error) {
			return elasticacheClient(cfg).ListTagsForResource(ctx, in)
		})
)
