package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// IoT collects the settings of IoT Core that guard devices: what Device Defender audits and watches, how the service logs, and the
// policies of certificates. Things and their data are not read.
func IoT() collect.Service {
	return collect.Service{Name: "iot", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "iot.account", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Region()} },
			collect.Read("AuditConfiguration", iotDescribeAccountAuditConfiguration,
				func(*collect.Session) *iot.DescribeAccountAuditConfigurationInput {
					return &iot.DescribeAccountAuditConfigurationInput{}
				}),
			collect.Read("LoggingOptions", iotGetV2LoggingOptions,
				func(*collect.Session) *iot.GetV2LoggingOptionsInput { return &iot.GetV2LoggingOptionsInput{} },
				"NotConfiguredException"),
		),
		collect.Listed(collect.Kind{Name: "iot.scheduled-audit", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			iotListScheduledAudits, iot.ListScheduledAuditsInput{MaxResults: aws.Int32(250)},
			func(out *iot.ListScheduledAuditsOutput) []types.ScheduledAuditMetadata { return out.ScheduledAudits },
			func(_ *collect.Session, a types.ScheduledAuditMetadata, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.ScheduledAuditName), ARN: aws.ToString(a.ScheduledAuditArn)}
			},
			collect.Read("ScheduledAudit", iotDescribeScheduledAudit,
				func(a types.ScheduledAuditMetadata) *iot.DescribeScheduledAuditInput {
					return &iot.DescribeScheduledAuditInput{ScheduledAuditName: a.ScheduledAuditName}
				}),
			iotTags(func(a types.ScheduledAuditMetadata) *string { return a.ScheduledAuditArn }),
		),
		collect.Listed(collect.Kind{Name: "iot.security-profile", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			iotListSecurityProfiles, iot.ListSecurityProfilesInput{MaxResults: aws.Int32(250)},
			func(out *iot.ListSecurityProfilesOutput) []types.SecurityProfileIdentifier {
				return out.SecurityProfileIdentifiers
			},
			func(_ *collect.Session, p types.SecurityProfileIdentifier, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.Name), ARN: aws.ToString(p.Arn)}
			},
			collect.Read("SecurityProfile", iotDescribeSecurityProfile,
				func(p types.SecurityProfileIdentifier) *iot.DescribeSecurityProfileInput {
					return &iot.DescribeSecurityProfileInput{SecurityProfileName: p.Name}
				}),
			iotTags(func(p types.SecurityProfileIdentifier) *string { return p.Arn }),
		),
		collect.Listed(collect.Kind{Name: "iot.policy", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			iotListPolicies, iot.ListPoliciesInput{PageSize: aws.Int32(250)},
			func(out *iot.ListPoliciesOutput) []types.Policy { return out.Policies },
			func(_ *collect.Session, p types.Policy, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.PolicyName), ARN: aws.ToString(p.PolicyArn)}
			},
			collect.Read("Policy", iotGetPolicy,
				func(p types.Policy) *iot.GetPolicyInput { return &iot.GetPolicyInput{PolicyName: p.PolicyName} }),
			iotTags(func(p types.Policy) *string { return p.PolicyArn }),
		),
	}}
}

// iotTags is the part with the tags of the resource that arn names.
func iotTags[S any](arn func(S) *string) collect.Part[S] {
	return collect.Read("Tags", iotListTagsForResource,
		func(item S) *iot.ListTagsForResourceInput {
			return &iot.ListTagsForResourceInput{ResourceArn: arn(item)}
		})
}

func iotClient(cfg aws.Config) *iot.Client { return iot.NewFromConfig(cfg) }

// The operations of this file.
var (
	iotDescribeAccountAuditConfiguration = collect.NewOp("iot", "DescribeAccountAuditConfiguration",
		func(ctx context.Context, cfg aws.Config, in *iot.DescribeAccountAuditConfigurationInput) (*iot.DescribeAccountAuditConfigurationOutput, error) {
			return iotClient(cfg).DescribeAccountAuditConfiguration(ctx, in)
		})
	iotGetV2LoggingOptions = collect.NewOp("iot", "GetV2LoggingOptions",
		func(ctx context.Context, cfg aws.Config, in *iot.GetV2LoggingOptionsInput) (*iot.GetV2LoggingOptionsOutput, error) {
			return iotClient(cfg).GetV2LoggingOptions(ctx, in)
		})
	iotListScheduledAudits = collect.NewOp("iot", "ListScheduledAudits",
		func(ctx context.Context, cfg aws.Config, in *iot.ListScheduledAuditsInput) (*iot.ListScheduledAuditsOutput, error) {
			return iotClient(cfg).ListScheduledAudits(ctx, in)
		}).Paged(func(in *iot.ListScheduledAuditsInput, out *iot.ListScheduledAuditsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	iotDescribeScheduledAudit = collect.NewOp("iot", "DescribeScheduledAudit",
		func(ctx context.Context, cfg aws.Config, in *iot.DescribeScheduledAuditInput) (*iot.DescribeScheduledAuditOutput, error) {
			return iotClient(cfg).DescribeScheduledAudit(ctx, in)
		})
	iotListSecurityProfiles = collect.NewOp("iot", "ListSecurityProfiles",
		func(ctx context.Context, cfg aws.Config, in *iot.ListSecurityProfilesInput) (*iot.ListSecurityProfilesOutput, error) {
			return iotClient(cfg).ListSecurityProfiles(ctx, in)
		}).Paged(func(in *iot.ListSecurityProfilesInput, out *iot.ListSecurityProfilesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	iotDescribeSecurityProfile = collect.NewOp("iot", "DescribeSecurityProfile",
		func(ctx context.Context, cfg aws.Config, in *iot.DescribeSecurityProfileInput) (*iot.DescribeSecurityProfileOutput, error) {
			return iotClient(cfg).DescribeSecurityProfile(ctx, in)
		})
	iotListPolicies = collect.NewOp("iot", "ListPolicies",
		func(ctx context.Context, cfg aws.Config, in *iot.ListPoliciesInput) (*iot.ListPoliciesOutput, error) {
			return iotClient(cfg).ListPolicies(ctx, in)
		}).Paged(func(in *iot.ListPoliciesInput, out *iot.ListPoliciesOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	iotGetPolicy = collect.NewOp("iot", "GetPolicy",
		func(ctx context.Context, cfg aws.Config, in *iot.GetPolicyInput) (*iot.GetPolicyOutput, error) {
			return iotClient(cfg).GetPolicy(ctx, in)
		})
	iotListTagsForResource = collect.NewOp("iot", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *iot.ListTagsForResourceInput) (*iot.ListTagsForResourceOutput, error) {
			return iotClient(cfg).ListTagsForResource(ctx, in)
		}).Paged(func(in *iot.ListTagsForResourceInput, out *iot.ListTagsForResourceOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
