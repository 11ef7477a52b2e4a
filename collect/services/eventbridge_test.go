package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveEventBridge(t *testing.T) {
	s := liveService(t, seedEventBridge, EventBridge())
	s.facts(t,
		fact{"events.event-bus us-east-1 open", "Description", bundle.StateOK, []string{`\"Principal\"`}, nil},
		fact{"events.event-bus us-east-1 open", "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`}, nil},
		fact{"events.event-bus us-east-1 default", "Description", bundle.StateOK, nil, []string{`"Policy"`}},
		fact{"events.rule us-east-1 default/findings", "Rule", bundle.StateOK, []string{`aws.guardduty`, `"State":"ENABLED"`}, nil},
		fact{"events.rule us-east-1 default/findings", "Targets", bundle.StateOK, []string{
			`"Arn":"arn:aws:sns:us-east-1:123456789012:alarms"`, `"Input":{"__redacted":"events.Target.Input","present":true}`}, []string{planted}},
		fact{"events.rule us-east-1 open/findings", "Rule", bundle.StateOK, []string{`"State":"DISABLED"`}, nil},
		fact{"events.rule us-east-1 open/findings", "Targets", bundle.StateOK, []string{`"Targets":[]`}, nil},
		fact{"events.connection us-east-1 pager", "Connection", bundle.StateOK, []string{`"AuthorizationType":"API_KEY"`}, []string{planted}},
		fact{"events.api-destination us-east-1 pager", "ApiDestination", bundle.StateOK,
			[]string{`"InvocationEndpoint":{"__redacted":"events.ApiDestination.InvocationEndpoint","present":true}`}, []string{planted}},
	)
	// An archive brings a rule of its own.
	s.counts(t, "us-east-1", map[string]int{"events.event-bus": 2, "events.rule": 3, "events.archive": 1, "events.connection": 1, "events.api-destination": 1})
	s.counts(t, "eu-west-1", map[string]int{"events.event-bus": 1, "events.rule": 0, "events.archive": 0, "events.connection": 0, "events.api-destination": 0})
}

func seedEventBridge(s *seeder) {
	c := eventbridge.NewFromConfig(s.cfg)
	bus := made[eventbridge.CreateEventBusOutput](s)(c.CreateEventBus(s.ctx, &eventbridge.CreateEventBusInput{
		Name: aws.String("open"), Tags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}}}))
	made[eventbridge.PutPermissionOutput](s)(c.PutPermission(s.ctx, &eventbridge.PutPermissionInput{
		EventBusName: aws.String("open"), StatementId: aws.String("all"), Action: aws.String("events:PutEvents"), Principal: aws.String("111122223333")}))
	rule := func(bus string, state types.RuleState) {
		made[eventbridge.PutRuleOutput](s)(c.PutRule(s.ctx, &eventbridge.PutRuleInput{
			Name: aws.String("findings"), EventBusName: aws.String(bus), State: state, EventPattern: aws.String(`{"source":["aws.guardduty"]}`)}))
	}
	rule("default", types.RuleStateEnabled)
	rule("open", types.RuleStateDisabled)
	made[eventbridge.PutTargetsOutput](s)(c.PutTargets(s.ctx, &eventbridge.PutTargetsInput{Rule: aws.String("findings"), Targets: []types.Target{{
		Id: aws.String("1"), Arn: aws.String("arn:aws:sns:us-east-1:" + emulated + ":alarms"), Input: aws.String(`{"password":"` + planted + `"}`)}}}))
	made[eventbridge.CreateArchiveOutput](s)(c.CreateArchive(s.ctx, &eventbridge.CreateArchiveInput{
		ArchiveName: aws.String("all"), EventSourceArn: bus.EventBusArn, RetentionDays: aws.Int32(30)}))
	connection := made[eventbridge.CreateConnectionOutput](s)(c.CreateConnection(s.ctx, &eventbridge.CreateConnectionInput{
		Name: aws.String("pager"), AuthorizationType: types.ConnectionAuthorizationTypeApiKey, AuthParameters: &types.CreateConnectionAuthRequestParameters{
			ApiKeyAuthParameters: &types.CreateConnectionApiKeyAuthRequestParameters{ApiKeyName: aws.String("key"), ApiKeyValue: aws.String(planted)}}}))
	made[eventbridge.CreateApiDestinationOutput](s)(c.CreateApiDestination(s.ctx, &eventbridge.CreateApiDestinationInput{
		Name: aws.String("pager"), ConnectionArn: connection.ConnectionArn, HttpMethod: types.ApiDestinationHttpMethodPost,
		InvocationEndpoint: aws.String("https://pager.example/" + planted)}))
}
