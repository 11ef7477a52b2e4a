package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

// TestLiveApplicationAutoScaling asks for the targets of each service in turn.
func TestLiveApplicationAutoScaling(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		made[dynamodb.CreateTableOutput](s)(dynamodb.NewFromConfig(s.cfg).CreateTable(s.ctx, &dynamodb.CreateTableInput{
			TableName: aws.String("scaled"), BillingMode: dynamodbtypes.BillingModeProvisioned,
			ProvisionedThroughput: &dynamodbtypes.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(1)},
			AttributeDefinitions:  []dynamodbtypes.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: dynamodbtypes.ScalarAttributeTypeS}},
			KeySchema:             []dynamodbtypes.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: dynamodbtypes.KeyTypeHash}},
		}))
		c := applicationautoscaling.NewFromConfig(s.cfg)
		made[applicationautoscaling.RegisterScalableTargetOutput](s)(c.RegisterScalableTarget(s.ctx, &applicationautoscaling.RegisterScalableTargetInput{
			ServiceNamespace: types.ServiceNamespaceDynamodb, ResourceId: aws.String("table/scaled"),
			ScalableDimension: types.ScalableDimensionDynamoDBTableReadCapacityUnits, MinCapacity: aws.Int32(1), MaxCapacity: aws.Int32(10),
			Tags: map[string]string{"env": "prod"},
		}))
		made[applicationautoscaling.PutScalingPolicyOutput](s)(c.PutScalingPolicy(s.ctx, &applicationautoscaling.PutScalingPolicyInput{
			PolicyName: aws.String("reads"), ServiceNamespace: types.ServiceNamespaceDynamodb, ResourceId: aws.String("table/scaled"),
			ScalableDimension: types.ScalableDimensionDynamoDBTableReadCapacityUnits, PolicyType: types.PolicyTypeTargetTrackingScaling,
			TargetTrackingScalingPolicyConfiguration: &types.TargetTrackingScalingPolicyConfiguration{TargetValue: aws.Float64(70),
				PredefinedMetricSpecification: &types.PredefinedMetricSpecification{PredefinedMetricType: types.MetricTypeDynamoDBReadCapacityUtilization}},
		}))
	}, ApplicationAutoScaling())
	const target = "application-autoscaling.scalable-target us-east-1 dynamodb/table/scaled/dynamodb:table:ReadCapacityUnits"
	partHolds(t, s, target, "ScalableTarget", `"MaxCapacity":10`)
	for kind, want := range map[string]int{"scalable-target": 1, "scaling-policy": 1} {
		p := s.populations["application-autoscaling."+kind+" us-east-1"]
		if p.Status != bundle.StatusComplete || p.Count != want || len(p.Calls) != len(scalableNamespaces) {
			t.Errorf("%s: %+v, want %d, found with one call for each service", kind, p, want)
		}
	}
}
