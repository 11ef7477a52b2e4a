package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CodePipeline collects pipelines and the webhooks that start them. What an action is configured with is replaced at collection:
// AWS masks some of its tokens only, and build commands, variables and template overrides hold what people put there.
func CodePipeline() collect.Service {
	return collect.Service{Name: "codepipeline", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "codepipeline.pipeline", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			codepipelineListPipelines, codepipeline.ListPipelinesInput{MaxResults: aws.Int32(1000)},
			func(out *codepipeline.ListPipelinesOutput) []types.PipelineSummary { return out.Pipelines },
			func(s *collect.Session, p types.PipelineSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.Name), ARN: s.ARN("codepipeline", aws.ToString(p.Name))}
			},
			collect.Read("Pipeline", codepipelineGetPipeline,
				func(p types.PipelineSummary) *codepipeline.GetPipelineInput {
					return &codepipeline.GetPipelineInput{Name: p.Name}
				}),
			pipelineTags(),
		),
		collect.Listed(collect.Kind{Name: "codepipeline.webhook", Scope: bundle.ScopeRegion, Tags: "Webhook.Tags", Item: "Webhook"},
			codepipelineListWebhooks, codepipeline.ListWebhooksInput{MaxResults: aws.Int32(100)},
			func(out *codepipeline.ListWebhooksOutput) []types.ListWebhookItem { return out.Webhooks },
			func(_ *collect.Session, w types.ListWebhookItem, _ bundle.From) collect.ID {
				return collect.ID{ID: lastOf(aws.ToString(w.Arn), ":"), ARN: aws.ToString(w.Arn)}
			}),
	}}
}

func codepipelineClient(cfg aws.Config) *codepipeline.Client { return codepipeline.NewFromConfig(cfg) }

// pipelineTags asks for the tags by ARN, which the list of pipelines does not give.
func pipelineTags() collect.Part[types.PipelineSummary] {
	op := codepipelineListTagsForResource
	return collect.Custom[codepipeline.ListTagsForResourceOutput]("Tags", []collect.Operation{op.Operation},
		func(ctx context.Context, s *collect.Session, p types.PipelineSummary) bundle.Part {
			out, calls, f := collect.Get(ctx, s, op, &codepipeline.ListTagsForResourceInput{
				ResourceArn: aws.String(s.ARN("codepipeline", aws.ToString(p.Name)))})
			if f != nil {
				return f.Part(calls)
			}
			return s.OK(op.Operation, out, calls)
		})
}

// The operations of this file.
var (
	codepipelineListPipelines = collect.NewOp("codepipeline", "ListPipelines",
		func(ctx context.Context, cfg aws.Config, in *codepipeline.ListPipelinesInput) (*codepipeline.ListPipelinesOutput, error) {
			return codepipelineClient(cfg).ListPipelines(ctx, in)
		}).Paged(func(in *codepipeline.ListPipelinesInput, out *codepipeline.ListPipelinesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	codepipelineGetPipeline = collect.NewOp("codepipeline", "GetPipeline",
		func(ctx context.Context, cfg aws.Config, in *codepipeline.GetPipelineInput) (*codepipeline.GetPipelineOutput, error) {
			return codepipelineClient(cfg).GetPipeline(ctx, in)
		})
	codepipelineListTagsForResource = collect.NewOp("codepipeline", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *codepipeline.ListTagsForResourceInput) (*codepipeline.ListTagsForResourceOutput, error) {
			return codepipelineClient(cfg).ListTagsForResource(ctx, in)
		}).Paged(func(in *codepipeline.ListTagsForResourceInput, out *codepipeline.ListTagsForResourceOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	codepipelineListWebhooks = collect.NewOp("codepipeline", "ListWebhooks",
		func(ctx context.Context, cfg aws.Config, in *codepipeline.ListWebhooksInput) (*codepipeline.ListWebhooksOutput, error) {
			return codepipelineClient(cfg).ListWebhooks(ctx, in)
		}).Paged(func(in *codepipeline.ListWebhooksInput, out *codepipeline.ListWebhooksOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
