package services

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// KMS collects keys, those that AWS manages included. Key material never leaves the service.
func KMS() collect.Service {
	list := collect.NewOp("kms", "ListKeys", (*kms.Client).ListKeys).
		Paged(func(in *kms.ListKeysInput, out *kms.ListKeysOutput) (**string, *string) {
			return &in.Marker, out.NextMarker
		})
	tags := collect.NewOp("kms", "ListResourceTags", (*kms.Client).ListResourceTags).
		Paged(func(in *kms.ListResourceTagsInput, out *kms.ListResourceTagsOutput) (**string, *string) {
			return &in.Marker, out.NextMarker
		})
	return collect.Service{Name: "kms", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "kms.key", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			func(cfg aws.Config) *kms.Client { return kms.NewFromConfig(cfg) },
			list, kms.ListKeysInput{Limit: aws.Int32(1000)},
			func(out *kms.ListKeysOutput) []types.KeyListEntry { return out.Keys },
			func(_ *collect.Session, k types.KeyListEntry, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(k.KeyId), ARN: aws.ToString(k.KeyArn)}
			},
			collect.Read("Key", collect.NewOp("kms", "DescribeKey", (*kms.Client).DescribeKey),
				func(k types.KeyListEntry) *kms.DescribeKeyInput { return &kms.DescribeKeyInput{KeyId: k.KeyId} }),
			collect.Read("Rotation", collect.NewOp("kms", "GetKeyRotationStatus", (*kms.Client).GetKeyRotationStatus),
				func(k types.KeyListEntry) *kms.GetKeyRotationStatusInput {
					return &kms.GetKeyRotationStatusInput{KeyId: k.KeyId}
				},
				"UnsupportedOperationException"),
			collect.Read("Policy", collect.NewOp("kms", "GetKeyPolicy", (*kms.Client).GetKeyPolicy),
				func(k types.KeyListEntry) *kms.GetKeyPolicyInput {
					return &kms.GetKeyPolicyInput{KeyId: k.KeyId, PolicyName: aws.String("default")}
				}),
			collect.Read("Tags", tags,
				func(k types.KeyListEntry) *kms.ListResourceTagsInput {
					return &kms.ListResourceTagsInput{KeyId: k.KeyId}
				}),
		),
	}}
}
