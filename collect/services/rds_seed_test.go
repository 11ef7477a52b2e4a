package services

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

// databases makes what instances and clusters share, and a snapshot of a cluster.
func (s *seeder) databases() {
	c, net := rdsClient(s.cfg), ec2.NewFromConfig(s.cfg)
	tags := []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}
	made[rds.CreateDBClusterSnapshotOutput](s)(c.CreateDBClusterSnapshot(s.ctx, &rds.CreateDBClusterSnapshotInput{
		DBClusterIdentifier: aws.String("cluster-1"), DBClusterSnapshotIdentifier: aws.String("cluster-by-hand"), Tags: tags}))
	made[rds.CreateDBParameterGroupOutput](s)(c.CreateDBParameterGroup(s.ctx, &rds.CreateDBParameterGroupInput{
		DBParameterGroupName: aws.String("tls"), DBParameterGroupFamily: aws.String("postgres14"), Description: aws.String("tls"), Tags: tags}))
	parameter := []types.Parameter{{ParameterName: aws.String("rds.force_ssl"), ParameterValue: aws.String("1"), ApplyMethod: types.ApplyMethodImmediate}}
	made[rds.ModifyDBParameterGroupOutput](s)(c.ModifyDBParameterGroup(s.ctx, &rds.ModifyDBParameterGroupInput{DBParameterGroupName: aws.String("tls"), Parameters: parameter}))
	made[rds.CreateDBClusterParameterGroupOutput](s)(c.CreateDBClusterParameterGroup(s.ctx, &rds.CreateDBClusterParameterGroupInput{
		DBClusterParameterGroupName: aws.String("cluster-tls"), DBParameterGroupFamily: aws.String("aurora-postgresql14"), Description: aws.String("tls"), Tags: tags}))
	made[rds.CreateOptionGroupOutput](s)(c.CreateOptionGroup(s.ctx, &rds.CreateOptionGroupInput{OptionGroupName: aws.String("audit"),
		EngineName: aws.String("mysql"), MajorEngineVersion: aws.String("5.6"), OptionGroupDescription: aws.String("audit"), Tags: tags}))
	vpc := made[ec2.CreateVpcOutput](s)(net.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.6.0.0/16")}))
	subnet := made[ec2.CreateSubnetOutput](s)(net.CreateSubnet(s.ctx, &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.6.1.0/24")}))
	made[rds.CreateDBSubnetGroupOutput](s)(c.CreateDBSubnetGroup(s.ctx, &rds.CreateDBSubnetGroupInput{DBSubnetGroupName: aws.String("inside"),
		DBSubnetGroupDescription: aws.String("inside"), SubnetIds: []string{*subnet.Subnet.SubnetId}, Tags: tags}))
	made[rds.CreateDBProxyOutput](s)(c.CreateDBProxy(s.ctx, &rds.CreateDBProxyInput{DBProxyName: aws.String("pool"), EngineFamily: types.EngineFamilyPostgresql,
		RequireTLS: aws.Bool(true), RoleArn: aws.String("arn:aws:iam::" + emulated + ":role/app"), VpcSubnetIds: []string{*subnet.Subnet.SubnetId}, Tags: tags,
		Auth: []types.UserAuthConfig{{AuthScheme: types.AuthSchemeSecrets, SecretArn: aws.String("arn:aws:secretsmanager:us-east-1:" + emulated + ":secret:db")}}}))
	made[rds.CreateEventSubscriptionOutput](s)(c.CreateEventSubscription(s.ctx, &rds.CreateEventSubscriptionInput{SubscriptionName: aws.String("failures"),
		SnsTopicArn: aws.String("arn:aws:sns:us-east-1:" + emulated + ":alarms"), SourceType: aws.String("db-instance"), EventCategories: []string{"failure"}, Tags: tags}))
}
