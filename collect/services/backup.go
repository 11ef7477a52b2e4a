package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Backup collects AWS Backup: vaults and the recovery points in them, plans and what they select, what has been backed up at all,
// plans that test restores, reports, and the settings of region and account. A vault's lock and key are members of the vault;
// copies to other regions and accounts are members of a plan's rules.
func Backup() collect.Service {
	return collect.Service{Name: "backup", Kinds: []collect.Kind{
		backupVaults(),
		backupRecoveryPoints(),
		backupPlans(),
		collect.Listed(collect.Kind{Name: "backup.protected-resource", Scope: bundle.ScopeRegion, Item: "ProtectedResource"},
			backupListProtectedResources, backup.ListProtectedResourcesInput{MaxResults: aws.Int32(1000)},
			func(out *backup.ListProtectedResourcesOutput) []types.ProtectedResource { return out.Results },
			func(_ *collect.Session, r types.ProtectedResource, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(r.ResourceArn), ARN: aws.ToString(r.ResourceArn)}
			}),
		collect.Listed(collect.Kind{Name: "backup.restore-testing-plan", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			backupListRestoreTestingPlans, backup.ListRestoreTestingPlansInput{MaxResults: aws.Int32(1000)},
			func(out *backup.ListRestoreTestingPlansOutput) []types.RestoreTestingPlanForList {
				return out.RestoreTestingPlans
			},
			func(_ *collect.Session, p types.RestoreTestingPlanForList, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.RestoreTestingPlanName), ARN: aws.ToString(p.RestoreTestingPlanArn)}
			},
			collect.Read("RestoreTestingPlan", backupGetRestoreTestingPlan,
				func(p types.RestoreTestingPlanForList) *backup.GetRestoreTestingPlanInput {
					return &backup.GetRestoreTestingPlanInput{RestoreTestingPlanName: p.RestoreTestingPlanName}
				}),
			collect.Read("RestoreTestingSelections", backupListRestoreTestingSelections,
				func(p types.RestoreTestingPlanForList) *backup.ListRestoreTestingSelectionsInput {
					return &backup.ListRestoreTestingSelectionsInput{RestoreTestingPlanName: p.RestoreTestingPlanName, MaxResults: aws.Int32(1000)}
				}),
			backupTags(func(p types.RestoreTestingPlanForList) *string { return p.RestoreTestingPlanArn })),
		collect.Listed(collect.Kind{Name: "backup.report-plan", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "ReportPlan"},
			backupListReportPlans, backup.ListReportPlansInput{MaxResults: aws.Int32(1000)},
			func(out *backup.ListReportPlansOutput) []types.ReportPlan { return out.ReportPlans },
			func(_ *collect.Session, p types.ReportPlan, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(p.ReportPlanName), ARN: aws.ToString(p.ReportPlanArn)}
			},
			backupTags(func(p types.ReportPlan) *string { return p.ReportPlanArn })),
		collect.Single(collect.Kind{Name: "backup.region-settings", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Region()} },
			collect.Read("RegionSettings", backupDescribeRegionSettings,
				func(*collect.Session) *backup.DescribeRegionSettingsInput {
					return &backup.DescribeRegionSettingsInput{}
				})),
		collect.Single(collect.Kind{Name: "backup.global-settings", Scope: bundle.ScopeAccount},
			accountSetting,
			// The settings are about other accounts of an organization; AWS has an error for accounts that are in none.
			collect.ReadUnless("GlobalSettings", backupDescribeGlobalSettings,
				func(*collect.Session) *backup.DescribeGlobalSettingsInput {
					return &backup.DescribeGlobalSettingsInput{}
				},
				collect.Says{Code: "ERROR_9601", Message: "not a member of an organization"})),
	}}
}

// backupVaults are the vaults of an account, with the policy that may forbid to delete recovery points.
func backupVaults() collect.Kind {
	return collect.Listed(collect.Kind{Name: "backup.vault", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "BackupVault"},
		backupListBackupVaults, backup.ListBackupVaultsInput{MaxResults: aws.Int32(1000)},
		func(out *backup.ListBackupVaultsOutput) []types.BackupVaultListMember { return out.BackupVaultList },
		func(_ *collect.Session, v types.BackupVaultListMember, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(v.BackupVaultName), ARN: aws.ToString(v.BackupVaultArn)}
		},
		collect.Read("AccessPolicy", backupGetBackupVaultAccessPolicy,
			func(v types.BackupVaultListMember) *backup.GetBackupVaultAccessPolicyInput {
				return &backup.GetBackupVaultAccessPolicyInput{BackupVaultName: v.BackupVaultName}
			}, "ResourceNotFoundException"),
		collect.Read("Notifications", backupGetBackupVaultNotifications,
			func(v types.BackupVaultListMember) *backup.GetBackupVaultNotificationsInput {
				return &backup.GetBackupVaultNotificationsInput{BackupVaultName: v.BackupVaultName}
			}, "ResourceNotFoundException"),
		backupTags(func(v types.BackupVaultListMember) *string { return v.BackupVaultArn }))
}

// backupRecoveryPoints are the recovery points of all vaults. There may be hundreds of thousands: each is an artifact without
// details, so that none waits in memory for the others.
func backupRecoveryPoints() collect.Kind {
	return collect.Nested(collect.Kind{Name: "backup.recovery-point", Scope: bundle.ScopeRegion, Item: "RecoveryPoint"},
		backupListBackupVaults, backup.ListBackupVaultsInput{MaxResults: aws.Int32(1000)},
		func(out *backup.ListBackupVaultsOutput) []types.BackupVaultListMember { return out.BackupVaultList },
		backupListRecoveryPointsByBackupVault,
		func(v types.BackupVaultListMember) backup.ListRecoveryPointsByBackupVaultInput {
			return backup.ListRecoveryPointsByBackupVaultInput{BackupVaultName: v.BackupVaultName, MaxResults: aws.Int32(1000)}
		},
		func(out *backup.ListRecoveryPointsByBackupVaultOutput) []types.RecoveryPointByBackupVault {
			return out.RecoveryPoints
		},
		func(_ *collect.Session, p types.RecoveryPointByBackupVault, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(p.BackupVaultName) + "/" + aws.ToString(p.RecoveryPointArn), ARN: aws.ToString(p.RecoveryPointArn)}
		})
}

func backupPlans() collect.Kind {
	return collect.Listed(collect.Kind{Name: "backup.plan", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
		backupListBackupPlans, backup.ListBackupPlansInput{MaxResults: aws.Int32(1000)},
		func(out *backup.ListBackupPlansOutput) []types.BackupPlansListMember { return out.BackupPlansList },
		func(_ *collect.Session, p types.BackupPlansListMember, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(p.BackupPlanId), ARN: aws.ToString(p.BackupPlanArn)}
		},
		collect.Read("BackupPlan", backupGetBackupPlan,
			func(p types.BackupPlansListMember) *backup.GetBackupPlanInput {
				return &backup.GetBackupPlanInput{BackupPlanId: p.BackupPlanId}
			}),
		collect.Custom[BackupSelections]("BackupSelections",
			[]collect.Operation{backupListBackupSelections.Operation, backupGetBackupSelection.Operation}, backupSelections),
		backupTags(func(p types.BackupPlansListMember) *string { return p.BackupPlanArn }))
}

// BackupSelections is the data of a plan's part of that name: what the plan backs up, by ARN and by tag.
type BackupSelections struct {
	BackupSelections []BackupSelection
}

// BackupSelection is one selection with the id that AWS knows it by.
type BackupSelection struct {
	SelectionId     *string
	BackupSelection *types.BackupSelection
}

func backupSelections(ctx context.Context, s *collect.Session, p types.BackupPlansListMember) bundle.Part {
	out, calls, f := collect.Get(ctx, s, backupListBackupSelections,
		&backup.ListBackupSelectionsInput{BackupPlanId: p.BackupPlanId, MaxResults: aws.Int32(1000)})
	if f != nil {
		return f.Part(calls)
	}
	data := BackupSelections{BackupSelections: []BackupSelection{}}
	for _, item := range out.BackupSelectionsList {
		one, more, f := collect.Get(ctx, s, backupGetBackupSelection,
			&backup.GetBackupSelectionInput{BackupPlanId: p.BackupPlanId, SelectionId: item.SelectionId})
		calls = append(calls, more...)
		if f != nil {
			return f.Part(calls)
		}
		data.BackupSelections = append(data.BackupSelections, BackupSelection{SelectionId: item.SelectionId, BackupSelection: one.BackupSelection})
	}
	return s.OK(backupGetBackupSelection.Operation, data, calls)
}

func backupTags[S any](arn func(S) *string) collect.Part[S] {
	return collect.Read("Tags", backupListTags, func(item S) *backup.ListTagsInput {
		return &backup.ListTagsInput{ResourceArn: arn(item), MaxResults: aws.Int32(1000)}
	})
}

func backupClient(cfg aws.Config) *backup.Client { return backup.NewFromConfig(cfg) }

// The operations of this file.
var (
	backupListBackupVaults = collect.NewOp("backup", "ListBackupVaults",
		func(ctx context.Context, cfg aws.Config, in *backup.ListBackupVaultsInput) (*backup.ListBackupVaultsOutput, error) {
			return backupClient(cfg).ListBackupVaults(ctx, in)
		}).Paged(func(in *backup.ListBackupVaultsInput, out *backup.ListBackupVaultsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}).Shared()
	backupGetBackupVaultAccessPolicy = collect.NewOp("backup", "GetBackupVaultAccessPolicy",
		func(ctx context.Context, cfg aws.Config, in *backup.GetBackupVaultAccessPolicyInput) (*backup.GetBackupVaultAccessPolicyOutput, error) {
			return backupClient(cfg).GetBackupVaultAccessPolicy(ctx, in)
		})
	backupGetBackupVaultNotifications = collect.NewOp("backup", "GetBackupVaultNotifications",
		func(ctx context.Context, cfg aws.Config, in *backup.GetBackupVaultNotificationsInput) (*backup.GetBackupVaultNotificationsOutput, error) {
			return backupClient(cfg).GetBackupVaultNotifications(ctx, in)
		})
	backupListRecoveryPointsByBackupVault = collect.NewOp("backup", "ListRecoveryPointsByBackupVault",
		func(ctx context.Context, cfg aws.Config, in *backup.ListRecoveryPointsByBackupVaultInput) (*backup.ListRecoveryPointsByBackupVaultOutput, error) {
			return backupClient(cfg).ListRecoveryPointsByBackupVault(ctx, in)
		}).Paged(func(in *backup.ListRecoveryPointsByBackupVaultInput, out *backup.ListRecoveryPointsByBackupVaultOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	backupListBackupPlans = collect.NewOp("backup", "ListBackupPlans",
		func(ctx context.Context, cfg aws.Config, in *backup.ListBackupPlansInput) (*backup.ListBackupPlansOutput, error) {
			return backupClient(cfg).ListBackupPlans(ctx, in)
		}).Paged(func(in *backup.ListBackupPlansInput, out *backup.ListBackupPlansOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	backupGetBackupPlan = collect.NewOp("backup", "GetBackupPlan",
		func(ctx context.Context, cfg aws.Config, in *backup.GetBackupPlanInput) (*backup.GetBackupPlanOutput, error) {
			return backupClient(cfg).GetBackupPlan(ctx, in)
		})
	backupListBackupSelections = collect.NewOp("backup", "ListBackupSelections",
		func(ctx context.Context, cfg aws.Config, in *backup.ListBackupSelectionsInput) (*backup.ListBackupSelectionsOutput, error) {
			return backupClient(cfg).ListBackupSelections(ctx, in)
		}).Paged(func(in *backup.ListBackupSelectionsInput, out *backup.ListBackupSelectionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	backupGetBackupSelection = collect.NewOp("backup", "GetBackupSelection",
		func(ctx context.Context, cfg aws.Config, in *backup.GetBackupSelectionInput) (*backup.GetBackupSelectionOutput, error) {
			return backupClient(cfg).GetBackupSelection(ctx, in)
		})
	backupListProtectedResources = collect.NewOp("backup", "ListProtectedResources",
		func(ctx context.Context, cfg aws.Config, in *backup.ListProtectedResourcesInput) (*backup.ListProtectedResourcesOutput, error) {
			return backupClient(cfg).ListProtectedResources(ctx, in)
		}).Paged(func(in *backup.ListProtectedResourcesInput, out *backup.ListProtectedResourcesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	backupListRestoreTestingPlans = collect.NewOp("backup", "ListRestoreTestingPlans",
		func(ctx context.Context, cfg aws.Config, in *backup.ListRestoreTestingPlansInput) (*backup.ListRestoreTestingPlansOutput, error) {
			return backupClient(cfg).ListRestoreTestingPlans(ctx, in)
		}).Paged(func(in *backup.ListRestoreTestingPlansInput, out *backup.ListRestoreTestingPlansOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	backupGetRestoreTestingPlan = collect.NewOp("backup", "GetRestoreTestingPlan",
		func(ctx context.Context, cfg aws.Config, in *backup.GetRestoreTestingPlanInput) (*backup.GetRestoreTestingPlanOutput, error) {
			return backupClient(cfg).GetRestoreTestingPlan(ctx, in)
		})
	backupListRestoreTestingSelections = collect.NewOp("backup", "ListRestoreTestingSelections",
		func(ctx context.Context, cfg aws.Config, in *backup.ListRestoreTestingSelectionsInput) (*backup.ListRestoreTestingSelectionsOutput, error) {
			return backupClient(cfg).ListRestoreTestingSelections(ctx, in)
		}).Paged(func(in *backup.ListRestoreTestingSelectionsInput, out *backup.ListRestoreTestingSelectionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	backupListReportPlans = collect.NewOp("backup", "ListReportPlans",
		func(ctx context.Context, cfg aws.Config, in *backup.ListReportPlansInput) (*backup.ListReportPlansOutput, error) {
			return backupClient(cfg).ListReportPlans(ctx, in)
		}).Paged(func(in *backup.ListReportPlansInput, out *backup.ListReportPlansOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	backupDescribeRegionSettings = collect.NewOp("backup", "DescribeRegionSettings",
		func(ctx context.Context, cfg aws.Config, in *backup.DescribeRegionSettingsInput) (*backup.DescribeRegionSettingsOutput, error) {
			return backupClient(cfg).DescribeRegionSettings(ctx, in)
		})
	backupDescribeGlobalSettings = collect.NewOp("backup", "DescribeGlobalSettings",
		func(ctx context.Context, cfg aws.Config, in *backup.DescribeGlobalSettingsInput) (*backup.DescribeGlobalSettingsOutput, error) {
			return backupClient(cfg).DescribeGlobalSettings(ctx, in)
		})
	backupListTags = collect.NewOp("backup", "ListTags",
		func(ctx context.Context, cfg aws.Config, in *backup.ListTagsInput) (*backup.ListTagsOutput, error) {
			return backupClient(cfg).ListTags(ctx, in)
		}).Paged(func(in *backup.ListTagsInput, out *backup.ListTagsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
