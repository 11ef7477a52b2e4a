package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// EventBridge collects event buses with their policies, rules with their targets, archives, connections and API
// destinations. What a rule sends to its targets, and where an API destination is, may be secrets and are replaced; how a
// connection authorizes itself is not asked for beyond its kind.
func EventBridge() collect.Service {
	return collect.Service{Name: "events", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "events.event-bus", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "EventBus"},
			eventsListEventBuses, eventbridge.ListEventBusesInput{Limit: aws.Int32(100)},
			func(out *eventbridge.ListEventBusesOutput) []types.EventBus { return out.EventBuses },
			func(_ *collect.Session, b types.EventBus, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(b.Name), ARN: aws.ToString(b.Arn)}
			},
			collect.Read("Description", eventsDescribeEventBus,
				func(b types.EventBus) *eventbridge.DescribeEventBusInput {
					return &eventbridge.DescribeEventBusInput{Name: b.Name}
				}),
			collect.Read("Tags", eventsListTagsForResource,
				func(b types.EventBus) *eventbridge.ListTagsForResourceInput {
					return &eventbridge.ListTagsForResourceInput{ResourceARN: b.Arn}
				}),
		),
		eventsRule(),
		collect.Listed(collect.Kind{Name: "events.archive", Scope: bundle.ScopeRegion, Item: "Archive"},
			eventsListArchives, eventbridge.ListArchivesInput{Limit: aws.Int32(100)},
			func(out *eventbridge.ListArchivesOutput) []types.Archive { return out.Archives },
			func(s *collect.Session, a types.Archive, _ bundle.From) collect.ID {
				name := aws.ToString(a.ArchiveName)
				return collect.ID{ID: name, ARN: s.ARN("events", "archive/"+name)}
			}),
		collect.Listed(collect.Kind{Name: "events.connection", Scope: bundle.ScopeRegion, Item: "Connection"},
			eventsListConnections, eventbridge.ListConnectionsInput{Limit: aws.Int32(100)},
			func(out *eventbridge.ListConnectionsOutput) []types.Connection { return out.Connections },
			func(_ *collect.Session, c types.Connection, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(c.Name), ARN: aws.ToString(c.ConnectionArn)}
			}),
		collect.Listed(collect.Kind{Name: "events.api-destination", Scope: bundle.ScopeRegion, Item: "ApiDestination"},
			eventsListApiDestinations, eventbridge.ListApiDestinationsInput{Limit: aws.Int32(100)},
			func(out *eventbridge.ListApiDestinationsOutput) []types.ApiDestination { return out.ApiDestinations },
			func(_ *collect.Session, d types.ApiDestination, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(d.Name), ARN: aws.ToString(d.ApiDestinationArn)}
			}),
	}}
}

// eventsRules lists the rules of one bus after the other.
func eventsRules() collect.Children[types.EventBus, eventbridge.ListRulesInput, eventbridge.ListRulesOutput, types.Rule] {
	return collect.Children[types.EventBus, eventbridge.ListRulesInput, eventbridge.ListRulesOutput, types.Rule]{
		Parents: func(ctx context.Context, s *collect.Session) ([]types.EventBus, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, eventsListEventBuses, &eventbridge.ListEventBusesInput{Limit: aws.Int32(100)})
			if f != nil {
				return nil, calls, f
			}
			return out.EventBuses, calls, nil
		},
		ParentOps: []collect.Operation{eventsListEventBuses.Operation},
		List:      eventsListRules,
		Input: func(b types.EventBus) *eventbridge.ListRulesInput {
			return &eventbridge.ListRulesInput{EventBusName: b.Name, Limit: aws.Int32(100)}
		},
		Items: func(_ types.EventBus, out *eventbridge.ListRulesOutput) []types.Rule { return out.Rules },
	}
}

// eventsRule describes the rules of every bus. A name is unique on its bus only.
func eventsRule() collect.Kind {
	return collect.ListedUnder(collect.Kind{
		Name: "events.rule", Scope: bundle.ScopeRegion, Tags: "Tags.Tags", Item: "Rule",
		Empty: []collect.Says{{Code: "ResourceNotFoundException"}}, // a bus that was deleted since it was named
	},
		eventsRules(),
		func(_ *collect.Session, r types.Rule, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(r.EventBusName) + "/" + aws.ToString(r.Name), ARN: aws.ToString(r.Arn)}
		},
		collect.Read("Targets", eventsListTargetsByRule,
			func(r types.Rule) *eventbridge.ListTargetsByRuleInput {
				return &eventbridge.ListTargetsByRuleInput{EventBusName: r.EventBusName, Rule: r.Name, Limit: aws.Int32(100)}
			}),
		collect.Read("Tags", eventsListTagsForResource,
			func(r types.Rule) *eventbridge.ListTagsForResourceInput {
				return &eventbridge.ListTagsForResourceInput{ResourceARN: r.Arn}
			}),
	)
}

func eventsClient(cfg aws.Config) *eventbridge.Client { return eventbridge.NewFromConfig(cfg) }

// The operations of this file.
var (
	eventsListEventBuses = collect.NewOp("events", "ListEventBuses",
		func(ctx context.Context, cfg aws.Config, in *eventbridge.ListEventBusesInput) (*eventbridge.ListEventBusesOutput, error) {
			return eventsClient(cfg).ListEventBuses(ctx, in)
		}).Paged(func(in *eventbridge.ListEventBusesInput, out *eventbridge.ListEventBusesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eventsListRules = collect.NewOp("events", "ListRules",
		func(ctx context.Context, cfg aws.Config, in *eventbridge.ListRulesInput) (*eventbridge.ListRulesOutput, error) {
			return eventsClient(cfg).ListRules(ctx, in)
		}).Paged(func(in *eventbridge.ListRulesInput, out *eventbridge.ListRulesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eventsListTargetsByRule = collect.NewOp("events", "ListTargetsByRule",
		func(ctx context.Context, cfg aws.Config, in *eventbridge.ListTargetsByRuleInput) (*eventbridge.ListTargetsByRuleOutput, error) {
			return eventsClient(cfg).ListTargetsByRule(ctx, in)
		}).Paged(func(in *eventbridge.ListTargetsByRuleInput, out *eventbridge.ListTargetsByRuleOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eventsListArchives = collect.NewOp("events", "ListArchives",
		func(ctx context.Context, cfg aws.Config, in *eventbridge.ListArchivesInput) (*eventbridge.ListArchivesOutput, error) {
			return eventsClient(cfg).ListArchives(ctx, in)
		}).Paged(func(in *eventbridge.ListArchivesInput, out *eventbridge.ListArchivesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eventsListConnections = collect.NewOp("events", "ListConnections",
		func(ctx context.Context, cfg aws.Config, in *eventbridge.ListConnectionsInput) (*eventbridge.ListConnectionsOutput, error) {
			return eventsClient(cfg).ListConnections(ctx, in)
		}).Paged(func(in *eventbridge.ListConnectionsInput, out *eventbridge.ListConnectionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eventsListApiDestinations = collect.NewOp("events", "ListApiDestinations",
		func(ctx context.Context, cfg aws.Config, in *eventbridge.ListApiDestinationsInput) (*eventbridge.ListApiDestinationsOutput, error) {
			return eventsClient(cfg).ListApiDestinations(ctx, in)
		}).Paged(func(in *eventbridge.ListApiDestinationsInput, out *eventbridge.ListApiDestinationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eventsDescribeEventBus = collect.NewOp("events", "DescribeEventBus",
		func(ctx context.Context, cfg aws.Config, in *eventbridge.DescribeEventBusInput) (*eventbridge.DescribeEventBusOutput, error) {
			return eventsClient(cfg).DescribeEventBus(ctx, in)
		})
	eventsListTagsForResource = collect.NewOp("events", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *eventbridge.ListTagsForResourceInput) (*eventbridge.ListTagsForResourceOutput, error) {
			return eventsClient(cfg).ListTagsForResource(ctx, in)
		})
)
