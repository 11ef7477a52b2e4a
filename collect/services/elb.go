package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ELB collects Classic Load Balancers. Listeners and certificates are in the list item; the protocols and ciphers of a listener
// are in the policy that it names.
func ELB() collect.Service {
	return collect.Service{Name: "elb", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{
			Name: "elb.load-balancer", Scope: bundle.ScopeRegion, Tags: "Tags.TagDescriptions.Tags", Item: "LoadBalancer",
		},
			elbDescribeLoadBalancers, elb.DescribeLoadBalancersInput{PageSize: aws.Int32(400)},
			func(out *elb.DescribeLoadBalancersOutput) []types.LoadBalancerDescription {
				return out.LoadBalancerDescriptions
			},
			func(s *collect.Session, l types.LoadBalancerDescription, _ bundle.From) collect.ID {
				name := aws.ToString(l.LoadBalancerName)
				return collect.ID{ID: name, ARN: s.ARN("elasticloadbalancing", "loadbalancer/"+name)}
			},
			collect.Read("Attributes", elbDescribeLoadBalancerAttributes,
				func(l types.LoadBalancerDescription) *elb.DescribeLoadBalancerAttributesInput {
					return &elb.DescribeLoadBalancerAttributesInput{LoadBalancerName: l.LoadBalancerName}
				}),
			collect.Read("Policies", elbDescribeLoadBalancerPolicies,
				func(l types.LoadBalancerDescription) *elb.DescribeLoadBalancerPoliciesInput {
					return &elb.DescribeLoadBalancerPoliciesInput{LoadBalancerName: l.LoadBalancerName}
				}),
			collect.Read("Tags", elbDescribeTags,
				func(l types.LoadBalancerDescription) *elb.DescribeTagsInput {
					return &elb.DescribeTagsInput{LoadBalancerNames: []string{aws.ToString(l.LoadBalancerName)}}
				}),
		),
	}}
}

func elbClient(cfg aws.Config) *elb.Client { return elb.NewFromConfig(cfg) }

// The operations of this file.
var (
	elbDescribeLoadBalancers = collect.NewOp("elb", "DescribeLoadBalancers",
		func(ctx context.Context, cfg aws.Config, in *elb.DescribeLoadBalancersInput) (*elb.DescribeLoadBalancersOutput, error) {
			return elbClient(cfg).DescribeLoadBalancers(ctx, in)
		}).Paged(func(in *elb.DescribeLoadBalancersInput, out *elb.DescribeLoadBalancersOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	elbDescribeLoadBalancerAttributes = collect.NewOp("elb", "DescribeLoadBalancerAttributes",
		func(ctx context.Context, cfg aws.Config, in *elb.DescribeLoadBalancerAttributesInput) (*elb.DescribeLoadBalancerAttributesOutput, error) {
			return elbClient(cfg).DescribeLoadBalancerAttributes(ctx, in)
		})
	elbDescribeLoadBalancerPolicies = collect.NewOp("elb", "DescribeLoadBalancerPolicies",
		func(ctx context.Context, cfg aws.Config, in *elb.DescribeLoadBalancerPoliciesInput) (*elb.DescribeLoadBalancerPoliciesOutput, error) {
			return elbClient(cfg).DescribeLoadBalancerPolicies(ctx, in)
		})
	elbDescribeTags = collect.NewOp("elb", "DescribeTags",
		func(ctx context.Context, cfg aws.Config, in *elb.DescribeTagsInput) (*elb.DescribeTagsOutput, error) {
			return elbClient(cfg).DescribeTags(ctx, in)
		})
)
