package services

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	apigatewayv2types "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cloudformationtypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	cloudfronttypes "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	codebuildtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognitotypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	dms "github.com/aws/aws-sdk-go-v2/service/databasemigrationservice"
	dmstypes "github.com/aws/aws-sdk-go-v2/service/databasemigrationservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticbeanstalk"
	"github.com/aws/aws-sdk-go-v2/service/emr"
	emrtypes "github.com/aws/aws-sdk-go-v2/service/emr/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventbridgetypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	sagemakertypes "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secretsmanagertypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// secret is a value that nothing may hold which is written. It is sent in the answers to the operation in, or, if AWS never sends
// it, could be had with the operation never, which must not be called.
type secret struct {
	place, value string
	in, never    string
	edited       bool // the emulator has no room for it: it is put into the answer
}

// vault makes secrets and plants them in an emulated account.
type vault struct {
	*seeder
	secrets []*secret
	edits   map[string][]func(body []byte) []byte // by operation
}

// random returns n letters and digits that occur nowhere else, of an alphabet without what an encoding changes.
func (v *vault) random(n int, alphabet string) string {
	v.t.Helper()
	raw := make([]byte, n)
	if _, err := rand.Read(raw); err != nil {
		v.t.Fatal(err)
	}
	for i, b := range raw {
		raw[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(raw)
}

const (
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	base32s = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// sent makes a secret that AWS sends in the answers to an operation.
func (v *vault) sent(place, operation string) string {
	v.t.Helper()
	s := &secret{place: place, value: v.random(28, letters), in: operation}
	v.secrets = append(v.secrets, s)
	return s.value
}

// kept makes a secret that AWS never sends, except in the answer to an operation that is not called; "-" if there is none.
func (v *vault) kept(place, operation string) string {
	v.t.Helper()
	s := &secret{place: place, value: v.random(28, letters), never: operation}
	v.secrets = append(v.secrets, s)
	return s.value
}

// key makes an access key id that is sent in the answers to an operation.
func (v *vault) key(place, operation string) string {
	v.t.Helper()
	s := &secret{place: place, value: "AKIA" + v.random(16, base32s), in: operation}
	v.secrets = append(v.secrets, s)
	return s.value
}

// pem makes a private key whose text is the secret, and jwt a signed token whose signature is.
func (v *vault) pem(place, operation string) string {
	return "-----BEGIN RSA PRIVATE KEY-----\n" + v.sent(place, operation) + "\n-----END RSA PRIVATE KEY-----"
}

func (v *vault) jwt(place, operation string) string {
	return "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhdWRpdCJ9." + v.sent(place, operation)
}

// edit puts a secret into an answer, in the place of old.
func (v *vault) edit(place, operation, old, format string) {
	value := v.sent(place, operation)
	v.secrets[len(v.secrets)-1].edited = true
	v.edits[operation] = append(v.edits[operation], func(body []byte) []byte {
		return bytes.Replace(body, []byte(old), fmt.Appendf(nil, format, value), 1)
	})
}

// forms returns how a secret can stand in a text: as it is — it is of letters and digits, so that neither a URL nor JSON changes it —
// or in base64, at each of the three places in a group.
func (s *secret) forms() [][]byte {
	out := [][]byte{[]byte(s.value)}
	if escaped := url.QueryEscape(s.value); escaped != s.value {
		out = append(out, []byte(escaped))
	}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString(append(make([]byte, shift), s.value...))
		whole := encoded[(shift*8+5)/6 : (shift+len(s.value))*8/6]
		out = append(out, []byte(whole), []byte(strings.NewReplacer("+", "-", "/", "_").Replace(whole)))
	}
	return out
}

// isIn reports whether a text holds the secret in any form.
func (s *secret) isIn(text []byte) bool {
	for _, form := range s.forms() {
		if bytes.Contains(text, form) {
			return true
		}
	}
	return false
}

func TestSecretForms(t *testing.T) {
	s := &secret{value: "Q7fTz0pWm2KcV9xLr4YbN8sHd1Ga"}
	for _, text := range []string{"x" + s.value + "y", url.QueryEscape(`{"a":"` + s.value + `"}`), fmt.Sprintf("%q", "\n"+s.value),
		base64.StdEncoding.EncodeToString([]byte(s.value)), base64.StdEncoding.EncodeToString([]byte("#" + s.value + "#")),
		base64.URLEncoding.EncodeToString([]byte("##" + s.value)), base64.RawStdEncoding.EncodeToString([]byte("###" + s.value + "##"))} {
		if !s.isIn([]byte(text)) {
			t.Errorf("the secret is not found in %s", text)
		}
	}
	if s.isIn([]byte(base64.StdEncoding.EncodeToString([]byte("another text that is as long as this")))) {
		t.Error("a secret was found where there is none")
	}
}

func encoded(s string) *string { return aws.String(base64.StdEncoding.EncodeToString([]byte(s))) }

// compute plants secrets in what runs code.
func (v *vault) compute() {
	s, ctx := v.seeder, v.ctx
	role := v.trusted("vault", "lambda.amazonaws.com")
	made[lambda.CreateFunctionOutput](s)(lambda.NewFromConfig(s.cfg).CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String("vault"), Role: role, Runtime: lambdatypes.RuntimePython313, Handler: aws.String("main.run"),
		Code:        &lambdatypes.FunctionCode{ZipFile: emptyZip},
		Environment: &lambdatypes.Environment{Variables: map[string]string{"URL": v.sent("environment of a function", "lambda:ListFunctions")}},
		Description: aws.String("calls https://bob:" + v.sent("URL in the description of a function", "lambda:ListFunctions") + "@db.example/"),
		Tags:        map[string]string{"api_token": v.sent("tag of a function", "lambda:ListTags")}}))
	c := ecs.NewFromConfig(s.cfg)
	const definition = "ecs:DescribeTaskDefinition"
	made[ecs.RegisterTaskDefinitionOutput](s)(c.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("vault"), ContainerDefinitions: []ecstypes.ContainerDefinition{{
			Name: aws.String("web"), Image: aws.String("web:1"), Memory: aws.Int32(128),
			Environment:  []ecstypes.KeyValuePair{{Name: aws.String("URL"), Value: aws.String(v.sent("environment of a container", definition))}},
			Command:      []string{"serve", v.sent("command of a container", definition)},
			EntryPoint:   []string{v.sent("entry point of a container", definition)},
			DockerLabels: map[string]string{"owner": v.sent("label of a container", definition)},
			HealthCheck:  &ecstypes.HealthCheck{Command: []string{"CMD", v.sent("health check of a container", definition)}},
			LogConfiguration: &ecstypes.LogConfiguration{LogDriver: ecstypes.LogDriverSplunk,
				Options: map[string]string{"splunk-token": v.sent("log options of a container", definition)}}}}}))
	made[autoscaling.CreateLaunchConfigurationOutput](s)(autoscaling.NewFromConfig(s.cfg).CreateLaunchConfiguration(ctx, &autoscaling.CreateLaunchConfigurationInput{
		LaunchConfigurationName: aws.String("vault"), ImageId: aws.String("ami-0abcdef1234567890"), InstanceType: aws.String("t3.micro"),
		UserData: encoded("#!/bin/sh\nexport A=" + v.sent("user data of a launch configuration", "autoscaling:DescribeLaunchConfigurations"))}))
	made[sagemaker.CreateModelOutput](s)(sagemaker.NewFromConfig(s.cfg).CreateModel(ctx, &sagemaker.CreateModelInput{ModelName: aws.String("vault"),
		ExecutionRoleArn: role, PrimaryContainer: &sagemakertypes.ContainerDefinition{Image: aws.String("model:1"),
			Environment: map[string]string{"URL": v.sent("environment of a model", "sagemaker:DescribeModel")}}}))
	made[emr.RunJobFlowOutput](s)(emr.NewFromConfig(s.cfg).RunJobFlow(ctx, &emr.RunJobFlowInput{
		Name: aws.String("vault"), ReleaseLabel: aws.String("emr-7.0.0"), JobFlowRole: role, ServiceRole: role,
		Configurations: []emrtypes.Configuration{{Classification: aws.String("hive-site"),
			Properties: map[string]string{"javax.jdo.option.ConnectionURL": v.sent("settings of a cluster", "emr:DescribeCluster")}}},
		Instances: &emrtypes.JobFlowInstancesConfig{InstanceCount: aws.Int32(1), MasterInstanceType: aws.String("m5.xlarge"),
			SlaveInstanceType: aws.String("m5.xlarge"), KeepJobFlowAliveWhenNoSteps: aws.Bool(true)}}))
	made[elasticbeanstalk.CreateApplicationOutput](s)(elasticbeanstalk.NewFromConfig(s.cfg).CreateApplication(ctx, &elasticbeanstalk.CreateApplicationInput{
		ApplicationName: aws.String("vault")}))
	made[elasticbeanstalk.CreateEnvironmentOutput](s)(elasticbeanstalk.NewFromConfig(s.cfg).CreateEnvironment(ctx, &elasticbeanstalk.CreateEnvironmentInput{
		ApplicationName: aws.String("vault"), EnvironmentName: aws.String("vault-prod")}))
	v.edit("option of an environment", "elasticbeanstalk:DescribeConfigurationSettings", "<OptionSettings>",
		"<OptionSettings><member><Namespace>aws:elasticbeanstalk:application:environment</Namespace><OptionName>URL</OptionName><Value>%s</Value></member>")
	v.instances()
}

// instances plants secrets in EC2.
func (v *vault) instances() {
	s, ctx, c := v.seeder, v.ctx, ec2.NewFromConfig(v.cfg)
	made[ec2.CreateLaunchTemplateOutput](s)(c.CreateLaunchTemplate(ctx, &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String("vault"), LaunchTemplateData: &ec2types.RequestLaunchTemplateData{
			UserData: encoded("A=" + v.sent("user data of a launch template", "ec2:DescribeLaunchTemplateVersions"))}}))
	made[ec2.RunInstancesOutput](s)(c.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String("ami-12c6146b"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		UserData: encoded(v.kept("user data of an instance", "ec2:DescribeInstanceAttribute")), TagSpecifications: []ec2types.TagSpecification{{
			ResourceType: ec2types.ResourceTypeInstance, Tags: []ec2types.Tag{
				{Key: aws.String("bootstrap"), Value: aws.String(v.pem("private key in a tag", "ec2:DescribeInstances"))},
				{Key: aws.String("session"), Value: aws.String(v.jwt("signed token in a tag", "ec2:DescribeInstances"))},
				{Key: aws.String("DbPassword"), Value: aws.String(v.sent("tag that is called a password", "ec2:DescribeInstances"))},
				{Key: aws.String("cli"), Value: aws.String(v.key("access key id in a tag", "ec2:DescribeInstances"))}}}}}))
	customer := made[ec2.CreateCustomerGatewayOutput](s)(c.CreateCustomerGateway(ctx, &ec2.CreateCustomerGatewayInput{
		Type: ec2types.GatewayTypeIpsec1, IpAddress: aws.String("203.0.113.7"), BgpAsn: aws.Int32(65000)})).CustomerGateway
	transit := made[ec2.CreateTransitGatewayOutput](s)(c.CreateTransitGateway(ctx, &ec2.CreateTransitGatewayInput{})).TransitGateway
	made[ec2.CreateVpnConnectionOutput](s)(c.CreateVpnConnection(ctx, &ec2.CreateVpnConnectionInput{
		Type: aws.String("ipsec.1"), CustomerGatewayId: customer.CustomerGatewayId, TransitGatewayId: transit.TransitGatewayId}))
	v.edit("pre-shared key of a tunnel", "ec2:DescribeVpnConnections", "<vpnConnectionId>",
		"<options><tunnelOptionSet><item><preSharedKey>%s</preSharedKey></item></tunnelOptionSet></options><vpnConnectionId>")
	v.edit("configuration of a customer gateway", "ec2:DescribeVpnConnections", "pre_shared_key&gt;", "pre_shared_key&gt;%s")
}

// identity plants secrets in IAM, Cognito and the stores of secrets.
func (v *vault) identity() {
	s, ctx, c := v.seeder, v.ctx, iam.NewFromConfig(v.cfg)
	user := aws.String("vault")
	made[iam.CreateUserOutput](s)(c.CreateUser(ctx, &iam.CreateUserInput{UserName: user, Tags: []iamtypes.Tag{
		{Key: aws.String("ApiKey"), Value: aws.String(v.sent("tag of a user", "iam:ListUserTags"))}}}))
	made[iam.CreateLoginProfileOutput](s)(c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: user, Password: aws.String(v.kept("password of a user", "-"))}))
	made[iam.PutUserPolicyOutput](s)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: user, PolicyName: aws.String("old"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Sid":"x","Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:userid":"` +
			v.key("access key id in an inline policy", "iam:GetUserPolicy") + `"}}}]}`)}))
	policy := made[iam.CreatePolicyOutput](s)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("vault"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":"` +
			strings.ReplaceAll(v.pem("private key in a policy", "iam:GetPolicyVersion"), "\n", `\n`) + `"}}}]}`)}))
	made[iam.AttachUserPolicyOutput](s)(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: user, PolicyArn: policy.Policy.Arn}))
	key := made[iam.CreateAccessKeyOutput](s)(c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: user})).AccessKey
	v.secrets = append(v.secrets, &secret{place: "id of an access key", value: *key.AccessKeyId, in: "iam:ListAccessKeys"},
		&secret{place: "secret access key", value: *key.SecretAccessKey, never: "-"})
	made[iam.UploadServerCertificateOutput](s)(c.UploadServerCertificate(ctx, &iam.UploadServerCertificateInput{
		ServerCertificateName: aws.String("vault"), CertificateBody: aws.String("body"), PrivateKey: aws.String(v.kept("private key of a server certificate", "-"))}))
	mfa := made[iam.CreateVirtualMFADeviceOutput](s)(c.CreateVirtualMFADevice(ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("vault")})).VirtualMFADevice
	v.secrets = append(v.secrets, &secret{place: "seed of a virtual MFA device", value: string(mfa.Base32StringSeed), in: "iam:ListVirtualMFADevices"})

	pools := cognitoidentityprovider.NewFromConfig(s.cfg)
	pool := made[cognitoidentityprovider.CreateUserPoolOutput](s)(pools.CreateUserPool(ctx, &cognitoidentityprovider.CreateUserPoolInput{PoolName: aws.String("vault")})).UserPool.Id
	client := made[cognitoidentityprovider.CreateUserPoolClientOutput](s)(pools.CreateUserPoolClient(ctx, &cognitoidentityprovider.CreateUserPoolClientInput{
		UserPoolId: pool, ClientName: aws.String("web"), GenerateSecret: true})).UserPoolClient
	v.secrets = append(v.secrets, &secret{place: "secret of an app client", value: *client.ClientSecret, in: "cognito-idp:DescribeUserPoolClient"})
	made[cognitoidentityprovider.CreateIdentityProviderOutput](s)(pools.CreateIdentityProvider(ctx, &cognitoidentityprovider.CreateIdentityProviderInput{
		UserPoolId: pool, ProviderName: aws.String("corp"), ProviderType: cognitotypes.IdentityProviderTypeTypeOidc, ProviderDetails: map[string]string{
			"client_id": "app", "client_secret": v.sent("client secret of an identity provider", "cognito-idp:DescribeIdentityProvider")}}))

	parameters := ssm.NewFromConfig(s.cfg)
	for name, typ := range map[string]ssmtypes.ParameterType{"secure": ssmtypes.ParameterTypeSecureString, "plain": ssmtypes.ParameterTypeString} {
		for _, op := range []string{"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"} {
			made[ssm.PutParameterOutput](s)(parameters.PutParameter(ctx, &ssm.PutParameterInput{Name: aws.String("/vault/" + name + lastOf(op, ":")), Type: typ,
				Value: aws.String(v.kept("value of a "+name+" parameter", op)), Description: aws.String(v.sent("description of a parameter", "ssm:DescribeParameters"))}))
		}
	}
	made[secretsmanager.CreateSecretOutput](s)(secretsmanager.NewFromConfig(s.cfg).CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: aws.String("vault"),
		SecretString: aws.String(v.kept("value of a secret", "secretsmanager:GetSecretValue")),
		Description:  aws.String(v.sent("description of a secret", "secretsmanager:ListSecrets")),
		Tags:         []secretsmanagertypes.Tag{{Key: aws.String("old-token"), Value: aws.String(v.sent("tag of a secret", "secretsmanager:ListSecrets"))}}}))
	v.secrets = append(v.secrets, &secret{place: "value of a secret in a batch", value: v.random(28, letters), never: "secretsmanager:BatchGetSecretValue"})
}

// pipelines plants secrets in what builds, deploys and reacts.
func (v *vault) pipelines() {
	s, ctx := v.seeder, v.ctx
	role := aws.String("arn:aws:iam::" + emulated + ":role/vault")
	const project = "codebuild:BatchGetProjects"
	made[codebuild.CreateProjectOutput](s)(codebuild.NewFromConfig(s.cfg).CreateProject(ctx, &codebuild.CreateProjectInput{
		Name: aws.String("vault"), ServiceRole: role, Artifacts: &codebuildtypes.ProjectArtifacts{Type: codebuildtypes.ArtifactsTypeNoArtifacts},
		Source: &codebuildtypes.ProjectSource{Type: codebuildtypes.SourceTypeBitbucket, Location: aws.String("https://bob:" + v.sent("address of a source", project) + "@git.example/r"),
			Buildspec: aws.String("run: " + v.sent("build specification", project))},
		Environment: &codebuildtypes.ProjectEnvironment{ComputeType: codebuildtypes.ComputeTypeBuildGeneral1Small, Type: codebuildtypes.EnvironmentTypeLinuxContainer,
			Image: aws.String("aws/codebuild/standard:7.0"), EnvironmentVariables: []codebuildtypes.EnvironmentVariable{
				{Name: aws.String("URL"), Value: aws.String(v.sent("environment of a project", project)), Type: codebuildtypes.EnvironmentVariableTypePlaintext}}}}))
	g := glue.NewFromConfig(s.cfg)
	made[glue.CreateJobOutput](s)(g.CreateJob(ctx, &glue.CreateJobInput{Name: aws.String("vault"), Role: role, Command: &gluetypes.JobCommand{Name: aws.String("glueetl")},
		DefaultArguments: map[string]string{"--url": v.sent("default arguments of a job", "glue:GetJobs")}}))
	made[glue.CreateConnectionOutput](s)(g.CreateConnection(ctx, &glue.CreateConnectionInput{ConnectionInput: &gluetypes.ConnectionInput{
		Name: aws.String("vault"), ConnectionType: gluetypes.ConnectionTypeJdbc, ConnectionProperties: map[string]string{
			"USERNAME": "app", "PASSWORD": v.sent("password of a connection", "glue:GetConnections")}}}))
	n := sns.NewFromConfig(s.cfg)
	topic := made[sns.CreateTopicOutput](s)(n.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("vault")})).TopicArn
	made[sns.SubscribeOutput](s)(n.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("https"),
		Endpoint: aws.String("https://hook.example/" + v.sent("web address of a subscription", "sns:ListSubscriptions"))}))
	e := eventbridge.NewFromConfig(s.cfg)
	made[eventbridge.PutRuleOutput](s)(e.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("vault"), EventPattern: aws.String(`{"source":["aws.guardduty"]}`)}))
	made[eventbridge.PutTargetsOutput](s)(e.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("vault"), Targets: []eventbridgetypes.Target{{
		Id: aws.String("1"), Arn: topic, Input: aws.String(`{"url":"` + v.sent("input of a target", "events:ListTargetsByRule") + `"}`)}}}))
	connection := made[eventbridge.CreateConnectionOutput](s)(e.CreateConnection(ctx, &eventbridge.CreateConnectionInput{Name: aws.String("vault"),
		AuthorizationType: eventbridgetypes.ConnectionAuthorizationTypeApiKey, AuthParameters: &eventbridgetypes.CreateConnectionAuthRequestParameters{
			ApiKeyAuthParameters: &eventbridgetypes.CreateConnectionApiKeyAuthRequestParameters{ApiKeyName: aws.String("key"),
				ApiKeyValue: aws.String(v.kept("API key of a connection", "events:DescribeConnection"))}}}))
	made[eventbridge.CreateApiDestinationOutput](s)(e.CreateApiDestination(ctx, &eventbridge.CreateApiDestinationInput{Name: aws.String("vault"),
		ConnectionArn: connection.ConnectionArn, HttpMethod: eventbridgetypes.ApiDestinationHttpMethodPost,
		InvocationEndpoint: aws.String("https://pager.example/" + v.sent("web address of an API destination", "events:ListApiDestinations"))}))
	machine := "stepfunctions:DescribeStateMachine"
	made[sfn.CreateStateMachineOutput](s)(sfn.NewFromConfig(s.cfg).CreateStateMachine(ctx, &sfn.CreateStateMachineInput{Name: aws.String("vault"), RoleArn: role,
		Definition: aws.String(`{"StartAt":"p","States":{"p":{"Type":"Pass","Result":"` + v.sent("definition of a state machine", machine) + `","End":true}}}`)}))
	const stack = "cloudformation:DescribeStacks"
	made[cloudformation.CreateStackOutput](s)(cloudformation.NewFromConfig(s.cfg).CreateStack(ctx, &cloudformation.CreateStackInput{
		StackName: aws.String("vault"), TemplateBody: aws.String(topicTemplate), Parameters: []cloudformationtypes.Parameter{
			{ParameterKey: aws.String("Secret"), ParameterValue: aws.String(v.sent("parameter and output of a stack", stack))}}}))
}

// data plants secrets in databases, buckets and what stands in front of an application.
func (v *vault) data() {
	s, ctx := v.seeder, v.ctx
	made[rds.CreateDBInstanceOutput](s)(rdsClient(s.cfg).CreateDBInstance(ctx, &rds.CreateDBInstanceInput{DBInstanceIdentifier: aws.String("vault"),
		DBInstanceClass: aws.String("db.t3.micro"), Engine: aws.String("postgres"), AllocatedStorage: aws.Int32(20), MasterUsername: aws.String("admin"),
		MasterUserPassword: aws.String(v.kept("password of a database", "-"))}))
	v.edit("new password of a database", "rds:DescribeDBInstances", "<DBInstanceIdentifier>",
		"<PendingModifiedValues><MasterUserPassword>%s</MasterUserPassword></PendingModifiedValues><DBInstanceIdentifier>")
	made[elasticache.CreateReplicationGroupOutput](s)(elasticacheClient(s.cfg).CreateReplicationGroup(ctx, &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("vault"), ReplicationGroupDescription: aws.String("vault"), Engine: aws.String("redis"), CacheNodeType: aws.String("cache.t3.micro"),
		NumCacheClusters: aws.Int32(2), TransitEncryptionEnabled: aws.Bool(true), AuthToken: aws.String(v.kept("token of a cache", "-"))}))
	made[dms.CreateEndpointOutput](s)(dmsClient(s.cfg).CreateEndpoint(ctx, &dms.CreateEndpointInput{EndpointIdentifier: aws.String("vault"),
		EndpointType: dmstypes.ReplicationEndpointTypeValueSource, EngineName: aws.String("mysql"), ServerName: aws.String("db.example"), Username: aws.String("dms"),
		Password:                  aws.String(v.kept("password of an endpoint", "-")),
		ExtraConnectionAttributes: aws.String("auth=" + v.sent("attributes of an endpoint", "dms:DescribeEndpoints")),
		MySQLSettings:             &dmstypes.MySQLSettings{Password: aws.String(v.sent("settings of an endpoint", "dms:DescribeEndpoints"))}}))
	c, bucket := s3Client(s.cfg), aws.String("vault.example")
	made[s3.CreateBucketOutput](s)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket}))
	made[s3.PutBucketTaggingOutput](s)(c.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: bucket, Tagging: &s3types.Tagging{TagSet: []s3types.Tag{
		{Key: aws.String("session"), Value: aws.String(v.jwt("tag of a bucket", "s3:GetBucketTagging"))}}}}))
	made[s3.PutBucketPolicyOutput](s)(c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: bucket, Policy: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:userid":"` +
			v.key("access key id in a bucket policy", "s3:GetBucketPolicy") + `"}}}]}`)}))

	made[cloudfront.CreateDistributionOutput](s)(cloudfront.NewFromConfig(s.cfg).CreateDistribution(ctx, &cloudfront.CreateDistributionInput{
		DistributionConfig: &cloudfronttypes.DistributionConfig{CallerReference: aws.String("vault"), Comment: aws.String("vault"), Enabled: aws.Bool(true),
			DefaultCacheBehavior: &cloudfronttypes.DefaultCacheBehavior{TargetOriginId: aws.String("o"), ViewerProtocolPolicy: cloudfronttypes.ViewerProtocolPolicyHttpsOnly},
			Origins: &cloudfronttypes.Origins{Quantity: aws.Int32(1), Items: []cloudfronttypes.Origin{{Id: aws.String("o"), DomainName: aws.String("app.example"),
				CustomOriginConfig: &cloudfronttypes.CustomOriginConfig{HTTPPort: aws.Int32(80), HTTPSPort: aws.Int32(443), OriginProtocolPolicy: cloudfronttypes.OriginProtocolPolicyHttpsOnly},
				CustomHeaders: &cloudfronttypes.CustomHeaders{Quantity: aws.Int32(1), Items: []cloudfronttypes.OriginCustomHeader{
					{HeaderName: aws.String("X-Origin"), HeaderValue: aws.String(v.sent("header for an origin", "cloudfront:GetDistributionConfig"))}}}}}}}}))
	gate := apigateway.NewFromConfig(s.cfg)
	api := made[apigateway.CreateRestApiOutput](s)(gate.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: aws.String("vault")})).Id
	root := made[apigateway.GetResourcesOutput](s)(gate.GetResources(ctx, &apigateway.GetResourcesInput{RestApiId: api})).Items[0].Id
	made[apigateway.PutMethodOutput](s)(gate.PutMethod(ctx, &apigateway.PutMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE")}))
	made[apigateway.PutIntegrationOutput](s)(gate.PutIntegration(ctx, &apigateway.PutIntegrationInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("GET"),
		Type: "HTTP", IntegrationHttpMethod: aws.String("GET"), Uri: aws.String("https://backend.example/"), RequestParameters: map[string]string{
			"integration.request.header.x-key": "'" + v.sent("header for a backend", "apigateway:GetResources") + "'"}}))
	made[apigateway.CreateDeploymentOutput](s)(gate.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: api, StageName: aws.String("prod"),
		Variables: map[string]string{"url": v.sent("variables of a stage", "apigateway:GetStages")}}))
	value := v.sent("value of an API key", "apigateway:GetApiKeys")
	made[apigateway.CreateApiKeyOutput](s)(gate.CreateApiKey(ctx, &apigateway.CreateApiKeyInput{Name: aws.String("vault"), Enabled: true, Value: aws.String(value)}))
	v.edits["apigateway:GetApiKeys"] = append(v.edits["apigateway:GetApiKeys"], func(body []byte) []byte {
		return bytes.Replace(body, []byte(`"id":`), fmt.Appendf(nil, `"value":%q,"id":`, value), 1)
	})
	gate2 := apigatewayv2.NewFromConfig(s.cfg)
	api2 := made[apigatewayv2.CreateApiOutput](s)(gate2.CreateApi(ctx, &apigatewayv2.CreateApiInput{Name: aws.String("vault"), ProtocolType: apigatewayv2types.ProtocolTypeHttp})).ApiId
	made[apigatewayv2.CreateStageOutput](s)(gate2.CreateStage(ctx, &apigatewayv2.CreateStageInput{ApiId: api2, StageName: aws.String("prod"),
		StageVariables: map[string]string{"url": v.sent("variables of a stage of an HTTP API", "apigatewayv2:GetStages")}}))
}
