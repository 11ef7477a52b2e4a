package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/emr"
	"github.com/aws/aws-sdk-go-v2/service/emr/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveEMR(t *testing.T) {
	var running, ended string
	s := liveService(t, func(s *seeder) {
		c := emr.NewFromConfig(s.cfg)
		cluster := func(name string) string {
			return aws.ToString(made[emr.RunJobFlowOutput](s)(c.RunJobFlow(s.ctx, &emr.RunJobFlowInput{
				Name: aws.String(name), ReleaseLabel: aws.String("emr-7.0.0"), JobFlowRole: aws.String("EMR_EC2_DefaultRole"), ServiceRole: aws.String("EMR_DefaultRole"),
				Tags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}},
				Configurations: []types.Configuration{{
					Classification: aws.String("hive-site"), Properties: map[string]string{"javax.jdo.option.ConnectionPassword": planted}}},
				Instances: &types.JobFlowInstancesConfig{
					InstanceCount: aws.Int32(1), MasterInstanceType: aws.String("m5.xlarge"), SlaveInstanceType: aws.String("m5.xlarge"), KeepJobFlowAliveWhenNoSteps: aws.Bool(true)},
			})).JobFlowId)
		}
		running, ended = cluster("running"), cluster("ended")
		made[emr.PutBlockPublicAccessConfigurationOutput](s)(c.PutBlockPublicAccessConfiguration(s.ctx, &emr.PutBlockPublicAccessConfigurationInput{
			BlockPublicAccessConfiguration: &types.BlockPublicAccessConfiguration{
				BlockPublicSecurityGroupRules:          aws.Bool(true),
				PermittedPublicSecurityGroupRuleRanges: []types.PortRange{{MinRange: aws.Int32(22), MaxRange: aws.Int32(22)}}}}))
		made[emr.TerminateJobFlowsOutput](s)(c.TerminateJobFlows(s.ctx, &emr.TerminateJobFlowsInput{JobFlowIds: []string{ended}}))
	}, EMR())
	s.facts(t,
		fact{"emr.cluster us-east-1 " + running, "Cluster", bundle.StateOK, []string{
			`"Properties":{"__redacted":"emr.Configuration.Properties","present":true}`, `"Key":"owner","Value":"team"`}, []string{planted}},
		fact{"emr.block-public-access us-east-1 us-east-1", "BlockPublicAccess", bundle.StateOK, []string{`"BlockPublicSecurityGroupRules":true`, `"MinRange":22`}, nil},
	)
	if a, there := s.artifacts["emr.cluster us-east-1 "+ended]; there {
		t.Errorf("a cluster that has ended is among those that run: %v", a)
	}
	s.counts(t, "us-east-1", map[string]int{"emr.cluster": 1, "emr.block-public-access": 1})
	s.counts(t, "eu-west-1", map[string]int{"emr.block-public-access": 1}) // the emulator shows a region's clusters in all
}
