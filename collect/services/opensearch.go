package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// OpenSearch collects domains, those that still run Elasticsearch included; the list says which engine a domain has. Its access
// policy is a member of the domain, as text. ARNs and IAM actions have the service's old name, "es".
func OpenSearch() collect.Service {
	return collect.Service{Name: "opensearch", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "opensearch.domain", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "DomainName"},
			opensearchListDomainNames, opensearch.ListDomainNamesInput{},
			func(out *opensearch.ListDomainNamesOutput) []types.DomainInfo { return out.DomainNames },
			func(s *collect.Session, d types.DomainInfo, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.DomainName), ARN: opensearchDomainARN(s, d)}
			},
			collect.Read("Domain", opensearchDescribeDomain,
				func(d types.DomainInfo) *opensearch.DescribeDomainInput {
					return &opensearch.DescribeDomainInput{DomainName: d.DomainName}
				}),
			readNamed("Tags", opensearchListTags,
				func(s *collect.Session, d types.DomainInfo) *opensearch.ListTagsInput {
					return &opensearch.ListTagsInput{ARN: aws.String(opensearchDomainARN(s, d))}
				}),
		),
	}}
}

func opensearchClient(cfg aws.Config) *opensearch.Client { return opensearch.NewFromConfig(cfg) }

func opensearchDomainARN(s *collect.Session, d types.DomainInfo) string {
	return s.ARN("es", "domain/"+aws.ToString(d.DomainName))
}

// The operations of this file.
var (
	opensearchListDomainNames = collect.NewOp("opensearch", "ListDomainNames",
		func(ctx context.Context, cfg aws.Config, in *opensearch.ListDomainNamesInput) (*opensearch.ListDomainNamesOutput, error) {
			return opensearchClient(cfg).ListDomainNames(ctx, in)
		})
	opensearchDescribeDomain = collect.NewOp("opensearch", "DescribeDomain",
		func(ctx context.Context, cfg aws.Config, in *opensearch.DescribeDomainInput) (*opensearch.DescribeDomainOutput, error) {
			return opensearchClient(cfg).DescribeDomain(ctx, in)
		})
	opensearchListTags = collect.NewOp("opensearch", "ListTags",
		func(ctx context.Context, cfg aws.Config, in *opensearch.ListTagsInput) (*opensearch.ListTagsOutput, error) {
			return opensearchClient(cfg).ListTags(ctx, in)
		})
)
