package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Glue collects the settings of the Data Catalog and what works with it: databases, connections, crawlers, jobs, development
// endpoints, machine learning transforms and security configurations. Connections are asked for without their passwords. Their
// properties, and the arguments of jobs and endpoints, are replaced at collection.
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
		collect.Listed(collect.Kind{Name: "glue.connection", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Connection"},
			glueGetConnections, glue.GetConnectionsInput{HidePassword: true, MaxResults: gluePage},
			func(out *glue.GetConnectionsOutput) []types.Connection { return out.ConnectionList },
			func(s *collect.Session, v types.Connection, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.Name), ARN: glueARN(s, "connection", v.Name)}
			},
			glueTags(func(s *collect.Session, v types.Connection) string { return glueARN(s, "connection", v.Name) })),
		collect.Listed(collect.Kind{Name: "glue.crawler", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Crawler"},
			glueGetCrawlers, glue.GetCrawlersInput{MaxResults: gluePage},
			func(out *glue.GetCrawlersOutput) []types.Crawler { return out.Crawlers },
			func(s *collect.Session, v types.Crawler, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.Name), ARN: glueARN(s, "crawler", v.Name)}
			},
			glueTags(func(s *collect.Session, v types.Crawler) string { return glueARN(s, "crawler", v.Name) })),
		collect.Listed(collect.Kind{Name: "glue.database", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Database"},
			glueGetDatabases, glue.GetDatabasesInput{MaxResults: aws.Int32(100)},
			func(out *glue.GetDatabasesOutput) []types.Database { return out.DatabaseList },
			func(s *collect.Session, v types.Database, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.Name), ARN: glueARN(s, "database", v.Name)}
			},
			glueTags(func(s *collect.Session, v types.Database) string { return glueARN(s, "database", v.Name) })),
		collect.Listed(collect.Kind{Name: "glue.dev-endpoint", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "DevEndpoint"},
			glueGetDevEndpoints, glue.GetDevEndpointsInput{MaxResults: gluePage},
			func(out *glue.GetDevEndpointsOutput) []types.DevEndpoint { return out.DevEndpoints },
			func(s *collect.Session, v types.DevEndpoint, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.EndpointName), ARN: glueARN(s, "devEndpoint", v.EndpointName)}
			},
			glueTags(func(s *collect.Session, v types.DevEndpoint) string { return glueARN(s, "devEndpoint", v.EndpointName) })),
		collect.Listed(collect.Kind{Name: "glue.job", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Job"},
			glueGetJobs, glue.GetJobsInput{MaxResults: gluePage},
			func(out *glue.GetJobsOutput) []types.Job { return out.Jobs },
			func(s *collect.Session, v types.Job, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.Name), ARN: glueARN(s, "job", v.Name)}
			},
			glueTags(func(s *collect.Session, v types.Job) string { return glueARN(s, "job", v.Name) })),
		collect.Listed(collect.Kind{Name: "glue.ml-transform", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "MLTransform"},
			glueGetMLTransforms, glue.GetMLTransformsInput{MaxResults: gluePage},
			func(out *glue.GetMLTransformsOutput) []types.MLTransform { return out.Transforms },
			func(s *collect.Session, v types.MLTransform, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.TransformId), ARN: glueARN(s, "mlTransform", v.TransformId)}
			},
			glueTags(func(s *collect.Session, v types.MLTransform) string { return glueARN(s, "mlTransform", v.TransformId) })),
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

// gluePage is the page size that Glue is asked for: its largest, but for databases, where it is 100.
var gluePage = aws.Int32(1000)

// glueARN names a resource of Glue, whose own answers hold no ARN.
func glueARN(s *collect.Session, resource string, name *string) string {
	return s.ARN("glue", resource+"/"+aws.ToString(name))
}

// glueTags reads the tags of a resource by its ARN.
func glueTags[S any](arn func(s *collect.Session, item S) string) collect.Part[S] {
	op := glueGetTags
	return collect.Custom[glue.GetTagsOutput]("Tags", []collect.Operation{op.Operation},
		func(ctx context.Context, s *collect.Session, item S) bundle.Part {
			out, calls, f := collect.Get(ctx, s, op, &glue.GetTagsInput{ResourceArn: aws.String(arn(s, item))})
			if f != nil {
				return f.Part(calls)
			}
			return s.OK(op.Operation, out, calls)
		})
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
	glueGetDatabases = collect.NewOp("glue", "GetDatabases",
		func(ctx context.Context, cfg aws.Config, in *glue.GetDatabasesInput) (*glue.GetDatabasesOutput, error) {
			return glueClient(cfg).GetDatabases(ctx, in)
		}).Paged(func(in *glue.GetDatabasesInput, out *glue.GetDatabasesOutput) (**string, *string) {
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
