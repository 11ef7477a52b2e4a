package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
)

func TestLiveEFS(t *testing.T) {
	var good, bad string
	s := liveService(t, func(s *seeder) {
		c, net := efsClient(s.cfg), ec2.NewFromConfig(s.cfg)
		make := func(token string, encrypted bool) string {
			out := made[efs.CreateFileSystemOutput](s)(c.CreateFileSystem(s.ctx, &efs.CreateFileSystemInput{
				CreationToken: aws.String(token), Encrypted: aws.Bool(encrypted), Backup: aws.Bool(encrypted), Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String(token)}}}))
			return *out.FileSystemId
		}
		good, bad = make("good", true), make("bad", false)
		made[efs.PutFileSystemPolicyOutput](s)(c.PutFileSystemPolicy(s.ctx, &efs.PutFileSystemPolicyInput{FileSystemId: &good,
			Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`)}))
		vpc := made[ec2.CreateVpcOutput](s)(net.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.7.0.0/16")}))
		subnet := made[ec2.CreateSubnetOutput](s)(net.CreateSubnet(s.ctx, &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.7.1.0/24")}))
		group := made[ec2.CreateSecurityGroupOutput](s)(net.CreateSecurityGroup(s.ctx, &ec2.CreateSecurityGroupInput{
			VpcId: vpc.Vpc.VpcId, GroupName: aws.String("nfs"), Description: aws.String("nfs")}))
		made[efs.CreateMountTargetOutput](s)(c.CreateMountTarget(s.ctx, &efs.CreateMountTargetInput{
			FileSystemId: &good, SubnetId: subnet.Subnet.SubnetId, SecurityGroups: []string{*group.GroupId}}))
		made[efs.CreateAccessPointOutput](s)(c.CreateAccessPoint(s.ctx, &efs.CreateAccessPointInput{
			ClientToken: aws.String("ap"), FileSystemId: &good, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
			RootDirectory: &types.RootDirectory{Path: aws.String("/app")}}))
	}, EFS())
	for id, encrypted := range map[string]string{good: "true", bad: "false"} {
		partHolds(t, s, "efs.file-system us-east-1 "+id, "FileSystem", `"Encrypted":`+encrypted, `"Tags":[{"Key":"env"`)
	}
	partHolds(t, s, "efs.file-system us-east-1 "+good, "Policy", "aws:SecureTransport")
	partAbsent(t, s, "efs.file-system us-east-1 "+bad, "Policy", "PolicyNotFound")
	partHolds(t, s, "efs.file-system us-east-1 "+good, "BackupPolicy", `"Status":"ENABLED"`)
	partAbsent(t, s, "efs.file-system us-east-1 "+bad, "BackupPolicy", "PolicyNotFound")
	partHolds(t, s, "efs.file-system us-east-1 "+good, "MountTargets", `"SecurityGroups":["sg-`)
	partHolds(t, s, "efs.file-system us-east-1 "+bad, "MountTargets", `{"MountTargets":[]}`)
	if n := s.populations["efs.access-point us-east-1"].Count; n != 1 {
		t.Errorf("%d access points, want 1", n)
	}
	emptyElsewhere(t, s, "efs.file-system", "efs.access-point")
}
