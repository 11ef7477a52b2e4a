package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Artifact collects which reports about AWS the account can get, with the periods that they cover, and which agreements it has
// with AWS. Reports are never fetched, and the terms of agreements are replaced at collection.
func Artifact() collect.Service {
	return collect.Service{Name: "artifact", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "artifact.account-settings", Scope: bundle.ScopeAccount}, accountSetting,
			collect.Read("AccountSettings", artifactGetAccountSettings,
				func(*collect.Session) *ArtifactGetAccountSettingsInput { return &ArtifactGetAccountSettingsInput{} }),
		),
		collect.Listed(collect.Kind{Name: "artifact.report", Scope: bundle.ScopeAccount, Item: "Report"},
			artifactListReports, ArtifactListInput{MaxResults: artifactPage},
			func(out *ArtifactListReportsOutput) []ArtifactReport { return out.Reports },
			func(_ *collect.Session, r ArtifactReport, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(r.Id), ARN: aws.ToString(r.Arn)}
			}),
		collect.Listed(collect.Kind{Name: "artifact.customer-agreement", Scope: bundle.ScopeAccount, Item: "CustomerAgreement"},
			artifactListCustomerAgreements, ArtifactListInput{MaxResults: artifactPage},
			func(out *ArtifactListCustomerAgreementsOutput) []ArtifactCustomerAgreement {
				return out.CustomerAgreements
			},
			func(_ *collect.Session, a ArtifactCustomerAgreement, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.Id), ARN: aws.ToString(a.Arn)}
			}),
	}}
}

// artifactPage is the page size that AWS Artifact is asked for: its largest.
var artifactPage = aws.Int32(300)

// The operations of this file.
var (
	artifactGetAccountSettings = collect.NewOp("artifact", "GetAccountSettings",
		func(ctx context.Context, cfg aws.Config, in *ArtifactGetAccountSettingsInput) (*ArtifactGetAccountSettingsOutput, error) {
			return artifactGet[ArtifactGetAccountSettingsOutput](ctx, cfg, "GetAccountSettings", "/v1/account-settings/get", in)
		})
	artifactListReports = collect.NewOp("artifact", "ListReports",
		func(ctx context.Context, cfg aws.Config, in *ArtifactListInput) (*ArtifactListReportsOutput, error) {
			return artifactGet[ArtifactListReportsOutput](ctx, cfg, "ListReports", "/v1/report/list", in)
		}).Paged(func(in *ArtifactListInput, out *ArtifactListReportsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	artifactListCustomerAgreements = collect.NewOp("artifact", "ListCustomerAgreements",
		func(ctx context.Context, cfg aws.Config, in *ArtifactListInput) (*ArtifactListCustomerAgreementsOutput, error) {
			return artifactGet[ArtifactListCustomerAgreementsOutput](ctx, cfg, "ListCustomerAgreements", "/v1/customer-agreement/list", in)
		}).Paged(func(in *ArtifactListInput, out *ArtifactListCustomerAgreementsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
