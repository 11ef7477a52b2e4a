package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// securityParameters are the parameters that decide about TLS and audit logs, by engine. Who sets none of them has the engine's
// default, which is not the same for all versions (rds.force_ssl is on from PostgreSQL 15): they are read whoever set them. Of
// the hundreds of others only those that a person set are read.
var securityParameters = []string{
	"rds.force_ssl", "ssl_min_protocol_version", "log_connections", "log_disconnections", "log_statement", "pgaudit.log", "pgaudit.role", "shared_preload_libraries", // PostgreSQL; the first also SQL Server
	"require_secure_transport", "tls_version", "server_audit_logging", "server_audit_events", "general_log", "slow_query_log", "log_output", // MySQL, MariaDB, Aurora MySQL
	"rds.fips", "rds.tls10", "rds.tls11", "rds.tls12", // SQL Server
	"tls", "audit_logs", // DocumentDB
	"neptune_enforce_ssl", "neptune_enable_audit_log", // Neptune
}

func rdsSecurityParameters() []types.Filter {
	return []types.Filter{{Name: aws.String("parameter-name"), Values: securityParameters}}
}

// rdsParameterGroups are the parameter groups of instances, those that AWS made included.
func rdsParameterGroups() collect.Kind {
	return collect.Listed(collect.Kind{Name: "rds.db-parameter-group", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "DBParameterGroup"},
		rdsDescribeDBParameterGroups, rds.DescribeDBParameterGroupsInput{},
		func(out *rds.DescribeDBParameterGroupsOutput) []types.DBParameterGroup { return out.DBParameterGroups },
		func(_ *collect.Session, g types.DBParameterGroup, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(g.DBParameterGroupName), ARN: aws.ToString(g.DBParameterGroupArn)}
		},
		collect.Read("UserParameters", rdsDescribeDBParameters,
			func(g types.DBParameterGroup) *rds.DescribeDBParametersInput {
				return &rds.DescribeDBParametersInput{DBParameterGroupName: g.DBParameterGroupName, Source: aws.String("user")}
			}),
		collect.Read("SecurityParameters", rdsDescribeDBParameters,
			func(g types.DBParameterGroup) *rds.DescribeDBParametersInput {
				return &rds.DescribeDBParametersInput{DBParameterGroupName: g.DBParameterGroupName, Filters: rdsSecurityParameters()}
			}),
		rdsTags(func(g types.DBParameterGroup) *string { return g.DBParameterGroupArn }))
}

// rdsClusterParameterGroups are the parameter groups of clusters: those of Aurora, DocumentDB and Neptune.
func rdsClusterParameterGroups() collect.Kind {
	return collect.Listed(collect.Kind{Name: "rds.db-cluster-parameter-group", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "DBClusterParameterGroup"},
		rdsDescribeDBClusterParameterGroups, rds.DescribeDBClusterParameterGroupsInput{},
		func(out *rds.DescribeDBClusterParameterGroupsOutput) []types.DBClusterParameterGroup {
			return out.DBClusterParameterGroups
		},
		func(_ *collect.Session, g types.DBClusterParameterGroup, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(g.DBClusterParameterGroupName), ARN: aws.ToString(g.DBClusterParameterGroupArn)}
		},
		collect.Read("UserParameters", rdsDescribeDBClusterParameters,
			func(g types.DBClusterParameterGroup) *rds.DescribeDBClusterParametersInput {
				return &rds.DescribeDBClusterParametersInput{DBClusterParameterGroupName: g.DBClusterParameterGroupName, Source: aws.String("user")}
			}),
		collect.Read("SecurityParameters", rdsDescribeDBClusterParameters,
			func(g types.DBClusterParameterGroup) *rds.DescribeDBClusterParametersInput {
				return &rds.DescribeDBClusterParametersInput{DBClusterParameterGroupName: g.DBClusterParameterGroupName, Filters: rdsSecurityParameters()}
			}),
		rdsTags(func(g types.DBClusterParameterGroup) *string { return g.DBClusterParameterGroupArn }))
}

// rdsOptionGroups tell of TLS and audit plug-ins of Oracle, SQL Server, MySQL and MariaDB. The values of option settings are
// replaced at collection.
func rdsOptionGroups() collect.Kind {
	return collect.Listed(collect.Kind{Name: "rds.option-group", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "OptionGroup"},
		rdsDescribeOptionGroups, rds.DescribeOptionGroupsInput{},
		func(out *rds.DescribeOptionGroupsOutput) []types.OptionGroup { return out.OptionGroupsList },
		func(_ *collect.Session, g types.OptionGroup, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(g.OptionGroupName), ARN: aws.ToString(g.OptionGroupArn)}
		},
		rdsTags(func(g types.OptionGroup) *string { return g.OptionGroupArn }))
}

func rdsSubnetGroups() collect.Kind {
	return collect.Listed(collect.Kind{Name: "rds.db-subnet-group", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "DBSubnetGroup"},
		rdsDescribeDBSubnetGroups, rds.DescribeDBSubnetGroupsInput{},
		func(out *rds.DescribeDBSubnetGroupsOutput) []types.DBSubnetGroup { return out.DBSubnetGroups },
		func(_ *collect.Session, g types.DBSubnetGroup, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(g.DBSubnetGroupName), ARN: aws.ToString(g.DBSubnetGroupArn)}
		},
		rdsTags(func(g types.DBSubnetGroup) *string { return g.DBSubnetGroupArn }))
}

func rdsProxies() collect.Kind {
	return collect.Listed(collect.Kind{Name: "rds.db-proxy", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "DBProxy"},
		rdsDescribeDBProxies, rds.DescribeDBProxiesInput{},
		func(out *rds.DescribeDBProxiesOutput) []types.DBProxy { return out.DBProxies },
		func(_ *collect.Session, p types.DBProxy, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(p.DBProxyName), ARN: aws.ToString(p.DBProxyArn)}
		},
		rdsTags(func(p types.DBProxy) *string { return p.DBProxyArn }))
}

func rdsEventSubscriptions() collect.Kind {
	return collect.Listed(collect.Kind{Name: "rds.event-subscription", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "EventSubscription"},
		rdsDescribeEventSubscriptions, rds.DescribeEventSubscriptionsInput{},
		func(out *rds.DescribeEventSubscriptionsOutput) []types.EventSubscription {
			return out.EventSubscriptionsList
		},
		func(_ *collect.Session, e types.EventSubscription, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(e.CustSubscriptionId), ARN: aws.ToString(e.EventSubscriptionArn)}
		},
		rdsTags(func(e types.EventSubscription) *string { return e.EventSubscriptionArn }))
}

func rdsTags[S any](arn func(S) *string) collect.Part[S] {
	return collect.Read("Tags", rdsListTagsForResource, func(item S) *rds.ListTagsForResourceInput {
		return &rds.ListTagsForResourceInput{ResourceName: arn(item)}
	})
}

// The operations of this file.
var (
	rdsDescribeDBParameterGroups = collect.NewOp("rds", "DescribeDBParameterGroups",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBParameterGroupsInput) (*rds.DescribeDBParameterGroupsOutput, error) {
			return rdsClient(cfg).DescribeDBParameterGroups(ctx, in)
		}).Paged(func(in *rds.DescribeDBParameterGroupsInput, out *rds.DescribeDBParameterGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeDBParameters = collect.NewOp("rds", "DescribeDBParameters",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBParametersInput) (*rds.DescribeDBParametersOutput, error) {
			return rdsClient(cfg).DescribeDBParameters(ctx, in)
		}).Paged(func(in *rds.DescribeDBParametersInput, out *rds.DescribeDBParametersOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeDBClusterParameterGroups = collect.NewOp("rds", "DescribeDBClusterParameterGroups",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBClusterParameterGroupsInput) (*rds.DescribeDBClusterParameterGroupsOutput, error) {
			return rdsClient(cfg).DescribeDBClusterParameterGroups(ctx, in)
		}).Paged(func(in *rds.DescribeDBClusterParameterGroupsInput, out *rds.DescribeDBClusterParameterGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeDBClusterParameters = collect.NewOp("rds", "DescribeDBClusterParameters",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBClusterParametersInput) (*rds.DescribeDBClusterParametersOutput, error) {
			return rdsClient(cfg).DescribeDBClusterParameters(ctx, in)
		}).Paged(func(in *rds.DescribeDBClusterParametersInput, out *rds.DescribeDBClusterParametersOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeOptionGroups = collect.NewOp("rds", "DescribeOptionGroups",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeOptionGroupsInput) (*rds.DescribeOptionGroupsOutput, error) {
			return rdsClient(cfg).DescribeOptionGroups(ctx, in)
		}).Paged(func(in *rds.DescribeOptionGroupsInput, out *rds.DescribeOptionGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeDBSubnetGroups = collect.NewOp("rds", "DescribeDBSubnetGroups",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBSubnetGroupsInput) (*rds.DescribeDBSubnetGroupsOutput, error) {
			return rdsClient(cfg).DescribeDBSubnetGroups(ctx, in)
		}).Paged(func(in *rds.DescribeDBSubnetGroupsInput, out *rds.DescribeDBSubnetGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeDBProxies = collect.NewOp("rds", "DescribeDBProxies",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeDBProxiesInput) (*rds.DescribeDBProxiesOutput, error) {
			return rdsClient(cfg).DescribeDBProxies(ctx, in)
		}).Paged(func(in *rds.DescribeDBProxiesInput, out *rds.DescribeDBProxiesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsDescribeEventSubscriptions = collect.NewOp("rds", "DescribeEventSubscriptions",
		func(ctx context.Context, cfg aws.Config, in *rds.DescribeEventSubscriptionsInput) (*rds.DescribeEventSubscriptionsOutput, error) {
			return rdsClient(cfg).DescribeEventSubscriptions(ctx, in)
		}).Paged(func(in *rds.DescribeEventSubscriptionsInput, out *rds.DescribeEventSubscriptionsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	rdsListTagsForResource = collect.NewOp("rds", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *rds.ListTagsForResourceInput) (*rds.ListTagsForResourceOutput, error) {
			return rdsClient(cfg).ListTagsForResource(ctx, in)
		})
)
