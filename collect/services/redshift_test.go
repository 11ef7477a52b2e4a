package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/aws-sdk-go-v2/service/redshift/types"
)

func TestLiveRedshift(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c, net := redshiftClient(s.cfg), ec2.NewFromConfig(s.cfg)
		tags := []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}
		for _, name := range []string{"good", "bad"} {
			made[redshift.CreateClusterOutput](s)(c.CreateCluster(s.ctx, &redshift.CreateClusterInput{ClusterIdentifier: aws.String(name), NodeType: aws.String("ra3.large"),
				MasterUsername: aws.String("awsuser"), MasterUserPassword: aws.String("Example-secret-1"), DBName: aws.String("dev"),
				Encrypted: aws.Bool(name == "good"), PubliclyAccessible: aws.Bool(name == "bad"), Tags: tags}))
		}
		made[redshift.EnableLoggingOutput](s)(c.EnableLogging(s.ctx, &redshift.EnableLoggingInput{ClusterIdentifier: aws.String("good"), LogDestinationType: types.LogDestinationTypeCloudwatch,
			LogExports: []string{"connectionlog"}}))
		made[redshift.CreateClusterParameterGroupOutput](s)(c.CreateClusterParameterGroup(s.ctx, &redshift.CreateClusterParameterGroupInput{
			ParameterGroupName: aws.String("tls"), ParameterGroupFamily: aws.String("redshift-1.0"), Description: aws.String("tls"), Tags: tags}))
		vpc := made[ec2.CreateVpcOutput](s)(net.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.8.0.0/16")}))
		subnet := made[ec2.CreateSubnetOutput](s)(net.CreateSubnet(s.ctx, &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.8.1.0/24")}))
		made[redshift.CreateClusterSubnetGroupOutput](s)(c.CreateClusterSubnetGroup(s.ctx, &redshift.CreateClusterSubnetGroupInput{
			ClusterSubnetGroupName: aws.String("inside"), Description: aws.String("inside"), SubnetIds: []string{*subnet.Subnet.SubnetId}}))
		made[redshift.CreateClusterSnapshotOutput](s)(c.CreateClusterSnapshot(s.ctx, &redshift.CreateClusterSnapshotInput{
			ClusterIdentifier: aws.String("good"), SnapshotIdentifier: aws.String("by-hand"), Tags: tags}))
	}, Redshift())
	good, bad := "redshift.cluster us-east-1 good", "redshift.cluster us-east-1 bad"
	if arn := s.artifacts[good].ARN; arn != "arn:aws:redshift:us-east-1:"+emulated+":cluster:good" {
		t.Errorf("ARN %s", arn)
	}
	partHolds(t, s, good, "Cluster", `"Encrypted":true`, `"PubliclyAccessible":false`, `{"Key":"env","Value":"prod"}`)
	partHolds(t, s, bad, "Cluster", `"Encrypted":false`, `"PubliclyAccessible":true`)
	partHolds(t, s, good, "LoggingStatus", `"LoggingEnabled":true`)
	partHolds(t, s, bad, "LoggingStatus", `"LoggingEnabled":false`)
	partHolds(t, s, "redshift.cluster-parameter-group us-east-1 tls", "ClusterParameters", `"ParameterName":"require_ssl"`)
	partHolds(t, s, "redshift.cluster-subnet-group us-east-1 inside", "ClusterSubnetGroup", `"Subnets":[`)
	partHolds(t, s, "redshift.snapshot us-east-1 good/by-hand", "Snapshot", `"Encrypted":true`)
	emptyElsewhere(t, s, "redshift.cluster", "redshift.cluster-subnet-group", "redshift.snapshot")
}
