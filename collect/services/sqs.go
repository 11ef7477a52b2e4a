package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// SQS collects queues, the policy among their attributes. Messages are never read. Without a page size the list ends at 1000 queues
// and does not say so.
func SQS() collect.Service {
	return collect.Service{Name: "sqs", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "sqs.queue", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			sqsListQueues, sqs.ListQueuesInput{MaxResults: aws.Int32(1000)},
			func(out *sqs.ListQueuesOutput) []string { return out.QueueUrls },
			func(s *collect.Session, url string, _ bundle.From) collect.ID {
				name := lastOf(url, "/")
				return collect.ID{ID: name, ARN: s.ARN("sqs", name)}
			},
			collect.Read("Attributes", sqsGetQueueAttributes,
				func(url string) *sqs.GetQueueAttributesInput {
					return &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}}
				}),
			collect.Read("Tags", sqsListQueueTags,
				func(url string) *sqs.ListQueueTagsInput { return &sqs.ListQueueTagsInput{QueueUrl: &url} }),
		),
	}}
}

func sqsClient(cfg aws.Config) *sqs.Client { return sqs.NewFromConfig(cfg) }

// The operations of this file.
var (
	sqsListQueues = collect.NewOp("sqs", "ListQueues",
		func(ctx context.Context, cfg aws.Config, in *sqs.ListQueuesInput) (*sqs.ListQueuesOutput, error) {
			return sqsClient(cfg).ListQueues(ctx, in)
		}).Paged(func(in *sqs.ListQueuesInput, out *sqs.ListQueuesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	sqsGetQueueAttributes = collect.NewOp("sqs", "GetQueueAttributes",
		func(ctx context.Context, cfg aws.Config, in *sqs.GetQueueAttributesInput) (*sqs.GetQueueAttributesOutput, error) {
			return sqsClient(cfg).GetQueueAttributes(ctx, in)
		})
	sqsListQueueTags = collect.NewOp("sqs", "ListQueueTags",
		func(ctx context.Context, cfg aws.Config, in *sqs.ListQueueTagsInput) (*sqs.ListQueueTagsOutput, error) {
			return sqsClient(cfg).ListQueueTags(ctx, in)
		})
)
