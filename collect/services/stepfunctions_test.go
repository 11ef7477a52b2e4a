package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveStepFunctions(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := sfn.NewFromConfig(s.cfg)
		machine := func(name string, logging *types.LoggingConfiguration, tags ...types.Tag) {
			made[sfn.CreateStateMachineOutput](s)(c.CreateStateMachine(s.ctx, &sfn.CreateStateMachineInput{
				Name: aws.String(name), RoleArn: aws.String("arn:aws:iam::" + emulated + ":role/machine"), LoggingConfiguration: logging, Tags: tags,
				Definition: aws.String(`{"StartAt":"p","States":{"p":{"Type":"Pass","Result":"` + planted + `","End":true}}}`)}))
		}
		machine("logged", &types.LoggingConfiguration{Level: types.LogLevelAll, Destinations: []types.LogDestination{{
			CloudWatchLogsLogGroup: &types.CloudWatchLogsLogGroup{LogGroupArn: aws.String("arn:aws:logs:us-east-1:" + emulated + ":log-group:machine:*")}}}},
			types.Tag{Key: aws.String("owner"), Value: aws.String("team")})
		machine("silent", nil)
		made[sfn.CreateActivityOutput](s)(c.CreateActivity(s.ctx, &sfn.CreateActivityInput{Name: aws.String("approve")}))
	}, StepFunctions())
	s.facts(t,
		fact{"stepfunctions.state-machine us-east-1 logged", "StateMachine", bundle.StateOK, []string{`"Level":"ALL"`, `"RoleArn":`}, []string{planted}},
		fact{"stepfunctions.state-machine us-east-1 logged", "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`}, nil},
		fact{"stepfunctions.state-machine us-east-1 silent", "StateMachine", bundle.StateOK, nil, []string{planted, `"Level":"ALL"`}},
		fact{"stepfunctions.activity us-east-1 approve", "Activity", bundle.StateOK, []string{`"Name":"approve"`}, nil},
	)
	s.counts(t, "us-east-1", map[string]int{"stepfunctions.state-machine": 2, "stepfunctions.activity": 1})
	s.counts(t, "eu-west-1", map[string]int{"stepfunctions.state-machine": 0, "stepfunctions.activity": 0})
}
