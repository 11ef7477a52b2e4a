package services

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cttypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// oversight makes what the services that watch an account have beyond their main resources.
func (s *seeder) oversight() {
	s.keys()
	s.watchers()
	s.logDestinations()
}

// keys makes a key with an alias and two grants to one principal, and one to another.
func (s *seeder) keys() {
	k := kms.NewFromConfig(s.cfg)
	key := made[kms.CreateKeyOutput](s)(k.CreateKey(s.ctx, &kms.CreateKeyInput{Description: aws.String("granted")})).KeyMetadata.KeyId
	made[kms.CreateAliasOutput](s)(k.CreateAlias(s.ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/granted"), TargetKeyId: key}))
	for _, role := range []string{"b", "a", "b"} {
		made[kms.CreateGrantOutput](s)(k.CreateGrant(s.ctx, &kms.CreateGrantInput{
			KeyId: key, GranteePrincipal: aws.String("arn:aws:iam::" + emulated + ":role/" + role), Operations: []kmstypes.GrantOperation{kmstypes.GrantOperationDecrypt}}))
	}
}

// watchers makes a trail with insights, and a rule, an aggregator and a retention period of AWS Config.
func (s *seeder) watchers() {
	trail := cloudtrail.NewFromConfig(s.cfg)
	made[cloudtrail.CreateTrailOutput](s)(trail.CreateTrail(s.ctx, &cloudtrail.CreateTrailInput{
		Name: aws.String("insight-trail"), S3BucketName: aws.String("logs.example")}))
	made[cloudtrail.PutInsightSelectorsOutput](s)(trail.PutInsightSelectors(s.ctx, &cloudtrail.PutInsightSelectorsInput{
		TrailName: aws.String("insight-trail"), InsightSelectors: []cttypes.InsightSelector{{InsightType: cttypes.InsightTypeApiCallRateInsight}}}))
	c := configservice.NewFromConfig(s.cfg)
	made[configservice.PutConfigRuleOutput](s)(c.PutConfigRule(s.ctx, &configservice.PutConfigRuleInput{
		ConfigRule: &configtypes.ConfigRule{ConfigRuleName: aws.String("trail-enabled"),
			Source: &configtypes.Source{Owner: configtypes.OwnerAws, SourceIdentifier: aws.String("CLOUD_TRAIL_ENABLED")}},
		Tags: []configtypes.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}}))
	made[configservice.PutConfigurationAggregatorOutput](s)(c.PutConfigurationAggregator(s.ctx, &configservice.PutConfigurationAggregatorInput{
		ConfigurationAggregatorName: aws.String("all"), AccountAggregationSources: []configtypes.AccountAggregationSource{{
			AccountIds: []string{emulated}, AllAwsRegions: true}}}))
	made[configservice.PutRetentionConfigurationOutput](s)(c.PutRetentionConfiguration(s.ctx, &configservice.PutRetentionConfigurationInput{
		RetentionPeriodInDays: aws.Int32(365)}))
}

// logDestinations makes a policy that lets a service write logs, and a destination.
func (s *seeder) logDestinations() {
	l := cloudwatchlogs.NewFromConfig(s.cfg)
	made[cloudwatchlogs.PutResourcePolicyOutput](s)(l.PutResourcePolicy(s.ctx, &cloudwatchlogs.PutResourcePolicyInput{
		PolicyName: aws.String("dns"), PolicyDocument: aws.String(allowAll)}))
	made[cloudwatchlogs.PutDestinationOutput](s)(l.PutDestination(s.ctx, &cloudwatchlogs.PutDestinationInput{
		DestinationName: aws.String("central"), RoleArn: aws.String("arn:aws:iam::" + emulated + ":role/app"),
		TargetArn: aws.String("arn:aws:kinesis:us-east-1:" + emulated + ":stream/logs")}))
}
