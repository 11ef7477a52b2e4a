package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

// TestLiveBackup leaves the tags out: the emulator looks for them under another path than the SDK's, and finds none.
func TestLiveBackup(t *testing.T) {
	var plan string
	s := liveService(t, func(s *seeder) {
		c := backupClient(s.cfg)
		tags := map[string]string{"env": "prod"}
		for _, name := range []string{"main", "locked"} {
			made[backup.CreateBackupVaultOutput](s)(c.CreateBackupVault(s.ctx, &backup.CreateBackupVaultInput{BackupVaultName: aws.String(name), BackupVaultTags: tags}))
		}
		made[backup.PutBackupVaultLockConfigurationOutput](s)(c.PutBackupVaultLockConfiguration(s.ctx, &backup.PutBackupVaultLockConfigurationInput{
			BackupVaultName: aws.String("locked"), MinRetentionDays: aws.Int64(30)}))
		out := made[backup.CreateBackupPlanOutput](s)(c.CreateBackupPlan(s.ctx, &backup.CreateBackupPlanInput{BackupPlanTags: tags,
			BackupPlan: &types.BackupPlanInput{BackupPlanName: aws.String("daily"), Rules: []types.BackupRuleInput{{
				RuleName: aws.String("daily"), TargetBackupVaultName: aws.String("main"), ScheduleExpression: aws.String("cron(0 5 ? * * *)"),
				CopyActions: []types.CopyAction{{DestinationBackupVaultArn: aws.String("arn:aws:backup:eu-west-1:444455556666:backup-vault:far")}}}}}}))
		plan = *out.BackupPlanId
		made[backup.CreateReportPlanOutput](s)(c.CreateReportPlan(s.ctx, &backup.CreateReportPlanInput{ReportPlanName: aws.String("jobs"), ReportPlanTags: tags,
			ReportDeliveryChannel: &types.ReportDeliveryChannel{S3BucketName: aws.String("reports")},
			ReportSetting:         &types.ReportSetting{ReportTemplate: aws.String("BACKUP_JOB_REPORT")}}))
	}, Backup())
	partHolds(t, s, "backup.vault us-east-1 locked", "BackupVault", `"Locked":true`, `"MinRetentionDays":30`)
	partHolds(t, s, "backup.plan us-east-1 "+plan, "BackupPlan", `"BackupPlanName":"daily"`, `:444455556666:backup-vault:far`)
	partHolds(t, s, "backup.report-plan us-east-1 jobs", "ReportPlan", `"ReportTemplate":"BACKUP_JOB_REPORT"`)
	emptyElsewhere(t, s, "backup.vault", "backup.plan", "backup.report-plan")
}

// TestRecoveryPoints pins that the recovery points of every vault are artifacts, that a vault that cannot be read makes the
// population incomplete and hides no other vault's, and that an account outside of any organization has no settings.
func TestRecoveryPoints(t *testing.T) {
	const account = "arn:aws:backup:us-east-1:111122223333:"
	s := takeScripted(t, func(host, what string) (int, string) {
		switch {
		case what == "/backup-vaults" || what == "/backup-vaults/":
			return 200, `{"BackupVaultList":[{"BackupVaultName":"closed"},{"BackupVaultName":"a"},{"BackupVaultName":"b"}]}`
		case strings.HasPrefix(what, "/backup-vaults/closed/recovery-points"):
			return 403, `{"__type":"AccessDeniedException","message":"no"}`
		case strings.HasPrefix(what, "/backup-vaults/a/recovery-points"):
			return 200, `{"RecoveryPoints":[{"BackupVaultName":"a","RecoveryPointArn":"` + account + `recovery-point:1","IsEncrypted":true},
				{"BackupVaultName":"a","RecoveryPointArn":"` + account + `recovery-point:2","IsEncrypted":false}]}`
		case strings.HasPrefix(what, "/backup-vaults/b/recovery-points"):
			return 200, `{"RecoveryPoints":[{"BackupVaultName":"b","RecoveryPointArn":"` + account + `recovery-point:1"}]}`
		case what == "/global-settings":
			return 400, `{"__type":"ERROR_9601","message":"Your account is not a member of an organization."}`
		}
		return 403, `{"__type":"AccessDeniedException","message":"no"}`
	}, "backup")
	p := s.populations["backup.recovery-point us-east-1"]
	if p.Status != bundle.StatusIncomplete || p.Count != 3 || len(p.Calls) != 4 {
		t.Errorf("recovery points: %s with %d and %d calls, want incomplete with 3 and 4", p.Status, p.Count, len(p.Calls))
	} else if g := p.Gaps[0]; g.Action != "backup:ListRecoveryPointsByBackupVault" {
		t.Errorf("gap %+v, want the action that opens it", g)
	}
	point := "backup.recovery-point us-east-1 a/" + account + "recovery-point:2"
	partHolds(t, s, point, "RecoveryPoint", `"IsEncrypted":false`)
	if from := s.artifacts[point].Parts["RecoveryPoint"].From; from == nil || from.Page != 0 || from.Index != 1 {
		t.Errorf("it stood at %+v, want page 0, index 1", from)
	}
	partAbsent(t, s, "backup.global-settings global 111122223333", "GlobalSettings", "ERROR_9601")
}

// TestBackupSelections pins that a plan's part holds every selection, and is a gap when one of them cannot be read.
func TestBackupSelections(t *testing.T) {
	for _, denied := range []bool{false, true} {
		s := takeScripted(t, func(_, what string) (int, string) {
			switch {
			case what == "/backup/plans" || what == "/backup/plans/":
				return 200, `{"BackupPlansList":[{"BackupPlanId":"p"}]}`
			case what == "/backup/plans/p/selections" || what == "/backup/plans/p/selections/":
				return 200, `{"BackupSelectionsList":[{"SelectionId":"s1"},{"SelectionId":"s2"}]}`
			case strings.HasSuffix(what, "/s2") && denied:
				return 403, `{"__type":"AccessDeniedException","message":"no"}`
			case strings.Contains(what, "/selections/s"):
				return 200, `{"BackupSelection":{"SelectionName":"all","IamRoleArn":"arn:aws:iam::111122223333:role/b","Resources":["*"]}}`
			}
			return 403, `{"__type":"AccessDeniedException","message":"no"}`
		}, "backup")
		p := s.artifacts["backup.plan us-east-1 p"].Parts["BackupSelections"]
		if want := map[bool]bundle.State{false: bundle.StateOK, true: bundle.StateGap}[denied]; p.State != want || len(p.Calls) != 3 {
			t.Errorf("denied %v: %s with %d calls, want %s with 3", denied, p.State, len(p.Calls), want)
		}
		if !denied && strings.Count(string(p.Data), `"Resources":["*"]`) != 2 {
			t.Errorf("selections %s, want 2", p.Data)
		}
	}
}
