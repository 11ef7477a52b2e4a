package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// TestLiveSSM collects a parameter without its value, and documents of which one is open to everybody.
func TestLiveSSM(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := ssm.NewFromConfig(s.cfg)
		made[ssm.PutParameterOutput](s)(c.PutParameter(s.ctx, &ssm.PutParameterInput{
			Name: aws.String("/app/key"), Value: aws.String("example-secret"), Type: types.ParameterTypeSecureString, Description: aws.String("example-secret"),
			Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}}))
		for _, name := range []string{"public-doc", "own-doc"} {
			made[ssm.CreateDocumentOutput](s)(c.CreateDocument(s.ctx, &ssm.CreateDocumentInput{
				Name: aws.String(name), DocumentType: types.DocumentTypeCommand, DocumentFormat: types.DocumentFormatJson,
				Content: aws.String(`{"schemaVersion":"2.2","description":"d","mainSteps":[]}`)}))
		}
		made[ssm.ModifyDocumentPermissionOutput](s)(c.ModifyDocumentPermission(s.ctx, &ssm.ModifyDocumentPermissionInput{
			Name: aws.String("public-doc"), PermissionType: types.DocumentPermissionTypeShare, AccountIdsToAdd: []string{"all"}}))
		made[ssm.CreateDocumentOutput](s)(c.CreateDocument(s.ctx, &ssm.CreateDocumentInput{
			Name: aws.String(sessionDocument), DocumentType: types.DocumentTypeSession, DocumentFormat: types.DocumentFormatJson,
			Content: aws.String(`{"schemaVersion":"1.0","description":"d","sessionType":"Standard_Stream","inputs":{"s3BucketName":"logs","shellProfile":{"linux":"example-secret"}}}`)}))
		made[ssm.CreatePatchBaselineOutput](s)(c.CreatePatchBaseline(s.ctx, &ssm.CreatePatchBaselineInput{
			Name: aws.String("linux"), OperatingSystem: types.OperatingSystemAmazonLinux2}))
	}, SSM())
	if got := string(s.artifacts["ssm.document us-east-1 public-doc"].Parts["Permission"].Data); !strings.Contains(got, `"AccountIds":["all"]`) {
		t.Errorf("permission of public-doc: %s", got)
	}
	if got := string(s.artifacts["ssm.document us-east-1 own-doc"].Parts["Permission"].Data); strings.Contains(got, `"all"`) {
		t.Errorf("permission of own-doc: %s", got)
	}
	parameter := s.artifacts["ssm.parameter us-east-1 /app/key"]
	if parameter.ARN != "arn:aws:ssm:us-east-1:123456789012:parameter/app/key" {
		t.Errorf("ARN of the parameter: %s", parameter.ARN)
	}
	if got := string(parameter.Parts["Tags"].Data); got != `{"TagList":[{"Key":"env","Value":"prod"}]}` {
		t.Errorf("tags of the parameter: %s", got)
	}
	preferences := func(region string) string {
		p := s.artifacts["ssm.account-settings "+region+" "+region].Parts["SessionPreferences"]
		return string(p.State) + p.Code + string(p.Data)
	}
	if got := preferences("us-east-1"); !strings.Contains(got, `"s3BucketName":"logs"`) {
		t.Errorf("session preferences: %s", got)
	}
	if got := preferences("eu-west-1"); got != "absentInvalidDocument" {
		t.Errorf("session preferences where there are none: %s", got)
	}
	for name, data := range s.data() {
		if strings.Contains(data, "example-secret") {
			t.Errorf("%s holds a secret: %s", name, data)
		}
	}
}
