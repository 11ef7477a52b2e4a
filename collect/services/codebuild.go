package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CodeBuild collects build projects, report groups and the credentials for source providers, of which AWS tells the ARN and the
// type. The names and types of a project's environment variables stay, their values are replaced at collection, and so are build
// specifications and webhook secrets.
func CodeBuild() collect.Service {
	return collect.Service{Name: "codebuild", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "codebuild.project", Scope: bundle.ScopeRegion, Tags: "Project.Tags"},
			codebuildListProjects, codebuild.ListProjectsInput{},
			func(out *codebuild.ListProjectsOutput) []string { return out.Projects },
			func(s *collect.Session, name string, _ bundle.From) collect.ID {
				return collect.ID{ID: name, ARN: s.ARN("codebuild", "project/"+name)}
			},
			collect.Custom[types.Project]("Project", []collect.Operation{codebuildBatchGetProjects.Operation}, buildProject),
		),
		collect.Listed(collect.Kind{Name: "codebuild.report-group", Scope: bundle.ScopeRegion, Tags: "ReportGroup.Tags"},
			codebuildListReportGroups, codebuild.ListReportGroupsInput{MaxResults: aws.Int32(100)},
			func(out *codebuild.ListReportGroupsOutput) []string { return out.ReportGroups },
			func(_ *collect.Session, arn string, _ bundle.From) collect.ID {
				return collect.ID{ID: lastOf(arn, "/"), ARN: arn}
			},
			collect.Custom[types.ReportGroup]("ReportGroup", []collect.Operation{codebuildBatchGetReportGroups.Operation}, reportGroup),
		),
		collect.Listed(collect.Kind{Name: "codebuild.source-credential", Scope: bundle.ScopeRegion, Item: "SourceCredential"},
			codebuildListSourceCredentials, codebuild.ListSourceCredentialsInput{},
			func(out *codebuild.ListSourceCredentialsOutput) []types.SourceCredentialsInfo {
				return out.SourceCredentialsInfos
			},
			func(_ *collect.Session, c types.SourceCredentialsInfo, _ bundle.From) collect.ID {
				return collect.ID{ID: lastOf(aws.ToString(c.Arn), "/"), ARN: aws.ToString(c.Arn)}
			}),
	}}
}

func codebuildClient(cfg aws.Config) *codebuild.Client { return codebuild.NewFromConfig(cfg) }

// buildProject reads one project. BatchGetProjects answers for a project that is gone without an error: it leaves it out.
func buildProject(ctx context.Context, s *collect.Session, name string) bundle.Part {
	op := codebuildBatchGetProjects
	out, calls, f := collect.Get(ctx, s, op, &codebuild.BatchGetProjectsInput{Names: []string{name}})
	if f != nil {
		return f.Part(calls)
	}
	for _, p := range out.Projects {
		if aws.ToString(p.Name) == name {
			return s.OK(op.Operation, p, calls)
		}
	}
	return s.Missing(op.Operation, "RowMissing", "the answer does not hold this project", calls)
}

// reportGroup reads one report group, as buildProject does a project.
func reportGroup(ctx context.Context, s *collect.Session, arn string) bundle.Part {
	op := codebuildBatchGetReportGroups
	out, calls, f := collect.Get(ctx, s, op, &codebuild.BatchGetReportGroupsInput{ReportGroupArns: []string{arn}})
	if f != nil {
		return f.Part(calls)
	}
	for _, g := range out.ReportGroups {
		if aws.ToString(g.Arn) == arn {
			return s.OK(op.Operation, g, calls)
		}
	}
	return s.Missing(op.Operation, "RowMissing", "the answer does not hold this report group", calls)
}

// The operations of this file.
var (
	codebuildListProjects = collect.NewOp("codebuild", "ListProjects",
		func(ctx context.Context, cfg aws.Config, in *codebuild.ListProjectsInput) (*codebuild.ListProjectsOutput, error) {
			return codebuildClient(cfg).ListProjects(ctx, in)
		}).Paged(func(in *codebuild.ListProjectsInput, out *codebuild.ListProjectsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	codebuildBatchGetProjects = collect.NewOp("codebuild", "BatchGetProjects",
		func(ctx context.Context, cfg aws.Config, in *codebuild.BatchGetProjectsInput) (*codebuild.BatchGetProjectsOutput, error) {
			return codebuildClient(cfg).BatchGetProjects(ctx, in)
		})
	codebuildListReportGroups = collect.NewOp("codebuild", "ListReportGroups",
		func(ctx context.Context, cfg aws.Config, in *codebuild.ListReportGroupsInput) (*codebuild.ListReportGroupsOutput, error) {
			return codebuildClient(cfg).ListReportGroups(ctx, in)
		}).Paged(func(in *codebuild.ListReportGroupsInput, out *codebuild.ListReportGroupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	codebuildBatchGetReportGroups = collect.NewOp("codebuild", "BatchGetReportGroups",
		func(ctx context.Context, cfg aws.Config, in *codebuild.BatchGetReportGroupsInput) (*codebuild.BatchGetReportGroupsOutput, error) {
			return codebuildClient(cfg).BatchGetReportGroups(ctx, in)
		})
	codebuildListSourceCredentials = collect.NewOp("codebuild", "ListSourceCredentials",
		func(ctx context.Context, cfg aws.Config, in *codebuild.ListSourceCredentialsInput) (*codebuild.ListSourceCredentialsOutput, error) {
			return codebuildClient(cfg).ListSourceCredentials(ctx, in)
		})
)
