package services

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Bedrock collects whether invocations of models are logged, guardrails in their draft version, and the custom models that this
// account owns. What a guardrail looks for in words is replaced at collection; prompts and answers are not asked for.
func Bedrock() collect.Service {
	return collect.Service{Name: "bedrock", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "bedrock.model-invocation-logging", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Region()} },
			// Without logging the answer has no LoggingConfig.
			collect.Read("LoggingConfiguration", bedrockGetModelInvocationLoggingConfiguration,
				func(*collect.Session) *bedrock.GetModelInvocationLoggingConfigurationInput {
					return &bedrock.GetModelInvocationLoggingConfigurationInput{}
				}),
		),
		collect.Listed(collect.Kind{Name: "bedrock.guardrail", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			bedrockListGuardrails, bedrock.ListGuardrailsInput{MaxResults: bedrockPage},
			func(out *bedrock.ListGuardrailsOutput) []types.GuardrailSummary { return out.Guardrails },
			func(_ *collect.Session, g types.GuardrailSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(g.Id), ARN: aws.ToString(g.Arn)}
			},
			collect.Read("Guardrail", bedrockGetGuardrail,
				func(g types.GuardrailSummary) *bedrock.GetGuardrailInput {
					return &bedrock.GetGuardrailInput{GuardrailIdentifier: g.Id, GuardrailVersion: g.Version}
				}),
			collect.Read("Tags", bedrockListTagsForResource,
				func(g types.GuardrailSummary) *bedrock.ListTagsForResourceInput {
					return &bedrock.ListTagsForResourceInput{ResourceARN: g.Arn}
				}),
		),
		collect.Listed(collect.Kind{Name: "bedrock.custom-model", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			bedrockListCustomModels, bedrock.ListCustomModelsInput{IsOwned: aws.Bool(true), MaxResults: bedrockPage},
			func(out *bedrock.ListCustomModelsOutput) []types.CustomModelSummary { return out.ModelSummaries },
			func(_ *collect.Session, m types.CustomModelSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: customModelID(aws.ToString(m.ModelArn)), ARN: aws.ToString(m.ModelArn)}
			},
			collect.Read("CustomModel", bedrockGetCustomModel,
				func(m types.CustomModelSummary) *bedrock.GetCustomModelInput {
					return &bedrock.GetCustomModelInput{ModelIdentifier: m.ModelArn}
				}),
			collect.Read("Tags", bedrockListTagsForResource,
				func(m types.CustomModelSummary) *bedrock.ListTagsForResourceInput {
					return &bedrock.ListTagsForResourceInput{ResourceARN: m.ModelArn}
				}),
		),
	}}
}

func bedrockClient(cfg aws.Config) *bedrock.Client { return bedrock.NewFromConfig(cfg) }

// bedrockPage is the page size that Bedrock is asked for: its largest.
var bedrockPage = aws.Int32(1000)

// customModelID is what follows "custom-model/" in an ARN: the base model and an id. Names of models are not unique.
func customModelID(arn string) string {
	if _, id, ok := strings.Cut(arn, ":custom-model/"); ok {
		return id
	}
	return arn
}

// The operations of this file.
var (
	bedrockGetModelInvocationLoggingConfiguration = collect.NewOp("bedrock", "GetModelInvocationLoggingConfiguration",
		func(ctx context.Context, cfg aws.Config, in *bedrock.GetModelInvocationLoggingConfigurationInput) (*bedrock.GetModelInvocationLoggingConfigurationOutput, error) {
			return bedrockClient(cfg).GetModelInvocationLoggingConfiguration(ctx, in)
		})
	bedrockListGuardrails = collect.NewOp("bedrock", "ListGuardrails",
		func(ctx context.Context, cfg aws.Config, in *bedrock.ListGuardrailsInput) (*bedrock.ListGuardrailsOutput, error) {
			return bedrockClient(cfg).ListGuardrails(ctx, in)
		}).Paged(func(in *bedrock.ListGuardrailsInput, out *bedrock.ListGuardrailsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	bedrockGetGuardrail = collect.NewOp("bedrock", "GetGuardrail",
		func(ctx context.Context, cfg aws.Config, in *bedrock.GetGuardrailInput) (*bedrock.GetGuardrailOutput, error) {
			return bedrockClient(cfg).GetGuardrail(ctx, in)
		})
	bedrockListCustomModels = collect.NewOp("bedrock", "ListCustomModels",
		func(ctx context.Context, cfg aws.Config, in *bedrock.ListCustomModelsInput) (*bedrock.ListCustomModelsOutput, error) {
			return bedrockClient(cfg).ListCustomModels(ctx, in)
		}).Paged(func(in *bedrock.ListCustomModelsInput, out *bedrock.ListCustomModelsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	bedrockGetCustomModel = collect.NewOp("bedrock", "GetCustomModel",
		func(ctx context.Context, cfg aws.Config, in *bedrock.GetCustomModelInput) (*bedrock.GetCustomModelOutput, error) {
			return bedrockClient(cfg).GetCustomModel(ctx, in)
		})
	bedrockListTagsForResource = collect.NewOp("bedrock", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *bedrock.ListTagsForResourceInput) (*bedrock.ListTagsForResourceOutput, error) {
			return bedrockClient(cfg).ListTagsForResource(ctx, in)
		})
)
