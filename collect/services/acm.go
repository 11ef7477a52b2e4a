package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ACM collects certificates and the number of days before expiry at which the account wants to hear of it. The list is asked for
// every key type and every origin of keys by name: without that it leaves out all certificates but those with RSA keys of 1024
// and 2048 bits, and the origins that came later.
func ACM() collect.Service {
	return collect.Service{Name: "acm", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "acm.certificate", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			acmListCertificates, acm.ListCertificatesInput{
				MaxItems:                  aws.Int32(1000),
				Includes:                  &types.Filters{KeyTypes: types.KeyAlgorithm("").Values()},
				CertificateKeyPairOrigins: types.CertificateKeyPairOrigin("").Values(),
			},
			func(out *acm.ListCertificatesOutput) []types.CertificateSummary { return out.CertificateSummaryList },
			func(_ *collect.Session, c types.CertificateSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: lastOf(aws.ToString(c.CertificateArn), "/"), ARN: aws.ToString(c.CertificateArn)}
			},
			collect.Read("Certificate", acmDescribeCertificate,
				func(c types.CertificateSummary) *acm.DescribeCertificateInput {
					return &acm.DescribeCertificateInput{CertificateArn: c.CertificateArn}
				}),
			collect.Read("Tags", acmListTagsForCertificate,
				func(c types.CertificateSummary) *acm.ListTagsForCertificateInput {
					return &acm.ListTagsForCertificateInput{CertificateArn: c.CertificateArn}
				}),
		),
		collect.Single(collect.Kind{Name: "acm.account-configuration", Scope: bundle.ScopeRegion},
			func(*collect.Session) collect.ID { return collect.ID{ID: "account"} },
			collect.Read("AccountConfiguration", acmGetAccountConfiguration,
				func(*collect.Session) *acm.GetAccountConfigurationInput { return &acm.GetAccountConfigurationInput{} })),
	}}
}

func acmClient(cfg aws.Config) *acm.Client { return acm.NewFromConfig(cfg) }

// The operations of this file.
var (
	acmListCertificates = collect.NewOp("acm", "ListCertificates",
		func(ctx context.Context, cfg aws.Config, in *acm.ListCertificatesInput) (*acm.ListCertificatesOutput, error) {
			return acmClient(cfg).ListCertificates(ctx, in)
		}).Paged(func(in *acm.ListCertificatesInput, out *acm.ListCertificatesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	acmDescribeCertificate = collect.NewOp("acm", "DescribeCertificate",
		func(ctx context.Context, cfg aws.Config, in *acm.DescribeCertificateInput) (*acm.DescribeCertificateOutput, error) {
			return acmClient(cfg).DescribeCertificate(ctx, in)
		})
	acmListTagsForCertificate = collect.NewOp("acm", "ListTagsForCertificate",
		func(ctx context.Context, cfg aws.Config, in *acm.ListTagsForCertificateInput) (*acm.ListTagsForCertificateOutput, error) {
			return acmClient(cfg).ListTagsForCertificate(ctx, in)
		})
	acmGetAccountConfiguration = collect.NewOp("acm", "GetAccountConfiguration",
		func(ctx context.Context, cfg aws.Config, in *acm.GetAccountConfigurationInput) (*acm.GetAccountConfigurationOutput, error) {
			return acmClient(cfg).GetAccountConfiguration(ctx, in)
		})
)
