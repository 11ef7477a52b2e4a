package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// KMS collects keys, those that AWS manages included. Key material never leaves the service.
func KMS() collect.Service {
	return collect.Service{Name: "kms", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "kms.key", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			kmsListKeys, kms.ListKeysInput{Limit: aws.Int32(1000)},
			func(out *kms.ListKeysOutput) []types.KeyListEntry { return out.Keys },
			func(_ *collect.Session, k types.KeyListEntry, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(k.KeyId), ARN: aws.ToString(k.KeyArn)}
			},
			collect.Read("Key", kmsDescribeKey,
				func(k types.KeyListEntry) *kms.DescribeKeyInput { return &kms.DescribeKeyInput{KeyId: k.KeyId} }),
			collect.Read("Rotation", kmsGetKeyRotationStatus,
				func(k types.KeyListEntry) *kms.GetKeyRotationStatusInput {
					return &kms.GetKeyRotationStatusInput{KeyId: k.KeyId}
				},
				"UnsupportedOperationException"),
			collect.Read("Policy", kmsGetKeyPolicy,
				func(k types.KeyListEntry) *kms.GetKeyPolicyInput {
					return &kms.GetKeyPolicyInput{KeyId: k.KeyId, PolicyName: aws.String("default")}
				}),
			collect.Read("Tags", kmsListResourceTags,
				func(k types.KeyListEntry) *kms.ListResourceTagsInput {
					return &kms.ListResourceTagsInput{KeyId: k.KeyId}
				}),
		),
	}}
}

func kmsClient(cfg aws.Config) *kms.Client { return kms.NewFromConfig(cfg) }

// The operations of this file.
var (
	kmsListKeys = collect.NewOp("kms", "ListKeys",
		func(ctx context.Context, cfg aws.Config, in *kms.ListKeysInput) (*kms.ListKeysOutput, error) {
			return kmsClient(cfg).ListKeys(ctx, in)
		}).Paged(func(in *kms.ListKeysInput, out *kms.ListKeysOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	kmsListResourceTags = collect.NewOp("kms", "ListResourceTags",
		func(ctx context.Context, cfg aws.Config, in *kms.ListResourceTagsInput) (*kms.ListResourceTagsOutput, error) {
			return kmsClient(cfg).ListResourceTags(ctx, in)
		}).Paged(func(in *kms.ListResourceTagsInput, out *kms.ListResourceTagsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	kmsDescribeKey = collect.NewOp("kms", "DescribeKey",
		func(ctx context.Context, cfg aws.Config, in *kms.DescribeKeyInput) (*kms.DescribeKeyOutput, error) {
			return kmsClient(cfg).DescribeKey(ctx, in)
		})
	kmsGetKeyRotationStatus = collect.NewOp("kms", "GetKeyRotationStatus",
		func(ctx context.Context, cfg aws.Config, in *kms.GetKeyRotationStatusInput) (*kms.GetKeyRotationStatusOutput, error) {
			return kmsClient(cfg).GetKeyRotationStatus(ctx, in)
		})
	kmsGetKeyPolicy = collect.NewOp("kms", "GetKeyPolicy",
		func(ctx context.Context, cfg aws.Config, in *kms.GetKeyPolicyInput) (*kms.GetKeyPolicyOutput, error) {
			return kmsClient(cfg).GetKeyPolicy(ctx, in)
		})
)
