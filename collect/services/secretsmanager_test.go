package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

// TestLiveSecretsManager collects a secret with a policy and one without, and sees the value of neither.
func TestLiveSecretsManager(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := secretsmanager.NewFromConfig(s.cfg)
		for _, name := range []string{"shared", "own"} {
			made[secretsmanager.CreateSecretOutput](s)(c.CreateSecret(s.ctx, &secretsmanager.CreateSecretInput{
				Name: aws.String(name), SecretString: aws.String("example-secret"), Description: aws.String("say example-secret at the door"),
				Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}}))
		}
		made[secretsmanager.PutResourcePolicyOutput](s)(c.PutResourcePolicy(s.ctx, &secretsmanager.PutResourcePolicyInput{
			SecretId: aws.String("shared"), ResourcePolicy: aws.String(allowAll)}))
	}, SecretsManager())
	shared, own := s.artifacts["secretsmanager.secret us-east-1 shared"], s.artifacts["secretsmanager.secret us-east-1 own"]
	if got := string(shared.Parts["ResourcePolicy"].Data); !strings.Contains(got, "Allow") {
		t.Errorf("policy of shared: %s", got)
	}
	if p := own.Parts["ResourcePolicy"]; p.State != bundle.StateOK || strings.Contains(string(p.Data), "Allow") {
		t.Errorf("policy of own: %s %s, want an answer without a policy", p.State, p.Data)
	}
	if got := string(own.Parts["Secret"].Data); !strings.Contains(got, `"Tags":[{"Key":"env","Value":"prod"}]`) {
		t.Errorf("secret: %s", got)
	}
	for name, data := range s.data() {
		if strings.Contains(data, "example-secret") {
			t.Errorf("%s holds a secret: %s", name, data)
		}
	}
	if p := s.populations["secretsmanager.secret eu-west-1"]; p.Count != 0 {
		t.Errorf("%d secrets in eu-west-1, want none", p.Count)
	}
}
