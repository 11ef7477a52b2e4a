package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"
)

func TestLiveOpenSearch(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := opensearchClient(s.cfg)
		made[opensearch.CreateDomainOutput](s)(c.CreateDomain(s.ctx, &opensearch.CreateDomainInput{DomainName: aws.String("logs"),
			EngineVersion: aws.String("OpenSearch_2.11"), AccessPolicies: aws.String(allowAll),
			EncryptionAtRestOptions: &types.EncryptionAtRestOptions{Enabled: aws.Bool(true)}, NodeToNodeEncryptionOptions: &types.NodeToNodeEncryptionOptions{Enabled: aws.Bool(true)},
			DomainEndpointOptions: &types.DomainEndpointOptions{EnforceHTTPS: aws.Bool(true)},
			AdvancedSecurityOptions: &types.AdvancedSecurityOptionsInput{Enabled: aws.Bool(true), InternalUserDatabaseEnabled: aws.Bool(true),
				MasterUserOptions: &types.MasterUserOptions{MasterUserName: aws.String("admin"), MasterUserPassword: aws.String("Example-secret-1")}},
			TagList: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}}))
		made[opensearch.CreateDomainOutput](s)(c.CreateDomain(s.ctx, &opensearch.CreateDomainInput{DomainName: aws.String("open"),
			EngineVersion: aws.String("OpenSearch_2.11")}))
	}, OpenSearch())
	logs := "opensearch.domain us-east-1 logs"
	if arn := s.artifacts[logs].ARN; arn != "arn:aws:es:us-east-1:"+emulated+":domain/logs" {
		t.Errorf("ARN %s", arn)
	}
	partHolds(t, s, logs, "Domain", `"EnforceHTTPS":true`, `"AccessPolicies":"{`)
	partHolds(t, s, "opensearch.domain us-east-1 open", "Domain", `"EncryptionAtRestOptions":{"Enabled":false}`)
	partHolds(t, s, logs, "Tags", `{"Key":"env","Value":"prod"}`)
	noSecret(t, s, "Example-secret-1")
	emptyElsewhere(t, s, "opensearch.domain")
}
