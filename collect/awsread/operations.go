package awsread

import (
	"maps"
	"slices"
	"strings"
)

// Operation names an operation of the AWS API: the service as the AWS CLI names it ("s3", "elbv2", "sso-admin"; but "config"
// and "logs" for AWS Config and CloudWatch Logs, as in their IAM actions) and the operation as in the API model
// ("GetBucketPolicy").
type Operation struct{ Service, Name string }

// String returns "service:Name".
func (o Operation) String() string { return o.Service + ":" + o.Name }

// review is what a person decided about an operation before it was put on the list: which members of its answer and input
// never reach the disk as AWS sent them. A member is named "Type.Member" with the type's Go name.
type review struct {
	drop []string // replaced by a note that the member was there
	mask []string // only the first four and last four characters stay

	// keep names members that AWS, or our own table of secret paths, marks as sensitive and that stay: a rule needs them, and
	// they are no secret. Each says why.
	keep map[string]string
}

// reviews are the reviewed operations of one service, by name.
type reviews map[string]review

// service is one service that can be read.
type service struct {
	name    string // ours: see Operation
	sdkID   string // the SDK's service id
	actions string // prefix of its IAM actions
	reviews reviews
}

// services is the allow-list, one line and one file review_<name>.go a service. An operation that is not there cannot be called:
// the SDK's own request never leaves the program. Every operation reads, but two: GenerateCredentialReport makes IAM write a
// report about the account for the caller to read, and AssumeRole returns credentials, which are used and never recorded.
var services = []service{
	{"accessanalyzer", "AccessAnalyzer", "access-analyzer", accessanalyzerReviews},
	{"account", "Account", "account", accountReviews},
	{"acm", "ACM", "acm", acmReviews},
	{"apigateway", "API Gateway", "apigateway", apigatewayReviews},
	{"apigatewayv2", "ApiGatewayV2", "apigateway", apigatewayv2Reviews},
	{"application-autoscaling", "Application Auto Scaling", "application-autoscaling", applicationautoscalingReviews},
	{"artifact", "Artifact", "artifact", artifactReviews},
	{"athena", "Athena", "athena", athenaReviews},
	{"auditmanager", "AuditManager", "auditmanager", auditmanagerReviews},
	{"autoscaling", "Auto Scaling", "autoscaling", autoscalingReviews},
	{"backup", "Backup", "backup", backupReviews},
	{"bedrock", "Bedrock", "bedrock", bedrockReviews},
	{"cloudformation", "CloudFormation", "cloudformation", cloudformationReviews},
	{"cloudfront", "CloudFront", "cloudfront", cloudfrontReviews},
	{"cloudhsmv2", "CloudHSM V2", "cloudhsm", cloudhsmv2Reviews},
	{"cloudtrail", "CloudTrail", "cloudtrail", cloudtrailReviews},
	{"cloudwatch", "CloudWatch", "cloudwatch", cloudwatchReviews},
	{"codebuild", "CodeBuild", "codebuild", codebuildReviews},
	{"codeguru-reviewer", "CodeGuru Reviewer", "codeguru-reviewer", codegurureviewerReviews},
	{"codepipeline", "CodePipeline", "codepipeline", codepipelineReviews},
	{"cognito-identity", "Cognito Identity", "cognito-identity", cognitoidentityReviews},
	{"cognito-idp", "Cognito Identity Provider", "cognito-idp", cognitoidpReviews},
	{"config", "Config Service", "config", configReviews},
	{"controltower", "ControlTower", "controltower", controltowerReviews},
	{"dax", "DAX", "dax", daxReviews},
	{"detective", "Detective", "detective", detectiveReviews},
	{"dms", "Database Migration Service", "dms", dmsReviews},
	{"dynamodb", "DynamoDB", "dynamodb", dynamodbReviews},
	{"ec2", "EC2", "ec2", ec2Reviews},
	{"ecr", "ECR", "ecr", ecrReviews},
	{"ecs", "ECS", "ecs", ecsReviews},
	{"efs", "EFS", "elasticfilesystem", efsReviews},
	{"eks", "EKS", "eks", eksReviews},
	{"elasticache", "ElastiCache", "elasticache", elasticacheReviews},
	{"elasticbeanstalk", "Elastic Beanstalk", "elasticbeanstalk", elasticbeanstalkReviews},
	{"elb", "Elastic Load Balancing", "elasticloadbalancing", elbReviews},
	{"elbv2", "Elastic Load Balancing v2", "elasticloadbalancing", elbv2Reviews},
	{"emr", "EMR", "elasticmapreduce", emrReviews},
	{"events", "EventBridge", "events", eventsReviews},
	{"fms", "FMS", "fms", fmsReviews},
	{"glue", "Glue", "glue", glueReviews},
	{"guardduty", "GuardDuty", "guardduty", guarddutyReviews},
	{"iam", "IAM", "iam", iamReviews},
	{"identitystore", "identitystore", "identitystore", identitystoreReviews},
	{"inspector2", "Inspector2", "inspector2", inspector2Reviews},
	{"iot", "IoT", "iot", iotReviews},
	{"kafka", "Kafka", "kafka", kafkaReviews},
	{"kinesis", "Kinesis", "kinesis", kinesisReviews},
	{"kms", "KMS", "kms", kmsReviews},
	{"lambda", "Lambda", "lambda", lambdaReviews},
	{"logs", "CloudWatch Logs", "logs", logsReviews},
	{"macie2", "Macie2", "macie2", macie2Reviews},
	{"mq", "mq", "mq", mqReviews},
	{"network-firewall", "Network Firewall", "network-firewall", networkFirewallReviews},
	{"opensearch", "OpenSearch", "es", opensearchReviews},
	{"organizations", "Organizations", "organizations", organizationsReviews},
	{"rds", "RDS", "rds", rdsReviews},
	{"redshift", "Redshift", "redshift", redshiftReviews},
	{"route53", "Route 53", "route53", route53Reviews},
	{"s3", "S3", "s3", s3Reviews},
	{"s3control", "S3 Control", "s3", s3controlReviews},
	{"sagemaker", "SageMaker", "sagemaker", sagemakerReviews},
	{"secretsmanager", "Secrets Manager", "secretsmanager", secretsmanagerReviews},
	{"securityhub", "SecurityHub", "securityhub", securityhubReviews},
	{"shield", "Shield", "shield", shieldReviews},
	{"sns", "SNS", "sns", snsReviews},
	{"sqs", "SQS", "sqs", sqsReviews},
	{"ssm", "SSM", "ssm", ssmReviews},
	{"sso-admin", "SSO Admin", "sso", ssoadminReviews},
	{"stepfunctions", "SFN", "states", stepfunctionsReviews},
	{"sts", "STS", "sts", stsReviews},
	{"transfer", "Transfer", "transfer", transferReviews},
	{"wafv2", "WAFV2", "wafv2", wafv2Reviews},
	{"wellarchitected", "WellArchitected", "wellarchitected", wellarchitectedReviews},
	{"workspaces", "WorkSpaces", "workspaces", workspacesReviews},
}

var (
	reviewed = join()
	byID     = func() map[string]string {
		m := make(map[string]string, len(services))
		for _, s := range services {
			m[s.sdkID] = s.name
		}
		return m
	}()
)

func join() map[Operation]review {
	all := map[Operation]review{}
	for _, s := range services {
		for name, r := range s.reviews {
			all[Operation{s.name, name}] = r
		}
	}
	return all
}

// RulesVersion names the redaction rules of the review files and of scan.go. It changes with them and is recorded in the bundle.
const RulesVersion = "2026-11-25.2"

// Allowed returns the operations that can be called, sorted.
func Allowed() []Operation {
	return slices.SortedFunc(maps.Keys(reviewed), func(a, b Operation) int {
		return strings.Compare(a.String(), b.String())
	})
}

// ActionPrefix returns what the IAM actions of a service begin with, "elasticloadbalancing" for "elbv2". It is empty for a service
// that cannot be read.
func ActionPrefix(name string) string {
	for _, s := range services {
		if s.name == name {
			return s.actions
		}
	}
	return ""
}

// Hidden returns the members, as "Type.Member", that are replaced or masked in the answers and inputs of an operation.
func Hidden(op Operation) []string { return slices.Concat(reviewed[op].drop, reviewed[op].mask) }

// Harmless returns the members, as "Type.Member", that are marked as sensitive and stay, and why.
func Harmless(op Operation) map[string]string { return reviewed[op].keep }
