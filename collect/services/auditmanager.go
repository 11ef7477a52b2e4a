package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/auditmanager"
	"github.com/aws/aws-sdk-go-v2/service/auditmanager/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// AuditManager collects whether Audit Manager is set up in a region, how, and which assessments it has: their names, frameworks,
// state and owners. The evidence that Audit Manager gathers stays there.
func AuditManager() collect.Service {
	return collect.Service{Name: "auditmanager", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "auditmanager.account", Scope: bundle.ScopeRegion}, accountSetting,
			collect.Read("AccountStatus", auditmanagerGetAccountStatus,
				func(*collect.Session) *auditmanager.GetAccountStatusInput {
					return &auditmanager.GetAccountStatusInput{}
				}),
			collect.ReadUnless("Settings", auditmanagerGetSettings,
				func(*collect.Session) *auditmanager.GetSettingsInput {
					return &auditmanager.GetSettingsInput{Attribute: types.SettingAttributeAll}
				}, auditmanagerNotSetUp),
		),
		collect.Listed(
			collect.Kind{
				Name: "auditmanager.assessment", Scope: bundle.ScopeRegion, Item: "Assessment", Tags: "Tags.Tags",
				Empty: []collect.Says{auditmanagerNotSetUp},
			},
			auditmanagerListAssessments, auditmanager.ListAssessmentsInput{MaxResults: aws.Int32(1000)},
			func(out *auditmanager.ListAssessmentsOutput) []types.AssessmentMetadataItem {
				return out.AssessmentMetadata
			},
			func(s *collect.Session, a types.AssessmentMetadataItem, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.Id), ARN: auditmanagerARN(s, a)}
			},
			auditmanagerTags(),
		),
	}}
}

// auditmanagerNotSetUp is how Audit Manager answers in an account and region where nobody has set it up: "Please complete AWS
// Audit Manager setup from home page to enable this action in this account." A caller without permission gets the same code.
var auditmanagerNotSetUp = collect.Says{Code: "AccessDeniedException", Message: "complete AWS Audit Manager setup"}

// auditmanagerARN names an assessment: the list does not.
func auditmanagerARN(s *collect.Session, a types.AssessmentMetadataItem) string {
	return s.ARN("auditmanager", "assessment/"+aws.ToString(a.Id))
}

func auditmanagerTags() collect.Part[types.AssessmentMetadataItem] {
	op := auditmanagerListTagsForResource
	return collect.Custom[auditmanager.ListTagsForResourceOutput]("Tags", []collect.Operation{op.Operation},
		func(ctx context.Context, s *collect.Session, a types.AssessmentMetadataItem) bundle.Part {
			out, calls, f := collect.Get(ctx, s, op, &auditmanager.ListTagsForResourceInput{ResourceArn: aws.String(auditmanagerARN(s, a))})
			if f != nil {
				return f.Part(calls)
			}
			return s.OK(op.Operation, out, calls)
		})
}

func auditmanagerClient(cfg aws.Config) *auditmanager.Client { return auditmanager.NewFromConfig(cfg) }

// The operations of this file.
var (
	auditmanagerGetAccountStatus = collect.NewOp("auditmanager", "GetAccountStatus",
		func(ctx context.Context, cfg aws.Config, in *auditmanager.GetAccountStatusInput) (*auditmanager.GetAccountStatusOutput, error) {
			return auditmanagerClient(cfg).GetAccountStatus(ctx, in)
		})
	auditmanagerGetSettings = collect.NewOp("auditmanager", "GetSettings",
		func(ctx context.Context, cfg aws.Config, in *auditmanager.GetSettingsInput) (*auditmanager.GetSettingsOutput, error) {
			return auditmanagerClient(cfg).GetSettings(ctx, in)
		})
	auditmanagerListAssessments = collect.NewOp("auditmanager", "ListAssessments",
		func(ctx context.Context, cfg aws.Config, in *auditmanager.ListAssessmentsInput) (*auditmanager.ListAssessmentsOutput, error) {
			return auditmanagerClient(cfg).ListAssessments(ctx, in)
		}).Paged(func(in *auditmanager.ListAssessmentsInput, out *auditmanager.ListAssessmentsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	auditmanagerListTagsForResource = collect.NewOp("auditmanager", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *auditmanager.ListTagsForResourceInput) (*auditmanager.ListTagsForResourceOutput, error) {
			return auditmanagerClient(cfg).ListTagsForResource(ctx, in)
		})
)
