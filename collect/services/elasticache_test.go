package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
)

func TestLiveElastiCache(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c, net := elasticacheClient(s.cfg), ec2.NewFromConfig(s.cfg)
		tags := []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}
		vpc := made[ec2.CreateVpcOutput](s)(net.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/16")}))
		subnet := made[ec2.CreateSubnetOutput](s)(net.CreateSubnet(s.ctx, &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.9.1.0/24")}))
		made[elasticache.CreateCacheSubnetGroupOutput](s)(c.CreateCacheSubnetGroup(s.ctx, &elasticache.CreateCacheSubnetGroupInput{
			CacheSubnetGroupName: aws.String("inside"), CacheSubnetGroupDescription: aws.String("inside"), SubnetIds: []string{*subnet.Subnet.SubnetId}, Tags: tags}))
		made[elasticache.CreateCacheClusterOutput](s)(c.CreateCacheCluster(s.ctx, &elasticache.CreateCacheClusterInput{CacheClusterId: aws.String("plain"),
			Engine: aws.String("memcached"), CacheNodeType: aws.String("cache.t3.micro"), NumCacheNodes: aws.Int32(1), Tags: tags}))
		made[elasticache.CreateReplicationGroupOutput](s)(c.CreateReplicationGroup(s.ctx, &elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("sessions"),
			ReplicationGroupDescription: aws.String("sessions"), Engine: aws.String("redis"), CacheNodeType: aws.String("cache.t3.micro"), NumCacheClusters: aws.Int32(2),
			AtRestEncryptionEnabled: aws.Bool(true), TransitEncryptionEnabled: aws.Bool(true), AuthToken: aws.String("Example-secret-token-1"),
			SnapshotRetentionLimit: aws.Int32(7), AutomaticFailoverEnabled: aws.Bool(true), Tags: tags}))
		made[elasticache.CreateUserOutput](s)(c.CreateUser(s.ctx, &elasticache.CreateUserInput{UserId: aws.String("app"), UserName: aws.String("app"), Engine: aws.String("redis"),
			AccessString: aws.String("on ~app:* +@read"), Passwords: []string{"Example-secret-token-2"}, Tags: tags}))
		made[elasticache.CreateSnapshotOutput](s)(c.CreateSnapshot(s.ctx, &elasticache.CreateSnapshotInput{
			ReplicationGroupId: aws.String("sessions"), SnapshotName: aws.String("by-hand"), Tags: tags}))
	}, ElastiCache())
	partHolds(t, s, "elasticache.cache-cluster us-east-1 plain", "CacheCluster", `"Engine":"memcached"`)
	partHolds(t, s, "elasticache.replication-group us-east-1 sessions", "ReplicationGroup",
		`"AtRestEncryptionEnabled":true`, `"TransitEncryptionEnabled":true`, `"SnapshotRetentionLimit":7`)
	partHolds(t, s, "elasticache.user us-east-1 app", "User", `"AccessString":"on ~app:* +@read"`, `"PasswordCount":1`)
	for _, at := range []string{"cache-cluster us-east-1 plain", "replication-group us-east-1 sessions", "user us-east-1 app",
		"subnet-group us-east-1 inside", "snapshot us-east-1 by-hand"} {
		partHolds(t, s, "elasticache."+at, "Tags", `{"Key":"env","Value":"prod"}`)
	}
	noSecret(t, s, "Example-secret-token")
	emptyElsewhere(t, s, "elasticache.cache-cluster", "elasticache.replication-group", "elasticache.subnet-group", "elasticache.snapshot")
}
