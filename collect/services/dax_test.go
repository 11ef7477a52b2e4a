package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dax"
	"github.com/aws/aws-sdk-go-v2/service/dax/types"
)

func TestLiveDAX(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		for _, name := range []string{"plain", "sealed"} {
			made[dax.CreateClusterOutput](s)(daxClient(s.cfg).CreateCluster(s.ctx, &dax.CreateClusterInput{ClusterName: aws.String(name),
				IamRoleArn: aws.String("arn:aws:iam::" + emulated + ":role/dax"), NodeType: aws.String("dax.t3.small"), ReplicationFactor: 1,
				SSESpecification: &types.SSESpecification{Enabled: aws.Bool(name == "sealed")},
				Tags:             []types.Tag{{Key: aws.String("env"), Value: aws.String(name)}}}))
		}
	}, DAX())
	partHolds(t, s, "dax.cluster us-east-1 sealed", "Cluster", `"SSEDescription":{"Status":"ENABLED"}`)
	partHolds(t, s, "dax.cluster us-east-1 plain", "Cluster", `"SSEDescription":{"Status":"DISABLED"}`)
	partHolds(t, s, "dax.cluster us-east-1 plain", "Tags", `{"Key":"env","Value":"plain"}`)
	emptyElsewhere(t, s, "dax.cluster")
}
