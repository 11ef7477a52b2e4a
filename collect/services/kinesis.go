package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Kinesis collects data streams and the consumers that are registered with them. Records are never read.
func Kinesis() collect.Service {
	return collect.Service{Name: "kinesis", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "kinesis.stream", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			kinesisListStreams, kinesis.ListStreamsInput{},
			func(out *kinesis.ListStreamsOutput) []types.StreamSummary { return out.StreamSummaries },
			func(_ *collect.Session, st types.StreamSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(st.StreamName), ARN: aws.ToString(st.StreamARN)}
			},
			collect.Read("Stream", kinesisDescribeStreamSummary,
				func(st types.StreamSummary) *kinesis.DescribeStreamSummaryInput {
					return &kinesis.DescribeStreamSummaryInput{StreamARN: st.StreamARN}
				}),
			collect.Read("Policy", kinesisGetResourcePolicy,
				func(st types.StreamSummary) *kinesis.GetResourcePolicyInput {
					return &kinesis.GetResourcePolicyInput{ResourceARN: st.StreamARN}
				},
				"ResourceNotFoundException"),
			collect.Read("Consumers", kinesisListStreamConsumers,
				func(st types.StreamSummary) *kinesis.ListStreamConsumersInput {
					return &kinesis.ListStreamConsumersInput{StreamARN: st.StreamARN}
				}),
			collect.Read("Tags", kinesisListTagsForStream,
				func(st types.StreamSummary) *kinesis.ListTagsForStreamInput {
					return &kinesis.ListTagsForStreamInput{StreamARN: st.StreamARN}
				}),
		),
	}}
}

// lastTag is where the next page of a stream's tags begins: after the last key of this one.
func lastTag(out *kinesis.ListTagsForStreamOutput) *string {
	if !aws.ToBool(out.HasMoreTags) || len(out.Tags) == 0 {
		return nil
	}
	return out.Tags[len(out.Tags)-1].Key
}

func kinesisClient(cfg aws.Config) *kinesis.Client { return kinesis.NewFromConfig(cfg) }

// The operations of this file.
var (
	kinesisListStreams = collect.NewOp("kinesis", "ListStreams",
		func(ctx context.Context, cfg aws.Config, in *kinesis.ListStreamsInput) (*kinesis.ListStreamsOutput, error) {
			return kinesisClient(cfg).ListStreams(ctx, in)
		}).Paged(func(in *kinesis.ListStreamsInput, out *kinesis.ListStreamsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	kinesisListStreamConsumers = collect.NewOp("kinesis", "ListStreamConsumers",
		func(ctx context.Context, cfg aws.Config, in *kinesis.ListStreamConsumersInput) (*kinesis.ListStreamConsumersOutput, error) {
			return kinesisClient(cfg).ListStreamConsumers(ctx, in)
		}).Paged(func(in *kinesis.ListStreamConsumersInput, out *kinesis.ListStreamConsumersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	kinesisListTagsForStream = collect.NewOp("kinesis", "ListTagsForStream",
		func(ctx context.Context, cfg aws.Config, in *kinesis.ListTagsForStreamInput) (*kinesis.ListTagsForStreamOutput, error) {
			return kinesisClient(cfg).ListTagsForStream(ctx, in)
		}).Paged(func(in *kinesis.ListTagsForStreamInput, out *kinesis.ListTagsForStreamOutput) (**string, *string) {
		return &in.ExclusiveStartTagKey, lastTag(out)
	})
	kinesisDescribeStreamSummary = collect.NewOp("kinesis", "DescribeStreamSummary",
		func(ctx context.Context, cfg aws.Config, in *kinesis.DescribeStreamSummaryInput) (*kinesis.DescribeStreamSummaryOutput, error) {
			return kinesisClient(cfg).DescribeStreamSummary(ctx, in)
		})
	kinesisGetResourcePolicy = collect.NewOp("kinesis", "GetResourcePolicy",
		func(ctx context.Context, cfg aws.Config, in *kinesis.GetResourcePolicyInput) (*kinesis.GetResourcePolicyOutput, error) {
			return kinesisClient(cfg).GetResourcePolicy(ctx, in)
		})
)
