package services

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// SSM collects what Systems Manager knows of the fleet (instances, patches, compliance) and its own settings: documents and with
// whom they are shared, names of parameters, patch baselines, associations and how sessions are logged. The value of a parameter
// and the content of a document, but for the settings in the session preferences, are never read. Tags of parameters, by which a
// scope may be given, are one call for each of them: a region may hold ten thousand, and a hundred thousand advanced ones.
func SSM() collect.Service {
	return collect.Service{Name: "ssm", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "ssm.managed-instance", Scope: bundle.ScopeRegion, Item: "Instance"},
			ssmDescribeInstanceInformation, ssm.DescribeInstanceInformationInput{MaxResults: aws.Int32(50)},
			func(out *ssm.DescribeInstanceInformationOutput) []types.InstanceInformation {
				return out.InstanceInformationList
			},
			managedInstanceID,
			collect.Read("PatchStates", ssmDescribeInstancePatchStates,
				func(i types.InstanceInformation) *ssm.DescribeInstancePatchStatesInput {
					return &ssm.DescribeInstancePatchStatesInput{InstanceIds: []string{aws.ToString(i.InstanceId)}}
				}),
		),
		collect.Listed(collect.Kind{Name: "ssm.compliance-summary", Scope: bundle.ScopeRegion, Item: "Summary"},
			ssmListResourceComplianceSummaries, ssm.ListResourceComplianceSummariesInput{MaxResults: aws.Int32(50)},
			func(out *ssm.ListResourceComplianceSummariesOutput) []types.ResourceComplianceSummaryItem {
				return out.ResourceComplianceSummaryItems
			},
			func(_ *collect.Session, c types.ResourceComplianceSummaryItem, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(c.ResourceType) + ":" + aws.ToString(c.ResourceId) + ":" + aws.ToString(c.ComplianceType)}
			}),
		collect.Listed(collect.Kind{Name: "ssm.parameter", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "Parameter"},
			ssmDescribeParameters, ssm.DescribeParametersInput{MaxResults: aws.Int32(50)},
			func(out *ssm.DescribeParametersOutput) []types.ParameterMetadata { return out.Parameters },
			parameterID,
			collect.Read("Tags", ssmListTagsForResource,
				func(p types.ParameterMetadata) *ssm.ListTagsForResourceInput {
					return &ssm.ListTagsForResourceInput{ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: p.Name}
				}),
		),
		collect.Listed(collect.Kind{Name: "ssm.document", Scope: bundle.ScopeRegion, Tags: "Document.Tags", Item: "Document"},
			ssmListDocuments, ssm.ListDocumentsInput{
				MaxResults: aws.Int32(50), Filters: []types.DocumentKeyValuesFilter{{Key: aws.String("Owner"), Values: []string{"Self"}}},
			},
			func(out *ssm.ListDocumentsOutput) []types.DocumentIdentifier { return out.DocumentIdentifiers },
			func(s *collect.Session, d types.DocumentIdentifier, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.Name), ARN: s.ARN("ssm", "document/"+aws.ToString(d.Name))}
			},
			collect.Read("Permission", ssmDescribeDocumentPermission,
				func(d types.DocumentIdentifier) *ssm.DescribeDocumentPermissionInput {
					return &ssm.DescribeDocumentPermissionInput{Name: d.Name, PermissionType: types.DocumentPermissionTypeShare}
				}),
		),
		collect.Listed(collect.Kind{Name: "ssm.patch-baseline", Scope: bundle.ScopeRegion, Item: "PatchBaseline"},
			ssmDescribePatchBaselines, ssm.DescribePatchBaselinesInput{MaxResults: aws.Int32(100)},
			func(out *ssm.DescribePatchBaselinesOutput) []types.PatchBaselineIdentity {
				return out.BaselineIdentities
			},
			patchBaselineID),
		collect.Listed(collect.Kind{Name: "ssm.association", Scope: bundle.ScopeRegion, Item: "Association"},
			ssmListAssociations, ssm.ListAssociationsInput{MaxResults: aws.Int32(50)},
			func(out *ssm.ListAssociationsOutput) []types.Association { return out.Associations },
			func(s *collect.Session, a types.Association, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.AssociationId), ARN: s.ARN("ssm", "association/"+aws.ToString(a.AssociationId))}
			}),
		collect.Single(collect.Kind{Name: "ssm.account-settings", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Region()} },
			serviceSetting("DocumentPublicSharing", "/ssm/documents/console/public-sharing-permission"),
			serviceSetting("AutomationLogDestination", "/ssm/automation/customer-script-log-destination"),
			sessionPreferences(),
		),
	}}
}

// managedInstanceID names an instance. Machines outside of EC2 have ids that begin with "mi-"; the others are EC2's resources.
func managedInstanceID(s *collect.Session, i types.InstanceInformation, _ bundle.From) collect.ID {
	id := aws.ToString(i.InstanceId)
	if strings.HasPrefix(id, "i-") {
		return collect.ID{ID: id, ARN: s.ARN("ec2", "instance/"+id)}
	}
	return collect.ID{ID: id, ARN: s.ARN("ssm", "managed-instance/"+id)}
}

// parameterID names a parameter. The name of one in a hierarchy begins with a slash, which stands only once in the ARN.
func parameterID(s *collect.Session, p types.ParameterMetadata, _ bundle.From) collect.ID {
	name := aws.ToString(p.Name)
	if p.ARN != nil {
		return collect.ID{ID: name, ARN: *p.ARN}
	}
	return collect.ID{ID: name, ARN: s.ARN("ssm", "parameter/"+strings.TrimPrefix(name, "/"))}
}

// patchBaselineID names a baseline. Those that AWS predefines are listed by an ARN of AWS's own account.
func patchBaselineID(s *collect.Session, b types.PatchBaselineIdentity, _ bundle.From) collect.ID {
	id := aws.ToString(b.BaselineId)
	if strings.HasPrefix(id, "arn:") {
		return collect.ID{ID: lastOf(id, "/"), ARN: id}
	}
	return collect.ID{ID: id, ARN: s.ARN("ssm", "patchbaseline/"+id)}
}

// serviceSetting is a part that holds one of the service's settings. AWS answers with the default where nobody changed it.
func serviceSetting(name, id string) collect.Part[*collect.Session] {
	return collect.Read(name, ssmGetServiceSetting,
		func(*collect.Session) *ssm.GetServiceSettingInput {
			return &ssm.GetServiceSettingInput{SettingId: aws.String(id)}
		})
}

func ssmClient(cfg aws.Config) *ssm.Client { return ssm.NewFromConfig(cfg) }

// The operations of this file.
var (
	ssmDescribeInstanceInformation = collect.NewOp("ssm", "DescribeInstanceInformation",
		func(ctx context.Context, cfg aws.Config, in *ssm.DescribeInstanceInformationInput) (*ssm.DescribeInstanceInformationOutput, error) {
			return ssmClient(cfg).DescribeInstanceInformation(ctx, in)
		}).Paged(func(in *ssm.DescribeInstanceInformationInput, out *ssm.DescribeInstanceInformationOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssmDescribeInstancePatchStates = collect.NewOp("ssm", "DescribeInstancePatchStates",
		func(ctx context.Context, cfg aws.Config, in *ssm.DescribeInstancePatchStatesInput) (*ssm.DescribeInstancePatchStatesOutput, error) {
			return ssmClient(cfg).DescribeInstancePatchStates(ctx, in)
		}).Paged(func(in *ssm.DescribeInstancePatchStatesInput, out *ssm.DescribeInstancePatchStatesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssmListResourceComplianceSummaries = collect.NewOp("ssm", "ListResourceComplianceSummaries",
		func(ctx context.Context, cfg aws.Config, in *ssm.ListResourceComplianceSummariesInput) (*ssm.ListResourceComplianceSummariesOutput, error) {
			return ssmClient(cfg).ListResourceComplianceSummaries(ctx, in)
		}).Paged(func(in *ssm.ListResourceComplianceSummariesInput, out *ssm.ListResourceComplianceSummariesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssmDescribeParameters = collect.NewOp("ssm", "DescribeParameters",
		func(ctx context.Context, cfg aws.Config, in *ssm.DescribeParametersInput) (*ssm.DescribeParametersOutput, error) {
			return ssmClient(cfg).DescribeParameters(ctx, in)
		}).Paged(func(in *ssm.DescribeParametersInput, out *ssm.DescribeParametersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssmListTagsForResource = collect.NewOp("ssm", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *ssm.ListTagsForResourceInput) (*ssm.ListTagsForResourceOutput, error) {
			return ssmClient(cfg).ListTagsForResource(ctx, in)
		})
	ssmListDocuments = collect.NewOp("ssm", "ListDocuments",
		func(ctx context.Context, cfg aws.Config, in *ssm.ListDocumentsInput) (*ssm.ListDocumentsOutput, error) {
			return ssmClient(cfg).ListDocuments(ctx, in)
		}).Paged(func(in *ssm.ListDocumentsInput, out *ssm.ListDocumentsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssmDescribeDocumentPermission = collect.NewOp("ssm", "DescribeDocumentPermission",
		func(ctx context.Context, cfg aws.Config, in *ssm.DescribeDocumentPermissionInput) (*ssm.DescribeDocumentPermissionOutput, error) {
			return ssmClient(cfg).DescribeDocumentPermission(ctx, in)
		}).Paged(func(in *ssm.DescribeDocumentPermissionInput, out *ssm.DescribeDocumentPermissionOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssmDescribePatchBaselines = collect.NewOp("ssm", "DescribePatchBaselines",
		func(ctx context.Context, cfg aws.Config, in *ssm.DescribePatchBaselinesInput) (*ssm.DescribePatchBaselinesOutput, error) {
			return ssmClient(cfg).DescribePatchBaselines(ctx, in)
		}).Paged(func(in *ssm.DescribePatchBaselinesInput, out *ssm.DescribePatchBaselinesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssmListAssociations = collect.NewOp("ssm", "ListAssociations",
		func(ctx context.Context, cfg aws.Config, in *ssm.ListAssociationsInput) (*ssm.ListAssociationsOutput, error) {
			return ssmClient(cfg).ListAssociations(ctx, in)
		}).Paged(func(in *ssm.ListAssociationsInput, out *ssm.ListAssociationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ssmGetServiceSetting = collect.NewOp("ssm", "GetServiceSetting",
		func(ctx context.Context, cfg aws.Config, in *ssm.GetServiceSettingInput) (*ssm.GetServiceSettingOutput, error) {
			return ssmClient(cfg).GetServiceSetting(ctx, in)
		})
	ssmGetDocument = collect.NewOp("ssm", "GetDocument",
		func(ctx context.Context, cfg aws.Config, in *ssm.GetDocumentInput) (*ssm.GetDocumentOutput, error) {
			return ssmClient(cfg).GetDocument(ctx, in)
		})
)
