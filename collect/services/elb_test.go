package services

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveELB(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := elb.NewFromConfig(s.cfg)
		listener := func(protocol string, port int32) []elbtypes.Listener {
			return []elbtypes.Listener{{Protocol: &protocol, LoadBalancerPort: port, InstanceProtocol: aws.String("HTTP"), InstancePort: aws.Int32(8080)}}
		}
		zone := []string{"us-east-1a"}
		made[elb.CreateLoadBalancerOutput](s)(c.CreateLoadBalancer(s.ctx, &elb.CreateLoadBalancerInput{
			LoadBalancerName: aws.String("classic-open"), AvailabilityZones: zone, Listeners: listener("HTTP", 80)}))
		name := aws.String("classic-closed")
		made[elb.CreateLoadBalancerOutput](s)(c.CreateLoadBalancer(s.ctx, &elb.CreateLoadBalancerInput{
			LoadBalancerName: name, AvailabilityZones: zone, Scheme: aws.String("internal"), Listeners: listener("TCP", 8443),
			Tags: []elbtypes.Tag{{Key: aws.String("owner"), Value: aws.String("team")}}}))
		made[elb.CreateLoadBalancerPolicyOutput](s)(c.CreateLoadBalancerPolicy(s.ctx, &elb.CreateLoadBalancerPolicyInput{
			LoadBalancerName: name, PolicyName: aws.String("tls"), PolicyTypeName: aws.String("SSLNegotiationPolicyType"),
			PolicyAttributes: []elbtypes.PolicyAttribute{{AttributeName: aws.String("Protocol-TLSv1.2"), AttributeValue: aws.String("true")}}}))
		made[elb.ModifyLoadBalancerAttributesOutput](s)(c.ModifyLoadBalancerAttributes(s.ctx, &elb.ModifyLoadBalancerAttributesInput{
			LoadBalancerName: name, LoadBalancerAttributes: &elbtypes.LoadBalancerAttributes{
				AccessLog:              &elbtypes.AccessLog{Enabled: true, S3BucketName: aws.String("classic-logs"), EmitInterval: aws.Int32(60)},
				CrossZoneLoadBalancing: &elbtypes.CrossZoneLoadBalancing{Enabled: true}}}))
	}, ELB())
	open, closed := "elb.load-balancer us-east-1 classic-open", "elb.load-balancer us-east-1 classic-closed"
	if got, want := s.artifacts[open].ARN, "arn:aws:elasticloadbalancing:us-east-1:"+emulated+":loadbalancer/classic-open"; got != want {
		t.Errorf("ARN %s, want %s", got, want)
	}
	s.facts(t,
		fact{open, "LoadBalancer", bundle.StateOK, []string{`"Protocol":"HTTP"`, `"LoadBalancerPort":80`}, nil},
		fact{open, "Attributes", bundle.StateOK, []string{`"AccessLog":{"Enabled":false`}, []string{"classic-logs"}},
		fact{open, "Policies", bundle.StateOK, nil, []string{"SSLNegotiationPolicyType"}},
		fact{open, "Tags", bundle.StateOK, nil, []string{"owner"}},
		fact{closed, "LoadBalancer", bundle.StateOK, []string{`"Scheme":"internal"`, `"LoadBalancerPort":8443`}, nil},
		fact{closed, "Attributes", bundle.StateOK, []string{`"Enabled":true`, `"S3BucketName":"classic-logs"`}, nil},
		fact{closed, "Policies", bundle.StateOK, []string{`"PolicyName":"tls"`, `"AttributeName":"Protocol-TLSv1.2","AttributeValue":"true"`}, nil},
		fact{closed, "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`}, nil},
	)
	s.counts(t, "us-east-1", map[string]int{"elb.load-balancer": 2})
	s.counts(t, "eu-west-1", map[string]int{"elb.load-balancer": 0})
}

func TestLiveELBv2(t *testing.T) {
	var open, closed, group string
	s := liveService(t, func(s *seeder) { open, closed, group = seedELBv2(s) }, ELBv2())
	of := func(arn string) string { return "elbv2.load-balancer us-east-1 " + after(arn, "loadbalancer/") }
	if got := s.artifacts[of(open)].ARN; got != open {
		t.Errorf("ARN %s, want %s", got, open)
	}
	s.facts(t,
		fact{of(open), "LoadBalancer", bundle.StateOK, []string{`"Scheme":"internet-facing"`, `"Type":"application"`}, nil},
		fact{of(open), "Attributes", bundle.StateOK, []string{`"Key":"deletion_protection.enabled","Value":"false"`}, nil},
		fact{of(open), "Listeners", bundle.StateOK, []string{`"Protocol":"HTTP"`}, nil},
		fact{of(open), "ListenerRules", bundle.StateOK, []string{`"Values":["/private/*"]`, `"Priority":"default"`, `"StatusCode":"403"`}, nil},
		fact{of(open), "Tags", bundle.StateOK, nil, []string{"owner"}},
		fact{of(closed), "LoadBalancer", bundle.StateOK, []string{`"Scheme":"internal"`, `"Type":"network"`}, nil},
		fact{of(closed), "Attributes", bundle.StateOK, []string{`"Key":"deletion_protection.enabled","Value":"true"`}, nil},
		fact{of(closed), "Listeners", bundle.StateOK, []string{`"Protocol":"TLS"`, `"SslPolicy":"ELBSecurityPolicy-TLS13-1-2-2021-06"`}, nil},
		fact{of(closed), "ListenerRules", bundle.StateOK, []string{`"Listeners":[]`}, nil},
		fact{of(closed), "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`}, nil},
		fact{"elbv2.target-group us-east-1 " + after(group, "targetgroup/"), "TargetGroup", bundle.StateOK, []string{`"Protocol":"TCP"`, `"HealthCheckEnabled":true`}, nil},
		fact{"elbv2.target-group us-east-1 " + after(group, "targetgroup/"), "Attributes", bundle.StateOK, []string{`"Key":"deregistration_delay.timeout_seconds"`}, nil},
		fact{"elbv2.target-group us-east-1 " + after(group, "targetgroup/"), "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`}, nil},
		fact{"elbv2.ssl-policy us-east-1 ELBSecurityPolicy-TLS13-1-2-2021-06", "SslPolicy", bundle.StateOK, []string{`"TLSv1.3"`}, []string{`"TLSv1.1"`}},
	)
	s.counts(t, "us-east-1", map[string]int{"elbv2.target-group": 1}) // the seeds of EC2 make a load balancer too
	s.counts(t, "eu-west-1", map[string]int{"elbv2.load-balancer": 0, "elbv2.target-group": 0})
}

// seedELBv2 makes a public application load balancer without TLS, and an internal network one with it.
func seedELBv2(s *seeder) (open, closed, group string) {
	c, net := elbv2.NewFromConfig(s.cfg), ec2.NewFromConfig(s.cfg)
	tags := []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}}
	vpc := made[ec2.CreateVpcOutput](s)(net.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.44.0.0/16")})).Vpc.VpcId
	var subnets []string
	for zone, block := range map[string]string{"us-east-1a": "10.44.1.0/24", "us-east-1b": "10.44.2.0/24"} {
		subnets = append(subnets, *made[ec2.CreateSubnetOutput](s)(net.CreateSubnet(s.ctx, &ec2.CreateSubnetInput{
			VpcId: vpc, CidrBlock: &block, AvailabilityZone: &zone})).Subnet.SubnetId)
	}
	create := func(in *elbv2.CreateLoadBalancerInput) string {
		in.Subnets = subnets
		return *made[elbv2.CreateLoadBalancerOutput](s)(c.CreateLoadBalancer(s.ctx, in)).LoadBalancers[0].LoadBalancerArn
	}
	open = create(&elbv2.CreateLoadBalancerInput{Name: aws.String("open"), Type: types.LoadBalancerTypeEnumApplication, Scheme: types.LoadBalancerSchemeEnumInternetFacing})
	closed = create(&elbv2.CreateLoadBalancerInput{
		Name: aws.String("closed"), Type: types.LoadBalancerTypeEnumNetwork, Scheme: types.LoadBalancerSchemeEnumInternal, Tags: tags})
	made[elbv2.ModifyLoadBalancerAttributesOutput](s)(c.ModifyLoadBalancerAttributes(s.ctx, &elbv2.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: &closed, Attributes: []types.LoadBalancerAttribute{{Key: aws.String("deletion_protection.enabled"), Value: aws.String("true")}}}))
	group = *made[elbv2.CreateTargetGroupOutput](s)(c.CreateTargetGroup(s.ctx, &elbv2.CreateTargetGroupInput{
		Name: aws.String("backend"), Protocol: types.ProtocolEnumTcp, Port: aws.Int32(8443), VpcId: vpc, Tags: tags})).TargetGroups[0].TargetGroupArn
	refuse := []types.Action{{Type: types.ActionTypeEnumFixedResponse, FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: aws.String("403")}}}
	listener := made[elbv2.CreateListenerOutput](s)(c.CreateListener(s.ctx, &elbv2.CreateListenerInput{
		LoadBalancerArn: &open, Protocol: types.ProtocolEnumHttp, Port: aws.Int32(80), DefaultActions: refuse})).Listeners[0]
	made[elbv2.CreateRuleOutput](s)(c.CreateRule(s.ctx, &elbv2.CreateRuleInput{
		ListenerArn: listener.ListenerArn, Priority: aws.Int32(1), Actions: refuse,
		Conditions: []types.RuleCondition{{Field: aws.String("path-pattern"), Values: []string{"/private/*"}}}}))
	pair := selfSigned(s.t, "closed.nagoya.example", time.Now().AddDate(1, 0, 0))
	certificate := made[iam.UploadServerCertificateOutput](s)(iam.NewFromConfig(s.cfg).UploadServerCertificate(s.ctx, &iam.UploadServerCertificateInput{
		ServerCertificateName: aws.String("closed"), CertificateBody: aws.String(string(pair.Certificate)), PrivateKey: aws.String(string(pair.PrivateKey)),
	})).ServerCertificateMetadata.Arn
	made[elbv2.CreateListenerOutput](s)(c.CreateListener(s.ctx, &elbv2.CreateListenerInput{
		LoadBalancerArn: &closed, Protocol: types.ProtocolEnumTls, Port: aws.Int32(443), SslPolicy: aws.String("ELBSecurityPolicy-TLS13-1-2-2021-06"),
		Certificates:   []types.Certificate{{CertificateArn: certificate}},
		DefaultActions: []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: &group}}}))
	return open, closed, group
}
