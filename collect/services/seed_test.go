package services

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	s3controltypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/auditpack/auditpack/collect/testbed"
)

// emulated is the account that the emulator starts with.
const emulated = "123456789012"

// seeder makes at least one resource of every kind, mostly in us-east-1.
type seeder struct {
	t   *testing.T
	ctx context.Context
	cfg aws.Config
}

func newSeeder(t *testing.T, p *testbed.Proxy) *seeder {
	t.Helper()
	t.Setenv("AWS_CA_BUNDLE", "")
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"))
	if err != nil {
		t.Fatal(err)
	}
	cfg.HTTPClient = p.Client()
	return &seeder{t: t, ctx: t.Context(), cfg: cfg}
}

func seed(t *testing.T, p *testbed.Proxy) {
	t.Helper()
	s := newSeeder(t, p)
	s.iam()
	s.federation()
	s.contacts()
	s.s3()
	s.ec2()
	s.network()
	s.detection()
	s.data()
	s.monitoring()
	s.oversight()
	s.bucketSettings()
	s.databases()
}

// made ends the test if a step failed. It takes the two results of an SDK call.
func made[O any](s *seeder) func(*O, error) *O {
	return func(out *O, err error) *O {
		s.t.Helper()
		if err != nil {
			s.t.Fatalf("seeding %T: %v", out, err)
		}
		return out
	}
}

const allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

func (s *seeder) iam() {
	c := iam.NewFromConfig(s.cfg)
	for i := range 5 {
		made[iam.CreateUserOutput](s)(c.CreateUser(s.ctx, &iam.CreateUserInput{
			UserName: aws.String(fmt.Sprintf("user-%d", i)), Tags: []iamtypes.Tag{{Key: aws.String("team"), Value: aws.String("a")}, {Key: aws.String("env"), Value: aws.String("b")}},
		}))
	}
	alice := aws.String("alice")
	made[iam.CreateUserOutput](s)(c.CreateUser(s.ctx, &iam.CreateUserInput{UserName: alice}))
	made[iam.CreateLoginProfileOutput](s)(c.CreateLoginProfile(s.ctx, &iam.CreateLoginProfileInput{UserName: alice, Password: aws.String("correct-Horse-1-battery")}))
	for range 2 {
		made[iam.CreateAccessKeyOutput](s)(c.CreateAccessKey(s.ctx, &iam.CreateAccessKeyInput{UserName: alice}))
	}
	for _, name := range []string{"one", "two"} {
		made[iam.PutUserPolicyOutput](s)(c.PutUserPolicy(s.ctx, &iam.PutUserPolicyInput{UserName: alice, PolicyName: aws.String(name), PolicyDocument: aws.String(allowAll)}))
	}
	group := aws.String("admins")
	made[iam.CreateGroupOutput](s)(c.CreateGroup(s.ctx, &iam.CreateGroupInput{GroupName: group}))
	made[iam.AddUserToGroupOutput](s)(c.AddUserToGroup(s.ctx, &iam.AddUserToGroupInput{GroupName: group, UserName: alice}))
	made[iam.PutGroupPolicyOutput](s)(c.PutGroupPolicy(s.ctx, &iam.PutGroupPolicyInput{GroupName: group, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowAll)}))
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	role := aws.String("app")
	made[iam.CreateRoleOutput](s)(c.CreateRole(s.ctx, &iam.CreateRoleInput{RoleName: role, AssumeRolePolicyDocument: aws.String(trust)}))
	made[iam.PutRolePolicyOutput](s)(c.PutRolePolicy(s.ctx, &iam.PutRolePolicyInput{RoleName: role, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowAll)}))
	policy := made[iam.CreatePolicyOutput](s)(c.CreatePolicy(s.ctx, &iam.CreatePolicyInput{PolicyName: aws.String("custom"), PolicyDocument: aws.String(allowAll)}))
	made[iam.AttachRolePolicyOutput](s)(c.AttachRolePolicy(s.ctx, &iam.AttachRolePolicyInput{RoleName: role, PolicyArn: policy.Policy.Arn}))
	made[iam.AttachUserPolicyOutput](s)(c.AttachUserPolicy(s.ctx, &iam.AttachUserPolicyInput{UserName: alice, PolicyArn: policy.Policy.Arn}))
	made[iam.UpdateAccountPasswordPolicyOutput](s)(c.UpdateAccountPasswordPolicy(s.ctx, &iam.UpdateAccountPasswordPolicyInput{MinimumPasswordLength: aws.Int32(14)}))
	made[iam.UploadServerCertificateOutput](s)(c.UploadServerCertificate(s.ctx, &iam.UploadServerCertificateInput{
		ServerCertificateName: aws.String("old"), CertificateBody: aws.String("body"), PrivateKey: aws.String("example-secret"),
	}))
}

func (s *seeder) contacts() {
	c := account.NewFromConfig(s.cfg)
	for _, kind := range accounttypes.AlternateContactTypeSecurity.Values() {
		made[account.PutAlternateContactOutput](s)(c.PutAlternateContact(s.ctx, &account.PutAlternateContactInput{
			AlternateContactType: kind, EmailAddress: aws.String("auditor@nagoya.example"), Name: aws.String("A. Auditor"),
			PhoneNumber: aws.String("+81 52 000 0000"), Title: aws.String("Auditor"),
		}))
	}
}

func (s *seeder) s3() {
	c := s3Client(s.cfg)
	yes := aws.Bool(true)
	for _, name := range []string{"logs.example", "plain"} {
		made[s3.CreateBucketOutput](s)(c.CreateBucket(s.ctx, &s3.CreateBucketInput{Bucket: aws.String(name)}))
	}
	made[s3.CreateBucketOutput](s)(c.CreateBucket(s.ctx, &s3.CreateBucketInput{
		Bucket: aws.String("eu-bucket"), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
	}))
	b := aws.String("logs.example")
	made[s3.PutBucketPolicyOutput](s)(c.PutBucketPolicy(s.ctx, &s3.PutBucketPolicyInput{Bucket: b,
		Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs.example/*"}]}`)}))
	made[s3.PutPublicAccessBlockOutput](s)(c.PutPublicAccessBlock(s.ctx, &s3.PutPublicAccessBlockInput{Bucket: b,
		PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{BlockPublicAcls: yes}}))
	made[s3.PutBucketTaggingOutput](s)(c.PutBucketTagging(s.ctx, &s3.PutBucketTaggingInput{Bucket: b,
		Tagging: &s3types.Tagging{TagSet: []s3types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}}}))
	made[s3.PutBucketOwnershipControlsOutput](s)(c.PutBucketOwnershipControls(s.ctx, &s3.PutBucketOwnershipControlsInput{Bucket: b,
		OwnershipControls: &s3types.OwnershipControls{Rules: []s3types.OwnershipControlsRule{{ObjectOwnership: s3types.ObjectOwnershipBucketOwnerEnforced}}}}))
	made[s3control.PutPublicAccessBlockOutput](s)(s3control.NewFromConfig(s.cfg).PutPublicAccessBlock(s.ctx, &s3control.PutPublicAccessBlockInput{
		AccountId: aws.String(emulated), PublicAccessBlockConfiguration: &s3controltypes.PublicAccessBlockConfiguration{BlockPublicAcls: yes}}))
}

func (s *seeder) ec2() {
	c := ec2.NewFromConfig(s.cfg)
	for range 2 {
		made[ec2.CreateVolumeOutput](s)(c.CreateVolume(s.ctx, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(8)}))
	}
	vpc := made[ec2.CreateVpcOutput](s)(c.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}))
	made[ec2.CreateFlowLogsOutput](s)(c.CreateFlowLogs(s.ctx, &ec2.CreateFlowLogsInput{
		ResourceIds: []string{*vpc.Vpc.VpcId}, ResourceType: ec2types.FlowLogsResourceTypeVpc, TrafficType: ec2types.TrafficTypeAll,
		LogDestinationType: ec2types.LogDestinationTypeS3, LogDestination: aws.String("arn:aws:s3:::logs.example"),
	}))
	for range 2 {
		made[ec2.RunInstancesOutput](s)(c.RunInstances(s.ctx, &ec2.RunInstancesInput{
			ImageId: aws.String("ami-12c6146b"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1), UserData: aws.String("ZXhhbXBsZS1zZWNyZXQ="),
		}))
	}
}

func (s *seeder) detection() {
	trail := cloudtrail.NewFromConfig(s.cfg)
	made[cloudtrail.CreateTrailOutput](s)(trail.CreateTrail(s.ctx, &cloudtrail.CreateTrailInput{
		Name: aws.String("main-trail"), S3BucketName: aws.String("logs.example"), IsMultiRegionTrail: aws.Bool(true)}))
	c := configservice.NewFromConfig(s.cfg)
	made[configservice.PutConfigurationRecorderOutput](s)(c.PutConfigurationRecorder(s.ctx, &configservice.PutConfigurationRecorderInput{
		ConfigurationRecorder: &configtypes.ConfigurationRecorder{Name: aws.String("default"), RoleARN: aws.String("arn:aws:iam::" + emulated + ":role/config"),
			RecordingGroup: &configtypes.RecordingGroup{AllSupported: true}}}))
	made[configservice.PutDeliveryChannelOutput](s)(c.PutDeliveryChannel(s.ctx, &configservice.PutDeliveryChannelInput{
		DeliveryChannel: &configtypes.DeliveryChannel{Name: aws.String("default"), S3BucketName: aws.String("logs.example")}}))
	made[guardduty.CreateDetectorOutput](s)(guardduty.NewFromConfig(s.cfg).CreateDetector(s.ctx, &guardduty.CreateDetectorInput{Enable: aws.Bool(true)}))
	made[securityhub.EnableSecurityHubOutput](s)(securityhub.NewFromConfig(s.cfg).EnableSecurityHub(s.ctx, nil))
}

func (s *seeder) data() {
	k := kms.NewFromConfig(s.cfg)
	made[kms.CreateKeyOutput](s)(k.CreateKey(s.ctx, &kms.CreateKeyInput{Tags: []kmstypes.Tag{{TagKey: aws.String("env"), TagValue: aws.String("prod")}}}))
	made[kms.CreateKeyOutput](s)(k.CreateKey(s.ctx, &kms.CreateKeyInput{KeySpec: kmstypes.KeySpecEccNistP256, KeyUsage: kmstypes.KeyUsageTypeSignVerify}))
	r := rds.NewFromConfig(s.cfg)
	for _, id := range []string{"db-1", "db-2"} {
		made[rds.CreateDBInstanceOutput](s)(r.CreateDBInstance(s.ctx, &rds.CreateDBInstanceInput{DBInstanceIdentifier: aws.String(id), DBInstanceClass: aws.String("db.t3.micro"),
			Engine: aws.String("postgres"), AllocatedStorage: aws.Int32(20), MasterUsername: aws.String("admin"), MasterUserPassword: aws.String("example-secret")}))
	}
	made[rds.CreateDBClusterOutput](s)(r.CreateDBCluster(s.ctx, &rds.CreateDBClusterInput{DBClusterIdentifier: aws.String("cluster-1"),
		Engine: aws.String("aurora-postgresql"), MasterUsername: aws.String("admin"), MasterUserPassword: aws.String("example-secret")}))
	made[rds.CreateDBSnapshotOutput](s)(r.CreateDBSnapshot(s.ctx, &rds.CreateDBSnapshotInput{DBInstanceIdentifier: aws.String("db-1"), DBSnapshotIdentifier: aws.String("by-hand")}))
}

func (s *seeder) monitoring() {
	l := cloudwatchlogs.NewFromConfig(s.cfg)
	made[cloudwatchlogs.CreateLogGroupOutput](s)(l.CreateLogGroup(s.ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("trail")}))
	made[cloudwatchlogs.PutMetricFilterOutput](s)(l.PutMetricFilter(s.ctx, &cloudwatchlogs.PutMetricFilterInput{LogGroupName: aws.String("trail"), FilterName: aws.String("root"),
		FilterPattern:         aws.String(`{ $.userIdentity.type = "Root" }`),
		MetricTransformations: []logstypes.MetricTransformation{{MetricName: aws.String("RootUse"), MetricNamespace: aws.String("audit"), MetricValue: aws.String("1")}}}))
	n := sns.NewFromConfig(s.cfg)
	topic := made[sns.CreateTopicOutput](s)(n.CreateTopic(s.ctx, &sns.CreateTopicInput{Name: aws.String("alarms")}))
	for protocol, endpoint := range map[string]string{"email": "ops@audit.example", "https": "https://hook.example/T0/secret?token=x"} {
		made[sns.SubscribeOutput](s)(n.Subscribe(s.ctx, &sns.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String(protocol), Endpoint: aws.String(endpoint)}))
	}
	made[cloudwatch.PutMetricAlarmOutput](s)(cloudwatch.NewFromConfig(s.cfg).PutMetricAlarm(s.ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("root"), MetricName: aws.String("RootUse"), Namespace: aws.String("audit"), Statistic: cwtypes.StatisticSum,
		ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanOrEqualToThreshold, EvaluationPeriods: aws.Int32(1), Period: aws.Int32(300),
		Threshold: aws.Float64(1), AlarmActions: []string{*topic.TopicArn}}))
}
