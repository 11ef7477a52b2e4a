package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func TestLiveBedrock(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := bedrock.NewFromConfig(s.cfg)
		made[s3.CreateBucketOutput](s)(s3.NewFromConfig(s.cfg).CreateBucket(s.ctx, &s3.CreateBucketInput{Bucket: aws.String("models.example")}))
		made[bedrock.PutModelInvocationLoggingConfigurationOutput](s)(c.PutModelInvocationLoggingConfiguration(s.ctx, &bedrock.PutModelInvocationLoggingConfigurationInput{
			LoggingConfig: &types.LoggingConfig{S3Config: &types.S3Config{BucketName: aws.String("models.example")}, TextDataDeliveryEnabled: aws.Bool(true)}}))
	}, Bedrock())
	partHolds(t, s, "bedrock.model-invocation-logging us-east-1 us-east-1", "LoggingConfiguration", `"BucketName":"models.example"`)
	const unset = "bedrock.model-invocation-logging eu-west-1 eu-west-1"
	partHolds(t, s, unset, "LoggingConfiguration")
	if config, ok := partAt(t, s, unset, "LoggingConfiguration", "LoggingConfig").(map[string]any); ok && config["S3Config"] != nil {
		t.Errorf("logging where there is none: %v", config)
	}
}

func TestCustomModelID(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.titan-text-lite-v1:0:4k/abcdef123456": "amazon.titan-text-lite-v1:0:4k/abcdef123456",
		"claims": "claims",
	} {
		if got := customModelID(arn); got != want {
			t.Errorf("%s: %s, want %s", arn, got, want)
		}
	}
}
