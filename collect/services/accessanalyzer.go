package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// AccessAnalyzer collects the analyzers of each region, their archive rules and how many findings they hold. The findings
// themselves are not read: AWS counts them, by status and by type of resource. It does so in the background, and says in
// LastUpdatedAt when; without that time nothing has been counted yet.
func AccessAnalyzer() collect.Service {
	return collect.Service{Name: "accessanalyzer", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "accessanalyzer.analyzer", Scope: bundle.ScopeRegion, Tags: "Analyzer.Tags", Item: "Analyzer"},
			accessanalyzerListAnalyzers, accessanalyzer.ListAnalyzersInput{},
			func(out *accessanalyzer.ListAnalyzersOutput) []types.AnalyzerSummary { return out.Analyzers },
			func(_ *collect.Session, a types.AnalyzerSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.Name), ARN: aws.ToString(a.Arn)}
			},
			collect.Read("ArchiveRules", accessanalyzerListArchiveRules,
				func(a types.AnalyzerSummary) *accessanalyzer.ListArchiveRulesInput {
					return &accessanalyzer.ListArchiveRulesInput{AnalyzerName: a.Name}
				}),
			collect.Read("FindingsStatistics", accessanalyzerGetFindingsStatistics,
				func(a types.AnalyzerSummary) *accessanalyzer.GetFindingsStatisticsInput {
					return &accessanalyzer.GetFindingsStatisticsInput{AnalyzerArn: a.Arn}
				}),
		),
	}}
}

func accessanalyzerClient(cfg aws.Config) *accessanalyzer.Client {
	return accessanalyzer.NewFromConfig(cfg)
}

// The operations of this file.
var (
	accessanalyzerListAnalyzers = collect.NewOp("accessanalyzer", "ListAnalyzers",
		func(ctx context.Context, cfg aws.Config, in *accessanalyzer.ListAnalyzersInput) (*accessanalyzer.ListAnalyzersOutput, error) {
			return accessanalyzerClient(cfg).ListAnalyzers(ctx, in)
		}).Paged(func(in *accessanalyzer.ListAnalyzersInput, out *accessanalyzer.ListAnalyzersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	accessanalyzerListArchiveRules = collect.NewOp("accessanalyzer", "ListArchiveRules",
		func(ctx context.Context, cfg aws.Config, in *accessanalyzer.ListArchiveRulesInput) (*accessanalyzer.ListArchiveRulesOutput, error) {
			return accessanalyzerClient(cfg).ListArchiveRules(ctx, in)
		}).Paged(func(in *accessanalyzer.ListArchiveRulesInput, out *accessanalyzer.ListArchiveRulesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	accessanalyzerGetFindingsStatistics = collect.NewOp("accessanalyzer", "GetFindingsStatistics",
		func(ctx context.Context, cfg aws.Config, in *accessanalyzer.GetFindingsStatisticsInput) (*accessanalyzer.GetFindingsStatisticsOutput, error) {
			return accessanalyzerClient(cfg).GetFindingsStatistics(ctx, in)
		})
)
