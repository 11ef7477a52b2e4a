package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbv2types "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/auditpack/auditpack/collect/bundle"
)

// network makes a VPC with what hangs on it. Most things are there twice: as they should be, and as a rule would object to them.
func (s *seeder) network() {
	c := ec2.NewFromConfig(s.cfg)
	vpc := made[ec2.CreateVpcOutput](s)(c.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.7.0.0/16")})).Vpc
	subnet := made[ec2.CreateSubnetOutput](s)(c.CreateSubnet(s.ctx, &ec2.CreateSubnetInput{
		VpcId: vpc.VpcId, CidrBlock: aws.String("10.7.1.0/24"), TagSpecifications: tagged(ec2types.ResourceTypeSubnet)})).Subnet
	gateway := made[ec2.CreateInternetGatewayOutput](s)(c.CreateInternetGateway(s.ctx, &ec2.CreateInternetGatewayInput{})).InternetGateway
	made[ec2.AttachInternetGatewayOutput](s)(c.AttachInternetGateway(s.ctx, &ec2.AttachInternetGatewayInput{
		InternetGatewayId: gateway.InternetGatewayId, VpcId: vpc.VpcId}))
	table := made[ec2.CreateRouteTableOutput](s)(c.CreateRouteTable(s.ctx, &ec2.CreateRouteTableInput{VpcId: vpc.VpcId})).RouteTable
	made[ec2.CreateRouteOutput](s)(c.CreateRoute(s.ctx, &ec2.CreateRouteInput{
		RouteTableId: table.RouteTableId, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: gateway.InternetGatewayId}))
	address := made[ec2.AllocateAddressOutput](s)(c.AllocateAddress(s.ctx, &ec2.AllocateAddressInput{Domain: ec2types.DomainTypeVpc}))
	made[ec2.AllocateAddressOutput](s)(c.AllocateAddress(s.ctx, &ec2.AllocateAddressInput{Domain: ec2types.DomainTypeVpc}))
	made[ec2.CreateNatGatewayOutput](s)(c.CreateNatGateway(s.ctx, &ec2.CreateNatGatewayInput{
		SubnetId: subnet.SubnetId, AllocationId: address.AllocationId}))
	made[ec2.CreateNetworkInterfaceOutput](s)(c.CreateNetworkInterface(s.ctx, &ec2.CreateNetworkInterfaceInput{SubnetId: subnet.SubnetId}))
	made[ec2.CreateManagedPrefixListOutput](s)(c.CreateManagedPrefixList(s.ctx, &ec2.CreateManagedPrefixListInput{
		PrefixListName: aws.String("offices"), AddressFamily: aws.String("IPv4"), MaxEntries: aws.Int32(5),
		Entries: []ec2types.AddPrefixListEntry{{Cidr: aws.String("203.0.113.0/24")}}}))
	s.connections(vpc, subnet)
	s.images()
}

// connections makes endpoints, a peering, a VPN and a transit gateway for the VPC.
func (s *seeder) connections(vpc *ec2types.Vpc, subnet *ec2types.Subnet) {
	c := ec2.NewFromConfig(s.cfg)
	made[ec2.CreateVpcEndpointOutput](s)(c.CreateVpcEndpoint(s.ctx, &ec2.CreateVpcEndpointInput{
		VpcId: vpc.VpcId, ServiceName: aws.String("com.amazonaws.us-east-1.s3"), VpcEndpointType: ec2types.VpcEndpointTypeGateway,
		PolicyDocument: aws.String(allowAll)}))
	peer := made[ec2.CreateVpcOutput](s)(c.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.8.0.0/16")})).Vpc
	made[ec2.CreateVpcPeeringConnectionOutput](s)(c.CreateVpcPeeringConnection(s.ctx, &ec2.CreateVpcPeeringConnectionInput{
		VpcId: vpc.VpcId, PeerVpcId: peer.VpcId}))
	customer := made[ec2.CreateCustomerGatewayOutput](s)(c.CreateCustomerGateway(s.ctx, &ec2.CreateCustomerGatewayInput{
		Type: ec2types.GatewayTypeIpsec1, IpAddress: aws.String("203.0.113.7"), BgpAsn: aws.Int32(65000)})).CustomerGateway
	transit := made[ec2.CreateTransitGatewayOutput](s)(c.CreateTransitGateway(s.ctx, &ec2.CreateTransitGatewayInput{
		Options: &ec2types.TransitGatewayRequestOptions{AutoAcceptSharedAttachments: ec2types.AutoAcceptSharedAttachmentsValueEnable}})).TransitGateway
	balancer := made[elbv2.CreateLoadBalancerOutput](s)(elbv2.NewFromConfig(s.cfg).CreateLoadBalancer(s.ctx, &elbv2.CreateLoadBalancerInput{
		Name: aws.String("offered"), Type: elbv2types.LoadBalancerTypeEnumNetwork, Subnets: []string{*subnet.SubnetId}})).LoadBalancers[0]
	service := made[ec2.CreateVpcEndpointServiceConfigurationOutput](s)(c.CreateVpcEndpointServiceConfiguration(s.ctx,
		&ec2.CreateVpcEndpointServiceConfigurationInput{NetworkLoadBalancerArns: []string{*balancer.LoadBalancerArn}})).ServiceConfiguration
	made[ec2.ModifyVpcEndpointServicePermissionsOutput](s)(c.ModifyVpcEndpointServicePermissions(s.ctx,
		&ec2.ModifyVpcEndpointServicePermissionsInput{ServiceId: service.ServiceId, AddAllowedPrincipals: []string{"*"}}))
	made[ec2.CreateVpnConnectionOutput](s)(c.CreateVpnConnection(s.ctx, &ec2.CreateVpnConnectionInput{
		Type: aws.String("ipsec.1"), CustomerGatewayId: customer.CustomerGatewayId, TransitGatewayId: transit.TransitGatewayId}))
}

// images makes what instances start from. The launch template's two versions differ, and one of its secrets is user data.
func (s *seeder) images() {
	c := ec2.NewFromConfig(s.cfg)
	template := made[ec2.CreateLaunchTemplateOutput](s)(c.CreateLaunchTemplate(s.ctx, &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String("workers"), LaunchTemplateData: &ec2types.RequestLaunchTemplateData{
			ImageId: aws.String("ami-12c6146b"), UserData: aws.String("ZXhhbXBsZS1zZWNyZXQ=")}})).LaunchTemplate
	made[ec2.CreateLaunchTemplateVersionOutput](s)(c.CreateLaunchTemplateVersion(s.ctx, &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateId: template.LaunchTemplateId, LaunchTemplateData: &ec2types.RequestLaunchTemplateData{
			MetadataOptions: &ec2types.LaunchTemplateInstanceMetadataOptionsRequest{HttpTokens: ec2types.LaunchTemplateHttpTokensStateRequired}}}))
	made[ec2.CreateKeyPairOutput](s)(c.CreateKeyPair(s.ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("ops")}))
	volume := made[ec2.CreateVolumeOutput](s)(c.CreateVolume(s.ctx, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(8)}))
	for _, public := range []bool{false, true} {
		snapshot := made[ec2.CreateSnapshotOutput](s)(c.CreateSnapshot(s.ctx, &ec2.CreateSnapshotInput{VolumeId: volume.VolumeId}))
		image := made[ec2.RegisterImageOutput](s)(c.RegisterImage(s.ctx, &ec2.RegisterImageInput{Name: aws.String("built-" + *snapshot.SnapshotId)}))
		if !public {
			continue
		}
		made[ec2.ModifySnapshotAttributeOutput](s)(c.ModifySnapshotAttribute(s.ctx, &ec2.ModifySnapshotAttributeInput{
			SnapshotId: snapshot.SnapshotId, Attribute: ec2types.SnapshotAttributeNameCreateVolumePermission,
			OperationType: ec2types.OperationTypeAdd, GroupNames: []string{"all"}}))
		made[ec2.ModifyImageAttributeOutput](s)(c.ModifyImageAttribute(s.ctx, &ec2.ModifyImageAttributeInput{
			ImageId: image.ImageId, LaunchPermission: &ec2types.LaunchPermissionModifications{
				Add: []ec2types.LaunchPermission{{Group: ec2types.PermissionGroupAll}}}}))
	}
}

// tagged is the tag that a seeded resource carries.
func tagged(of ec2types.ResourceType) []ec2types.TagSpecification {
	return []ec2types.TagSpecification{{ResourceType: of, Tags: []ec2types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}}}
}

// TestLiveEC2 pins what the kinds around a VPC and its instances hold.
func TestLiveEC2(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		made[s3.CreateBucketOutput](s)(s3Client(s.cfg).CreateBucket(s.ctx, &s3.CreateBucketInput{Bucket: aws.String("logs.example")}))
		s.ec2()
		s.network()
	}, EC2())
	holds := func(kind, part, text string) int {
		t.Helper()
		n := 0
		for _, a := range s.artifacts {
			if p := a.Parts[part]; a.Kind == kind && p.State == bundle.StateOK && strings.Contains(string(p.Data), text) {
				n++
			}
		}
		return n
	}
	for _, want := range []struct {
		kind, part, text string
		n                int
	}{
		{"ec2.snapshot", "Attribute", `"Group":"all"`, 1},
		{"ec2.image", "Attribute", `"Group":"all"`, 1},
		{"ec2.managed-prefix-list", "Entries", `"203.0.113.0/24"`, 1},
		{"ec2.vpc-endpoint-service", "Permissions", `"Principal":"*"`, 1},
		{"ec2.subnet", "Subnet", `{"Key":"env","Value":"prod"}`, 1},
		{"ec2.route-table", "RouteTable", `"DestinationCidrBlock":"0.0.0.0/0"`, 1},
		{"ec2.launch-template", "Versions", `"HttpTokens":"required"`, 1},
		{"ec2.launch-template", "Versions", `"UserData":{"__redacted"`, 1},
		{"ec2.vpn-connection", "VpnConnection", `"CustomerGatewayConfiguration":{"__redacted"`, 1},
		{"ec2.transit-gateway", "TransitGateway", `"AutoAcceptSharedAttachments":"enable"`, 1},
	} {
		if n := holds(want.kind, want.part, want.text); n != want.n {
			t.Errorf("%s.%s: %d hold %s, want %d", want.kind, want.part, n, want.text, want.n)
		}
	}
	for name, data := range s.data() {
		if strings.Contains(data, "ZXhhbXBsZS1zZWNyZXQ=") || strings.Contains(data, "BEGIN RSA") {
			t.Errorf("%s holds a secret: %s", name, data)
		}
	}
	for _, kind := range []string{"ec2.snapshot", "ec2.image", "ec2.vpc-endpoint", "ec2.elastic-ip", "ec2.launch-template"} {
		if p := s.populations[kind+" eu-west-1"]; p.Status != bundle.StatusComplete || p.Count != 0 {
			t.Errorf("population of %s in eu-west-1: %+v, want none", kind, p)
		}
	}
}
