package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/auditpack/auditpack/collect/bundle"
)

// emptyZip is an archive without files.
var emptyZip = []byte("PK\x05\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")

func TestLiveLambda(t *testing.T) {
	s := liveService(t, seedLambda, Lambda())
	s.facts(t,
		fact{"lambda.function us-east-1 open", "Function", bundle.StateOK,
			[]string{`"Runtime":"python3.13"`, `"Variables":{"__redacted":"lambda.EnvironmentResponse.Variables","present":true}`}, []string{planted, "DB_PASSWORD"}},
		fact{"lambda.function us-east-1 open", "Policy", bundle.StateOK, []string{`\"Principal\":`, `lambda:InvokeFunction`}, nil},
		fact{"lambda.function us-east-1 open", "Tags", bundle.StateOK, []string{`"owner":"team"`}, nil},
		fact{"lambda.function us-east-1 open", "Concurrency", bundle.StateOK, []string{`"ReservedConcurrentExecutions":5`}, nil},
		fact{"lambda.function us-east-1 closed", "Policy", bundle.StateAbsent, nil, nil},
		fact{"lambda.function us-east-1 closed", "Function", bundle.StateOK, nil, []string{"__redacted"}},
		fact{"lambda.layer us-east-1 shared", "Policy", bundle.StateOK, []string{`lambda:GetLayerVersion`}, nil},
		fact{"lambda.layer us-east-1 private", "Policy", bundle.StateAbsent, nil, nil},
	)
	s.counts(t, "us-east-1", map[string]int{"lambda.function": 2, "lambda.layer": 2, "lambda.event-source-mapping": 1})
	s.counts(t, "eu-west-1", map[string]int{"lambda.function": 0, "lambda.layer": 0, "lambda.event-source-mapping": 0})
}

func seedLambda(s *seeder) {
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	role := made[iam.CreateRoleOutput](s)(iam.NewFromConfig(s.cfg).CreateRole(s.ctx, &iam.CreateRoleInput{
		RoleName: aws.String("functions"), AssumeRolePolicyDocument: aws.String(trust)}))
	c := lambda.NewFromConfig(s.cfg)
	function := func(name string, env *types.Environment, tags map[string]string) *string {
		return made[lambda.CreateFunctionOutput](s)(c.CreateFunction(s.ctx, &lambda.CreateFunctionInput{
			FunctionName: aws.String(name), Role: role.Role.Arn, Runtime: types.RuntimePython313, Handler: aws.String("main.run"),
			Code: &types.FunctionCode{ZipFile: emptyZip}, Environment: env, Tags: tags,
		})).FunctionArn
	}
	open := function("open", &types.Environment{Variables: map[string]string{"DB_PASSWORD": planted}}, map[string]string{"owner": "team"})
	function("closed", nil, nil)
	made[lambda.AddPermissionOutput](s)(c.AddPermission(s.ctx, &lambda.AddPermissionInput{
		FunctionName: open, StatementId: aws.String("all"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("*")}))
	made[lambda.PutFunctionConcurrencyOutput](s)(c.PutFunctionConcurrency(s.ctx, &lambda.PutFunctionConcurrencyInput{
		FunctionName: open, ReservedConcurrentExecutions: aws.Int32(5)}))
	for _, name := range []string{"shared", "private"} {
		made[lambda.PublishLayerVersionOutput](s)(c.PublishLayerVersion(s.ctx, &lambda.PublishLayerVersionInput{
			LayerName: aws.String(name), Content: &types.LayerVersionContentInput{ZipFile: emptyZip}}))
	}
	made[lambda.AddLayerVersionPermissionOutput](s)(c.AddLayerVersionPermission(s.ctx, &lambda.AddLayerVersionPermissionInput{
		LayerName: aws.String("shared"), VersionNumber: aws.Int64(1), StatementId: aws.String("all"), Action: aws.String("lambda:GetLayerVersion"), Principal: aws.String("*")}))
	queue := made[sqs.CreateQueueOutput](s)(sqs.NewFromConfig(s.cfg).CreateQueue(s.ctx, &sqs.CreateQueueInput{QueueName: aws.String("work")}))
	made[lambda.CreateEventSourceMappingOutput](s)(c.CreateEventSourceMapping(s.ctx, &lambda.CreateEventSourceMappingInput{
		FunctionName: open, EventSourceArn: aws.String("arn:aws:sqs:us-east-1:" + emulated + ":" + lastOf(aws.ToString(queue.QueueUrl), "/"))}))
}

// TestContainerImageHasNoCodeSigning pins that AWS's refusal to speak of the code signing of a container image is an absent part, and
// that the same code with another message is a gap.
func TestContainerImageHasNoCodeSigning(t *testing.T) {
	for message, want := range map[string]bundle.State{
		"Code signing is not supported for functions created with container images.": bundle.StateAbsent,
		"1 validation error detected": bundle.StateGap,
	} {
		s := takeScripted(t, func(host, what string) (int, string) {
			switch {
			case strings.HasPrefix(host, "ec2."):
				return 200, "<R><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></R>"
			case strings.HasSuffix(what, "/functions/"), strings.HasSuffix(what, "/functions"):
				return 200, `{"Functions":[{"FunctionName":"image","PackageType":"Image","FunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:image"}]}`
			case strings.HasSuffix(what, "/code-signing-config"):
				return 400, `{"__type":"InvalidParameterValueException","message":"` + message + `"}`
			}
			return 404, `{"__type":"ResourceNotFoundException","message":"none"}`
		}, "lambda")
		s.facts(t,
			fact{"lambda.function us-east-1 image", "CodeSigningConfig", want, nil, nil},
			fact{"lambda.function us-east-1 image", "Policy", bundle.StateAbsent, nil, nil},
			fact{"lambda.function us-east-1 image", "Tags", bundle.StateGap, nil, nil},
		)
	}
}
