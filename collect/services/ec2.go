package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// EC2 collects the account's regions, and in each region networks, their connections, instances and what these are made of. The
// user data of instances is never asked for, and that of launch templates is dropped.
func EC2() collect.Service {
	kinds := []collect.Kind{
		ec2Region(),
		ec2VPC(),
		ec2SecurityGroup(),
		ec2NetworkACL(),
		ec2FlowLog(),
		ec2Volume(),
		ec2Instance(),
		collect.Single(collect.Kind{Name: "ec2.ebs-encryption-default", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Region()} },
			collect.Read("EbsEncryptionByDefault", ec2GetEbsEncryptionByDefault,
				func(*collect.Session) *ec2.GetEbsEncryptionByDefaultInput {
					return &ec2.GetEbsEncryptionByDefaultInput{}
				}),
		),
	}
	kinds = append(kinds, ec2NetworkKinds()...)
	kinds = append(kinds, ec2ConnectionKinds()...)
	kinds = append(kinds, ec2ComputeKinds()...)
	return collect.Service{Name: "ec2", Kinds: kinds}
}

func ec2Client(cfg aws.Config) *ec2.Client { return ec2.NewFromConfig(cfg) }

// ec2Page is the page size that EC2 is asked for: its largest. Without one, some operations answer everything at once and
// time out in large accounts.
var ec2Page = aws.Int32(1000)

// ec2SmallPage is the largest page size of the few operations that refuse a larger one.
var ec2SmallPage = aws.Int32(100)

func ec2ID(s *collect.Session, resource string, id *string) collect.ID {
	return collect.ID{ID: aws.ToString(id), ARN: s.ARN("ec2", resource+"/"+aws.ToString(id))}
}

func ec2Region() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.region", Scope: bundle.ScopeAccount, Item: "Region", Needed: true},
		collect.DescribeRegions, collect.AllRegions(),
		func(out *ec2.DescribeRegionsOutput) []types.Region { return out.Regions },
		func(_ *collect.Session, r types.Region, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(r.RegionName)}
		})
}

// ec2VPC lists the account's networks and those that another account shares with it, under their owner's name.
func ec2VPC() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.vpc", Scope: bundle.ScopeRegion, Tags: "Vpc.Tags", Item: "Vpc"},
		ec2DescribeVpcs,
		ec2.DescribeVpcsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeVpcsOutput) []types.Vpc { return out.Vpcs },
		func(s *collect.Session, v types.Vpc, _ bundle.From) collect.ID {
			return ec2Owned(s, "vpc", v.VpcId, v.OwnerId)
		})
}

func ec2SecurityGroup() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.security-group", Scope: bundle.ScopeRegion, Tags: "SecurityGroup.Tags", Item: "SecurityGroup"},
		ec2DescribeSecurityGroups,
		ec2.DescribeSecurityGroupsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeSecurityGroupsOutput) []types.SecurityGroup { return out.SecurityGroups },
		func(s *collect.Session, g types.SecurityGroup, _ bundle.From) collect.ID {
			return ec2Owned(s, "security-group", g.GroupId, g.OwnerId)
		})
}

func ec2NetworkACL() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.network-acl", Scope: bundle.ScopeRegion, Tags: "NetworkAcl.Tags", Item: "NetworkAcl"},
		ec2DescribeNetworkAcls,
		ec2.DescribeNetworkAclsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeNetworkAclsOutput) []types.NetworkAcl { return out.NetworkAcls },
		func(s *collect.Session, a types.NetworkAcl, _ bundle.From) collect.ID {
			return ec2Owned(s, "network-acl", a.NetworkAclId, a.OwnerId)
		})
}

func ec2FlowLog() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.flow-log", Scope: bundle.ScopeRegion, Tags: "FlowLog.Tags", Item: "FlowLog"},
		ec2DescribeFlowLogs,
		ec2.DescribeFlowLogsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeFlowLogsOutput) []types.FlowLog { return out.FlowLogs },
		func(s *collect.Session, f types.FlowLog, _ bundle.From) collect.ID {
			return ec2ID(s, "vpc-flow-log", f.FlowLogId)
		})
}

func ec2Volume() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.volume", Scope: bundle.ScopeRegion, Tags: "Volume.Tags", Item: "Volume"},
		ec2DescribeVolumes,
		ec2.DescribeVolumesInput{MaxResults: ec2Page},
		func(out *ec2.DescribeVolumesOutput) []types.Volume { return out.Volumes },
		func(s *collect.Session, v types.Volume, _ bundle.From) collect.ID {
			return ec2ID(s, "volume", v.VolumeId)
		})
}

func ec2Instance() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.instance", Scope: bundle.ScopeRegion, Tags: "Instance.Tags", Item: "Instance"},
		ec2DescribeInstances,
		ec2.DescribeInstancesInput{MaxResults: ec2Page},
		func(out *ec2.DescribeInstancesOutput) []types.Instance {
			var all []types.Instance
			for _, r := range out.Reservations {
				all = append(all, r.Instances...)
			}
			return all
		},
		func(s *collect.Session, i types.Instance, _ bundle.From) collect.ID {
			return ec2ID(s, "instance", i.InstanceId)
		})
}

// The operations of this file.
var (
	ec2GetEbsEncryptionByDefault = collect.NewOp("ec2", "GetEbsEncryptionByDefault",
		func(ctx context.Context, cfg aws.Config, in *ec2.GetEbsEncryptionByDefaultInput) (*ec2.GetEbsEncryptionByDefaultOutput, error) {
			return ec2Client(cfg).GetEbsEncryptionByDefault(ctx, in)
		})
	ec2DescribeVpcs = collect.NewOp("ec2", "DescribeVpcs",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeVpcsInput) (*ec2.DescribeVpcsOutput, error) {
			return ec2Client(cfg).DescribeVpcs(ctx, in)
		}).Paged(func(in *ec2.DescribeVpcsInput, out *ec2.DescribeVpcsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeSecurityGroups = collect.NewOp("ec2", "DescribeSecurityGroups",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeSecurityGroupsInput) (*ec2.DescribeSecurityGroupsOutput, error) {
			return ec2Client(cfg).DescribeSecurityGroups(ctx, in)
		}).Paged(func(in *ec2.DescribeSecurityGroupsInput, out *ec2.DescribeSecurityGroupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeNetworkAcls = collect.NewOp("ec2", "DescribeNetworkAcls",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeNetworkAclsInput) (*ec2.DescribeNetworkAclsOutput, error) {
			return ec2Client(cfg).DescribeNetworkAcls(ctx, in)
		}).Paged(func(in *ec2.DescribeNetworkAclsInput, out *ec2.DescribeNetworkAclsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeFlowLogs = collect.NewOp("ec2", "DescribeFlowLogs",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeFlowLogsInput) (*ec2.DescribeFlowLogsOutput, error) {
			return ec2Client(cfg).DescribeFlowLogs(ctx, in)
		}).Paged(func(in *ec2.DescribeFlowLogsInput, out *ec2.DescribeFlowLogsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeVolumes = collect.NewOp("ec2", "DescribeVolumes",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeVolumesInput) (*ec2.DescribeVolumesOutput, error) {
			return ec2Client(cfg).DescribeVolumes(ctx, in)
		}).Paged(func(in *ec2.DescribeVolumesInput, out *ec2.DescribeVolumesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeInstances = collect.NewOp("ec2", "DescribeInstances",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeInstancesInput) (*ec2.DescribeInstancesOutput, error) {
			return ec2Client(cfg).DescribeInstances(ctx, in)
		}).Paged(func(in *ec2.DescribeInstancesInput, out *ec2.DescribeInstancesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
