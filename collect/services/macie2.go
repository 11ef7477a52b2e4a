package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/macie2/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// noMacie is how Macie says that nobody enabled it in the region. It has the code of a denial, so the message decides.
var noMacie = []collect.Says{{Code: "AccessDeniedException", Message: "Macie is not enabled"}}

// Macie2 collects the Macie session of a region, how it looks for sensitive data and where it stores what it found, and the
// classification jobs. No finding and no object is read.
func Macie2() collect.Service {
	return collect.Service{Name: "macie2", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "macie2.session", Scope: bundle.ScopeRegion, Item: "Session", Empty: noMacie},
			macie2GetMacieSession, macie2.GetMacieSessionInput{},
			func(out *macie2.GetMacieSessionOutput) []macie2.GetMacieSessionOutput {
				return []macie2.GetMacieSessionOutput{*out}
			},
			func(*collect.Session, macie2.GetMacieSessionOutput, bundle.From) collect.ID {
				return collect.ID{ID: "default"}
			},
			collect.Read("AutomatedDiscovery", macie2GetAutomatedDiscoveryConfiguration,
				func(macie2.GetMacieSessionOutput) *macie2.GetAutomatedDiscoveryConfigurationInput {
					return &macie2.GetAutomatedDiscoveryConfigurationInput{}
				}),
			collect.Read("ClassificationExport", macie2GetClassificationExportConfiguration,
				func(macie2.GetMacieSessionOutput) *macie2.GetClassificationExportConfigurationInput {
					return &macie2.GetClassificationExportConfigurationInput{}
				}),
			collect.Read("FindingsPublication", macie2GetFindingsPublicationConfiguration,
				func(macie2.GetMacieSessionOutput) *macie2.GetFindingsPublicationConfigurationInput {
					return &macie2.GetFindingsPublicationConfigurationInput{}
				}),
		),
		collect.Listed(collect.Kind{Name: "macie2.classification-job", Scope: bundle.ScopeRegion, Tags: "Job.Tags", Empty: noMacie},
			macie2ListClassificationJobs, macie2.ListClassificationJobsInput{MaxResults: aws.Int32(200)},
			func(out *macie2.ListClassificationJobsOutput) []types.JobSummary { return out.Items },
			func(s *collect.Session, j types.JobSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(j.JobId), ARN: s.ARN("macie2", "classification-job/"+aws.ToString(j.JobId))}
			},
			collect.Read("Job", macie2DescribeClassificationJob,
				func(j types.JobSummary) *macie2.DescribeClassificationJobInput {
					return &macie2.DescribeClassificationJobInput{JobId: j.JobId}
				}),
		),
	}}
}

func macie2Client(cfg aws.Config) *macie2.Client { return macie2.NewFromConfig(cfg) }

// The operations of this file.
var (
	macie2GetMacieSession = collect.NewOp("macie2", "GetMacieSession",
		func(ctx context.Context, cfg aws.Config, in *macie2.GetMacieSessionInput) (*macie2.GetMacieSessionOutput, error) {
			return macie2Client(cfg).GetMacieSession(ctx, in)
		})
	macie2GetAutomatedDiscoveryConfiguration = collect.NewOp("macie2", "GetAutomatedDiscoveryConfiguration",
		func(ctx context.Context, cfg aws.Config, in *macie2.GetAutomatedDiscoveryConfigurationInput) (*macie2.GetAutomatedDiscoveryConfigurationOutput, error) {
			return macie2Client(cfg).GetAutomatedDiscoveryConfiguration(ctx, in)
		})
	macie2GetClassificationExportConfiguration = collect.NewOp("macie2", "GetClassificationExportConfiguration",
		func(ctx context.Context, cfg aws.Config, in *macie2.GetClassificationExportConfigurationInput) (*macie2.GetClassificationExportConfigurationOutput, error) {
			return macie2Client(cfg).GetClassificationExportConfiguration(ctx, in)
		})
	macie2GetFindingsPublicationConfiguration = collect.NewOp("macie2", "GetFindingsPublicationConfiguration",
		func(ctx context.Context, cfg aws.Config, in *macie2.GetFindingsPublicationConfigurationInput) (*macie2.GetFindingsPublicationConfigurationOutput, error) {
			return macie2Client(cfg).GetFindingsPublicationConfiguration(ctx, in)
		})
	macie2ListClassificationJobs = collect.NewOp("macie2", "ListClassificationJobs",
		func(ctx context.Context, cfg aws.Config, in *macie2.ListClassificationJobsInput) (*macie2.ListClassificationJobsOutput, error) {
			return macie2Client(cfg).ListClassificationJobs(ctx, in)
		}).Paged(func(in *macie2.ListClassificationJobsInput, out *macie2.ListClassificationJobsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	macie2DescribeClassificationJob = collect.NewOp("macie2", "DescribeClassificationJob",
		func(ctx context.Context, cfg aws.Config, in *macie2.DescribeClassificationJobInput) (*macie2.DescribeClassificationJobOutput, error) {
			return macie2Client(cfg).DescribeClassificationJob(ctx, in)
		})
)
