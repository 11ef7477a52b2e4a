package awsread

var dmsReviews = reviews{
	"DescribeEndpoints": {drop: []string{
		"DocDbSettings.Password", "Endpoint.ExternalTableDefinition", "Endpoint.ExtraConnectionAttributes", "GcpMySQLSettings.Password",
		"IBMDb2Settings.Password", "KafkaSettings.SaslPassword", "KafkaSettings.SslClientKeyPassword", "MicrosoftSQLServerSettings.Password",
		"MongoDbSettings.Password", "MySQLSettings.Password", "OracleSettings.AsmPassword", "OracleSettings.Password",
		"OracleSettings.SecurityDbEncryption", "PostgreSQLSettings.Password", "RedisSettings.AuthPassword", "RedshiftSettings.Password",
		"SybaseSettings.Password"}},
	"DescribeReplicationInstances": {},
	"DescribeReplicationTasks":     {drop: []string{"ReplicationTask.TableMappings", "ReplicationTask.TaskData"}},
	"ListTagsForResource":          {},
}
