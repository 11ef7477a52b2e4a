package services

import "testing"

func TestLiveRDS(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		s.data()
		s.databases()
	}, RDS())
	partHolds(t, s, "rds.db-cluster-snapshot us-east-1 cluster-by-hand", "Attributes", `"AttributeName":"restore"`)
	partHolds(t, s, "rds.db-parameter-group us-east-1 tls", "UserParameters", `"ParameterName":"rds.force_ssl","ParameterValue":"1"`)
	partHolds(t, s, "rds.db-proxy us-east-1 pool", "DBProxy", `"RequireTLS":true`, `"SecretArn":"arn:`)
	partHolds(t, s, "rds.event-subscription us-east-1 failures", "EventSubscription", `"SourceType":"db-instance"`)
	for _, at := range []string{"db-parameter-group us-east-1 tls", "db-cluster-parameter-group us-east-1 cluster-tls", "option-group us-east-1 audit",
		"db-subnet-group us-east-1 inside", "db-proxy us-east-1 pool", "event-subscription us-east-1 failures"} {
		partHolds(t, s, "rds."+at, "Tags", `{"Key":"env","Value":"prod"}`)
	}
	emptyElsewhere(t, s, "rds.db-cluster-snapshot", "rds.option-group", "rds.db-subnet-group", "rds.db-proxy", "rds.event-subscription")
}
