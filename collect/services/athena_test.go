package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
)

func TestLiveAthena(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		made[athena.CreateWorkGroupOutput](s)(athena.NewFromConfig(s.cfg).CreateWorkGroup(s.ctx, &athena.CreateWorkGroupInput{Name: aws.String("audit"),
			Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}},
			Configuration: &types.WorkGroupConfiguration{EnforceWorkGroupConfiguration: aws.Bool(true), ResultConfiguration: &types.ResultConfiguration{
				OutputLocation:          aws.String("s3://logs.example/"),
				EncryptionConfiguration: &types.EncryptionConfiguration{EncryptionOption: types.EncryptionOptionSseKms, KmsKey: aws.String("alias/athena")}}}}))
	}, Athena())
	const audit, primary = "athena.work-group us-east-1 audit", "athena.work-group eu-west-1 primary"
	partHolds(t, s, audit, "WorkGroup", `"EncryptionOption":"SSE_KMS"`, `"EnforceWorkGroupConfiguration":true`)
	partHolds(t, s, audit, "Tags", `"Key":"env"`)
	partHolds(t, s, primary, "WorkGroup", `"Name":"primary"`)
	if result := partAt(t, s, primary, "WorkGroup", "WorkGroup.Configuration.ResultConfiguration.EncryptionConfiguration"); result != nil {
		t.Errorf("encryption of a workgroup without one: %v", result)
	}
}
