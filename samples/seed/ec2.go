package seed

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// vpc describes one VPC that the company made.
type vpc struct {
	name, region, cidr string
	flowLog            bool
	closeDefault       bool // take all rules out of the default security group
	badNACL            bool // add a network ACL that lets SSH in from anywhere
	tags               [][2]string
}

func vpcs() []vpc {
	return []vpc{
		{"prod", Tokyo, "10.10.0.0/16", true, true, false, [][2]string{{"Name", "prod"}, {"DataClass", secret}}},
		{"dev", Tokyo, "10.20.0.0/16", false, false, true, [][2]string{{"Name", script}, {"Note", formula}}},
		{"analytics", Virginia, "10.30.0.0/16", false, false, false, [][2]string{{"Name", emoji}, {"Note", formulaAt}}},
		{"eu", Ireland, "10.40.0.0/16", true, true, false, [][2]string{{"Name", bidi}, {"Note", pathEscape}}},
	}
}

// group describes one security group in a company VPC.
type group struct {
	name, vpc, description string
	rules                  []types.IpPermission
}

func tcp(from, to int32, cidr string) types.IpPermission {
	p := types.IpPermission{IpProtocol: aws.String("tcp"), FromPort: &from, ToPort: &to}
	if cidr == "::/0" {
		p.Ipv6Ranges = []types.Ipv6Range{{CidrIpv6: &cidr}}
	} else {
		p.IpRanges = []types.IpRange{{CidrIp: &cidr}}
	}
	return p
}

func everything(cidr string) types.IpPermission {
	return types.IpPermission{IpProtocol: aws.String("-1"), IpRanges: []types.IpRange{{CidrIp: &cidr}}}
}

func securityGroups() []group {
	return []group{
		{"web", "prod", "HTTPS from anywhere", []types.IpPermission{tcp(443, 443, "0.0.0.0/0"), tcp(443, 443, "::/0")}},
		{"app", "prod", "From the web tier", []types.IpPermission{tcp(8080, 8080, "10.10.0.0/24")}},
		{"db", "prod", pageMacro, []types.IpPermission{tcp(5432, 5432, "10.10.0.0/16")}},
		{"bastion", "prod", "=1+1", []types.IpPermission{tcp(22, 22, "0.0.0.0/0")}},
		{"bastion-v6", "dev", "SSH over IPv6", []types.IpPermission{tcp(22, 22, "::/0")}},
		{"windows-jump", "dev", "@SUM(1+1)", []types.IpPermission{tcp(3389, 3389, "0.0.0.0/0")}},
		{"temporary", "dev", "+1+1", []types.IpPermission{everything("0.0.0.0/0")}},
		{"wide-range", "analytics", "-1+1", []types.IpPermission{tcp(0, 65535, "0.0.0.0/0")}},
		{"notebook", "analytics", "Office only", []types.IpPermission{tcp(8888, 8888, "203.0.113.0/24")}},
		{"eu-web", "eu", "HTTPS", []types.IpPermission{tcp(443, 443, "0.0.0.0/0")}},
	}
}

func ec2Tags(resource types.ResourceType, tags [][2]string) []types.TagSpecification {
	spec := types.TagSpecification{ResourceType: resource}
	for _, t := range tags {
		spec.Tags = append(spec.Tags, types.Tag{Key: aws.String(t[0]), Value: aws.String(t[1])})
	}
	return []types.TagSpecification{spec}
}

// network makes the VPCs of a region with what belongs to them.
func (s *seeder) network(region string) {
	c := ec2.NewFromConfig(s.config(region))
	for _, v := range vpcs() {
		if v.region != region {
			continue
		}
		var id *string
		s.do("VPC "+v.name, func() error {
			out, err := c.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: &v.cidr, TagSpecifications: ec2Tags(types.ResourceTypeVpc, v.tags)})
			if err == nil {
				id = out.Vpc.VpcId
			}
			return err
		})
		// A VPC comes with a default security group and a default network ACL.
		s.made("ec2.vpc", region, 1)
		s.made("ec2.security-group", region, 1)
		s.made("ec2.network-acl", region, 1)
		if v.flowLog {
			s.flowLog(c, v, id)
		}
		if v.closeDefault {
			s.closeDefaultGroup(c, v, id)
		}
		if v.badNACL {
			s.networkACL(c, v, id)
		}
		s.securityGroups(c, v, id)
	}
}

func (s *seeder) flowLog(c *ec2.Client, v vpc, id *string) {
	s.do("flow log of VPC "+v.name, func() error {
		_, err := c.CreateFlowLogs(s.ctx, &ec2.CreateFlowLogsInput{ResourceIds: []string{aws.ToString(id)}, ResourceType: types.FlowLogsResourceTypeVpc,
			TrafficType: types.TrafficTypeAll, LogDestinationType: types.LogDestinationTypeS3, LogDestination: aws.String("arn:aws:s3:::" + prefix + "access-logs"),
			TagSpecifications: ec2Tags(types.ResourceTypeVpcFlowLog, [][2]string{{"Owner", "情報システム部"}})})
		return err
	})
	s.made("ec2.flow-log", v.region, 1)
}

func (s *seeder) closeDefaultGroup(c *ec2.Client, v vpc, id *string) {
	s.do("default security group of VPC "+v.name, func() error {
		out, err := c.DescribeSecurityGroups(s.ctx, &ec2.DescribeSecurityGroupsInput{Filters: []types.Filter{
			{Name: aws.String("vpc-id"), Values: []string{aws.ToString(id)}}, {Name: aws.String("group-name"), Values: []string{"default"}}}})
		if err != nil {
			return err
		}
		if len(out.SecurityGroups) != 1 {
			return errNothingCreated
		}
		g := out.SecurityGroups[0]
		if len(g.IpPermissions) > 0 {
			if _, err := c.RevokeSecurityGroupIngress(s.ctx, &ec2.RevokeSecurityGroupIngressInput{GroupId: g.GroupId, IpPermissions: g.IpPermissions}); err != nil {
				return err
			}
		}
		if len(g.IpPermissionsEgress) > 0 {
			_, err = c.RevokeSecurityGroupEgress(s.ctx, &ec2.RevokeSecurityGroupEgressInput{GroupId: g.GroupId, IpPermissions: g.IpPermissionsEgress})
		}
		return err
	})
}

func (s *seeder) networkACL(c *ec2.Client, v vpc, id *string) {
	s.do("network ACL of VPC "+v.name, func() error {
		out, err := c.CreateNetworkAcl(s.ctx, &ec2.CreateNetworkAclInput{VpcId: id, TagSpecifications: ec2Tags(types.ResourceTypeNetworkAcl, [][2]string{{"Name", long}})})
		if err != nil {
			return err
		}
		_, err = c.CreateNetworkAclEntry(s.ctx, &ec2.CreateNetworkAclEntryInput{NetworkAclId: out.NetworkAcl.NetworkAclId, RuleNumber: aws.Int32(100), Protocol: aws.String("6"),
			PortRange: &types.PortRange{From: aws.Int32(22), To: aws.Int32(22)}, CidrBlock: aws.String("0.0.0.0/0"), RuleAction: types.RuleActionAllow, Egress: aws.Bool(false)})
		return err
	})
	s.made("ec2.network-acl", v.region, 1)
}

func (s *seeder) securityGroups(c *ec2.Client, v vpc, id *string) {
	for _, g := range securityGroups() {
		if g.vpc != v.name {
			continue
		}
		s.do("security group "+g.name, func() error {
			out, err := c.CreateSecurityGroup(s.ctx, &ec2.CreateSecurityGroupInput{GroupName: &g.name, Description: &g.description, VpcId: id,
				TagSpecifications: ec2Tags(types.ResourceTypeSecurityGroup, [][2]string{{"Name", g.name}, {"備考", surrogate}})})
			if err != nil {
				return err
			}
			_, err = c.AuthorizeSecurityGroupIngress(s.ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: out.GroupId, IpPermissions: g.rules})
			return err
		})
		s.made("ec2.security-group", v.region, 1)
	}
}

// instance describes one EC2 instance.
type instance struct {
	name, region string
	imdsv2       bool
	public       bool
	role         bool // runs with the instance profile app-server
}

func (s *seeder) compute() {
	for _, i := range []instance{
		{"web-1", Tokyo, true, true, true}, {"app-1", Tokyo, true, false, true}, {"app-2 " + emoji, Tokyo, true, false, true},
		{"legacy-batch", Tokyo, false, false, false}, {formula, Virginia, false, true, false}, {"eu-report", Ireland, true, false, true},
	} {
		s.instance(i)
	}
	for _, v := range []struct {
		name, region, zone string
		encrypted          bool
	}{
		{"orders-data", Tokyo, Tokyo + "a", true}, {"legacy-data", Tokyo, Tokyo + "a", false},
		{script, Virginia, Virginia + "a", false}, {"eu-data", Ireland, Ireland + "a", true},
	} {
		s.do("volume "+v.name, func() error {
			in := &ec2.CreateVolumeInput{AvailabilityZone: &v.zone, Size: aws.Int32(50), Encrypted: &v.encrypted,
				TagSpecifications: ec2Tags(types.ResourceTypeVolume, [][2]string{{"Name", v.name}})}
			if v.encrypted {
				in.KmsKeyId = aws.String(s.dataKey(v.region))
			}
			_, err := ec2.NewFromConfig(s.config(v.region)).CreateVolume(s.ctx, in)
			return err
		})
		s.made("ec2.volume", v.region, 1)
	}
	// Turned on last: the volumes above are older than the setting.
	s.do("EBS encryption by default", func() error {
		_, err := ec2.NewFromConfig(s.config(Tokyo)).EnableEbsEncryptionByDefault(s.ctx, &ec2.EnableEbsEncryptionByDefaultInput{})
		return err
	})
}

func (s *seeder) instance(i instance) {
	s.do("instance "+i.name, func() error {
		tokens := types.HttpTokensStateOptional
		if i.imdsv2 {
			tokens = types.HttpTokensStateRequired
		}
		c := ec2.NewFromConfig(s.config(i.region))
		var profile *types.IamInstanceProfileSpecification
		if i.role {
			profile = &types.IamInstanceProfileSpecification{Name: aws.String("app-server")}
		}
		_, err := c.RunInstances(s.ctx, &ec2.RunInstancesInput{IamInstanceProfile: profile, ImageId: aws.String("ami-0abcdef1234567890"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1), InstanceType: types.InstanceTypeT3Medium,
			MetadataOptions:   &types.InstanceMetadataOptionsRequest{HttpTokens: tokens, HttpEndpoint: types.InstanceMetadataEndpointStateEnabled},
			NetworkInterfaces: []types.InstanceNetworkInterfaceSpecification{{DeviceIndex: aws.Int32(0), AssociatePublicIpAddress: &i.public}},
			TagSpecifications: ec2Tags(types.ResourceTypeInstance, [][2]string{{"Name", i.name}, {"DataClass", personal}})})
		return err
	})
	// Each instance has one root volume.
	s.made("ec2.instance", i.region, 1)
	s.made("ec2.volume", i.region, 1)
}
