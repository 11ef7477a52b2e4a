package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// S3Control collects what S3 keeps by account and not by bucket: the account's own public access block, which overrides those of
// its buckets, and access points, each with a policy and a public access block of its own.
func S3Control() collect.Service {
	return collect.Service{Name: "s3control", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "s3.account-public-access-block", Scope: bundle.ScopeAccount},
			accountSetting,
			collect.Read("PublicAccessBlock", s3controlGetPublicAccessBlock,
				func(*collect.Session) *s3control.GetPublicAccessBlockInput {
					return &s3control.GetPublicAccessBlockInput{}
				}, "NoSuchPublicAccessBlockConfiguration"),
		),
		s3AccessPoints(),
		s3MultiRegionAccessPoints(),
	}}
}

// s3AccessPoints are the access points of a region. An access point has a public access block from the start, which nobody can
// change afterwards; it is a member of its description and not of the list.
func s3AccessPoints() collect.Kind {
	return collect.Listed(collect.Kind{Name: "s3.access-point", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
		s3controlListAccessPoints, s3control.ListAccessPointsInput{MaxResults: 1000},
		func(out *s3control.ListAccessPointsOutput) []types.AccessPoint { return out.AccessPointList },
		func(s *collect.Session, a types.AccessPoint, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(a.Name), ARN: s3AccessPointARN(s, a)}
		},
		collect.ReadUnless("AccessPoint", s3controlGetAccessPoint,
			func(a types.AccessPoint) *s3control.GetAccessPointInput {
				return &s3control.GetAccessPointInput{Name: a.Name}
			}),
		collect.ReadUnless("Policy", s3controlGetAccessPointPolicy,
			func(a types.AccessPoint) *s3control.GetAccessPointPolicyInput {
				return &s3control.GetAccessPointPolicyInput{Name: a.Name}
			}, collect.Says{Code: "NoSuchAccessPointPolicy"}),
		collect.ReadUnless("PolicyStatus", s3controlGetAccessPointPolicyStatus,
			func(a types.AccessPoint) *s3control.GetAccessPointPolicyStatusInput {
				return &s3control.GetAccessPointPolicyStatusInput{Name: a.Name}
			}, collect.Says{Code: "NoSuchAccessPointPolicy"}),
		readNamed("Tags", s3controlListTagsForResource,
			func(s *collect.Session, a types.AccessPoint) *s3control.ListTagsForResourceInput {
				return &s3control.ListTagsForResourceInput{ResourceArn: aws.String(s3AccessPointARN(s, a))}
			}))
}

// s3MultiRegionAccessPoints are the access points of an account that stand before buckets of several regions. Their public access
// block is a member of the list; their policy's answer tells the one in force and the one that waits.
func s3MultiRegionAccessPoints() collect.Kind {
	return collect.Listed(collect.Kind{Name: "s3.multi-region-access-point", Scope: bundle.ScopeAccount, Item: "MultiRegionAccessPoint"},
		s3controlListMultiRegionAccessPoints, s3control.ListMultiRegionAccessPointsInput{},
		func(out *s3control.ListMultiRegionAccessPointsOutput) []types.MultiRegionAccessPointReport {
			return out.AccessPoints
		},
		func(s *collect.Session, a types.MultiRegionAccessPointReport, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(a.Name), ARN: "arn:" + s.Partition() + ":s3::" + s.Account() + ":accesspoint/" + aws.ToString(a.Alias)}
		},
		collect.ReadUnless("Policy", s3controlGetMultiRegionAccessPointPolicy,
			func(a types.MultiRegionAccessPointReport) *s3control.GetMultiRegionAccessPointPolicyInput {
				return &s3control.GetMultiRegionAccessPointPolicyInput{Name: a.Name}
			}, s3NoMultiRegionPolicy...),
		collect.ReadUnless("PolicyStatus", s3controlGetMultiRegionAccessPointPolicyStatus,
			func(a types.MultiRegionAccessPointReport) *s3control.GetMultiRegionAccessPointPolicyStatusInput {
				return &s3control.GetMultiRegionAccessPointPolicyStatusInput{Name: a.Name}
			}, s3NoMultiRegionPolicy...))
}

// s3NoMultiRegionPolicy are the codes for a Multi-Region Access Point without a policy. The documented one is that of all access
// points; the other is what an implementation of the API answers.
var s3NoMultiRegionPolicy = []collect.Says{{Code: "NoSuchAccessPointPolicy"}, {Code: "NoSuchMultiRegionAccessPointPolicy"}}

// s3AccessPointARN is the one that AWS gives, or for an access point that was listed without, made as AWS documents it.
func s3AccessPointARN(s *collect.Session, a types.AccessPoint) string {
	if arn := aws.ToString(a.AccessPointArn); arn != "" {
		return arn
	}
	return s.ARN("s3", "accesspoint/"+aws.ToString(a.Name))
}

func s3controlClient(cfg aws.Config) *s3control.Client { return s3control.NewFromConfig(cfg) }

// s3controlInOregon asks us-west-2, where all requests about Multi-Region Access Points must go. They exist in the standard
// partition only; elsewhere the region that was configured says so.
func s3controlInOregon(cfg aws.Config) *s3control.Client {
	return s3controlClient(worldwide(cfg, "us-west-2"))
}

// The operations of this file.
var (
	s3controlGetPublicAccessBlock = collect.NewOp("s3control", "GetPublicAccessBlock",
		func(ctx context.Context, cfg aws.Config, in *s3control.GetPublicAccessBlockInput) (*s3control.GetPublicAccessBlockOutput, error) {
			return s3controlClient(cfg).GetPublicAccessBlock(ctx, in)
		}, "s3:GetAccountPublicAccessBlock").
		Filled(func(s *collect.Session, in *s3control.GetPublicAccessBlockInput) {
			in.AccountId = aws.String(s.Account())
		})
	s3controlListAccessPoints = collect.NewOp("s3control", "ListAccessPoints",
		func(ctx context.Context, cfg aws.Config, in *s3control.ListAccessPointsInput) (*s3control.ListAccessPointsOutput, error) {
			return s3controlClient(cfg).ListAccessPoints(ctx, in)
		}).Paged(func(in *s3control.ListAccessPointsInput, out *s3control.ListAccessPointsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}).
		Filled(func(s *collect.Session, in *s3control.ListAccessPointsInput) { in.AccountId = aws.String(s.Account()) })
	s3controlGetAccessPoint = collect.NewOp("s3control", "GetAccessPoint",
		func(ctx context.Context, cfg aws.Config, in *s3control.GetAccessPointInput) (*s3control.GetAccessPointOutput, error) {
			return s3controlClient(cfg).GetAccessPoint(ctx, in)
		}).
		Filled(func(s *collect.Session, in *s3control.GetAccessPointInput) { in.AccountId = aws.String(s.Account()) })
	s3controlGetAccessPointPolicy = collect.NewOp("s3control", "GetAccessPointPolicy",
		func(ctx context.Context, cfg aws.Config, in *s3control.GetAccessPointPolicyInput) (*s3control.GetAccessPointPolicyOutput, error) {
			return s3controlClient(cfg).GetAccessPointPolicy(ctx, in)
		}).
		Filled(func(s *collect.Session, in *s3control.GetAccessPointPolicyInput) {
			in.AccountId = aws.String(s.Account())
		})
	s3controlGetAccessPointPolicyStatus = collect.NewOp("s3control", "GetAccessPointPolicyStatus",
		func(ctx context.Context, cfg aws.Config, in *s3control.GetAccessPointPolicyStatusInput) (*s3control.GetAccessPointPolicyStatusOutput, error) {
			return s3controlClient(cfg).GetAccessPointPolicyStatus(ctx, in)
		}).
		Filled(func(s *collect.Session, in *s3control.GetAccessPointPolicyStatusInput) {
			in.AccountId = aws.String(s.Account())
		})
	s3controlListMultiRegionAccessPoints = collect.NewOp("s3control", "ListMultiRegionAccessPoints",
		func(ctx context.Context, cfg aws.Config, in *s3control.ListMultiRegionAccessPointsInput) (*s3control.ListMultiRegionAccessPointsOutput, error) {
			return s3controlInOregon(cfg).ListMultiRegionAccessPoints(ctx, in)
		}).Paged(func(in *s3control.ListMultiRegionAccessPointsInput, out *s3control.ListMultiRegionAccessPointsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}).
		Filled(func(s *collect.Session, in *s3control.ListMultiRegionAccessPointsInput) {
			in.AccountId = aws.String(s.Account())
		})
	s3controlGetMultiRegionAccessPointPolicy = collect.NewOp("s3control", "GetMultiRegionAccessPointPolicy",
		func(ctx context.Context, cfg aws.Config, in *s3control.GetMultiRegionAccessPointPolicyInput) (*s3control.GetMultiRegionAccessPointPolicyOutput, error) {
			return s3controlInOregon(cfg).GetMultiRegionAccessPointPolicy(ctx, in)
		}).
		Filled(func(s *collect.Session, in *s3control.GetMultiRegionAccessPointPolicyInput) {
			in.AccountId = aws.String(s.Account())
		})
	s3controlGetMultiRegionAccessPointPolicyStatus = collect.NewOp("s3control", "GetMultiRegionAccessPointPolicyStatus",
		func(ctx context.Context, cfg aws.Config, in *s3control.GetMultiRegionAccessPointPolicyStatusInput) (*s3control.GetMultiRegionAccessPointPolicyStatusOutput, error) {
			return s3controlInOregon(cfg).GetMultiRegionAccessPointPolicyStatus(ctx, in)
		}).
		Filled(func(s *collect.Session, in *s3control.GetMultiRegionAccessPointPolicyStatusInput) {
			in.AccountId = aws.String(s.Account())
		})
	s3controlListTagsForResource = collect.NewOp("s3control", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *s3control.ListTagsForResourceInput) (*s3control.ListTagsForResourceOutput, error) {
			return s3controlClient(cfg).ListTagsForResource(ctx, in)
		}).
		Filled(func(s *collect.Session, in *s3control.ListTagsForResourceInput) {
			in.AccountId = aws.String(s.Account())
		})
)
