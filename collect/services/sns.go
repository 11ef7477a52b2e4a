package services

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// SNS collects topics and who is subscribed to them. Web addresses among the endpoints often carry a token and are replaced
// at collection.
func SNS() collect.Service {
	return collect.Service{Name: "sns", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "sns.topic", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Topic"},
			snsListTopics, sns.ListTopicsInput{},
			func(out *sns.ListTopicsOutput) []types.Topic { return out.Topics },
			func(_ *collect.Session, t types.Topic, _ bundle.From) collect.ID {
				return collect.ID{ID: lastOf(aws.ToString(t.TopicArn), ":"), ARN: aws.ToString(t.TopicArn)}
			},
			collect.Read("Attributes", snsGetTopicAttributes,
				func(t types.Topic) *sns.GetTopicAttributesInput {
					return &sns.GetTopicAttributesInput{TopicArn: t.TopicArn}
				}),
			collect.Read("Tags", snsListTagsForResource,
				func(t types.Topic) *sns.ListTagsForResourceInput {
					return &sns.ListTagsForResourceInput{ResourceArn: t.TopicArn}
				}),
		),
		collect.Listed(collect.Kind{Name: "sns.subscription", Scope: bundle.ScopeRegion, Item: "Subscription"},
			snsListSubscriptions, sns.ListSubscriptionsInput{},
			func(out *sns.ListSubscriptionsOutput) []types.Subscription { return out.Subscriptions },
			subscriptionID),
	}}
}

func snsClient(cfg aws.Config) *sns.Client { return sns.NewFromConfig(cfg) }

// subscriptionID names a subscription. One that nobody confirmed has the words PendingConfirmation for an ARN; it is then
// named by its place in the list.
func subscriptionID(_ *collect.Session, s types.Subscription, from bundle.From) collect.ID {
	arn := aws.ToString(s.SubscriptionArn)
	topic := lastOf(aws.ToString(s.TopicArn), ":")
	if !strings.HasPrefix(arn, "arn:") {
		return collect.ID{ID: fmt.Sprintf("%s:%s:%d.%d", topic, arn, from.Page, from.Index)}
	}
	return collect.ID{ID: topic + ":" + lastOf(arn, ":"), ARN: arn}
}

// lastOf returns what follows the last sep in s, or all of s.
func lastOf(s, sep string) string { return s[strings.LastIndex(s, sep)+1:] }

// The operations of this file.
var (
	snsListTopics = collect.NewOp("sns", "ListTopics",
		func(ctx context.Context, cfg aws.Config, in *sns.ListTopicsInput) (*sns.ListTopicsOutput, error) {
			return snsClient(cfg).ListTopics(ctx, in)
		}).Paged(func(in *sns.ListTopicsInput, out *sns.ListTopicsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	snsListSubscriptions = collect.NewOp("sns", "ListSubscriptions",
		func(ctx context.Context, cfg aws.Config, in *sns.ListSubscriptionsInput) (*sns.ListSubscriptionsOutput, error) {
			return snsClient(cfg).ListSubscriptions(ctx, in)
		}).Paged(func(in *sns.ListSubscriptionsInput, out *sns.ListSubscriptionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	snsGetTopicAttributes = collect.NewOp("sns", "GetTopicAttributes",
		func(ctx context.Context, cfg aws.Config, in *sns.GetTopicAttributesInput) (*sns.GetTopicAttributesOutput, error) {
			return snsClient(cfg).GetTopicAttributes(ctx, in)
		})
	snsListTagsForResource = collect.NewOp("sns", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *sns.ListTagsForResourceInput) (*sns.ListTagsForResourceOutput, error) {
			return snsClient(cfg).ListTagsForResource(ctx, in)
		})
)
