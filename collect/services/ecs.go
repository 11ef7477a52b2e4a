package services

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ECS collects clusters, their services, task definitions and the account's settings. Of the values of environment variables,
// commands, entry points and the options of log and volume drivers only the presence is kept; names of secrets stay.
func ECS() collect.Service {
	return collect.Service{Name: "ecs", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "ecs.cluster", Scope: bundle.ScopeRegion, Tags: "Cluster.Tags"},
			ecsListClusters, ecs.ListClustersInput{MaxResults: aws.Int32(100)},
			func(out *ecs.ListClustersOutput) []string { return out.ClusterArns },
			func(_ *collect.Session, arn string, _ bundle.From) collect.ID {
				return collect.ID{ID: lastOf(arn, "/"), ARN: arn}
			},
			collect.Custom[types.Cluster]("Cluster", []collect.Operation{ecsDescribeClusters.Operation}, ecsCluster),
		),
		collect.ListedUnder(collect.Kind{
			Name: "ecs.service", Scope: bundle.ScopeRegion, Tags: "Service.Tags",
			Empty: []collect.Says{{Code: "ClusterNotFoundException"}}, // a cluster that was deleted since it was named
		},
			ecsServices(),
			func(_ *collect.Session, n ecsServiceName, _ bundle.From) collect.ID {
				return collect.ID{ID: lastOf(n.cluster, "/") + "/" + lastOf(n.arn, "/"), ARN: n.arn}
			},
			collect.Custom[types.Service]("Service", []collect.Operation{ecsDescribeServices.Operation}, ecsService),
			collect.Custom[ecs.DescribeTaskDefinitionOutput]("TaskDefinition",
				[]collect.Operation{ecsDescribeServices.Operation, ecsDescribeTaskDefinition.Operation}, ecsServiceTask),
		),
		ecsTaskDefinition(),
		collect.Single(collect.Kind{Name: "ecs.account-settings", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Region()} },
			collect.Read("Settings", ecsListAccountSettings,
				func(*collect.Session) *ecs.ListAccountSettingsInput {
					return &ecs.ListAccountSettingsInput{EffectiveSettings: true}
				}),
		),
	}}
}

// ecsServiceName names a service. Older service ARNs do not hold the cluster.
type ecsServiceName struct{ cluster, arn string }

// ecsServices lists the services of one cluster after the other.
func ecsServices() collect.Children[string, ecs.ListServicesInput, ecs.ListServicesOutput, ecsServiceName] {
	return collect.Children[string, ecs.ListServicesInput, ecs.ListServicesOutput, ecsServiceName]{
		Parents: func(ctx context.Context, s *collect.Session) ([]string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, ecsListClusters, &ecs.ListClustersInput{MaxResults: aws.Int32(100)})
			if f != nil {
				return nil, calls, f
			}
			return out.ClusterArns, calls, nil
		},
		ParentOps: []collect.Operation{ecsListClusters.Operation},
		List:      ecsListServices,
		Input: func(cluster string) *ecs.ListServicesInput {
			return &ecs.ListServicesInput{Cluster: &cluster, MaxResults: aws.Int32(100)}
		},
		Items: func(cluster string, out *ecs.ListServicesOutput) []ecsServiceName {
			names := make([]ecsServiceName, 0, len(out.ServiceArns))
			for _, arn := range out.ServiceArns {
				names = append(names, ecsServiceName{cluster: cluster, arn: arn})
			}
			return names
		},
	}
}

// ecsTaskDefinition describes the latest active revision of each family: the one that a service or a run without a revision
// takes. A family can have any number of older active revisions; one that a service still runs is a part of that service.
func ecsTaskDefinition() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ecs.task-definition", Scope: bundle.ScopeRegion, Tags: "TaskDefinition.Tags"},
		ecsListTaskDefinitions,
		ecs.ListTaskDefinitionsInput{Status: types.TaskDefinitionStatusActive, MaxResults: aws.Int32(100)},
		func(out *ecs.ListTaskDefinitionsOutput) []string { return latestRevisions(out.TaskDefinitionArns) },
		func(_ *collect.Session, arn string, _ bundle.From) collect.ID {
			return collect.ID{ID: lastOf(arn, "/"), ARN: arn}
		},
		collect.Read("TaskDefinition", ecsDescribeTaskDefinition,
			func(arn string) *ecs.DescribeTaskDefinitionInput {
				return &ecs.DescribeTaskDefinitionInput{
					TaskDefinition: &arn, Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags},
				}
			}),
	)
}

// latestRevisions returns of each family the task definition with the highest revision, in the order in which the families were
// named. An ARN without a revision, which AWS does not send, stays.
func latestRevisions(arns []string) []string {
	type place struct{ index, revision int }
	latest := map[string]place{}
	var out []string
	for _, arn := range arns {
		i := strings.LastIndex(arn, ":")
		revision, err := strconv.Atoi(arn[i+1:])
		if i < 0 || err != nil {
			out = append(out, arn)
			continue
		}
		seen, ok := latest[arn[:i]]
		switch {
		case !ok:
			latest[arn[:i]] = place{len(out), revision}
			out = append(out, arn)
		case revision > seen.revision:
			latest[arn[:i]] = place{seen.index, revision}
			out[seen.index] = arn
		}
	}
	return out
}

func ecsCluster(ctx context.Context, s *collect.Session, arn string) bundle.Part {
	out, calls, f := collect.Get(ctx, s, ecsDescribeClusters, &ecs.DescribeClustersInput{
		Clusters: []string{arn},
		Include:  []types.ClusterField{types.ClusterFieldConfigurations, types.ClusterFieldSettings, types.ClusterFieldTags},
	})
	if f != nil {
		return f.Part(calls)
	}
	return theOne(s, ecsDescribeClusters.Operation, out.Clusters, out.Failures, calls)
}

// ecsDescription asks for one service, without its events: the last hundred messages about its tasks.
func ecsDescription(ctx context.Context, s *collect.Session, n ecsServiceName) (*ecs.DescribeServicesOutput, []string, *collect.Failure) {
	out, calls, f := collect.Get(ctx, s, ecsDescribeServices, &ecs.DescribeServicesInput{
		Cluster: &n.cluster, Services: []string{n.arn}, Include: []types.ServiceField{types.ServiceFieldTags},
	})
	if f != nil {
		return nil, calls, f
	}
	for i := range out.Services {
		out.Services[i].Events = nil
	}
	return out, calls, nil
}

func ecsService(ctx context.Context, s *collect.Session, n ecsServiceName) bundle.Part {
	out, calls, f := ecsDescription(ctx, s, n)
	if f != nil {
		return f.Part(calls)
	}
	return theOne(s, ecsDescribeServices.Operation, out.Services, out.Failures, calls)
}

// ecsServiceTask is the task definition that a service runs, which need not be the latest of its family.
func ecsServiceTask(ctx context.Context, s *collect.Session, n ecsServiceName) bundle.Part {
	out, calls, f := ecsDescription(ctx, s, n)
	if f != nil {
		return f.Part(calls)
	}
	if len(out.Services) != 1 {
		return theOne(s, ecsDescribeServices.Operation, out.Services, out.Failures, calls)
	}
	arn := taskDefinitionOf(out.Services[0])
	if arn == nil {
		return s.Missing(ecsDescribeServices.Operation, "NoTaskDefinition", "neither the service nor its primary task set names a task definition", calls)
	}
	definition, more, f := collect.Get(ctx, s, ecsDescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{
		TaskDefinition: arn, Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags},
	})
	calls = append(calls[:len(calls):len(calls)], more...)
	if f != nil {
		return f.Part(calls)
	}
	return s.OK(ecsDescribeTaskDefinition.Operation, definition, calls)
}

// taskDefinitionOf returns the ARN of what a service runs. A service that something else deploys has task sets instead.
func taskDefinitionOf(service types.Service) *string {
	if aws.ToString(service.TaskDefinition) != "" {
		return service.TaskDefinition
	}
	for _, set := range service.TaskSets {
		if aws.ToString(set.Status) == "PRIMARY" {
			return set.TaskDefinition
		}
	}
	return nil
}

// theOne is the part of a description that was asked for one resource. ECS answers with success and a list of failures when it
// does not find what was asked for.
func theOne[D any](s *collect.Session, op collect.Operation, found []D, failures []types.Failure, calls []string) bundle.Part {
	if len(found) == 1 {
		return s.OK(op, found[0], calls)
	}
	code, message := "NotDescribed", "the answer does not hold the one resource that was asked for"
	if len(failures) > 0 {
		if reason := aws.ToString(failures[0].Reason); reason != "" {
			code = reason
		}
		if detail := aws.ToString(failures[0].Detail); detail != "" {
			message = detail
		}
	}
	return s.Missing(op, code, message, calls)
}

func ecsClient(cfg aws.Config) *ecs.Client { return ecs.NewFromConfig(cfg) }

// The operations of this file.
var (
	ecsListClusters = collect.NewOp("ecs", "ListClusters",
		func(ctx context.Context, cfg aws.Config, in *ecs.ListClustersInput) (*ecs.ListClustersOutput, error) {
			return ecsClient(cfg).ListClusters(ctx, in)
		}).Paged(func(in *ecs.ListClustersInput, out *ecs.ListClustersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ecsListServices = collect.NewOp("ecs", "ListServices",
		func(ctx context.Context, cfg aws.Config, in *ecs.ListServicesInput) (*ecs.ListServicesOutput, error) {
			return ecsClient(cfg).ListServices(ctx, in)
		}).Paged(func(in *ecs.ListServicesInput, out *ecs.ListServicesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ecsListTaskDefinitions = collect.NewOp("ecs", "ListTaskDefinitions",
		func(ctx context.Context, cfg aws.Config, in *ecs.ListTaskDefinitionsInput) (*ecs.ListTaskDefinitionsOutput, error) {
			return ecsClient(cfg).ListTaskDefinitions(ctx, in)
		}).Paged(func(in *ecs.ListTaskDefinitionsInput, out *ecs.ListTaskDefinitionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}).Shared()
	ecsListAccountSettings = collect.NewOp("ecs", "ListAccountSettings",
		func(ctx context.Context, cfg aws.Config, in *ecs.ListAccountSettingsInput) (*ecs.ListAccountSettingsOutput, error) {
			return ecsClient(cfg).ListAccountSettings(ctx, in)
		}).Paged(func(in *ecs.ListAccountSettingsInput, out *ecs.ListAccountSettingsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ecsDescribeClusters = collect.NewOp("ecs", "DescribeClusters",
		func(ctx context.Context, cfg aws.Config, in *ecs.DescribeClustersInput) (*ecs.DescribeClustersOutput, error) {
			return ecsClient(cfg).DescribeClusters(ctx, in)
		})
	ecsDescribeServices = collect.NewOp("ecs", "DescribeServices",
		func(ctx context.Context, cfg aws.Config, in *ecs.DescribeServicesInput) (*ecs.DescribeServicesOutput, error) {
			return ecsClient(cfg).DescribeServices(ctx, in)
		}).Shared()
	ecsDescribeTaskDefinition = collect.NewOp("ecs", "DescribeTaskDefinition",
		func(ctx context.Context, cfg aws.Config, in *ecs.DescribeTaskDefinitionInput) (*ecs.DescribeTaskDefinitionOutput, error) {
			return ecsClient(cfg).DescribeTaskDefinition(ctx, in)
		})
)
