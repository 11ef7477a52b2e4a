package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/mq"
	"github.com/aws/aws-sdk-go-v2/service/mq/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// MQ collects Amazon MQ brokers: their users by name, their tags, and whether logs go anywhere.
func MQ() collect.Service {
	return collect.Service{Name: "mq", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "mq.broker", Scope: bundle.ScopeRegion, Tags: "Broker.Tags"},
			mqListBrokers, mq.ListBrokersInput{MaxResults: aws.Int32(100)},
			func(out *mq.ListBrokersOutput) []types.BrokerSummary { return out.BrokerSummaries },
			func(_ *collect.Session, b types.BrokerSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(b.BrokerId), ARN: aws.ToString(b.BrokerArn)}
			},
			collect.Read("Broker", mqDescribeBroker,
				func(b types.BrokerSummary) *mq.DescribeBrokerInput {
					return &mq.DescribeBrokerInput{BrokerId: b.BrokerId}
				}),
		),
	}}
}

func mqClient(cfg aws.Config) *mq.Client { return mq.NewFromConfig(cfg) }

// The operations of this file.
var (
	mqListBrokers = collect.NewOp("mq", "ListBrokers",
		func(ctx context.Context, cfg aws.Config, in *mq.ListBrokersInput) (*mq.ListBrokersOutput, error) {
			return mqClient(cfg).ListBrokers(ctx, in)
		}).Paged(func(in *mq.ListBrokersInput, out *mq.ListBrokersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	mqDescribeBroker = collect.NewOp("mq", "DescribeBroker",
		func(ctx context.Context, cfg aws.Config, in *mq.DescribeBrokerInput) (*mq.DescribeBrokerOutput, error) {
			return mqClient(cfg).DescribeBroker(ctx, in)
		})
)
