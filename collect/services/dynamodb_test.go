package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestLiveDynamoDB(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := dynamodbClient(s.cfg)
		for _, name := range []string{"cards", "scratch"} {
			made[dynamodb.CreateTableOutput](s)(c.CreateTable(s.ctx, &dynamodb.CreateTableInput{TableName: aws.String(name),
				AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
				KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
				BillingMode:          types.BillingModePayPerRequest, DeletionProtectionEnabled: aws.Bool(name == "cards"),
				Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String(name)}}}))
		}
		made[dynamodb.UpdateContinuousBackupsOutput](s)(c.UpdateContinuousBackups(s.ctx, &dynamodb.UpdateContinuousBackupsInput{TableName: aws.String("cards"),
			PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)}}))
		made[dynamodb.PutResourcePolicyOutput](s)(c.PutResourcePolicy(s.ctx, &dynamodb.PutResourcePolicyInput{
			ResourceArn: aws.String("arn:aws:dynamodb:us-east-1:" + emulated + ":table/cards"), Policy: aws.String(allowAll)}))
	}, DynamoDB())
	cards, scratch := "dynamodb.table us-east-1 cards", "dynamodb.table us-east-1 scratch"
	if arn := s.artifacts[cards].ARN; arn != "arn:aws:dynamodb:us-east-1:"+emulated+":table/cards" {
		t.Errorf("ARN %s", arn)
	}
	partHolds(t, s, cards, "Table", `"DeletionProtectionEnabled":true`)
	partHolds(t, s, scratch, "Table", `"DeletionProtectionEnabled":false`)
	partHolds(t, s, cards, "ContinuousBackups", `"PointInTimeRecoveryStatus":"ENABLED"`)
	partHolds(t, s, scratch, "ContinuousBackups", `"PointInTimeRecoveryStatus":"DISABLED"`)
	partHolds(t, s, cards, "ResourcePolicy", `"Policy":"{`)
	partAbsent(t, s, scratch, "ResourcePolicy", "PolicyNotFoundException")
	partHolds(t, s, cards, "Tags", `{"Key":"env","Value":"cards"}`)
	emptyElsewhere(t, s, "dynamodb.table")
}
