package services

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// S3Control collects the account's own public access block, which overrides those of its buckets.
func S3Control() collect.Service {
	get := collect.NewOp("s3control", "GetPublicAccessBlock", (*s3control.Client).GetPublicAccessBlock, "s3:GetAccountPublicAccessBlock")
	return collect.Service{Name: "s3control", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "s3.account-public-access-block", Scope: bundle.ScopeAccount},
			func(cfg aws.Config) *s3control.Client { return s3control.NewFromConfig(cfg) }, accountSetting,
			collect.Read("PublicAccessBlock", get,
				func(s *collect.Session) *s3control.GetPublicAccessBlockInput {
					return &s3control.GetPublicAccessBlockInput{AccountId: aws.String(s.Account())}
				}, "NoSuchPublicAccessBlockConfiguration"),
		),
	}}
}
