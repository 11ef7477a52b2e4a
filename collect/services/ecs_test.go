package services

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLatestRevisions(t *testing.T) {
	const family = "arn:aws:ecs:us-east-1:111122223333:task-definition/"
	got := latestRevisions([]string{
		family + "web:9", family + "web:10", family + "web:2", family + "job:1", family + "strange", family + "web-2:3",
	})
	want := []string{family + "web:10", family + "job:1", family + "strange", family + "web-2:3"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := latestRevisions(nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestTaskDefinitionOf(t *testing.T) {
	set := func(status, arn string) types.TaskSet {
		return types.TaskSet{Status: aws.String(status), TaskDefinition: aws.String(arn)}
	}
	for want, service := range map[string]types.Service{
		"own": {TaskDefinition: aws.String("own"), TaskSets: []types.TaskSet{set("PRIMARY", "set")}},
		"set": {TaskSets: []types.TaskSet{set("ACTIVE", "old"), set("PRIMARY", "set")}},
		"":    {TaskSets: []types.TaskSet{set("DRAINING", "old")}},
	} {
		if got := aws.ToString(taskDefinitionOf(service)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestTheOne pins that an answer in which ECS says that it did not find what was asked for is a gap, with its reason.
func TestTheOne(t *testing.T) {
	missing := []types.Failure{{Arn: aws.String("arn:a"), Reason: aws.String("MISSING")}}
	for _, c := range []struct {
		name     string
		found    []types.Cluster
		failures []types.Failure
		state    bundle.State
		code     string
	}{
		{"found", []types.Cluster{{ClusterName: aws.String("a")}}, nil, bundle.StateOK, ""},
		{"not found", nil, missing, bundle.StateGap, "MISSING"},
		{"nothing said", nil, nil, bundle.StateGap, "NotDescribed"},
		{"more than asked for", []types.Cluster{{}, {}}, nil, bundle.StateGap, "NotDescribed"},
	} {
		var s *collect.Session // making a part asks nothing
		if p := theOne(s, ecsDescribeClusters.Operation, c.found, c.failures, []string{"c1"}); p.State != c.state || p.Code != c.code {
			t.Errorf("%s: %+v, want %s %s", c.name, p, c.state, c.code)
		}
	}
}

func TestLiveECS(t *testing.T) {
	s := liveService(t, seedECS, ECS())
	s.facts(t,
		fact{"ecs.cluster us-east-1 watched", "Cluster", bundle.StateOK, []string{`"Name":"containerInsights","Value":"enabled"`, `"Key":"owner","Value":"team"`}, []string{"Clusters"}},
		fact{"ecs.cluster us-east-1 plain", "Cluster", bundle.StateOK, nil, []string{`"Key":"owner"`}},
		fact{"ecs.service us-east-1 watched/web", "Service", bundle.StateOK, []string{`"AssignPublicIp":"ENABLED"`, `task-definition/web:1"`}, []string{`"Events"`}},
		fact{"ecs.service us-east-1 watched/web", "TaskDefinition", bundle.StateOK, []string{`"Family":"web"`, `"Revision":1`, `"Privileged":true`}, []string{planted}},
		fact{"ecs.task-definition us-east-1 web:2", "TaskDefinition", bundle.StateOK, []string{
			`"Privileged":true`, `"Environment":[{"Name":"DB_PASSWORD","Value":{"__redacted":"ecs.KeyValuePair.Value","present":true}}]`,
			`"Command":{"__redacted":"ecs.ContainerDefinition.Command","present":true}`, `"LogDriver":"splunk"`, `"NetworkMode":"host"`,
			`"ValueFrom":"arn:aws:ssm:us-east-1:123456789012:parameter/key"`,
		}, []string{planted}},
	)
	s.counts(t, "us-east-1", map[string]int{"ecs.cluster": 2, "ecs.service": 1, "ecs.task-definition": 1, "ecs.account-settings": 1})
	s.counts(t, "eu-west-1", map[string]int{"ecs.cluster": 0, "ecs.service": 0, "ecs.task-definition": 0, "ecs.account-settings": 1})
}

func seedECS(s *seeder) {
	c := ecs.NewFromConfig(s.cfg)
	made[ecs.CreateClusterOutput](s)(c.CreateCluster(s.ctx, &ecs.CreateClusterInput{
		ClusterName: aws.String("watched"), Tags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}},
		Settings: []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String("enabled")}}}))
	made[ecs.CreateClusterOutput](s)(c.CreateCluster(s.ctx, &ecs.CreateClusterInput{ClusterName: aws.String("plain")}))
	for range 2 {
		made[ecs.RegisterTaskDefinitionOutput](s)(c.RegisterTaskDefinition(s.ctx, &ecs.RegisterTaskDefinitionInput{
			Family: aws.String("web"), NetworkMode: types.NetworkModeHost, Tags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}},
			ContainerDefinitions: []types.ContainerDefinition{{
				Name: aws.String("web"), Image: aws.String("web:1"), Memory: aws.Int32(128), Privileged: aws.Bool(true),
				Environment: []types.KeyValuePair{{Name: aws.String("DB_PASSWORD"), Value: aws.String(planted)}},
				Command:     []string{"serve", "--password", planted}, EntryPoint: []string{planted},
				Secrets: []types.Secret{{Name: aws.String("KEY"), ValueFrom: aws.String("arn:aws:ssm:us-east-1:123456789012:parameter/key")}},
				LogConfiguration: &types.LogConfiguration{
					LogDriver: types.LogDriverSplunk, Options: map[string]string{"splunk-token": planted}},
			}}}))
	}
	network := ec2.NewFromConfig(s.cfg)
	groups := made[ec2.DescribeSecurityGroupsOutput](s)(network.DescribeSecurityGroups(s.ctx, &ec2.DescribeSecurityGroupsInput{}))
	subnets := made[ec2.DescribeSubnetsOutput](s)(network.DescribeSubnets(s.ctx, &ec2.DescribeSubnetsInput{}))
	made[ecs.CreateServiceOutput](s)(c.CreateService(s.ctx, &ecs.CreateServiceInput{
		Cluster: aws.String("watched"), ServiceName: aws.String("web"), TaskDefinition: aws.String("web:1"), DesiredCount: aws.Int32(1),
		LaunchType: types.LaunchTypeFargate,
		NetworkConfiguration: &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{
			Subnets: []string{aws.ToString(subnets.Subnets[0].SubnetId)}, AssignPublicIp: types.AssignPublicIpEnabled, SecurityGroups: []string{aws.ToString(groups.SecurityGroups[0].GroupId)}}}}))
	made[ecs.PutAccountSettingOutput](s)(c.PutAccountSetting(s.ctx, &ecs.PutAccountSettingInput{
		Name: types.SettingNameContainerInsights, Value: aws.String("enabled")}))
}
