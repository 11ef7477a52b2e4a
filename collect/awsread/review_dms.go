package awsread

var dmsReviews = reviews{
	"DescribeEndpoints": {drop: []string{
		"DocDbSettings.Password", "Endpoint.ExternalTableDefinition", "Endpoint.ExtraConnectionAttributes",
		"GcpMySQLSettings.AfterConnectScript", "GcpMySQLSettings.Password", // scripts are SQL of people's own
		"IBMDb2Settings.Password", "KafkaSettings.SaslPassword", "KafkaSettings.SslClientKeyPassword", "MicrosoftSQLServerSettings.Password",
		"MongoDbSettings.Password", "MySQLSettings.AfterConnectScript", "MySQLSettings.Password", "OracleSettings.AsmPassword", "OracleSettings.Password",
		"OracleSettings.SecurityDbEncryption", "PostgreSQLSettings.AfterConnectScript", "PostgreSQLSettings.Password",
		"RedisSettings.AuthPassword", "RedshiftSettings.AfterConnectScript", "RedshiftSettings.Password",
		"SybaseSettings.Password"}},
	"DescribeReplicationInstances": {},
	"DescribeReplicationTasks":     {drop: []string{"ReplicationTask.TableMappings", "ReplicationTask.TaskData"}},
	"ListTagsForResource":          {},
}
