package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dms "github.com/aws/aws-sdk-go-v2/service/databasemigrationservice"
	"github.com/aws/aws-sdk-go-v2/service/databasemigrationservice/types"
)

// TestLiveDMS tries endpoints alone: the emulator writes the times of instances and tasks in a form that the API does not have.
func TestLiveDMS(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := dmsClient(s.cfg)
		for name, mode := range map[string]types.DmsSslModeValue{"from": types.DmsSslModeValueVerifyFull, "to": types.DmsSslModeValueNone} {
			made[dms.CreateEndpointOutput](s)(c.CreateEndpoint(s.ctx, &dms.CreateEndpointInput{EndpointIdentifier: aws.String(name),
				EndpointType: types.ReplicationEndpointTypeValueSource, EngineName: aws.String("mysql"), ServerName: aws.String("db.example"),
				Username: aws.String("dms"), Password: aws.String("Example-secret-1"), SslMode: mode,
				ExtraConnectionAttributes: aws.String("password=Example-secret-2"), Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}},
				MySQLSettings: &types.MySQLSettings{Username: aws.String("dms"), Password: aws.String("Example-secret-3")}}))
		}
	}, DMS())
	partHolds(t, s, "dms.endpoint us-east-1 from", "Endpoint", `"SslMode":"verify-full"`, `"ExtraConnectionAttributes":{"__redacted":`)
	partHolds(t, s, "dms.endpoint us-east-1 to", "Endpoint", `"SslMode":"none"`)
	partHolds(t, s, "dms.endpoint us-east-1 to", "Tags", `"Key":"env"`)
	noSecret(t, s, "Example-secret")
	emptyElsewhere(t, s, "dms.endpoint")
}

// TestDMSSecrets pins what stays of an answer that holds a password in every place that has one, and of a task.
func TestDMSSecrets(t *testing.T) {
	const secret = `"Password":"Example-secret"`
	s := takeScripted(t, func(host, _ string) (int, string) {
		if strings.HasPrefix(host, "ec2.") {
			return 403, refusedByEC2
		}
		return 200, `{"ReplicationInstances":[{"ReplicationInstanceIdentifier":"i","PubliclyAccessible":true,"KmsKeyId":"k"}],
			"Endpoints":[{"EndpointIdentifier":"e","SslMode":"none","ExtraConnectionAttributes":"Example-secret",
				"MongoDbSettings":{` + secret + `,"AuthType":"password"},"OracleSettings":{` + secret + `,"AsmPassword":"Example-secret","SecurityDbEncryption":"Example-secret"},
				"PostgreSQLSettings":{` + secret + `},"MySQLSettings":{` + secret + `},"SybaseSettings":{` + secret + `},"IBMDb2Settings":{` + secret + `},
				"MicrosoftSQLServerSettings":{` + secret + `},"DocDbSettings":{` + secret + `},"GcpMySQLSettings":{` + secret + `},"RedshiftSettings":{` + secret + `},
				"RedisSettings":{"AuthPassword":"Example-secret","ServerName":"r","Port":6379},"KafkaSettings":{"SaslPassword":"Example-secret","SslClientKeyPassword":"Example-secret"}}],
			"ReplicationTasks":[{"ReplicationTaskIdentifier":"t","TableMappings":"Example-secret","TaskData":"Example-secret","ReplicationTaskSettings":"{\"Logging\":{}}"}],
			"TagList":[{"Key":"env","Value":"prod"}]}`
	}, "dms")
	partHolds(t, s, "dms.replication-instance us-east-1 i", "ReplicationInstance", `"PubliclyAccessible":true`, `"KmsKeyId":"k"`)
	partHolds(t, s, "dms.endpoint us-east-1 e", "Endpoint", `"AuthType":"password"`, `"Password":{"__redacted":"dms.MongoDbSettings.Password","present":true}`)
	partHolds(t, s, "dms.replication-task us-east-1 t", "ReplicationTask", `"ReplicationTaskSettings":"{`, `"TableMappings":{"__redacted":`)
	partHolds(t, s, "dms.replication-task us-east-1 t", "Tags", `{"Key":"env","Value":"prod"}`)
	noSecret(t, s, "Example-secret")
}
