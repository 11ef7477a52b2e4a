package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	bedrocktypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cloudformationtypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	codebuildtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	codepipelinetypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	cognitotypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	workspacestypes "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
)

// TestPlantedValuesAreHidden writes answers with a secret in each place that the reviews name and that the emulator cannot fill, and
// pins what must stay beside it.
func TestPlantedValuesAreHidden(t *testing.T) {
	secret, variables := aws.String(planted), map[string]string{"TOKEN": planted}
	for _, c := range []struct {
		op    collect.Operation
		data  any
		stays string
	}{
		{athenaGetWorkGroup.Operation, athena.GetWorkGroupOutput{WorkGroup: &athenatypes.WorkGroup{Name: aws.String("spark"),
			Configuration: &athenatypes.WorkGroupConfiguration{AdditionalConfiguration: secret, EngineConfiguration: &athenatypes.EngineConfiguration{
				AdditionalConfigs: variables, SparkProperties: variables, Classifications: []athenatypes.Classification{{Properties: variables}}}}}},
			`"Name":"spark"`},
		{bedrockGetGuardrail.Operation, bedrock.GetGuardrailOutput{Name: aws.String("g"), Description: secret, BlockedInputMessaging: secret,
			TopicPolicy: &bedrocktypes.GuardrailTopicPolicy{Topics: []bedrocktypes.GuardrailTopic{{Definition: secret}}},
			WordPolicy:  &bedrocktypes.GuardrailWordPolicy{Words: []bedrocktypes.GuardrailWord{{Text: secret}}},
			ContentPolicy: &bedrocktypes.GuardrailContentPolicy{Filters: []bedrocktypes.GuardrailContentFilter{
				{Type: bedrocktypes.GuardrailContentFilterTypePromptAttack, InputStrength: bedrocktypes.GuardrailFilterStrengthHigh}}}},
			`"InputStrength":"HIGH"`},
		{cloudformationDescribeStackSet.Operation, cloudformation.DescribeStackSetOutput{StackSet: &cloudformationtypes.StackSet{TemplateBody: secret,
			Parameters: []cloudformationtypes.Parameter{{ParameterKey: aws.String("Password"), ParameterValue: secret, ResolvedValue: secret}}}},
			`"ParameterKey":"Password"`},
		{codebuildBatchGetProjects.Operation, codebuildtypes.Project{Webhook: &codebuildtypes.Webhook{Secret: secret, PayloadUrl: secret, Url: aws.String("https://git.example/hook/1")},
			Badge:            &codebuildtypes.ProjectBadge{BadgeEnabled: true, BadgeRequestUrl: secret},
			SecondarySources: []codebuildtypes.ProjectSource{{Buildspec: secret, Location: aws.String("https://bob:" + planted + "@git.example/r")}}},
			`"BadgeEnabled":true`},
		{codepipelineGetPipeline.Operation, codepipeline.GetPipelineOutput{Pipeline: &codepipelinetypes.PipelineDeclaration{
			Variables: []codepipelinetypes.PipelineVariableDeclaration{{Name: aws.String("Key"), DefaultValue: secret}},
			Stages: []codepipelinetypes.StageDeclaration{{Actions: []codepipelinetypes.ActionDeclaration{{Configuration: variables, Commands: []string{planted},
				ActionTypeId:         &codepipelinetypes.ActionTypeId{Provider: aws.String("GitHub")},
				EnvironmentVariables: []codepipelinetypes.EnvironmentVariable{{Name: aws.String("Key"), Value: secret}}}}}}}},
			`"Provider":"GitHub"`},
		{codepipelineListWebhooks.Operation, codepipelinetypes.ListWebhookItem{Url: secret, Definition: &codepipelinetypes.WebhookDefinition{
			Authentication:              codepipelinetypes.WebhookAuthenticationTypeUnauthenticated,
			AuthenticationConfiguration: &codepipelinetypes.WebhookAuthConfiguration{SecretToken: secret}}},
			`"Authentication":"UNAUTHENTICATED"`},
		{cognitoidentityproviderDescribeIdentityProvider.Operation, UserPoolProviders{[]cognitotypes.IdentityProviderType{
			{ProviderType: cognitotypes.IdentityProviderTypeTypeOidc, ProviderDetails: variables}}},
			`"ProviderType":"OIDC"`},
		{glueGetConnections.Operation, gluetypes.Connection{ConnectionType: gluetypes.ConnectionTypeJdbc, ConnectionProperties: variables, AthenaProperties: variables,
			AuthenticationConfiguration: &gluetypes.AuthenticationConfiguration{OAuth2Properties: &gluetypes.OAuth2Properties{TokenUrlParametersMap: variables}}},
			`"ConnectionType":"JDBC"`},
		{glueGetJobs.Operation, gluetypes.Job{Role: aws.String("etl"), NonOverridableArguments: variables, SourceControlDetails: &gluetypes.SourceControlDetails{AuthToken: secret}},
			`"Role":"etl"`},
		{workspacesDescribeWorkspaceDirectories.Operation, workspacestypes.WorkspaceDirectory{RegistrationCode: secret, DirectoryId: aws.String("d-1")},
			`"DirectoryId":"d-1"`},
	} {
		data, err := awsread.Encode(c.op.Operation, c.data)
		if err != nil {
			t.Errorf("%s: %v", c.op, err)
		}
		if strings.Contains(string(data), planted) || !strings.Contains(string(data), c.stays) || !strings.Contains(string(data), `"__redacted"`) {
			t.Errorf("%s: %s, want %s in it and the secret replaced", c.op, data, c.stays)
		}
	}
}
