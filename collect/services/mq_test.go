package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/mq"
	"github.com/aws/aws-sdk-go-v2/service/mq/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveMQ(t *testing.T) {
	ids := map[string]string{}
	s := liveService(t, func(s *seeder) {
		c := mq.NewFromConfig(s.cfg)
		for name, public := range map[string]bool{"open": true, "closed": false} {
			ids[name] = aws.ToString(made[mq.CreateBrokerOutput](s)(c.CreateBroker(s.ctx, &mq.CreateBrokerInput{
				BrokerName: aws.String(name), PubliclyAccessible: aws.Bool(public), Logs: &types.Logs{Audit: aws.Bool(!public), General: aws.Bool(!public)},
				AutoMinorVersionUpgrade: aws.Bool(true), DeploymentMode: types.DeploymentModeSingleInstance, EngineType: types.EngineTypeActivemq,
				EngineVersion: aws.String("5.18"), HostInstanceType: aws.String("mq.t3.micro"), Tags: map[string]string{"owner": name},
				Users: []types.User{{Username: aws.String("ops"), Password: aws.String(planted)}},
			})).BrokerId)
		}
	}, MQ())
	s.facts(t,
		fact{"mq.broker us-east-1 " + ids["open"], "Broker", bundle.StateOK,
			[]string{`"PubliclyAccessible":true`, `"Audit":false`, `"Username":"ops"`, `"owner":"open"`}, []string{planted}},
		fact{"mq.broker us-east-1 " + ids["closed"], "Broker", bundle.StateOK,
			[]string{`"PubliclyAccessible":false`, `"Audit":true`, `"BrokerName":"closed"`}, nil},
	)
	s.counts(t, "us-east-1", map[string]int{"mq.broker": 2})
	s.counts(t, "eu-west-1", map[string]int{"mq.broker": 0})
}
