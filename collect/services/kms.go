package services

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// KMS collects keys, those that AWS manages included, their aliases, and the key stores outside of the service. Key material never
// leaves the service.
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
			keyGrants(),
		),
		collect.Listed(collect.Kind{Name: "kms.alias", Scope: bundle.ScopeRegion, Item: "Alias"},
			kmsListAliases, kms.ListAliasesInput{Limit: aws.Int32(100)},
			func(out *kms.ListAliasesOutput) []types.AliasListEntry { return out.Aliases },
			func(_ *collect.Session, a types.AliasListEntry, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.AliasName), ARN: aws.ToString(a.AliasArn)}
			}),
		collect.Listed(collect.Kind{Name: "kms.custom-key-store", Scope: bundle.ScopeRegion, Item: "CustomKeyStore"},
			kmsDescribeCustomKeyStores, kms.DescribeCustomKeyStoresInput{Limit: aws.Int32(1000)},
			func(out *kms.DescribeCustomKeyStoresOutput) []types.CustomKeyStoresListEntry {
				return out.CustomKeyStores
			},
			func(_ *collect.Session, c types.CustomKeyStoresListEntry, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(c.CustomKeyStoreId)}
			}),
	}}
}

// maxGrantees bounds how many principals KeyGrants names. A key can have 50,000 grants.
const maxGrantees = 1000

// KeyGrants sums up the grants of a key. All of them were counted.
type KeyGrants struct {
	Count    int      `json:"Count"`
	Grantees []string `json:"Grantees"` // distinct principals, sorted; the first maxGrantees of them
	Complete bool     `json:"Complete"` // whether Grantees names them all
}

// keyGrants is the part with the sum of a key's grants.
func keyGrants() collect.Part[types.KeyListEntry] {
	return collect.Custom[KeyGrants]("Grants", []collect.Operation{kmsListGrants.Operation},
		func(ctx context.Context, s *collect.Session, k types.KeyListEntry) bundle.Part {
			var sum grantSum
			calls, f := collect.Each(ctx, s, kmsListGrants, &kms.ListGrantsInput{KeyId: k.KeyId, Limit: aws.Int32(100)},
				func(page int, out *kms.ListGrantsOutput) {
					if page == 0 {
						sum = grantSum{}
					}
					sum.add(out.Grants)
				})
			if f != nil {
				return f.Part(calls)
			}
			return s.OK(kmsListGrants.Operation, sum.grants(), calls)
		})
}

// grantSum counts grants and gathers who has them. A grant to an AWS service may have the service's principal instead.
type grantSum struct {
	count int
	seen  map[string]bool
}

func (sum *grantSum) add(grants []types.GrantListEntry) {
	if sum.seen == nil {
		sum.seen = map[string]bool{}
	}
	sum.count += len(grants)
	for _, g := range grants {
		for _, p := range []*string{g.GranteePrincipal, g.GranteeServicePrincipal} {
			if p != nil {
				sum.seen[*p] = true
			}
		}
	}
}

func (sum *grantSum) grants() KeyGrants {
	out := KeyGrants{Count: sum.count, Grantees: slices.Sorted(maps.Keys(sum.seen)), Complete: len(sum.seen) <= maxGrantees}
	if !out.Complete {
		out.Grantees = out.Grantees[:maxGrantees]
	}
	return out
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
	kmsListAliases = collect.NewOp("kms", "ListAliases",
		func(ctx context.Context, cfg aws.Config, in *kms.ListAliasesInput) (*kms.ListAliasesOutput, error) {
			return kmsClient(cfg).ListAliases(ctx, in)
		}).Paged(func(in *kms.ListAliasesInput, out *kms.ListAliasesOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	kmsListGrants = collect.NewOp("kms", "ListGrants",
		func(ctx context.Context, cfg aws.Config, in *kms.ListGrantsInput) (*kms.ListGrantsOutput, error) {
			return kmsClient(cfg).ListGrants(ctx, in)
		}).Paged(func(in *kms.ListGrantsInput, out *kms.ListGrantsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	kmsDescribeCustomKeyStores = collect.NewOp("kms", "DescribeCustomKeyStores",
		func(ctx context.Context, cfg aws.Config, in *kms.DescribeCustomKeyStoresInput) (*kms.DescribeCustomKeyStoresOutput, error) {
			return kmsClient(cfg).DescribeCustomKeyStores(ctx, in)
		}).Paged(func(in *kms.DescribeCustomKeyStoresInput, out *kms.DescribeCustomKeyStoresOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
)
