package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// SageMaker collects notebook instances, models, endpoints with their configurations, and domains. Training and other jobs are a
// history without end and not asked for. The environment of a model's containers is replaced at collection.
func SageMaker() collect.Service {
	return collect.Service{Name: "sagemaker", Kinds: []collect.Kind{
		sagemakerKind("sagemaker.domain", sagemakerListDomains, sagemaker.ListDomainsInput{MaxResults: sagemakerPage},
			func(out *sagemaker.ListDomainsOutput) []types.DomainDetails { return out.Domains },
			func(v types.DomainDetails) (id, arn *string) { return v.DomainId, v.DomainArn },
			"Domain", sagemakerDescribeDomain, func(id *string) *sagemaker.DescribeDomainInput {
				return &sagemaker.DescribeDomainInput{DomainId: id}
			}),
		sagemakerKind("sagemaker.endpoint", sagemakerListEndpoints, sagemaker.ListEndpointsInput{MaxResults: sagemakerPage},
			func(out *sagemaker.ListEndpointsOutput) []types.EndpointSummary { return out.Endpoints },
			func(v types.EndpointSummary) (id, arn *string) { return v.EndpointName, v.EndpointArn },
			"Endpoint", sagemakerDescribeEndpoint, func(id *string) *sagemaker.DescribeEndpointInput {
				return &sagemaker.DescribeEndpointInput{EndpointName: id}
			}),
		sagemakerKind("sagemaker.endpoint-config", sagemakerListEndpointConfigs, sagemaker.ListEndpointConfigsInput{MaxResults: sagemakerPage},
			func(out *sagemaker.ListEndpointConfigsOutput) []types.EndpointConfigSummary {
				return out.EndpointConfigs
			},
			func(v types.EndpointConfigSummary) (id, arn *string) {
				return v.EndpointConfigName, v.EndpointConfigArn
			},
			"EndpointConfig", sagemakerDescribeEndpointConfig, func(id *string) *sagemaker.DescribeEndpointConfigInput {
				return &sagemaker.DescribeEndpointConfigInput{EndpointConfigName: id}
			}),
		sagemakerKind("sagemaker.model", sagemakerListModels, sagemaker.ListModelsInput{MaxResults: sagemakerPage},
			func(out *sagemaker.ListModelsOutput) []types.ModelSummary { return out.Models },
			func(v types.ModelSummary) (id, arn *string) { return v.ModelName, v.ModelArn },
			"Model", sagemakerDescribeModel, func(id *string) *sagemaker.DescribeModelInput {
				return &sagemaker.DescribeModelInput{ModelName: id}
			}),
		sagemakerKind("sagemaker.notebook-instance", sagemakerListNotebookInstances, sagemaker.ListNotebookInstancesInput{MaxResults: sagemakerPage},
			func(out *sagemaker.ListNotebookInstancesOutput) []types.NotebookInstanceSummary {
				return out.NotebookInstances
			},
			func(v types.NotebookInstanceSummary) (id, arn *string) {
				return v.NotebookInstanceName, v.NotebookInstanceArn
			},
			"NotebookInstance", sagemakerDescribeNotebookInstance, func(id *string) *sagemaker.DescribeNotebookInstanceInput {
				return &sagemaker.DescribeNotebookInstanceInput{NotebookInstanceName: id}
			}),
	}}
}

func sagemakerClient(cfg aws.Config) *sagemaker.Client { return sagemaker.NewFromConfig(cfg) }

// sagemakerPage is the page size that SageMaker is asked for: its largest.
var sagemakerPage = aws.Int32(100)

// sagemakerKind is a kind whose items are named by an id and an ARN, and described one by one in a part of their own.
func sagemakerKind[LI, LO, I, O, S any](name string, list collect.Op[LI, LO], in LI, items func(*LO) []S, names func(S) (id, arn *string),
	part string, describe collect.Op[I, O], input func(id *string) *I) collect.Kind {
	return collect.Listed(collect.Kind{Name: name, Scope: bundle.ScopeRegion, Tags: "Tags.Tags"}, list, in, items,
		func(_ *collect.Session, item S, _ bundle.From) collect.ID {
			id, arn := names(item)
			return collect.ID{ID: aws.ToString(id), ARN: aws.ToString(arn)}
		},
		collect.Read(part, describe, func(item S) *I {
			id, _ := names(item)
			return input(id)
		}),
		collect.Read("Tags", sagemakerListTags, func(item S) *sagemaker.ListTagsInput {
			_, arn := names(item)
			return &sagemaker.ListTagsInput{ResourceArn: arn}
		}))
}

// The operations of this file.
var (
	sagemakerListDomains = collect.NewOp("sagemaker", "ListDomains",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.ListDomainsInput) (*sagemaker.ListDomainsOutput, error) {
			return sagemakerClient(cfg).ListDomains(ctx, in)
		}).Paged(func(in *sagemaker.ListDomainsInput, out *sagemaker.ListDomainsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	sagemakerDescribeDomain = collect.NewOp("sagemaker", "DescribeDomain",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.DescribeDomainInput) (*sagemaker.DescribeDomainOutput, error) {
			return sagemakerClient(cfg).DescribeDomain(ctx, in)
		})
	sagemakerListEndpoints = collect.NewOp("sagemaker", "ListEndpoints",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.ListEndpointsInput) (*sagemaker.ListEndpointsOutput, error) {
			return sagemakerClient(cfg).ListEndpoints(ctx, in)
		}).Paged(func(in *sagemaker.ListEndpointsInput, out *sagemaker.ListEndpointsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	sagemakerDescribeEndpoint = collect.NewOp("sagemaker", "DescribeEndpoint",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.DescribeEndpointInput) (*sagemaker.DescribeEndpointOutput, error) {
			return sagemakerClient(cfg).DescribeEndpoint(ctx, in)
		})
	sagemakerListEndpointConfigs = collect.NewOp("sagemaker", "ListEndpointConfigs",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.ListEndpointConfigsInput) (*sagemaker.ListEndpointConfigsOutput, error) {
			return sagemakerClient(cfg).ListEndpointConfigs(ctx, in)
		}).Paged(func(in *sagemaker.ListEndpointConfigsInput, out *sagemaker.ListEndpointConfigsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	sagemakerDescribeEndpointConfig = collect.NewOp("sagemaker", "DescribeEndpointConfig",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.DescribeEndpointConfigInput) (*sagemaker.DescribeEndpointConfigOutput, error) {
			return sagemakerClient(cfg).DescribeEndpointConfig(ctx, in)
		})
	sagemakerListModels = collect.NewOp("sagemaker", "ListModels",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.ListModelsInput) (*sagemaker.ListModelsOutput, error) {
			return sagemakerClient(cfg).ListModels(ctx, in)
		}).Paged(func(in *sagemaker.ListModelsInput, out *sagemaker.ListModelsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	sagemakerDescribeModel = collect.NewOp("sagemaker", "DescribeModel",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.DescribeModelInput) (*sagemaker.DescribeModelOutput, error) {
			return sagemakerClient(cfg).DescribeModel(ctx, in)
		})
	sagemakerListNotebookInstances = collect.NewOp("sagemaker", "ListNotebookInstances",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.ListNotebookInstancesInput) (*sagemaker.ListNotebookInstancesOutput, error) {
			return sagemakerClient(cfg).ListNotebookInstances(ctx, in)
		}).Paged(func(in *sagemaker.ListNotebookInstancesInput, out *sagemaker.ListNotebookInstancesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	sagemakerDescribeNotebookInstance = collect.NewOp("sagemaker", "DescribeNotebookInstance",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.DescribeNotebookInstanceInput) (*sagemaker.DescribeNotebookInstanceOutput, error) {
			return sagemakerClient(cfg).DescribeNotebookInstance(ctx, in)
		})
	sagemakerListTags = collect.NewOp("sagemaker", "ListTags",
		func(ctx context.Context, cfg aws.Config, in *sagemaker.ListTagsInput) (*sagemaker.ListTagsOutput, error) {
			return sagemakerClient(cfg).ListTags(ctx, in)
		}).Paged(func(in *sagemaker.ListTagsInput, out *sagemaker.ListTagsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
