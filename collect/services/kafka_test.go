package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
	"github.com/aws/aws-sdk-go-v2/service/kafka/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveKafka(t *testing.T) {
	var provisioned, serverless string
	s := liveService(t, func(s *seeder) {
		c := kafka.NewFromConfig(s.cfg)
		provisioned = aws.ToString(made[kafka.CreateClusterV2Output](s)(c.CreateClusterV2(s.ctx, &kafka.CreateClusterV2Input{
			ClusterName: aws.String("brokers"), Tags: map[string]string{"owner": "team"}, Provisioned: &types.ProvisionedRequest{
				BrokerNodeGroupInfo: &types.BrokerNodeGroupInfo{ClientSubnets: []string{"subnet-1", "subnet-2"}, InstanceType: aws.String("kafka.m5.large")},
				KafkaVersion:        aws.String("3.6.0"), NumberOfBrokerNodes: aws.Int32(2),
			}})).ClusterArn)
		serverless = aws.ToString(made[kafka.CreateClusterV2Output](s)(c.CreateClusterV2(s.ctx, &kafka.CreateClusterV2Input{
			ClusterName: aws.String("serverless"), Serverless: &types.ServerlessRequest{
				VpcConfigs: []types.VpcConfig{{SubnetIds: []string{"subnet-1"}}}}})).ClusterArn)
		made[kafka.PutClusterPolicyOutput](s)(c.PutClusterPolicy(s.ctx, &kafka.PutClusterPolicyInput{ClusterArn: &provisioned,
			Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kafka:CreateVpcConnection","Resource":"*"}]}`)}))
	}, Kafka())
	name := func(cluster, arn string) string { return "kafka.cluster us-east-1 " + cluster + "/" + lastOf(arn, "/") }
	s.facts(t,
		fact{name("brokers", provisioned), "Cluster", bundle.StateOK, []string{`"InstanceType":"kafka.m5.large"`, `"owner":"team"`}, nil},
		fact{name("brokers", provisioned), "Policy", bundle.StateOK, []string{`kafka:CreateVpcConnection`}, nil},
		fact{name("serverless", serverless), "Cluster", bundle.StateOK, []string{`"ClusterType":"SERVERLESS"`}, nil},
	)
	s.counts(t, "us-east-1", map[string]int{"kafka.cluster": 2})
	s.counts(t, "eu-west-1", map[string]int{"kafka.cluster": 0})
}
