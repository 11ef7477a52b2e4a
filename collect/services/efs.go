package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// EFS collects file systems, the ways into them from a network (mount targets and their security groups) and from an
// application (access points). Files are never read. PolicyNotFound on a file system's own policy means that AWS's default
// applies, which lets in every client that reaches a mount target.
func EFS() collect.Service {
	return collect.Service{Name: "efs", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "efs.file-system", Scope: bundle.ScopeRegion, Tags: "FileSystem.Tags", Item: "FileSystem"},
			efsDescribeFileSystems, efs.DescribeFileSystemsInput{MaxItems: aws.Int32(100)},
			func(out *efs.DescribeFileSystemsOutput) []types.FileSystemDescription { return out.FileSystems },
			func(_ *collect.Session, f types.FileSystemDescription, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(f.FileSystemId), ARN: aws.ToString(f.FileSystemArn)}
			},
			collect.Read("Policy", efsDescribeFileSystemPolicy,
				func(f types.FileSystemDescription) *efs.DescribeFileSystemPolicyInput {
					return &efs.DescribeFileSystemPolicyInput{FileSystemId: f.FileSystemId}
				}, "PolicyNotFound"),
			collect.Read("BackupPolicy", efsDescribeBackupPolicy,
				func(f types.FileSystemDescription) *efs.DescribeBackupPolicyInput {
					return &efs.DescribeBackupPolicyInput{FileSystemId: f.FileSystemId}
				}, "PolicyNotFound"),
			collect.Custom[EFSMountTargets]("MountTargets",
				[]collect.Operation{efsDescribeMountTargets.Operation, efsDescribeMountTargetSecurityGroups.Operation}, efsMountTargets),
			collect.Read("LifecycleConfiguration", efsDescribeLifecycleConfiguration,
				func(f types.FileSystemDescription) *efs.DescribeLifecycleConfigurationInput {
					return &efs.DescribeLifecycleConfigurationInput{FileSystemId: f.FileSystemId}
				}),
			collect.Read("ReplicationConfigurations", efsDescribeReplicationConfigurations,
				func(f types.FileSystemDescription) *efs.DescribeReplicationConfigurationsInput {
					return &efs.DescribeReplicationConfigurationsInput{FileSystemId: f.FileSystemId}
				}, "ReplicationNotFound"),
		),
		collect.Listed(collect.Kind{Name: "efs.access-point", Scope: bundle.ScopeRegion, Tags: "AccessPoint.Tags", Item: "AccessPoint"},
			efsDescribeAccessPoints, efs.DescribeAccessPointsInput{MaxResults: aws.Int32(100)},
			func(out *efs.DescribeAccessPointsOutput) []types.AccessPointDescription { return out.AccessPoints },
			func(_ *collect.Session, a types.AccessPointDescription, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.AccessPointId), ARN: aws.ToString(a.AccessPointArn)}
			}),
	}}
}

func efsClient(cfg aws.Config) *efs.Client { return efs.NewFromConfig(cfg) }

// EFSMountTargets is the data of a file system's part MountTargets.
type EFSMountTargets struct {
	MountTargets []EFSMountTarget
}

// EFSMountTarget is a mount target and the ids of the security groups of its network interface, which EFS tells apart from it.
type EFSMountTarget struct {
	MountTarget    types.MountTargetDescription
	SecurityGroups []string
}

// efsMountTargets reads the mount targets of a file system and the security groups of each. AWS answers with
// IncorrectMountTargetState for one that is being made or deleted; then the part is a gap, as after any other failure.
func efsMountTargets(ctx context.Context, s *collect.Session, f types.FileSystemDescription) bundle.Part {
	out, calls, failed := collect.Get(ctx, s, efsDescribeMountTargets,
		&efs.DescribeMountTargetsInput{FileSystemId: f.FileSystemId, MaxItems: aws.Int32(100)})
	if failed != nil {
		return failed.Part(calls)
	}
	data := EFSMountTargets{MountTargets: []EFSMountTarget{}}
	for _, target := range out.MountTargets {
		groups, more, failed := collect.Get(ctx, s, efsDescribeMountTargetSecurityGroups,
			&efs.DescribeMountTargetSecurityGroupsInput{MountTargetId: target.MountTargetId})
		calls = append(calls, more...)
		if failed != nil {
			return failed.Part(calls)
		}
		data.MountTargets = append(data.MountTargets, EFSMountTarget{MountTarget: target, SecurityGroups: groups.SecurityGroups})
	}
	return s.OK(efsDescribeMountTargets.Operation, data, calls)
}

// The operations of this file.
var (
	efsDescribeFileSystems = collect.NewOp("efs", "DescribeFileSystems",
		func(ctx context.Context, cfg aws.Config, in *efs.DescribeFileSystemsInput) (*efs.DescribeFileSystemsOutput, error) {
			return efsClient(cfg).DescribeFileSystems(ctx, in)
		}).Paged(func(in *efs.DescribeFileSystemsInput, out *efs.DescribeFileSystemsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	efsDescribeFileSystemPolicy = collect.NewOp("efs", "DescribeFileSystemPolicy",
		func(ctx context.Context, cfg aws.Config, in *efs.DescribeFileSystemPolicyInput) (*efs.DescribeFileSystemPolicyOutput, error) {
			return efsClient(cfg).DescribeFileSystemPolicy(ctx, in)
		})
	efsDescribeBackupPolicy = collect.NewOp("efs", "DescribeBackupPolicy",
		func(ctx context.Context, cfg aws.Config, in *efs.DescribeBackupPolicyInput) (*efs.DescribeBackupPolicyOutput, error) {
			return efsClient(cfg).DescribeBackupPolicy(ctx, in)
		})
	efsDescribeMountTargets = collect.NewOp("efs", "DescribeMountTargets",
		func(ctx context.Context, cfg aws.Config, in *efs.DescribeMountTargetsInput) (*efs.DescribeMountTargetsOutput, error) {
			return efsClient(cfg).DescribeMountTargets(ctx, in)
		}).Paged(func(in *efs.DescribeMountTargetsInput, out *efs.DescribeMountTargetsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	efsDescribeMountTargetSecurityGroups = collect.NewOp("efs", "DescribeMountTargetSecurityGroups",
		func(ctx context.Context, cfg aws.Config, in *efs.DescribeMountTargetSecurityGroupsInput) (*efs.DescribeMountTargetSecurityGroupsOutput, error) {
			return efsClient(cfg).DescribeMountTargetSecurityGroups(ctx, in)
		})
	efsDescribeLifecycleConfiguration = collect.NewOp("efs", "DescribeLifecycleConfiguration",
		func(ctx context.Context, cfg aws.Config, in *efs.DescribeLifecycleConfigurationInput) (*efs.DescribeLifecycleConfigurationOutput, error) {
			return efsClient(cfg).DescribeLifecycleConfiguration(ctx, in)
		})
	efsDescribeReplicationConfigurations = collect.NewOp("efs", "DescribeReplicationConfigurations",
		func(ctx context.Context, cfg aws.Config, in *efs.DescribeReplicationConfigurationsInput) (*efs.DescribeReplicationConfigurationsOutput, error) {
			return efsClient(cfg).DescribeReplicationConfigurations(ctx, in)
		}).Paged(func(in *efs.DescribeReplicationConfigurationsInput, out *efs.DescribeReplicationConfigurationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	efsDescribeAccessPoints = collect.NewOp("efs", "DescribeAccessPoints",
		func(ctx context.Context, cfg aws.Config, in *efs.DescribeAccessPointsInput) (*efs.DescribeAccessPointsOutput, error) {
			return efsClient(cfg).DescribeAccessPoints(ctx, in)
		}).Paged(func(in *efs.DescribeAccessPointsInput, out *efs.DescribeAccessPointsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
