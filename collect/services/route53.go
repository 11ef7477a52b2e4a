package services

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Route53 collects hosted zones, public and private. The records of a zone are data, of which there can be ten thousand and more,
// and are left out.
func Route53() collect.Service {
	return collect.Service{Name: "route53", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{
			Name: "route53.hosted-zone", Scope: bundle.ScopeAccount, Tags: "Tags.ResourceTagSet.Tags", Item: "HostedZone",
		},
			route53ListHostedZones, route53.ListHostedZonesInput{},
			func(out *route53.ListHostedZonesOutput) []types.HostedZone { return out.HostedZones },
			func(s *collect.Session, z types.HostedZone, _ bundle.From) collect.ID {
				return collect.ID{ID: *zoneID(z), ARN: "arn:" + s.Partition() + ":route53:::hostedzone/" + *zoneID(z)}
			},
			collect.Read("QueryLoggingConfigs", route53ListQueryLoggingConfigs,
				func(z types.HostedZone) *route53.ListQueryLoggingConfigsInput {
					return &route53.ListQueryLoggingConfigsInput{HostedZoneId: zoneID(z), MaxResults: aws.Int32(100)}
				}),
			dnssec(),
			collect.Read("Tags", route53ListTagsForResource,
				func(z types.HostedZone) *route53.ListTagsForResourceInput {
					return &route53.ListTagsForResourceInput{ResourceType: types.TagResourceTypeHostedzone, ResourceId: zoneID(z)}
				}),
		),
	}}
}

// zoneID returns the id that other operations ask for: the list says "/hostedzone/Z1".
func zoneID(z types.HostedZone) *string {
	return aws.String(strings.TrimPrefix(aws.ToString(z.Id), "/hostedzone/"))
}

// dnssec is the part that says whether the zone is signed. Signing exists for public zones only: AWS calls the id of a private
// one an invalid argument, and that is its way to say that nothing is configured there. Of a public zone the same code is a
// failure like any other.
func dnssec() collect.Part[types.HostedZone] {
	part := collect.Custom[route53.GetDNSSECOutput]("DNSSEC", []collect.Operation{route53GetDNSSEC.Operation},
		func(ctx context.Context, s *collect.Session, z types.HostedZone) bundle.Part {
			var unsigned []collect.Says
			if z.Config != nil && z.Config.PrivateZone {
				unsigned = []collect.Says{{Code: unsignable}}
			}
			out, calls, f := collect.Get(ctx, s, route53GetDNSSEC, &route53.GetDNSSECInput{HostedZoneId: zoneID(z)}, unsigned...)
			if f != nil {
				return f.Part(calls)
			}
			return s.OK(route53GetDNSSEC.Operation, out, calls)
		})
	part.Absent = []string{unsignable}
	return part
}

// unsignable is GetDNSSEC's code for a zone that cannot be signed.
const unsignable = "InvalidArgument"

func route53Client(cfg aws.Config) *route53.Client { return route53.NewFromConfig(cfg) }

// The operations of this file.
var (
	route53ListHostedZones = collect.NewOp("route53", "ListHostedZones",
		func(ctx context.Context, cfg aws.Config, in *route53.ListHostedZonesInput) (*route53.ListHostedZonesOutput, error) {
			return route53Client(cfg).ListHostedZones(ctx, in)
		}).Paged(func(in *route53.ListHostedZonesInput, out *route53.ListHostedZonesOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	})
	route53ListQueryLoggingConfigs = collect.NewOp("route53", "ListQueryLoggingConfigs",
		func(ctx context.Context, cfg aws.Config, in *route53.ListQueryLoggingConfigsInput) (*route53.ListQueryLoggingConfigsOutput, error) {
			return route53Client(cfg).ListQueryLoggingConfigs(ctx, in)
		}).Paged(func(in *route53.ListQueryLoggingConfigsInput, out *route53.ListQueryLoggingConfigsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	route53GetDNSSEC = collect.NewOp("route53", "GetDNSSEC",
		func(ctx context.Context, cfg aws.Config, in *route53.GetDNSSECInput) (*route53.GetDNSSECOutput, error) {
			return route53Client(cfg).GetDNSSEC(ctx, in)
		})
	route53ListTagsForResource = collect.NewOp("route53", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *route53.ListTagsForResourceInput) (*route53.ListTagsForResourceOutput, error) {
			return route53Client(cfg).ListTagsForResource(ctx, in)
		})
)
