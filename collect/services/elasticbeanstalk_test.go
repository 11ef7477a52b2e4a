package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticbeanstalk"
	"github.com/aws/aws-sdk-go-v2/service/elasticbeanstalk/types"

	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
)

// TestOpenSettings pins which values of an environment's settings are kept, and that a setting whose namespace nobody knows is not.
func TestOpenSettings(t *testing.T) {
	option := func(namespace, name, value string) types.ConfigurationOptionSetting {
		return types.ConfigurationOptionSetting{Namespace: &namespace, OptionName: &name, Value: &value}
	}
	settings := openSettings(types.ConfigurationSettingsDescription{OptionSettings: []types.ConfigurationOptionSetting{
		option("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled", "true"),
		option("aws:elbv2:listener:443", "SSLPolicy", "ELBSecurityPolicy-TLS13-1-2-2021-06"),
		option("aws:elasticbeanstalk:application:environment", "DB_URL", planted),
		option("aws:rds:dbinstance", "DBPassword", planted),
		option("aws:cloudformation:template:parameter", "EnvironmentVariables", planted),
		option("aws:elasticbeanstalk:managedactions:later", "Something", planted),
		{Namespace: aws.String("aws:rds:dbinstance"), OptionName: aws.String("DBUser")},
	}})
	data, err := awsread.Encode(elasticbeanstalkDescribeConfigurationSettings.Operation.Operation, settings)
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{
		`{"Namespace":"aws:elasticbeanstalk:managedactions","OptionName":"ManagedActionsEnabled","Value":"true"}`,
		`"Value":"ELBSecurityPolicy-TLS13-1-2-2021-06"`,
		`{"HiddenValue":{"__redacted":"elasticbeanstalk.EnvironmentOption.HiddenValue","present":true},"Namespace":"aws:elasticbeanstalk:application:environment","OptionName":"DB_URL"}`,
		`{"Namespace":"aws:rds:dbinstance","OptionName":"DBUser"}`,
	} {
		if !strings.Contains(string(data), piece) {
			t.Errorf("%s is missing in\n%s", piece, data)
		}
	}
	if strings.Contains(string(data), planted) {
		t.Errorf("a secret is in\n%s", data)
	}
}

func TestLiveElasticBeanstalk(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := elasticbeanstalk.NewFromConfig(s.cfg)
		made[elasticbeanstalk.CreateApplicationOutput](s)(c.CreateApplication(s.ctx, &elasticbeanstalk.CreateApplicationInput{
			ApplicationName: aws.String("shop"), Tags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}}}))
		made[elasticbeanstalk.CreateEnvironmentOutput](s)(c.CreateEnvironment(s.ctx, &elasticbeanstalk.CreateEnvironmentInput{
			ApplicationName: aws.String("shop"), EnvironmentName: aws.String("shop-prod"), Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}}))
	}, ElasticBeanstalk())
	s.facts(t,
		fact{"elasticbeanstalk.application us-east-1 shop", "Application", bundle.StateOK, []string{`"ApplicationName":"shop"`}, nil},
	)
	s.counts(t, "us-east-1", map[string]int{"elasticbeanstalk.application": 1, "elasticbeanstalk.environment": 1})
	s.counts(t, "eu-west-1", map[string]int{"elasticbeanstalk.application": 0, "elasticbeanstalk.environment": 0})
}
