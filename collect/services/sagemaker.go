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
		collect.Listed(collect.Kind{Name: "sagemaker.domain", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			sagemakerListDomains, sagemaker.ListDomainsInput{MaxResults: sagemakerPage},
			func(out *sagemaker.ListDomainsOutput) []types.DomainDetails { return out.Domains },
			func(_ *collect.Session, v types.DomainDetails, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.DomainId), ARN: aws.ToString(v.DomainArn)}
			},
			collect.Read("Domain", sagemakerDescribeDomain,
				func(v types.DomainDetails) *sagemaker.DescribeDomainInput {
					return &sagemaker.DescribeDomainInput{DomainId: v.DomainId}
				}),
			collect.Read("Tags", sagemakerListTags,
				func(v types.DomainDetails) *sagemaker.ListTagsInput {
					return &sagemaker.ListTagsInput{ResourceArn: v.DomainArn}
				}),
		),
		collect.Listed(collect.Kind{Name: "sagemaker.endpoint", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			sagemakerListEndpoints, sagemaker.ListEndpointsInput{MaxResults: sagemakerPage},
			func(out *sagemaker.ListEndpointsOutput) []types.EndpointSummary { return out.Endpoints },
			func(_ *collect.Session, v types.EndpointSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.EndpointName), ARN: aws.ToString(v.EndpointArn)}
			},
			collect.Read("Endpoint", sagemakerDescribeEndpoint,
				func(v types.EndpointSummary) *sagemaker.DescribeEndpointInput {
					return &sagemaker.DescribeEndpointInput{EndpointName: v.EndpointName}
				}),
			collect.Read("Tags", sagemakerListTags,
				func(v types.EndpointSummary) *sagemaker.ListTagsInput {
					return &sagemaker.ListTagsInput{ResourceArn: v.EndpointArn}
				}),
		),
		collect.Listed(collect.Kind{Name: "sagemaker.endpoint-config", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			sagemakerListEndpointConfigs, sagemaker.ListEndpointConfigsInput{MaxResults: sagemakerPage},
			func(out *sagemaker.ListEndpointConfigsOutput) []types.EndpointConfigSummary {
				return out.EndpointConfigs
			},
			func(_ *collect.Session, v types.EndpointConfigSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.EndpointConfigName), ARN: aws.ToString(v.EndpointConfigArn)}
			},
			collect.Read("EndpointConfig", sagemakerDescribeEndpointConfig,
				func(v types.EndpointConfigSummary) *sagemaker.DescribeEndpointConfigInput {
					return &sagemaker.DescribeEndpointConfigInput{EndpointConfigName: v.EndpointConfigName}
				}),
			collect.Read("Tags", sagemakerListTags,
				func(v types.EndpointConfigSummary) *sagemaker.ListTagsInput {
					return &sagemaker.ListTagsInput{ResourceArn: v.EndpointConfigArn}
				}),
		),
		collect.Listed(collect.Kind{Name: "sagemaker.model", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			sagemakerListModels, sagemaker.ListModelsInput{MaxResults: sagemakerPage},
			func(out *sagemaker.ListModelsOutput) []types.ModelSummary { return out.Models },
			func(_ *collect.Session, v types.ModelSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.ModelName), ARN: aws.ToString(v.ModelArn)}
			},
			collect.Read("Model", sagemakerDescribeModel,
				func(v types.ModelSummary) *sagemaker.DescribeModelInput {
					return &sagemaker.DescribeModelInput{ModelName: v.ModelName}
				}),
			collect.Read("Tags", sagemakerListTags,
				func(v types.ModelSummary) *sagemaker.ListTagsInput {
					return &sagemaker.ListTagsInput{ResourceArn: v.ModelArn}
				}),
		),
		collect.Listed(collect.Kind{Name: "sagemaker.notebook-instance", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			sagemakerListNotebookInstances, sagemaker.ListNotebookInstancesInput{MaxResults: sagemakerPage},
			func(out *sagemaker.ListNotebookInstancesOutput) []types.NotebookInstanceSummary {
				return out.NotebookInstances
			},
			func(_ *collect.Session, v types.NotebookInstanceSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.NotebookInstanceName), ARN: aws.ToString(v.NotebookInstanceArn)}
			},
			collect.Read("NotebookInstance", sagemakerDescribeNotebookInstance,
				func(v types.NotebookInstanceSummary) *sagemaker.DescribeNotebookInstanceInput {
					return &sagemaker.DescribeNotebookInstanceInput{NotebookInstanceName: v.NotebookInstanceName}
				}),
			collect.Read("Tags", sagemakerListTags,
				func(v types.NotebookInstanceSummary) *sagemaker.ListTagsInput {
					return &sagemaker.ListTagsInput{ResourceArn: v.NotebookInstanceArn}
				}),
		),
	}}
}

func sagemakerClient(cfg aws.Config) *sagemaker.Client { return sagemaker.NewFromConfig(cfg) }

// sagemakerPage is the page size that SageMaker is asked for: its largest.
var sagemakerPage = aws.Int32(100)

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
