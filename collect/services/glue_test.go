package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveGlue(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := glue.NewFromConfig(s.cfg)
		role, tags := aws.String("arn:aws:iam::"+emulated+":role/glue"), map[string]string{"env": "prod"}
		made[glue.PutDataCatalogEncryptionSettingsOutput](s)(c.PutDataCatalogEncryptionSettings(s.ctx, &glue.PutDataCatalogEncryptionSettingsInput{
			DataCatalogEncryptionSettings: &types.DataCatalogEncryptionSettings{
				EncryptionAtRest:             &types.EncryptionAtRest{CatalogEncryptionMode: types.CatalogEncryptionModeSsekms, SseAwsKmsKeyId: aws.String("alias/glue")},
				ConnectionPasswordEncryption: &types.ConnectionPasswordEncryption{ReturnConnectionPasswordEncrypted: true, AwsKmsKeyId: aws.String("alias/glue")}}}))
		made[glue.PutResourcePolicyOutput](s)(c.PutResourcePolicy(s.ctx, &glue.PutResourcePolicyInput{PolicyInJson: aws.String(allowAll)}))
		made[glue.CreateConnectionOutput](s)(c.CreateConnection(s.ctx, &glue.CreateConnectionInput{Tags: tags, ConnectionInput: &types.ConnectionInput{
			Name: aws.String("warehouse"), ConnectionType: types.ConnectionTypeJdbc, ConnectionProperties: map[string]string{"USERNAME": "app", "PASSWORD": planted}}}))
		made[glue.CreateCrawlerOutput](s)(c.CreateCrawler(s.ctx, &glue.CreateCrawlerInput{Name: aws.String("daily"), Role: role, DatabaseName: aws.String("sales"), Tags: tags,
			CrawlerSecurityConfiguration: aws.String("encrypted"), Targets: &types.CrawlerTargets{S3Targets: []types.S3Target{{Path: aws.String("s3://logs.example/")}}}}))
		made[glue.CreateJobOutput](s)(c.CreateJob(s.ctx, &glue.CreateJobInput{Name: aws.String("load"), Role: role, Tags: tags, Command: &types.JobCommand{Name: aws.String("glueetl")},
			SecurityConfiguration: aws.String("encrypted"), DefaultArguments: map[string]string{"--db-password": planted}}))
		made[glue.CreateDevEndpointOutput](s)(c.CreateDevEndpoint(s.ctx, &glue.CreateDevEndpointInput{EndpointName: aws.String("bench"), RoleArn: role, Tags: tags,
			PublicKey: aws.String("ssh-rsa AAAA"), Arguments: map[string]string{"--token": planted}}))
		made[glue.CreateSecurityConfigurationOutput](s)(c.CreateSecurityConfiguration(s.ctx, &glue.CreateSecurityConfigurationInput{Name: aws.String("encrypted"),
			EncryptionConfiguration: &types.EncryptionConfiguration{S3Encryption: []types.S3Encryption{{S3EncryptionMode: types.S3EncryptionModeSsekms}}}}))
	}, Glue())
	const catalog = "glue.data-catalog us-east-1 " + emulated
	partHolds(t, s, catalog, "EncryptionSettings", `"CatalogEncryptionMode":"SSE-KMS"`, `"ReturnConnectionPasswordEncrypted":true`)
	partHolds(t, s, catalog, "ResourcePolicy", "PolicyInJson")
	if p := s.artifacts["glue.data-catalog eu-west-1 "+emulated].Parts["EncryptionSettings"]; p.State != bundle.StateOK {
		t.Errorf("settings of a region where nothing is set: %+v", p)
	}
	partHolds(t, s, "glue.connection us-east-1 warehouse", "Connection", `"ConnectionProperties":{"__redacted":`, `"Status":"READY"`)
	partHolds(t, s, "glue.job us-east-1 load", "Job", `"SecurityConfiguration":"encrypted"`, `"DefaultArguments":{"__redacted":`)
	partHolds(t, s, "glue.crawler us-east-1 daily", "Crawler", `"CrawlerSecurityConfiguration":"encrypted"`)
	partHolds(t, s, "glue.security-configuration us-east-1 encrypted", "SecurityConfiguration", `"S3EncryptionMode":"SSE-KMS"`)
	for _, a := range []string{"glue.job us-east-1 load", "glue.crawler us-east-1 daily"} {
		partHolds(t, s, a, "Tags", `"env":"prod"`)
	}
	nothingIn(t, s, "glue.connection", "glue.crawler", "glue.dev-endpoint", "glue.job", "glue.security-configuration")
}
