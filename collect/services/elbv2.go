package services

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ELBv2 collects application, network and gateway load balancers with their listeners, target groups, and the TLS policies that a
// listener can name. Which web ACL protects a load balancer is WAF's to say.
func ELBv2() collect.Service {
	return collect.Service{Name: "elbv2", Kinds: []collect.Kind{elbv2LoadBalancer(), elbv2TargetGroup(), elbv2SSLPolicy()}}
}

// elbv2Page is the largest page that the service gives.
var elbv2Page = aws.Int32(400)

func elbv2LoadBalancer() collect.Kind {
	return collect.Listed(collect.Kind{
		Name: "elbv2.load-balancer", Scope: bundle.ScopeRegion, Tags: "Tags.TagDescriptions.Tags", Item: "LoadBalancer",
	},
		elbv2DescribeLoadBalancers, elbv2.DescribeLoadBalancersInput{PageSize: elbv2Page},
		func(out *elbv2.DescribeLoadBalancersOutput) []types.LoadBalancer { return out.LoadBalancers },
		func(_ *collect.Session, l types.LoadBalancer, _ bundle.From) collect.ID {
			return collect.ID{ID: after(aws.ToString(l.LoadBalancerArn), "loadbalancer/"), ARN: aws.ToString(l.LoadBalancerArn)}
		},
		collect.Read("Attributes", elbv2DescribeLoadBalancerAttributes,
			func(l types.LoadBalancer) *elbv2.DescribeLoadBalancerAttributesInput {
				return &elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: l.LoadBalancerArn}
			}),
		collect.Read("Listeners", elbv2DescribeListeners, listenersOf),
		collect.Custom[ListenerRules]("ListenerRules",
			[]collect.Operation{elbv2DescribeListeners.Operation, elbv2DescribeRules.Operation}, readListenerRules),
		collect.Read("Tags", elbv2DescribeTags,
			func(l types.LoadBalancer) *elbv2.DescribeTagsInput {
				return &elbv2.DescribeTagsInput{ResourceArns: []string{aws.ToString(l.LoadBalancerArn)}}
			}),
	)
}

func elbv2TargetGroup() collect.Kind {
	return collect.Listed(collect.Kind{
		Name: "elbv2.target-group", Scope: bundle.ScopeRegion, Tags: "Tags.TagDescriptions.Tags", Item: "TargetGroup",
	},
		elbv2DescribeTargetGroups, elbv2.DescribeTargetGroupsInput{PageSize: elbv2Page},
		func(out *elbv2.DescribeTargetGroupsOutput) []types.TargetGroup { return out.TargetGroups },
		func(_ *collect.Session, g types.TargetGroup, _ bundle.From) collect.ID {
			return collect.ID{ID: after(aws.ToString(g.TargetGroupArn), "targetgroup/"), ARN: aws.ToString(g.TargetGroupArn)}
		},
		collect.Read("Attributes", elbv2DescribeTargetGroupAttributes,
			func(g types.TargetGroup) *elbv2.DescribeTargetGroupAttributesInput {
				return &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: g.TargetGroupArn}
			}),
		collect.Read("Tags", elbv2DescribeTags,
			func(g types.TargetGroup) *elbv2.DescribeTagsInput {
				return &elbv2.DescribeTagsInput{ResourceArns: []string{aws.ToString(g.TargetGroupArn)}}
			}),
	)
}

// elbv2SSLPolicy is the list of AWS's own TLS policies as the region offers them: what a listener's policy means at the time of
// the collection.
func elbv2SSLPolicy() collect.Kind {
	return collect.Listed(collect.Kind{Name: "elbv2.ssl-policy", Scope: bundle.ScopeRegion, Item: "SslPolicy"},
		elbv2DescribeSSLPolicies, elbv2.DescribeSSLPoliciesInput{PageSize: elbv2Page},
		func(out *elbv2.DescribeSSLPoliciesOutput) []types.SslPolicy { return out.SslPolicies },
		func(_ *collect.Session, p types.SslPolicy, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(p.Name)}
		})
}

// ListenerRules is the data of the part of that name: the rules of each listener of an application load balancer, whose listeners
// decide by rules. A listener's default action is among its rules too. Other load balancers have no listeners here.
type ListenerRules struct {
	Listeners []RulesOfListener
}

// RulesOfListener are the rules of one listener, in AWS's order.
type RulesOfListener struct {
	ListenerArn *string
	Rules       []types.Rule
}

func listenersOf(l types.LoadBalancer) *elbv2.DescribeListenersInput {
	return &elbv2.DescribeListenersInput{LoadBalancerArn: l.LoadBalancerArn, PageSize: elbv2Page}
}

// readListenerRules asks for the rules of each listener. If one of the calls fails the whole part is a gap: the rule that was not
// seen could be the one that matters.
func readListenerRules(ctx context.Context, s *collect.Session, l types.LoadBalancer) bundle.Part {
	out, calls, f := collect.Get(ctx, s, elbv2DescribeListeners, listenersOf(l))
	if f != nil {
		return f.Part(calls)
	}
	data := ListenerRules{Listeners: []RulesOfListener{}}
	if l.Type != types.LoadBalancerTypeEnumApplication {
		return s.OK(elbv2DescribeRules.Operation, data, calls)
	}
	for _, listener := range out.Listeners {
		rules, more, f := collect.Get(ctx, s, elbv2DescribeRules,
			&elbv2.DescribeRulesInput{ListenerArn: listener.ListenerArn, PageSize: elbv2Page})
		calls = append(slices.Clip(calls), more...)
		if f != nil {
			return f.Part(calls)
		}
		data.Listeners = append(data.Listeners, RulesOfListener{ListenerArn: listener.ListenerArn, Rules: rules.Rules})
	}
	return s.OK(elbv2DescribeRules.Operation, data, calls)
}

// after returns what follows the first sep in s, or all of s.
func after(s, sep string) string {
	if _, rest, ok := strings.Cut(s, sep); ok {
		return rest
	}
	return s
}

func elbv2Client(cfg aws.Config) *elbv2.Client { return elbv2.NewFromConfig(cfg) }

// The operations of this file.
var (
	elbv2DescribeLoadBalancers = collect.NewOp("elbv2", "DescribeLoadBalancers",
		func(ctx context.Context, cfg aws.Config, in *elbv2.DescribeLoadBalancersInput) (*elbv2.DescribeLoadBalancersOutput, error) {
			return elbv2Client(cfg).DescribeLoadBalancers(ctx, in)
		}).Paged(func(in *elbv2.DescribeLoadBalancersInput, out *elbv2.DescribeLoadBalancersOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	elbv2DescribeLoadBalancerAttributes = collect.NewOp("elbv2", "DescribeLoadBalancerAttributes",
		func(ctx context.Context, cfg aws.Config, in *elbv2.DescribeLoadBalancerAttributesInput) (*elbv2.DescribeLoadBalancerAttributesOutput, error) {
			return elbv2Client(cfg).DescribeLoadBalancerAttributes(ctx, in)
		})
	elbv2DescribeListeners = collect.NewOp("elbv2", "DescribeListeners",
		func(ctx context.Context, cfg aws.Config, in *elbv2.DescribeListenersInput) (*elbv2.DescribeListenersOutput, error) {
			return elbv2Client(cfg).DescribeListeners(ctx, in)
		}).Paged(func(in *elbv2.DescribeListenersInput, out *elbv2.DescribeListenersOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	}).Shared()
	elbv2DescribeRules = collect.NewOp("elbv2", "DescribeRules",
		func(ctx context.Context, cfg aws.Config, in *elbv2.DescribeRulesInput) (*elbv2.DescribeRulesOutput, error) {
			return elbv2Client(cfg).DescribeRules(ctx, in)
		}).Paged(func(in *elbv2.DescribeRulesInput, out *elbv2.DescribeRulesOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	elbv2DescribeTargetGroups = collect.NewOp("elbv2", "DescribeTargetGroups",
		func(ctx context.Context, cfg aws.Config, in *elbv2.DescribeTargetGroupsInput) (*elbv2.DescribeTargetGroupsOutput, error) {
			return elbv2Client(cfg).DescribeTargetGroups(ctx, in)
		}).Paged(func(in *elbv2.DescribeTargetGroupsInput, out *elbv2.DescribeTargetGroupsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	elbv2DescribeTargetGroupAttributes = collect.NewOp("elbv2", "DescribeTargetGroupAttributes",
		func(ctx context.Context, cfg aws.Config, in *elbv2.DescribeTargetGroupAttributesInput) (*elbv2.DescribeTargetGroupAttributesOutput, error) {
			return elbv2Client(cfg).DescribeTargetGroupAttributes(ctx, in)
		})
	elbv2DescribeSSLPolicies = collect.NewOp("elbv2", "DescribeSSLPolicies",
		func(ctx context.Context, cfg aws.Config, in *elbv2.DescribeSSLPoliciesInput) (*elbv2.DescribeSSLPoliciesOutput, error) {
			return elbv2Client(cfg).DescribeSSLPolicies(ctx, in)
		}).Paged(func(in *elbv2.DescribeSSLPoliciesInput, out *elbv2.DescribeSSLPoliciesOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	elbv2DescribeTags = collect.NewOp("elbv2", "DescribeTags",
		func(ctx context.Context, cfg aws.Config, in *elbv2.DescribeTagsInput) (*elbv2.DescribeTagsOutput, error) {
			return elbv2Client(cfg).DescribeTags(ctx, in)
		})
)
