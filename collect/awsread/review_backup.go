package awsread

var backupReviews = reviews{
	"DescribeGlobalSettings":          {},
	"DescribeRegionSettings":          {},
	"GetBackupPlan":                   {keep: map[string]string{"BackupRule.RecoveryPointTags": "tags that recovery points will carry; scope and lifecycle may hang on them"}},
	"GetBackupSelection":              {},
	"GetBackupVaultAccessPolicy":      {},
	"GetBackupVaultNotifications":     {},
	"GetRestoreTestingPlan":           {},
	"ListBackupPlans":                 {},
	"ListBackupSelections":            {},
	"ListBackupVaults":                {},
	"ListProtectedResources":          {},
	"ListRecoveryPointsByBackupVault": {},
	"ListReportPlans":                 {},
	"ListRestoreTestingPlans":         {},
	"ListRestoreTestingSelections":    {},
	"ListTags":                        {keep: map[string]string{"ListTagsOutput.Tags": "tags of vaults and plans, by which a scope may be given"}},
}
