package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ec2NetworkKinds are the parts of a VPC and its public addresses. Subnets, route tables and the like can be shared by another
// account: they are listed here too, under their owner's name.
func ec2NetworkKinds() []collect.Kind {
	return []collect.Kind{
		ec2Subnet(),
		ec2RouteTable(),
		ec2InternetGateway(),
		ec2NATGateway(),
		ec2ManagedPrefixList(),
		ec2NetworkInterface(),
		ec2Address(),
		collect.Single(collect.Kind{Name: "ec2.vpc-block-public-access-options", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Region()} },
			collect.Read("VpcBlockPublicAccessOptions", ec2DescribeVpcBlockPublicAccessOptions,
				func(*collect.Session) *ec2.DescribeVpcBlockPublicAccessOptionsInput {
					return &ec2.DescribeVpcBlockPublicAccessOptionsInput{}
				}),
		),
		ec2VPCBlockPublicAccessExclusion(),
	}
}

// ec2Owned is ec2ID for a resource that another account may own.
func ec2Owned(s *collect.Session, resource string, id, owner *string) collect.ID {
	out := ec2ID(s, resource, id)
	if account := aws.ToString(owner); account != "" {
		out.ARN = "arn:" + s.Partition() + ":ec2:" + s.Region() + ":" + account + ":" + resource + "/" + aws.ToString(id)
	}
	return out
}

func ec2Subnet() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.subnet", Scope: bundle.ScopeRegion, Tags: "Subnet.Tags", Item: "Subnet"},
		ec2DescribeSubnets,
		ec2.DescribeSubnetsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeSubnetsOutput) []types.Subnet { return out.Subnets },
		func(s *collect.Session, x types.Subnet, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(x.SubnetId), ARN: aws.ToString(x.SubnetArn)}
		})
}

func ec2RouteTable() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.route-table", Scope: bundle.ScopeRegion, Tags: "RouteTable.Tags", Item: "RouteTable"},
		ec2DescribeRouteTables,
		ec2.DescribeRouteTablesInput{MaxResults: ec2SmallPage},
		func(out *ec2.DescribeRouteTablesOutput) []types.RouteTable { return out.RouteTables },
		func(s *collect.Session, x types.RouteTable, _ bundle.From) collect.ID {
			return ec2Owned(s, "route-table", x.RouteTableId, x.OwnerId)
		})
}

func ec2InternetGateway() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.internet-gateway", Scope: bundle.ScopeRegion, Tags: "InternetGateway.Tags", Item: "InternetGateway"},
		ec2DescribeInternetGateways,
		ec2.DescribeInternetGatewaysInput{MaxResults: ec2Page},
		func(out *ec2.DescribeInternetGatewaysOutput) []types.InternetGateway { return out.InternetGateways },
		func(s *collect.Session, x types.InternetGateway, _ bundle.From) collect.ID {
			return ec2Owned(s, "internet-gateway", x.InternetGatewayId, x.OwnerId)
		})
}

// ec2NATGateway lists gateways for about an hour after their deletion too: their state tells.
func ec2NATGateway() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.nat-gateway", Scope: bundle.ScopeRegion, Tags: "NatGateway.Tags", Item: "NatGateway"},
		ec2DescribeNatGateways,
		ec2.DescribeNatGatewaysInput{MaxResults: ec2Page},
		func(out *ec2.DescribeNatGatewaysOutput) []types.NatGateway { return out.NatGateways },
		func(s *collect.Session, x types.NatGateway, _ bundle.From) collect.ID {
			return ec2ID(s, "natgateway", x.NatGatewayId)
		})
}

// ec2ManagedPrefixList lists the account's own prefix lists, those shared with it, and AWS's own, a handful in each region: security
// groups and routes refer to all three.
func ec2ManagedPrefixList() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.managed-prefix-list", Scope: bundle.ScopeRegion, Tags: "ManagedPrefixList.Tags", Item: "ManagedPrefixList"},
		ec2DescribeManagedPrefixLists,
		ec2.DescribeManagedPrefixListsInput{MaxResults: ec2SmallPage},
		func(out *ec2.DescribeManagedPrefixListsOutput) []types.ManagedPrefixList { return out.PrefixLists },
		func(s *collect.Session, x types.ManagedPrefixList, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(x.PrefixListId), ARN: aws.ToString(x.PrefixListArn)}
		},
		collect.Read("Entries", ec2GetManagedPrefixListEntries,
			func(x types.ManagedPrefixList) *ec2.GetManagedPrefixListEntriesInput {
				return &ec2.GetManagedPrefixListEntriesInput{PrefixListId: x.PrefixListId, MaxResults: ec2SmallPage}
			}))
}

func ec2NetworkInterface() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.network-interface", Scope: bundle.ScopeRegion, Tags: "NetworkInterface.TagSet", Item: "NetworkInterface"},
		ec2DescribeNetworkInterfaces,
		ec2.DescribeNetworkInterfacesInput{MaxResults: ec2Page},
		func(out *ec2.DescribeNetworkInterfacesOutput) []types.NetworkInterface { return out.NetworkInterfaces },
		func(s *collect.Session, x types.NetworkInterface, _ bundle.From) collect.ID {
			return ec2Owned(s, "network-interface", x.NetworkInterfaceId, x.OwnerId)
		})
}

func ec2Address() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.elastic-ip", Scope: bundle.ScopeRegion, Tags: "Address.Tags", Item: "Address"},
		ec2DescribeAddresses,
		ec2.DescribeAddressesInput{},
		func(out *ec2.DescribeAddressesOutput) []types.Address { return out.Addresses },
		func(s *collect.Session, x types.Address, _ bundle.From) collect.ID {
			return ec2ID(s, "elastic-ip", x.AllocationId)
		})
}

func ec2VPCBlockPublicAccessExclusion() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.vpc-block-public-access-exclusion", Scope: bundle.ScopeRegion, Tags: "VpcBlockPublicAccessExclusion.Tags", Item: "VpcBlockPublicAccessExclusion"},
		ec2DescribeVpcBlockPublicAccessExclusions,
		ec2.DescribeVpcBlockPublicAccessExclusionsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeVpcBlockPublicAccessExclusionsOutput) []types.VpcBlockPublicAccessExclusion {
			return out.VpcBlockPublicAccessExclusions
		},
		func(s *collect.Session, x types.VpcBlockPublicAccessExclusion, _ bundle.From) collect.ID {
			return ec2ID(s, "vpc-block-public-access-exclusion", x.ExclusionId)
		})
}

// The operations of this file.
var (
	ec2DescribeSubnets = collect.NewOp("ec2", "DescribeSubnets",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeSubnetsInput) (*ec2.DescribeSubnetsOutput, error) {
			return ec2Client(cfg).DescribeSubnets(ctx, in)
		}).Paged(func(in *ec2.DescribeSubnetsInput, out *ec2.DescribeSubnetsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeRouteTables = collect.NewOp("ec2", "DescribeRouteTables",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeRouteTablesInput) (*ec2.DescribeRouteTablesOutput, error) {
			return ec2Client(cfg).DescribeRouteTables(ctx, in)
		}).Paged(func(in *ec2.DescribeRouteTablesInput, out *ec2.DescribeRouteTablesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeInternetGateways = collect.NewOp("ec2", "DescribeInternetGateways",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeInternetGatewaysInput) (*ec2.DescribeInternetGatewaysOutput, error) {
			return ec2Client(cfg).DescribeInternetGateways(ctx, in)
		}).Paged(func(in *ec2.DescribeInternetGatewaysInput, out *ec2.DescribeInternetGatewaysOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeNatGateways = collect.NewOp("ec2", "DescribeNatGateways",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeNatGatewaysInput) (*ec2.DescribeNatGatewaysOutput, error) {
			return ec2Client(cfg).DescribeNatGateways(ctx, in)
		}).Paged(func(in *ec2.DescribeNatGatewaysInput, out *ec2.DescribeNatGatewaysOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeManagedPrefixLists = collect.NewOp("ec2", "DescribeManagedPrefixLists",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeManagedPrefixListsInput) (*ec2.DescribeManagedPrefixListsOutput, error) {
			return ec2Client(cfg).DescribeManagedPrefixLists(ctx, in)
		}).Paged(func(in *ec2.DescribeManagedPrefixListsInput, out *ec2.DescribeManagedPrefixListsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2GetManagedPrefixListEntries = collect.NewOp("ec2", "GetManagedPrefixListEntries",
		func(ctx context.Context, cfg aws.Config, in *ec2.GetManagedPrefixListEntriesInput) (*ec2.GetManagedPrefixListEntriesOutput, error) {
			return ec2Client(cfg).GetManagedPrefixListEntries(ctx, in)
		}).Paged(func(in *ec2.GetManagedPrefixListEntriesInput, out *ec2.GetManagedPrefixListEntriesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeNetworkInterfaces = collect.NewOp("ec2", "DescribeNetworkInterfaces",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeNetworkInterfacesInput) (*ec2.DescribeNetworkInterfacesOutput, error) {
			return ec2Client(cfg).DescribeNetworkInterfaces(ctx, in)
		}).Paged(func(in *ec2.DescribeNetworkInterfacesInput, out *ec2.DescribeNetworkInterfacesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeAddresses = collect.NewOp("ec2", "DescribeAddresses",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeAddressesInput) (*ec2.DescribeAddressesOutput, error) {
			return ec2Client(cfg).DescribeAddresses(ctx, in)
		})
	ec2DescribeVpcBlockPublicAccessOptions = collect.NewOp("ec2", "DescribeVpcBlockPublicAccessOptions",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeVpcBlockPublicAccessOptionsInput) (*ec2.DescribeVpcBlockPublicAccessOptionsOutput, error) {
			return ec2Client(cfg).DescribeVpcBlockPublicAccessOptions(ctx, in)
		})
	ec2DescribeVpcBlockPublicAccessExclusions = collect.NewOp("ec2", "DescribeVpcBlockPublicAccessExclusions",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeVpcBlockPublicAccessExclusionsInput) (*ec2.DescribeVpcBlockPublicAccessExclusionsOutput, error) {
			return ec2Client(cfg).DescribeVpcBlockPublicAccessExclusions(ctx, in)
		}).Paged(func(in *ec2.DescribeVpcBlockPublicAccessExclusionsInput, out *ec2.DescribeVpcBlockPublicAccessExclusionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
