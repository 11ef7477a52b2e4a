package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// ec2ConnectionKinds are the ways into and out of a VPC that are not the internet's: endpoints, peering, VPN and transit.
func ec2ConnectionKinds() []collect.Kind {
	return []collect.Kind{
		ec2VPCEndpoint(),
		ec2VPCEndpointService(),
		ec2VPCPeeringConnection(),
		ec2VPNConnection(),
		ec2ClientVPNEndpoint(),
		ec2CustomerGateway(),
		ec2TransitGateway(),
		ec2TransitGatewayAttachment(),
	}
}

// ec2VPCEndpoint lists endpoints with their policies: a JSON text in the item.
func ec2VPCEndpoint() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.vpc-endpoint", Scope: bundle.ScopeRegion, Tags: "VpcEndpoint.Tags", Item: "VpcEndpoint"},
		ec2DescribeVpcEndpoints,
		ec2.DescribeVpcEndpointsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeVpcEndpointsOutput) []types.VpcEndpoint { return out.VpcEndpoints },
		func(s *collect.Session, x types.VpcEndpoint, _ bundle.From) collect.ID {
			return ec2Owned(s, "vpc-endpoint", x.VpcEndpointId, x.OwnerId)
		})
}

// ec2VPCEndpointService lists the services that the account offers to others, and which principals may connect.
func ec2VPCEndpointService() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.vpc-endpoint-service", Scope: bundle.ScopeRegion, Tags: "ServiceConfiguration.Tags", Item: "ServiceConfiguration"},
		ec2DescribeVpcEndpointServiceConfigurations,
		ec2.DescribeVpcEndpointServiceConfigurationsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeVpcEndpointServiceConfigurationsOutput) []types.ServiceConfiguration {
			return out.ServiceConfigurations
		},
		func(s *collect.Session, x types.ServiceConfiguration, _ bundle.From) collect.ID {
			return ec2ID(s, "vpc-endpoint-service", x.ServiceId)
		},
		collect.Read("Permissions", ec2DescribeVpcEndpointServicePermissions,
			func(x types.ServiceConfiguration) *ec2.DescribeVpcEndpointServicePermissionsInput {
				return &ec2.DescribeVpcEndpointServicePermissionsInput{ServiceId: x.ServiceId, MaxResults: ec2Page}
			}))
}

// ec2VPCPeeringConnection lists a connection in the accounts and regions of both its sides. Rejected and deleted ones stay for some
// time: their status tells.
func ec2VPCPeeringConnection() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.vpc-peering-connection", Scope: bundle.ScopeRegion, Tags: "VpcPeeringConnection.Tags", Item: "VpcPeeringConnection"},
		ec2DescribeVpcPeeringConnections,
		ec2.DescribeVpcPeeringConnectionsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeVpcPeeringConnectionsOutput) []types.VpcPeeringConnection {
			return out.VpcPeeringConnections
		},
		func(s *collect.Session, x types.VpcPeeringConnection, _ bundle.From) collect.ID {
			return ec2ID(s, "vpc-peering-connection", x.VpcPeeringConnectionId)
		})
}

// ec2VPNConnection lists site-to-site connections. Their pre-shared keys, and the configuration that repeats them, are dropped.
func ec2VPNConnection() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.vpn-connection", Scope: bundle.ScopeRegion, Tags: "VpnConnection.Tags", Item: "VpnConnection"},
		ec2DescribeVpnConnections,
		ec2.DescribeVpnConnectionsInput{},
		func(out *ec2.DescribeVpnConnectionsOutput) []types.VpnConnection { return out.VpnConnections },
		func(s *collect.Session, x types.VpnConnection, _ bundle.From) collect.ID {
			return ec2ID(s, "vpn-connection", x.VpnConnectionId)
		})
}

func ec2ClientVPNEndpoint() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.client-vpn-endpoint", Scope: bundle.ScopeRegion, Tags: "ClientVpnEndpoint.Tags", Item: "ClientVpnEndpoint"},
		ec2DescribeClientVpnEndpoints,
		ec2.DescribeClientVpnEndpointsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeClientVpnEndpointsOutput) []types.ClientVpnEndpoint {
			return out.ClientVpnEndpoints
		},
		func(s *collect.Session, x types.ClientVpnEndpoint, _ bundle.From) collect.ID {
			return ec2ID(s, "client-vpn-endpoint", x.ClientVpnEndpointId)
		})
}

func ec2CustomerGateway() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.customer-gateway", Scope: bundle.ScopeRegion, Tags: "CustomerGateway.Tags", Item: "CustomerGateway"},
		ec2DescribeCustomerGateways,
		ec2.DescribeCustomerGatewaysInput{},
		func(out *ec2.DescribeCustomerGatewaysOutput) []types.CustomerGateway { return out.CustomerGateways },
		func(s *collect.Session, x types.CustomerGateway, _ bundle.From) collect.ID {
			return ec2ID(s, "customer-gateway", x.CustomerGatewayId)
		})
}

// ec2TransitGateway lists the account's gateways and those shared with it.
func ec2TransitGateway() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.transit-gateway", Scope: bundle.ScopeRegion, Tags: "TransitGateway.Tags", Item: "TransitGateway"},
		ec2DescribeTransitGateways,
		ec2.DescribeTransitGatewaysInput{MaxResults: ec2Page},
		func(out *ec2.DescribeTransitGatewaysOutput) []types.TransitGateway { return out.TransitGateways },
		func(s *collect.Session, x types.TransitGateway, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(x.TransitGatewayId), ARN: aws.ToString(x.TransitGatewayArn)}
		})
}

func ec2TransitGatewayAttachment() collect.Kind {
	return collect.Listed(collect.Kind{Name: "ec2.transit-gateway-attachment", Scope: bundle.ScopeRegion, Tags: "TransitGatewayAttachment.Tags", Item: "TransitGatewayAttachment"},
		ec2DescribeTransitGatewayAttachments,
		ec2.DescribeTransitGatewayAttachmentsInput{MaxResults: ec2Page},
		func(out *ec2.DescribeTransitGatewayAttachmentsOutput) []types.TransitGatewayAttachment {
			return out.TransitGatewayAttachments
		},
		func(s *collect.Session, x types.TransitGatewayAttachment, _ bundle.From) collect.ID {
			return ec2Owned(s, "transit-gateway-attachment", x.TransitGatewayAttachmentId, x.ResourceOwnerId)
		})
}

// The operations of this file.
var (
	ec2DescribeVpcEndpoints = collect.NewOp("ec2", "DescribeVpcEndpoints",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeVpcEndpointsInput) (*ec2.DescribeVpcEndpointsOutput, error) {
			return ec2Client(cfg).DescribeVpcEndpoints(ctx, in)
		}).Paged(func(in *ec2.DescribeVpcEndpointsInput, out *ec2.DescribeVpcEndpointsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeVpcEndpointServiceConfigurations = collect.NewOp("ec2", "DescribeVpcEndpointServiceConfigurations",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeVpcEndpointServiceConfigurationsInput) (*ec2.DescribeVpcEndpointServiceConfigurationsOutput, error) {
			return ec2Client(cfg).DescribeVpcEndpointServiceConfigurations(ctx, in)
		}).Paged(func(in *ec2.DescribeVpcEndpointServiceConfigurationsInput, out *ec2.DescribeVpcEndpointServiceConfigurationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeVpcEndpointServicePermissions = collect.NewOp("ec2", "DescribeVpcEndpointServicePermissions",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeVpcEndpointServicePermissionsInput) (*ec2.DescribeVpcEndpointServicePermissionsOutput, error) {
			return ec2Client(cfg).DescribeVpcEndpointServicePermissions(ctx, in)
		}).Paged(func(in *ec2.DescribeVpcEndpointServicePermissionsInput, out *ec2.DescribeVpcEndpointServicePermissionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeVpcPeeringConnections = collect.NewOp("ec2", "DescribeVpcPeeringConnections",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeVpcPeeringConnectionsInput) (*ec2.DescribeVpcPeeringConnectionsOutput, error) {
			return ec2Client(cfg).DescribeVpcPeeringConnections(ctx, in)
		}).Paged(func(in *ec2.DescribeVpcPeeringConnectionsInput, out *ec2.DescribeVpcPeeringConnectionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeVpnConnections = collect.NewOp("ec2", "DescribeVpnConnections",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeVpnConnectionsInput) (*ec2.DescribeVpnConnectionsOutput, error) {
			return ec2Client(cfg).DescribeVpnConnections(ctx, in)
		})
	ec2DescribeClientVpnEndpoints = collect.NewOp("ec2", "DescribeClientVpnEndpoints",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeClientVpnEndpointsInput) (*ec2.DescribeClientVpnEndpointsOutput, error) {
			return ec2Client(cfg).DescribeClientVpnEndpoints(ctx, in)
		}).Paged(func(in *ec2.DescribeClientVpnEndpointsInput, out *ec2.DescribeClientVpnEndpointsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeCustomerGateways = collect.NewOp("ec2", "DescribeCustomerGateways",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeCustomerGatewaysInput) (*ec2.DescribeCustomerGatewaysOutput, error) {
			return ec2Client(cfg).DescribeCustomerGateways(ctx, in)
		})
	ec2DescribeTransitGateways = collect.NewOp("ec2", "DescribeTransitGateways",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeTransitGatewaysInput) (*ec2.DescribeTransitGatewaysOutput, error) {
			return ec2Client(cfg).DescribeTransitGateways(ctx, in)
		}).Paged(func(in *ec2.DescribeTransitGatewaysInput, out *ec2.DescribeTransitGatewaysOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	ec2DescribeTransitGatewayAttachments = collect.NewOp("ec2", "DescribeTransitGatewayAttachments",
		func(ctx context.Context, cfg aws.Config, in *ec2.DescribeTransitGatewayAttachmentsInput) (*ec2.DescribeTransitGatewayAttachmentsOutput, error) {
			return ec2Client(cfg).DescribeTransitGatewayAttachments(ctx, in)
		}).Paged(func(in *ec2.DescribeTransitGatewayAttachmentsInput, out *ec2.DescribeTransitGatewayAttachmentsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
