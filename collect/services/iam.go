package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// IAM collects users, groups, roles, the policies in use and who uses them, instance profiles, identity providers, the account's
// settings and the credential report.
func IAM() collect.Service {
	accountSummary := collect.Read("Summary", iamGetAccountSummary, func(*collect.Session) *iam.GetAccountSummaryInput { return &iam.GetAccountSummaryInput{} })
	report := newCredentialReport()
	return collect.Service{Name: "iam", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "iam.account-summary", Scope: bundle.ScopeAccount}, accountSetting, accountSummary),
		collect.Single(collect.Kind{Name: "iam.password-policy", Scope: bundle.ScopeAccount}, accountSetting,
			collect.Read("PasswordPolicy", iamGetAccountPasswordPolicy,
				func(*collect.Session) *iam.GetAccountPasswordPolicyInput { return &iam.GetAccountPasswordPolicyInput{} },
				"NoSuchEntity"),
		),
		iamRoot(report, accountSummary),
		iamUser(report),
		iamGroup(),
		iamRole(),
		iamPolicy(),
		iamServerCertificate(),
		iamInstanceProfile(),
		iamOIDCProvider(),
		iamSAMLProvider(),
		iamSupportAccess(),
	}}
}

func iamClient(cfg aws.Config) *iam.Client { return iam.NewFromConfig(cfg) }

// iamPage is the page size that IAM is asked for: its largest.
var iamPage = aws.Int32(1000)

func iamRoot(report credentialReport, summary collect.Part[*collect.Session]) collect.Kind {
	return collect.Single(collect.Kind{Name: "iam.root", Scope: bundle.ScopeAccount},
		func(s *collect.Session) collect.ID {
			return collect.ID{ID: "root", ARN: "arn:" + s.Partition() + ":iam::" + s.Account() + ":root"}
		},
		rowPart(report, func(*collect.Session) string { return "<root_account>" }),
		summary,
		collect.Read("VirtualMFADevices", iamListVirtualMFADevices,
			func(*collect.Session) *iam.ListVirtualMFADevicesInput {
				return &iam.ListVirtualMFADevicesInput{MaxItems: iamPage}
			}),
		iamOrganizationsFeatures(),
	)
}

func iamUser(report credentialReport) collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.user", Scope: bundle.ScopeAccount, Tags: "Tags.Tags", Item: "User"},
		iamListUsers,
		iam.ListUsersInput{MaxItems: iamPage},
		func(out *iam.ListUsersOutput) []types.User { return out.Users },
		func(_ *collect.Session, u types.User, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(u.UserName), ARN: aws.ToString(u.Arn)}
		},
		collect.Read("Details", iamGetUser, // the list leaves out the permissions boundary
			func(u types.User) *iam.GetUserInput { return &iam.GetUserInput{UserName: u.UserName} }),
		rowPart(report, func(u types.User) string { return aws.ToString(u.UserName) }),
		collect.Read("MFADevices", iamListMFADevices,
			func(u types.User) *iam.ListMFADevicesInput { return &iam.ListMFADevicesInput{UserName: u.UserName} }),
		collect.Read("AccessKeys", iamListAccessKeys,
			func(u types.User) *iam.ListAccessKeysInput { return &iam.ListAccessKeysInput{UserName: u.UserName} }),
		collect.ReadUnless("LoginProfile", iamGetLoginProfile,
			func(u types.User) *iam.GetLoginProfileInput { return &iam.GetLoginProfileInput{UserName: u.UserName} },
			noLoginProfile),
		collect.Read("AttachedPolicies", iamListAttachedUserPolicies,
			func(u types.User) *iam.ListAttachedUserPoliciesInput {
				return &iam.ListAttachedUserPoliciesInput{UserName: u.UserName}
			}),
		userInlinePolicies(),
		collect.Read("Groups", iamListGroupsForUser,
			func(u types.User) *iam.ListGroupsForUserInput {
				return &iam.ListGroupsForUserInput{UserName: u.UserName}
			}),
		collect.Read("Tags", iamListUserTags,
			func(u types.User) *iam.ListUserTagsInput { return &iam.ListUserTagsInput{UserName: u.UserName} }),
	)
}

// noLoginProfile is how IAM says that a user has no password: "Login Profile for User … cannot be found." The same code stands
// for a user who was deleted after the list ("The user with name … cannot be found."), of whom that is not known.
var noLoginProfile = collect.Says{Code: "NoSuchEntity", Message: "rofile for "}

func iamGroup() collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.group", Scope: bundle.ScopeAccount, Item: "Group"},
		iamListGroups,
		iam.ListGroupsInput{MaxItems: iamPage},
		func(out *iam.ListGroupsOutput) []types.Group { return out.Groups },
		func(_ *collect.Session, g types.Group, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(g.GroupName), ARN: aws.ToString(g.Arn)}
		},
		collect.Read("AttachedPolicies", iamListAttachedGroupPolicies,
			func(g types.Group) *iam.ListAttachedGroupPoliciesInput {
				return &iam.ListAttachedGroupPoliciesInput{GroupName: g.GroupName}
			}),
		groupInlinePolicies(),
		collect.Read("Members", iamGetGroup,
			func(g types.Group) *iam.GetGroupInput {
				return &iam.GetGroupInput{GroupName: g.GroupName, MaxItems: iamPage}
			}),
	)
}

func iamRole() collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.role", Scope: bundle.ScopeAccount, Tags: "Tags.Tags", Item: "Role"},
		iamListRoles,
		iam.ListRolesInput{MaxItems: iamPage},
		func(out *iam.ListRolesOutput) []types.Role { return out.Roles },
		func(_ *collect.Session, r types.Role, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(r.RoleName), ARN: aws.ToString(r.Arn)}
		},
		collect.Read("Details", iamGetRole, // the list leaves out the permissions boundary and the last use
			func(r types.Role) *iam.GetRoleInput { return &iam.GetRoleInput{RoleName: r.RoleName} }),
		collect.Read("AttachedPolicies", iamListAttachedRolePolicies,
			func(r types.Role) *iam.ListAttachedRolePoliciesInput {
				return &iam.ListAttachedRolePoliciesInput{RoleName: r.RoleName}
			}),
		roleInlinePolicies(),
		collect.Read("Tags", iamListRoleTags,
			func(r types.Role) *iam.ListRoleTagsInput { return &iam.ListRoleTagsInput{RoleName: r.RoleName} }),
	)
}

// iamPolicy collects the managed policies, AWS's own included, that are attached to at least one user, group or role. The
// list leaves out the tags.
func iamPolicy() collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.policy", Scope: bundle.ScopeAccount, Item: "Policy", Tags: "Details.Policy.Tags"},
		iamListPolicies,
		iam.ListPoliciesInput{MaxItems: iamPage, OnlyAttached: true, Scope: types.PolicyScopeTypeAll},
		func(out *iam.ListPoliciesOutput) []types.Policy { return out.Policies },
		func(_ *collect.Session, p types.Policy, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(p.Arn), ARN: aws.ToString(p.Arn)}
		},
		collect.Read("Document", iamGetPolicyVersion,
			func(p types.Policy) *iam.GetPolicyVersionInput {
				return &iam.GetPolicyVersionInput{PolicyArn: p.Arn, VersionId: p.DefaultVersionId}
			}),
		collect.Read("Entities", iamListEntitiesForPolicy,
			func(p types.Policy) *iam.ListEntitiesForPolicyInput { return iamEntities(aws.ToString(p.Arn)) }),
		collect.Read("Details", iamGetPolicy,
			func(p types.Policy) *iam.GetPolicyInput { return &iam.GetPolicyInput{PolicyArn: p.Arn} }),
	)
}

func iamServerCertificate() collect.Kind {
	return collect.Listed(collect.Kind{Name: "iam.server-certificate", Scope: bundle.ScopeAccount, Item: "Certificate", Tags: "Tags.Tags"},
		iamListServerCertificates,
		iam.ListServerCertificatesInput{MaxItems: iamPage},
		func(out *iam.ListServerCertificatesOutput) []types.ServerCertificateMetadata {
			return out.ServerCertificateMetadataList
		},
		func(_ *collect.Session, c types.ServerCertificateMetadata, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(c.ServerCertificateName), ARN: aws.ToString(c.Arn)}
		},
		collect.Read("Tags", iamListServerCertificateTags,
			func(c types.ServerCertificateMetadata) *iam.ListServerCertificateTagsInput {
				return &iam.ListServerCertificateTagsInput{ServerCertificateName: c.ServerCertificateName}
			}))
}

// The operations of this file.
var (
	iamGetAccountSummary = collect.NewOp("iam", "GetAccountSummary",
		func(ctx context.Context, cfg aws.Config, in *iam.GetAccountSummaryInput) (*iam.GetAccountSummaryOutput, error) {
			return iamClient(cfg).GetAccountSummary(ctx, in)
		}).Shared()
	iamGetAccountPasswordPolicy = collect.NewOp("iam", "GetAccountPasswordPolicy",
		func(ctx context.Context, cfg aws.Config, in *iam.GetAccountPasswordPolicyInput) (*iam.GetAccountPasswordPolicyOutput, error) {
			return iamClient(cfg).GetAccountPasswordPolicy(ctx, in)
		})
	iamListVirtualMFADevices = collect.NewOp("iam", "ListVirtualMFADevices",
		func(ctx context.Context, cfg aws.Config, in *iam.ListVirtualMFADevicesInput) (*iam.ListVirtualMFADevicesOutput, error) {
			return iamClient(cfg).ListVirtualMFADevices(ctx, in)
		}).Paged(func(in *iam.ListVirtualMFADevicesInput, out *iam.ListVirtualMFADevicesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListUsers = collect.NewOp("iam", "ListUsers",
		func(ctx context.Context, cfg aws.Config, in *iam.ListUsersInput) (*iam.ListUsersOutput, error) {
			return iamClient(cfg).ListUsers(ctx, in)
		}).Paged(func(in *iam.ListUsersInput, out *iam.ListUsersOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListMFADevices = collect.NewOp("iam", "ListMFADevices",
		func(ctx context.Context, cfg aws.Config, in *iam.ListMFADevicesInput) (*iam.ListMFADevicesOutput, error) {
			return iamClient(cfg).ListMFADevices(ctx, in)
		}).Paged(func(in *iam.ListMFADevicesInput, out *iam.ListMFADevicesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListAccessKeys = collect.NewOp("iam", "ListAccessKeys",
		func(ctx context.Context, cfg aws.Config, in *iam.ListAccessKeysInput) (*iam.ListAccessKeysOutput, error) {
			return iamClient(cfg).ListAccessKeys(ctx, in)
		}).Paged(func(in *iam.ListAccessKeysInput, out *iam.ListAccessKeysOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamGetLoginProfile = collect.NewOp("iam", "GetLoginProfile",
		func(ctx context.Context, cfg aws.Config, in *iam.GetLoginProfileInput) (*iam.GetLoginProfileOutput, error) {
			return iamClient(cfg).GetLoginProfile(ctx, in)
		})
	iamListAttachedUserPolicies = collect.NewOp("iam", "ListAttachedUserPolicies",
		func(ctx context.Context, cfg aws.Config, in *iam.ListAttachedUserPoliciesInput) (*iam.ListAttachedUserPoliciesOutput, error) {
			return iamClient(cfg).ListAttachedUserPolicies(ctx, in)
		}).Paged(func(in *iam.ListAttachedUserPoliciesInput, out *iam.ListAttachedUserPoliciesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListGroupsForUser = collect.NewOp("iam", "ListGroupsForUser",
		func(ctx context.Context, cfg aws.Config, in *iam.ListGroupsForUserInput) (*iam.ListGroupsForUserOutput, error) {
			return iamClient(cfg).ListGroupsForUser(ctx, in)
		}).Paged(func(in *iam.ListGroupsForUserInput, out *iam.ListGroupsForUserOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListUserTags = collect.NewOp("iam", "ListUserTags",
		func(ctx context.Context, cfg aws.Config, in *iam.ListUserTagsInput) (*iam.ListUserTagsOutput, error) {
			return iamClient(cfg).ListUserTags(ctx, in)
		}).Paged(func(in *iam.ListUserTagsInput, out *iam.ListUserTagsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListGroups = collect.NewOp("iam", "ListGroups",
		func(ctx context.Context, cfg aws.Config, in *iam.ListGroupsInput) (*iam.ListGroupsOutput, error) {
			return iamClient(cfg).ListGroups(ctx, in)
		}).Paged(func(in *iam.ListGroupsInput, out *iam.ListGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListAttachedGroupPolicies = collect.NewOp("iam", "ListAttachedGroupPolicies",
		func(ctx context.Context, cfg aws.Config, in *iam.ListAttachedGroupPoliciesInput) (*iam.ListAttachedGroupPoliciesOutput, error) {
			return iamClient(cfg).ListAttachedGroupPolicies(ctx, in)
		}).Paged(func(in *iam.ListAttachedGroupPoliciesInput, out *iam.ListAttachedGroupPoliciesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListRoles = collect.NewOp("iam", "ListRoles",
		func(ctx context.Context, cfg aws.Config, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
			return iamClient(cfg).ListRoles(ctx, in)
		}).Paged(func(in *iam.ListRolesInput, out *iam.ListRolesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListAttachedRolePolicies = collect.NewOp("iam", "ListAttachedRolePolicies",
		func(ctx context.Context, cfg aws.Config, in *iam.ListAttachedRolePoliciesInput) (*iam.ListAttachedRolePoliciesOutput, error) {
			return iamClient(cfg).ListAttachedRolePolicies(ctx, in)
		}).Paged(func(in *iam.ListAttachedRolePoliciesInput, out *iam.ListAttachedRolePoliciesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListRoleTags = collect.NewOp("iam", "ListRoleTags",
		func(ctx context.Context, cfg aws.Config, in *iam.ListRoleTagsInput) (*iam.ListRoleTagsOutput, error) {
			return iamClient(cfg).ListRoleTags(ctx, in)
		}).Paged(func(in *iam.ListRoleTagsInput, out *iam.ListRoleTagsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamListPolicies = collect.NewOp("iam", "ListPolicies",
		func(ctx context.Context, cfg aws.Config, in *iam.ListPoliciesInput) (*iam.ListPoliciesOutput, error) {
			return iamClient(cfg).ListPolicies(ctx, in)
		}).Paged(func(in *iam.ListPoliciesInput, out *iam.ListPoliciesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
	iamGetPolicyVersion = collect.NewOp("iam", "GetPolicyVersion",
		func(ctx context.Context, cfg aws.Config, in *iam.GetPolicyVersionInput) (*iam.GetPolicyVersionOutput, error) {
			return iamClient(cfg).GetPolicyVersion(ctx, in)
		})
	iamListServerCertificates = collect.NewOp("iam", "ListServerCertificates",
		func(ctx context.Context, cfg aws.Config, in *iam.ListServerCertificatesInput) (*iam.ListServerCertificatesOutput, error) {
			return iamClient(cfg).ListServerCertificates(ctx, in)
		}).Paged(func(in *iam.ListServerCertificatesInput, out *iam.ListServerCertificatesOutput) (**string, *string) {
		return &in.Marker, out.Marker
	})
)
