package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Lambda collects functions ($LATEST of each), layers, code signing configurations and event source mappings. GetFunction is never
// called: it hands out an address from which the code can be fetched. Environment variables, commands and entry points are
// replaced at collection.
func Lambda() collect.Service {
	return collect.Service{Name: "lambda", Kinds: []collect.Kind{
		lambdaFunction(),
		lambdaLayer(),
		collect.Listed(collect.Kind{Name: "lambda.code-signing-config", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "CodeSigningConfig"},
			lambdaListCodeSigningConfigs, lambda.ListCodeSigningConfigsInput{MaxItems: aws.Int32(50)},
			func(out *lambda.ListCodeSigningConfigsOutput) []types.CodeSigningConfig {
				return out.CodeSigningConfigs
			},
			func(_ *collect.Session, c types.CodeSigningConfig, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(c.CodeSigningConfigId), ARN: aws.ToString(c.CodeSigningConfigArn)}
			},
			collect.Read("Tags", lambdaListTags,
				func(c types.CodeSigningConfig) *lambda.ListTagsInput {
					return &lambda.ListTagsInput{Resource: c.CodeSigningConfigArn}
				}),
		),
		collect.Listed(collect.Kind{Name: "lambda.event-source-mapping", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "EventSourceMapping"},
			lambdaListEventSourceMappings, lambda.ListEventSourceMappingsInput{MaxItems: aws.Int32(100)},
			func(out *lambda.ListEventSourceMappingsOutput) []types.EventSourceMappingConfiguration {
				return out.EventSourceMappings
			},
			func(s *collect.Session, m types.EventSourceMappingConfiguration, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(m.UUID), ARN: eventSourceMappingARN(s, m)}
			},
			collect.Custom[lambda.ListTagsOutput]("Tags", []collect.Operation{lambdaListTags.Operation}, eventSourceMappingTags),
		),
	}}
}

// lambdaFunction describes functions. The policy is that of the function itself: a version or an alias can have its own, which
// would cost one call each and is not read. GetPolicy and the layer's counterpart answer ResourceNotFoundException when there is
// no policy. A function that is a container image has no code signing, and its part is absent.
func lambdaFunction() collect.Kind {
	return collect.Listed(collect.Kind{Name: "lambda.function", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Function"},
		lambdaListFunctions, lambda.ListFunctionsInput{MaxItems: aws.Int32(50)},
		func(out *lambda.ListFunctionsOutput) []types.FunctionConfiguration { return out.Functions },
		func(_ *collect.Session, f types.FunctionConfiguration, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(f.FunctionName), ARN: aws.ToString(f.FunctionArn)}
		},
		collect.Read("Policy", lambdaGetPolicy,
			func(f types.FunctionConfiguration) *lambda.GetPolicyInput {
				return &lambda.GetPolicyInput{FunctionName: f.FunctionName}
			},
			"ResourceNotFoundException"),
		collect.Read("FunctionUrlConfigs", lambdaListFunctionUrlConfigs,
			func(f types.FunctionConfiguration) *lambda.ListFunctionUrlConfigsInput {
				return &lambda.ListFunctionUrlConfigsInput{FunctionName: f.FunctionName, MaxItems: aws.Int32(50)}
			}),
		collect.ReadUnless("CodeSigningConfig", lambdaGetFunctionCodeSigningConfig,
			func(f types.FunctionConfiguration) *lambda.GetFunctionCodeSigningConfigInput {
				return &lambda.GetFunctionCodeSigningConfigInput{FunctionName: f.FunctionName}
			},
			collect.Says{Code: "InvalidParameterValueException", Message: "Code signing is not supported for functions created with container images"}),
		collect.Read("Concurrency", lambdaGetFunctionConcurrency,
			func(f types.FunctionConfiguration) *lambda.GetFunctionConcurrencyInput {
				return &lambda.GetFunctionConcurrencyInput{FunctionName: f.FunctionName}
			}),
		collect.Read("EventInvokeConfigs", lambdaListFunctionEventInvokeConfigs,
			func(f types.FunctionConfiguration) *lambda.ListFunctionEventInvokeConfigsInput {
				return &lambda.ListFunctionEventInvokeConfigsInput{FunctionName: f.FunctionName, MaxItems: aws.Int32(50)}
			}),
		collect.Read("Tags", lambdaListTags,
			func(f types.FunctionConfiguration) *lambda.ListTagsInput {
				return &lambda.ListTagsInput{Resource: f.FunctionArn}
			}),
	)
}

// lambdaLayer describes layers by their latest version, whose policy says who else may use it.
func lambdaLayer() collect.Kind {
	return collect.Listed(collect.Kind{Name: "lambda.layer", Scope: bundle.ScopeRegion, Item: "Layer"},
		lambdaListLayers, lambda.ListLayersInput{MaxItems: aws.Int32(50)},
		func(out *lambda.ListLayersOutput) []types.LayersListItem { return out.Layers },
		func(_ *collect.Session, l types.LayersListItem, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(l.LayerName), ARN: aws.ToString(l.LayerArn)}
		},
		collect.Read("Policy", lambdaGetLayerVersionPolicy,
			func(l types.LayersListItem) *lambda.GetLayerVersionPolicyInput {
				in := &lambda.GetLayerVersionPolicyInput{LayerName: l.LayerName}
				if l.LatestMatchingVersion != nil {
					in.VersionNumber = aws.Int64(l.LatestMatchingVersion.Version)
				}
				return in
			},
			"ResourceNotFoundException"),
	)
}

// eventSourceMappingARN is the ARN that AWS sends, or for an older answer without one, what it would be.
func eventSourceMappingARN(s *collect.Session, m types.EventSourceMappingConfiguration) string {
	if arn := aws.ToString(m.EventSourceMappingArn); arn != "" {
		return arn
	}
	return s.ARN("lambda", "event-source-mapping:"+aws.ToString(m.UUID))
}

func eventSourceMappingTags(ctx context.Context, s *collect.Session, m types.EventSourceMappingConfiguration) bundle.Part {
	out, calls, f := collect.Get(ctx, s, lambdaListTags, &lambda.ListTagsInput{Resource: aws.String(eventSourceMappingARN(s, m))})
	if f != nil {
		return f.Part(calls)
	}
	return s.OK(lambdaListTags.Operation, out, calls)
}

func lambdaClient(cfg aws.Config) *lambda.Client { return lambda.NewFromConfig(cfg) }

// The operations of this file.
var (
	lambdaListFunctions = collect.NewOp("lambda", "ListFunctions",
		func(ctx context.Context, cfg aws.Config, in *lambda.ListFunctionsInput) (*lambda.ListFunctionsOutput, error) {
			return lambdaClient(cfg).ListFunctions(ctx, in)
		}).Paged(func(in *lambda.ListFunctionsInput, out *lambda.ListFunctionsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	lambdaListFunctionUrlConfigs = collect.NewOp("lambda", "ListFunctionUrlConfigs",
		func(ctx context.Context, cfg aws.Config, in *lambda.ListFunctionUrlConfigsInput) (*lambda.ListFunctionUrlConfigsOutput, error) {
			return lambdaClient(cfg).ListFunctionUrlConfigs(ctx, in)
		}).Paged(func(in *lambda.ListFunctionUrlConfigsInput, out *lambda.ListFunctionUrlConfigsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	lambdaListFunctionEventInvokeConfigs = collect.NewOp("lambda", "ListFunctionEventInvokeConfigs",
		func(ctx context.Context, cfg aws.Config, in *lambda.ListFunctionEventInvokeConfigsInput) (*lambda.ListFunctionEventInvokeConfigsOutput, error) {
			return lambdaClient(cfg).ListFunctionEventInvokeConfigs(ctx, in)
		}).Paged(func(in *lambda.ListFunctionEventInvokeConfigsInput, out *lambda.ListFunctionEventInvokeConfigsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	lambdaListLayers = collect.NewOp("lambda", "ListLayers",
		func(ctx context.Context, cfg aws.Config, in *lambda.ListLayersInput) (*lambda.ListLayersOutput, error) {
			return lambdaClient(cfg).ListLayers(ctx, in)
		}).Paged(func(in *lambda.ListLayersInput, out *lambda.ListLayersOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	lambdaListCodeSigningConfigs = collect.NewOp("lambda", "ListCodeSigningConfigs",
		func(ctx context.Context, cfg aws.Config, in *lambda.ListCodeSigningConfigsInput) (*lambda.ListCodeSigningConfigsOutput, error) {
			return lambdaClient(cfg).ListCodeSigningConfigs(ctx, in)
		}).Paged(func(in *lambda.ListCodeSigningConfigsInput, out *lambda.ListCodeSigningConfigsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	lambdaListEventSourceMappings = collect.NewOp("lambda", "ListEventSourceMappings",
		func(ctx context.Context, cfg aws.Config, in *lambda.ListEventSourceMappingsInput) (*lambda.ListEventSourceMappingsOutput, error) {
			return lambdaClient(cfg).ListEventSourceMappings(ctx, in)
		}).Paged(func(in *lambda.ListEventSourceMappingsInput, out *lambda.ListEventSourceMappingsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	lambdaGetPolicy = collect.NewOp("lambda", "GetPolicy",
		func(ctx context.Context, cfg aws.Config, in *lambda.GetPolicyInput) (*lambda.GetPolicyOutput, error) {
			return lambdaClient(cfg).GetPolicy(ctx, in)
		})
	lambdaGetLayerVersionPolicy = collect.NewOp("lambda", "GetLayerVersionPolicy",
		func(ctx context.Context, cfg aws.Config, in *lambda.GetLayerVersionPolicyInput) (*lambda.GetLayerVersionPolicyOutput, error) {
			return lambdaClient(cfg).GetLayerVersionPolicy(ctx, in)
		})
	lambdaGetFunctionCodeSigningConfig = collect.NewOp("lambda", "GetFunctionCodeSigningConfig",
		func(ctx context.Context, cfg aws.Config, in *lambda.GetFunctionCodeSigningConfigInput) (*lambda.GetFunctionCodeSigningConfigOutput, error) {
			return lambdaClient(cfg).GetFunctionCodeSigningConfig(ctx, in)
		})
	lambdaGetFunctionConcurrency = collect.NewOp("lambda", "GetFunctionConcurrency",
		func(ctx context.Context, cfg aws.Config, in *lambda.GetFunctionConcurrencyInput) (*lambda.GetFunctionConcurrencyOutput, error) {
			return lambdaClient(cfg).GetFunctionConcurrency(ctx, in)
		})
	lambdaListTags = collect.NewOp("lambda", "ListTags",
		func(ctx context.Context, cfg aws.Config, in *lambda.ListTagsInput) (*lambda.ListTagsOutput, error) {
			return lambdaClient(cfg).ListTags(ctx, in)
		})
)
