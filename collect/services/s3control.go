package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// S3Control collects the account's own public access block, which overrides those of its buckets.
func S3Control() collect.Service {
	return collect.Service{Name: "s3control", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "s3.account-public-access-block", Scope: bundle.ScopeAccount},
			accountSetting,
			collect.Read("PublicAccessBlock", s3controlGetPublicAccessBlock,
				func(s *collect.Session) *s3control.GetPublicAccessBlockInput {
					return &s3control.GetPublicAccessBlockInput{AccountId: aws.String(s.Account())}
				}, "NoSuchPublicAccessBlockConfiguration"),
		),
	}}
}

func s3controlClient(cfg aws.Config) *s3control.Client { return s3control.NewFromConfig(cfg) }

// The operations of this file.
var (
	s3controlGetPublicAccessBlock = collect.NewOp("s3control", "GetPublicAccessBlock",
		func(ctx context.Context, cfg aws.Config, in *s3control.GetPublicAccessBlockInput) (*s3control.GetPublicAccessBlockOutput, error) {
			return s3controlClient(cfg).GetPublicAccessBlock(ctx, in)
		}, "s3:GetAccountPublicAccessBlock")
)
