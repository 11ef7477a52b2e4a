package services

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// IAM collects users, groups, roles, the policies in use, the account's settings and the credential report.
func IAM() collect.Service {
	summary := collect.NewOp("iam", "GetAccountSummary", (*iam.Client).GetAccountSummary).Shared()
	accountSummary := collect.Read("Summary", summary, func(*collect.Session) *iam.GetAccountSummaryInput { return &iam.GetAccountSummaryInput{} })
	report := newCredentialReport()
	return collect.Service{Name: "iam", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "iam.account-summary", Scope: bundle.ScopeAccount}, iamClient, accountSetting, accountSummary),
		collect.Single(collect.Kind{Name: "iam.password-policy", Scope: bundle.ScopeAccount}, iamClient, accountSetting,
			collect.Read("PasswordPolicy", collect.NewOp("iam", "GetAccountPasswordPolicy", (*iam.Client).GetAccountPasswordPolicy),
				func(*collect.Session) *iam.GetAccountPasswordPolicyInput { return &iam.GetAccountPasswordPolicyInput{} },
				"NoSuchEntity"),
		),
		iamRoot(report, accountSummary),
		iamUser(report),
		iamGroup(),
		iamRole(),
		iamPolicy(),
		iamServerCertificate(),
	}}
}

func iamClient(cfg aws.Config) *iam.Client { return iam.NewFromConfig(cfg) }

// iamPage is the page size that IAM is asked for: its largest.
var iamPage = aws.Int32(1000)

func iamRoot(report credentialReport, summary collect.Part[*iam.Client, *collect.Session]) collect.Kind {
	devices := collect.NewOp("iam", "ListVirtualMFADevices", (*iam.Client).ListVirtualMFADevices).
		Paged(func(in *iam.ListVirtualMFADevicesInput, out *iam.ListVirtualMFADevicesOutput) (**string, *string) {
			return &in.Marker, out.Marker
		})
	return collect.Single(collect.Kind{Name: "iam.root", Scope: bundle.ScopeAccount}, iamClient,
		func(s *collect.Session) collect.ID {
			return collect.ID{ID: "root", ARN: "arn:" + s.Partition() + ":iam::" + s.Account() + ":root"}
		},
		rowPart(report, func(*collect.Session) string { return "<root_account>" }),
		summary,
		collect.Read("VirtualMFADevices", devices,
			func(*collect.Session) *iam.ListVirtualMFADevicesInput {
				return &iam.ListVirtualMFADevicesInput{MaxItems: iamPage}
			}),
	)
}

func iamUser(report credentialReport) collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.user", Scope: bundle.ScopeAccount, Tags: "Tags.Tags", Item: "User"}, iamClient,
		collect.NewOp("iam", "ListUsers", (*iam.Client).ListUsers).
			Paged(func(in *iam.ListUsersInput, out *iam.ListUsersOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
		iam.ListUsersInput{MaxItems: iamPage},
		func(out *iam.ListUsersOutput) []types.User { return out.Users },
		func(_ *collect.Session, u types.User, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(u.UserName), ARN: aws.ToString(u.Arn)}
		},
		rowPart(report, func(u types.User) string { return aws.ToString(u.UserName) }),
		collect.Read("MFADevices", collect.NewOp("iam", "ListMFADevices", (*iam.Client).ListMFADevices).
			Paged(func(in *iam.ListMFADevicesInput, out *iam.ListMFADevicesOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
			func(u types.User) *iam.ListMFADevicesInput { return &iam.ListMFADevicesInput{UserName: u.UserName} }),
		collect.Read("AccessKeys", collect.NewOp("iam", "ListAccessKeys", (*iam.Client).ListAccessKeys).
			Paged(func(in *iam.ListAccessKeysInput, out *iam.ListAccessKeysOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
			func(u types.User) *iam.ListAccessKeysInput { return &iam.ListAccessKeysInput{UserName: u.UserName} }),
		collect.Read("LoginProfile", collect.NewOp("iam", "GetLoginProfile", (*iam.Client).GetLoginProfile),
			func(u types.User) *iam.GetLoginProfileInput { return &iam.GetLoginProfileInput{UserName: u.UserName} },
			"NoSuchEntity"),
		collect.Read("AttachedPolicies", collect.NewOp("iam", "ListAttachedUserPolicies", (*iam.Client).ListAttachedUserPolicies).
			Paged(func(in *iam.ListAttachedUserPoliciesInput, out *iam.ListAttachedUserPoliciesOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
			func(u types.User) *iam.ListAttachedUserPoliciesInput {
				return &iam.ListAttachedUserPoliciesInput{UserName: u.UserName}
			}),
		userInlinePolicies(),
		collect.Read("Groups", collect.NewOp("iam", "ListGroupsForUser", (*iam.Client).ListGroupsForUser).
			Paged(func(in *iam.ListGroupsForUserInput, out *iam.ListGroupsForUserOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
			func(u types.User) *iam.ListGroupsForUserInput {
				return &iam.ListGroupsForUserInput{UserName: u.UserName}
			}),
		collect.Read("Tags", collect.NewOp("iam", "ListUserTags", (*iam.Client).ListUserTags).
			Paged(func(in *iam.ListUserTagsInput, out *iam.ListUserTagsOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
			func(u types.User) *iam.ListUserTagsInput { return &iam.ListUserTagsInput{UserName: u.UserName} }),
	)
}

func iamGroup() collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.group", Scope: bundle.ScopeAccount, Item: "Group"}, iamClient,
		collect.NewOp("iam", "ListGroups", (*iam.Client).ListGroups).
			Paged(func(in *iam.ListGroupsInput, out *iam.ListGroupsOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
		iam.ListGroupsInput{MaxItems: iamPage},
		func(out *iam.ListGroupsOutput) []types.Group { return out.Groups },
		func(_ *collect.Session, g types.Group, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(g.GroupName), ARN: aws.ToString(g.Arn)}
		},
		collect.Read("AttachedPolicies", collect.NewOp("iam", "ListAttachedGroupPolicies", (*iam.Client).ListAttachedGroupPolicies).
			Paged(func(in *iam.ListAttachedGroupPoliciesInput, out *iam.ListAttachedGroupPoliciesOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
			func(g types.Group) *iam.ListAttachedGroupPoliciesInput {
				return &iam.ListAttachedGroupPoliciesInput{GroupName: g.GroupName}
			}),
		groupInlinePolicies(),
	)
}

func iamRole() collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.role", Scope: bundle.ScopeAccount, Tags: "Tags.Tags", Item: "Role"}, iamClient,
		collect.NewOp("iam", "ListRoles", (*iam.Client).ListRoles).
			Paged(func(in *iam.ListRolesInput, out *iam.ListRolesOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
		iam.ListRolesInput{MaxItems: iamPage},
		func(out *iam.ListRolesOutput) []types.Role { return out.Roles },
		func(_ *collect.Session, r types.Role, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(r.RoleName), ARN: aws.ToString(r.Arn)}
		},
		collect.Read("AttachedPolicies", collect.NewOp("iam", "ListAttachedRolePolicies", (*iam.Client).ListAttachedRolePolicies).
			Paged(func(in *iam.ListAttachedRolePoliciesInput, out *iam.ListAttachedRolePoliciesOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
			func(r types.Role) *iam.ListAttachedRolePoliciesInput {
				return &iam.ListAttachedRolePoliciesInput{RoleName: r.RoleName}
			}),
		roleInlinePolicies(),
		collect.Read("Tags", collect.NewOp("iam", "ListRoleTags", (*iam.Client).ListRoleTags).
			Paged(func(in *iam.ListRoleTagsInput, out *iam.ListRoleTagsOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
			func(r types.Role) *iam.ListRoleTagsInput { return &iam.ListRoleTagsInput{RoleName: r.RoleName} }),
	)
}

// iamPolicy collects the managed policies, AWS's own included, that are attached to at least one user, group or role.
func iamPolicy() collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.policy", Scope: bundle.ScopeAccount, Item: "Policy"}, iamClient,
		collect.NewOp("iam", "ListPolicies", (*iam.Client).ListPolicies).
			Paged(func(in *iam.ListPoliciesInput, out *iam.ListPoliciesOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
		iam.ListPoliciesInput{MaxItems: iamPage, OnlyAttached: true, Scope: types.PolicyScopeTypeAll},
		func(out *iam.ListPoliciesOutput) []types.Policy { return out.Policies },
		func(_ *collect.Session, p types.Policy, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(p.Arn), ARN: aws.ToString(p.Arn)}
		},
		collect.Read("Document", collect.NewOp("iam", "GetPolicyVersion", (*iam.Client).GetPolicyVersion),
			func(p types.Policy) *iam.GetPolicyVersionInput {
				return &iam.GetPolicyVersionInput{PolicyArn: p.Arn, VersionId: p.DefaultVersionId}
			}),
	)
}

func iamServerCertificate() collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.server-certificate", Scope: bundle.ScopeAccount, Item: "Certificate"}, iamClient,
		collect.NewOp("iam", "ListServerCertificates", (*iam.Client).ListServerCertificates).
			Paged(func(in *iam.ListServerCertificatesInput, out *iam.ListServerCertificatesOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}),
		iam.ListServerCertificatesInput{MaxItems: iamPage},
		func(out *iam.ListServerCertificatesOutput) []types.ServerCertificateMetadata {
			return out.ServerCertificateMetadataList
		},
		func(_ *collect.Session, c types.ServerCertificateMetadata, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(c.ServerCertificateName), ARN: aws.ToString(c.Arn)}
		})
}
