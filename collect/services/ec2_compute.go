package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ec2ComputeKinds are what instances are made of, and the region's settings for them.
func ec2ComputeKinds() []collect.Kind {
	region := func(s *collect.Session) collect.ID { return collect.ID{ID: s.Region()} }
	return []collect.Kind{
		ec2LaunchTemplate(),
		ec2Image(),
		ec2Snapshot(),
		ec2KeyPair(),
		collect.Single(collect.Kind{Name: "ec2.ebs-default-kms-key", Scope: bundle.ScopeRegion}, region,
			collect.Read("EbsDefaultKmsKeyId", ec2GetEbsDefaultKmsKeyId,
				func(*collect.Session) *ec2.GetEbsDefaultKmsKeyIdInput {
					return &ec2.GetEbsDefaultKmsKeyIdInput{}
				}),
		),
		collect.Single(collect.Kind{Name: "ec2.snapshot-block-public-access", Scope: bundle.ScopeRegion}, region,
			collect.Read("State", ec2GetSnapshotBlockPublicAccessState,
				func(*collect.Session) *ec2.GetSnapshotBlockPublicAccessStateInput {
					return &ec2.GetSnapshotBlockPublicAccessStateInput{}
				}),
		),
		collect.Single(collect.Kind{Name: "ec2.image-block-public-access", Scope: bundle.ScopeRegion}, region,
			collect.Read("State", ec2GetImageBlockPublicAccessState,
				func(*collect.Session) *ec2.GetImageBlockPublicAccessStateInput {
					return &ec2.GetImageBlockPublicAccessStateInput{}
				}),
		),
		collect.Single(collect.Kind{Name: "ec2.instance-metadata-defaults", Scope: bundle.ScopeRegion}, region,
			collect.Read("InstanceMetadataDefaults", ec2GetInstanceMetadataDefaults,
				func(*collect.Session) *ec2.GetInstanceMetadataDefaultsInput {
					return &ec2.GetInstanceMetadataDefaultsInput{}
				}),
		),
		collect.Single(collect.Kind{Name: "ec2.serial-console-access", Scope: bundle.ScopeRegion}, region,
			collect.Read("Status", ec2GetSerialConsoleAccessStatus,
				func(*collect.Session) *ec2.GetSerialConsoleAccessStatusInput {
					return &ec2.GetSerialConsoleAccessStatusInput{}
				}),
		),
		collect.Single(collect.Kind{Name: "ec2.allowed-images-settings", Scope: bundle.ScopeRegion}, region,
			collect.Read("AllowedImagesSettings", ec2GetAllowedImagesSettings,
				func(*collect.Session) *ec2.GetAllowedImagesSettingsInput {
					return &ec2.GetAllowedImagesSettingsInput{}
				}),
		),
	}
}

// ec2Unowned is ec2ID for a resource whose ARN has no account.
func ec2Unowned(s *collect.Session, resource string, id *string) collect.ID {
	return collect.ID{
		ID:  aws.ToString(id),
		ARN: "arn:" + s.Partition() + ":ec2:" + s.Region() + "::" + resource + "/" + aws.ToString(id),
	}
}

// ec2LaunchTemplate reads the latest and the default version of each template, which may be the same one: the versions that new
// instances get.
func ec2LaunchTemplate() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.launch-template", Scope: bundle.ScopeRegion, Tags: "LaunchTemplate.Tags", Item: "LaunchTemplate"},
		ec2DescribeLaunchTemplates,
		ec2.DescribeLaunchTemplatesInput{MaxResults: aws.Int32(200)},
		func(out *ec2.DescribeLaunchTemplatesOutput) []types.LaunchTemplate { return out.LaunchTemplates },
		func(s *collect.Session, x types.LaunchTemplate, _ bundle.From) collect.ID {
			return ec2ID(s, "launch-template", x.LaunchTemplateId)
		},
		collect.Read("Versions", ec2DescribeLaunchTemplateVersions,
			func(x types.LaunchTemplate) *ec2.DescribeLaunchTemplateVersionsInput {
				return &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: x.LaunchTemplateId, Versions: []string{"$Latest", "$Default"}}
			}))
}

// ec2Image lists the account's own images, the disabled ones included, and who may launch them.
func ec2Image() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.image", Scope: bundle.ScopeRegion, Tags: "Image.Tags", Item: "Image"},
		ec2DescribeImages,
		ec2.DescribeImagesInput{Owners: []string{"self"}, IncludeDisabled: aws.Bool(true), MaxResults: ec2Page},
		func(out *ec2.DescribeImagesOutput) []types.Image { return out.Images },
		func(s *collect.Session, x types.Image, _ bundle.From) collect.ID {
			return ec2Unowned(s, "image", x.ImageId)
		},
		collect.Read("Attribute", ec2DescribeImageAttribute,
			func(x types.Image) *ec2.DescribeImageAttributeInput {
				return &ec2.DescribeImageAttributeInput{ImageId: x.ImageId, Attribute: types.ImageAttributeNameLaunchPermission}
			}))
}

// ec2Snapshot lists the account's own snapshots and who may make volumes of them. That permission is one call for each snapshot: in
// an account with a million snapshots, a million calls next to a thousand for the list.
func ec2Snapshot() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.snapshot", Scope: bundle.ScopeRegion, Tags: "Snapshot.Tags", Item: "Snapshot"},
		ec2DescribeSnapshots,
		ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}, MaxResults: ec2Page},
		func(out *ec2.DescribeSnapshotsOutput) []types.Snapshot { return out.Snapshots },
		func(s *collect.Session, x types.Snapshot, _ bundle.From) collect.ID {
			return ec2Unowned(s, "snapshot", x.SnapshotId)
		},
		collect.Read("Attribute", ec2DescribeSnapshotAttribute,
			func(x types.Snapshot) *ec2.DescribeSnapshotAttributeInput {
				return &ec2.DescribeSnapshotAttributeInput{SnapshotId: x.SnapshotId, Attribute: types.SnapshotAttributeNameCreateVolumePermission}
			}))
}

// ec2KeyPair lists key pairs without their public keys; AWS does not hold the private ones.
func ec2KeyPair() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.key-pair", Scope: bundle.ScopeRegion, Tags: "KeyPair.Tags", Item: "KeyPair"},
		ec2DescribeKeyPairs,
		ec2.DescribeKeyPairsInput{},
		func(out *ec2.DescribeKeyPairsOutput) []types.KeyPairInfo { return out.KeyPairs },
		func(s *collect.Session, x types.KeyPairInfo, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(x.KeyPairId), ARN: s.ARN("ec2", "key-pair/"+aws.ToString(x.KeyName))}
		})
}

// The operations of this file.
var (
	ec2DescribeLaunchTemplates = collect.NewOp("ec2", "DescribeLaunchTemplates",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeLaunchTemplatesInput) (*ec2.DescribeLaunchTemplatesOutput, error) {
			return ec2Client(cfg).DescribeLaunchTemplates(ctx, in)
		}).Paged(func(in *ec2.DescribeLaunchTemplatesInput, out *ec2.DescribeLaunchTemplatesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeLaunchTemplateVersions = collect.NewOp("ec2", "DescribeLaunchTemplateVersions",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeLaunchTemplateVersionsInput) (*ec2.DescribeLaunchTemplateVersionsOutput, error) {
			return ec2Client(cfg).DescribeLaunchTemplateVersions(ctx, in)
		}).Paged(func(in *ec2.DescribeLaunchTemplateVersionsInput, out *ec2.DescribeLaunchTemplateVersionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeImages = collect.NewOp("ec2", "DescribeImages",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeImagesInput) (*ec2.DescribeImagesOutput, error) {
			return ec2Client(cfg).DescribeImages(ctx, in)
		}).Paged(func(in *ec2.DescribeImagesInput, out *ec2.DescribeImagesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeImageAttribute = collect.NewOp("ec2", "DescribeImageAttribute",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeImageAttributeInput) (*ec2.DescribeImageAttributeOutput, error) {
			return ec2Client(cfg).DescribeImageAttribute(ctx, in)
		})
	ec2DescribeSnapshots = collect.NewOp("ec2", "DescribeSnapshots",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeSnapshotsInput) (*ec2.DescribeSnapshotsOutput, error) {
			return ec2Client(cfg).DescribeSnapshots(ctx, in)
		}).Paged(func(in *ec2.DescribeSnapshotsInput, out *ec2.DescribeSnapshotsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeSnapshotAttribute = collect.NewOp("ec2", "DescribeSnapshotAttribute",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeSnapshotAttributeInput) (*ec2.DescribeSnapshotAttributeOutput, error) {
			return ec2Client(cfg).DescribeSnapshotAttribute(ctx, in)
		})
	ec2DescribeKeyPairs = collect.NewOp("ec2", "DescribeKeyPairs",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeKeyPairsInput) (*ec2.DescribeKeyPairsOutput, error) {
			return ec2Client(cfg).DescribeKeyPairs(ctx, in)
		})
	ec2GetEbsDefaultKmsKeyId = collect.NewOp("ec2", "GetEbsDefaultKmsKeyId",
		func(ctx context.Context, cfg aws.Config, in *ec2.GetEbsDefaultKmsKeyIdInput) (*ec2.GetEbsDefaultKmsKeyIdOutput, error) {
			return ec2Client(cfg).GetEbsDefaultKmsKeyId(ctx, in)
		})
	ec2GetSnapshotBlockPublicAccessState = collect.NewOp("ec2", "GetSnapshotBlockPublicAccessState",
		func(ctx context.Context, cfg aws.Config, in *ec2.GetSnapshotBlockPublicAccessStateInput) (*ec2.GetSnapshotBlockPublicAccessStateOutput, error) {
			return ec2Client(cfg).GetSnapshotBlockPublicAccessState(ctx, in)
		})
	ec2GetImageBlockPublicAccessState = collect.NewOp("ec2", "GetImageBlockPublicAccessState",
		func(ctx context.Context, cfg aws.Config, in *ec2.GetImageBlockPublicAccessStateInput) (*ec2.GetImageBlockPublicAccessStateOutput, error) {
			return ec2Client(cfg).GetImageBlockPublicAccessState(ctx, in)
		})
	ec2GetInstanceMetadataDefaults = collect.NewOp("ec2", "GetInstanceMetadataDefaults",
		func(ctx context.Context, cfg aws.Config, in *ec2.GetInstanceMetadataDefaultsInput) (*ec2.GetInstanceMetadataDefaultsOutput, error) {
			return ec2Client(cfg).GetInstanceMetadataDefaults(ctx, in)
		})
	ec2GetSerialConsoleAccessStatus = collect.NewOp("ec2", "GetSerialConsoleAccessStatus",
		func(ctx context.Context, cfg aws.Config, in *ec2.GetSerialConsoleAccessStatusInput) (*ec2.GetSerialConsoleAccessStatusOutput, error) {
			return ec2Client(cfg).GetSerialConsoleAccessStatus(ctx, in)
		})
	ec2GetAllowedImagesSettings = collect.NewOp("ec2", "GetAllowedImagesSettings",
		func(ctx context.Context, cfg aws.Config, in *ec2.GetAllowedImagesSettingsInput) (*ec2.GetAllowedImagesSettingsOutput, error) {
			return ec2Client(cfg).GetAllowedImagesSettings(ctx, in)
		})
)
