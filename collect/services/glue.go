package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Glue collects the settings of the Data Catalog and what works with it: connections, crawlers, jobs, development endpoints,
// machine learning transforms and security configurations. Connections are asked for without their passwords. Their properties,
// and the arguments of jobs and endpoints, are replaced at collection.
//
// Databases and tables are not asked for: where Lake Formation governs them, AWS leaves out those that the caller may not see and
// does not say so. Such a list proves nothing.
func Glue() collect.Service {
	return collect.Service{Name: "glue", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "glue.data-catalog", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID {
				return collect.ID{ID: s.Account(), ARN: s.ARN("glue", "catalog")}
			},
			collect.Read("EncryptionSettings", glueGetDataCatalogEncryptionSettings,
				func(*collect.Session) *glue.GetDataCatalogEncryptionSettingsInput {
					return &glue.GetDataCatalogEncryptionSettingsInput{}
				}),
			collect.Read("ResourcePolicy", glueGetResourcePolicy,
				func(*collect.Session) *glue.GetResourcePolicyInput { return &glue.GetResourcePolicyInput{} },
				"EntityNotFoundException"),
		),
		glueKind(collect.Kind{Name: "glue.connection", Item: "Connection"}, "connection", glueGetConnections, glue.GetConnectionsInput{HidePassword: true, MaxResults: gluePage},
			func(out *glue.GetConnectionsOutput) []types.Connection { return out.ConnectionList },
			func(v types.Connection) *string { return v.Name }),
		glueKind(collect.Kind{Name: "glue.crawler", Item: "Crawler"}, "crawler", glueGetCrawlers, glue.GetCrawlersInput{MaxResults: gluePage},
			func(out *glue.GetCrawlersOutput) []types.Crawler { return out.Crawlers },
			func(v types.Crawler) *string { return v.Name }),
		glueKind(collect.Kind{Name: "glue.dev-endpoint", Item: "DevEndpoint"}, "devEndpoint", glueGetDevEndpoints, glue.GetDevEndpointsInput{MaxResults: gluePage},
			func(out *glue.GetDevEndpointsOutput) []types.DevEndpoint { return out.DevEndpoints },
			func(v types.DevEndpoint) *string { return v.EndpointName }),
		glueKind(collect.Kind{Name: "glue.job", Item: "Job"}, "job", glueGetJobs, glue.GetJobsInput{MaxResults: gluePage},
			func(out *glue.GetJobsOutput) []types.Job { return out.Jobs },
			func(v types.Job) *string { return v.Name }),
		glueKind(collect.Kind{Name: "glue.ml-transform", Item: "MLTransform"}, "mlTransform", glueGetMLTransforms, glue.GetMLTransformsInput{MaxResults: gluePage},
			func(out *glue.GetMLTransformsOutput) []types.MLTransform { return out.Transforms },
			func(v types.MLTransform) *string { return v.TransformId }),
		collect.Listed(collect.Kind{Name: "glue.security-configuration", Scope: bundle.ScopeRegion, Item: "SecurityConfiguration"},
			glueGetSecurityConfigurations, glue.GetSecurityConfigurationsInput{MaxResults: gluePage},
			func(out *glue.GetSecurityConfigurationsOutput) []types.SecurityConfiguration {
				return out.SecurityConfigurations
			},
			func(_ *collect.Session, v types.SecurityConfiguration, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.Name)}
			}),
	}}
}

func glueClient(cfg aws.Config) *glue.Client { return glue.NewFromConfig(cfg) }

// gluePage is the page size that Glue is asked for: its largest.
var gluePage = aws.Int32(1000)

// glueKind is a kind whose items have a name, and tags under an ARN that Glue's own answers do not hold: resource is what stands
// before the name there.
func glueKind[I, O, S any](k collect.Kind, resource string, list collect.Op[I, O], in I, items func(*O) []S, name func(S) *string) collect.Kind {
	k.Scope, k.Tags = bundle.ScopeRegion, "Tags.Tags"
	arn := func(s *collect.Session, item S) string { return s.ARN("glue", resource+"/"+aws.ToString(name(item))) }
	op := glueGetTags
	return collect.Listed(k, list, in, items,
		func(s *collect.Session, item S, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(name(item)), ARN: arn(s, item)}
		},
		collect.Custom[glue.GetTagsOutput]("Tags", []collect.Operation{op.Operation},
			func(ctx context.Context, s *collect.Session, item S) bundle.Part {
				out, calls, f := collect.Get(ctx, s, op, &glue.GetTagsInput{ResourceArn: aws.String(arn(s, item))})
				if f != nil {
					return f.Part(calls)
				}
				return s.OK(op.Operation, out, calls)
			}))
}

// The operations of this file.
var (
	glueGetDataCatalogEncryptionSettings = collect.NewOp("glue", "GetDataCatalogEncryptionSettings",
		func(ctx context.Context, cfg aws.Config, in *glue.GetDataCatalogEncryptionSettingsInput) (*glue.GetDataCatalogEncryptionSettingsOutput, error) {
			return glueClient(cfg).GetDataCatalogEncryptionSettings(ctx, in)
		})
	glueGetResourcePolicy = collect.NewOp("glue", "GetResourcePolicy",
		func(ctx context.Context, cfg aws.Config, in *glue.GetResourcePolicyInput) (*glue.GetResourcePolicyOutput, error) {
			return glueClient(cfg).GetResourcePolicy(ctx, in)
		})
	glueGetConnections = collect.NewOp("glue", "GetConnections",
		func(ctx context.Context, cfg aws.Config, in *glue.GetConnectionsInput) (*glue.GetConnectionsOutput, error) {
			return glueClient(cfg).GetConnections(ctx, in)
		}).Paged(func(in *glue.GetConnectionsInput, out *glue.GetConnectionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	glueGetCrawlers = collect.NewOp("glue", "GetCrawlers",
		func(ctx context.Context, cfg aws.Config, in *glue.GetCrawlersInput) (*glue.GetCrawlersOutput, error) {
			return glueClient(cfg).GetCrawlers(ctx, in)
		}).Paged(func(in *glue.GetCrawlersInput, out *glue.GetCrawlersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	glueGetDevEndpoints = collect.NewOp("glue", "GetDevEndpoints",
		func(ctx context.Context, cfg aws.Config, in *glue.GetDevEndpointsInput) (*glue.GetDevEndpointsOutput, error) {
			return glueClient(cfg).GetDevEndpoints(ctx, in)
		}).Paged(func(in *glue.GetDevEndpointsInput, out *glue.GetDevEndpointsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	glueGetJobs = collect.NewOp("glue", "GetJobs",
		func(ctx context.Context, cfg aws.Config, in *glue.GetJobsInput) (*glue.GetJobsOutput, error) {
			return glueClient(cfg).GetJobs(ctx, in)
		}).Paged(func(in *glue.GetJobsInput, out *glue.GetJobsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	glueGetMLTransforms = collect.NewOp("glue", "GetMLTransforms",
		func(ctx context.Context, cfg aws.Config, in *glue.GetMLTransformsInput) (*glue.GetMLTransformsOutput, error) {
			return glueClient(cfg).GetMLTransforms(ctx, in)
		}).Paged(func(in *glue.GetMLTransformsInput, out *glue.GetMLTransformsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	glueGetSecurityConfigurations = collect.NewOp("glue", "GetSecurityConfigurations",
		func(ctx context.Context, cfg aws.Config, in *glue.GetSecurityConfigurationsInput) (*glue.GetSecurityConfigurationsOutput, error) {
			return glueClient(cfg).GetSecurityConfigurations(ctx, in)
		}).Paged(func(in *glue.GetSecurityConfigurationsInput, out *glue.GetSecurityConfigurationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	glueGetTags = collect.NewOp("glue", "GetTags",
		func(ctx context.Context, cfg aws.Config, in *glue.GetTagsInput) (*glue.GetTagsOutput, error) {
			return glueClient(cfg).GetTags(ctx, in)
		})
)
