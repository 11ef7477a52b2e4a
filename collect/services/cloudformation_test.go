package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

const topicTemplate = `{"Parameters":{"Secret":{"Type":"String"}},"Resources":{"T":{"Type":"AWS::SNS::Topic"}},` +
	`"Outputs":{"O":{"Value":{"Ref":"Secret"}}}}`

func TestLiveCloudFormation(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := cloudformation.NewFromConfig(s.cfg)
		secret := []types.Parameter{{ParameterKey: aws.String("Secret"), ParameterValue: aws.String(planted)}}
		for _, name := range []string{"guarded", "plain"} {
			in := &cloudformation.CreateStackInput{StackName: aws.String(name), TemplateBody: aws.String(topicTemplate), Parameters: secret}
			if name == "guarded" {
				in.EnableTerminationProtection = aws.Bool(true)
				in.Tags = []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}
			}
			made[cloudformation.CreateStackOutput](s)(c.CreateStack(s.ctx, in))
		}
		made[cloudformation.SetStackPolicyOutput](s)(c.SetStackPolicy(s.ctx, &cloudformation.SetStackPolicyInput{
			StackName: aws.String("guarded"), StackPolicyBody: aws.String(`{"Statement":[{"Effect":"Deny","Action":"Update:*","Principal":"*","Resource":"*"}]}`)}))
		made[cloudformation.CreateStackSetOutput](s)(c.CreateStackSet(s.ctx, &cloudformation.CreateStackSetInput{
			StackSetName: aws.String("baseline"), TemplateBody: aws.String(topicTemplate), Parameters: secret,
			Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}}))
	}, CloudFormation())
	const guarded, plain, baseline = "cloudformation.stack us-east-1 guarded", "cloudformation.stack us-east-1 plain", "cloudformation.stack-set us-east-1 baseline"
	partHolds(t, s, guarded, "Stack", `"EnableTerminationProtection":true`, `"ParameterKey":"Secret"`, `"OutputKey":"O"`, `"Tags":[{"Key":"env"`)
	partHolds(t, s, guarded, "Policy", "Update:*")
	partHolds(t, s, plain, "Stack", `"EnableTerminationProtection":false`)
	if body := partAt(t, s, plain, "Policy", "StackPolicyBody"); body != nil {
		t.Errorf("policy of a stack without one: %v", body)
	}
	partHolds(t, s, baseline, "StackSet", `"ParameterKey":"Secret"`, `"Tags":[{"Key":"env"`)
	nothingIn(t, s, "cloudformation.stack", "cloudformation.stack-set")
}
