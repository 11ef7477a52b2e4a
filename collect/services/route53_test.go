package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveRoute53(t *testing.T) {
	var open, private string
	s := liveService(t, func(s *seeder) {
		c := route53.NewFromConfig(s.cfg)
		zone := func(in *route53.CreateHostedZoneInput) string {
			in.CallerReference = in.Name
			return *zoneID(*made[route53.CreateHostedZoneOutput](s)(c.CreateHostedZone(s.ctx, in)).HostedZone)
		}
		open = zone(&route53.CreateHostedZoneInput{Name: aws.String("nagoya.example.")})
		made[route53.ChangeTagsForResourceOutput](s)(c.ChangeTagsForResource(s.ctx, &route53.ChangeTagsForResourceInput{
			ResourceType: types.TagResourceTypeHostedzone, ResourceId: &open,
			AddTags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}}}))
		vpc := made[ec2.CreateVpcOutput](s)(ec2.NewFromConfig(s.cfg).CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.53.0.0/16")}))
		private = zone(&route53.CreateHostedZoneInput{Name: aws.String("internal.example."), HostedZoneConfig: &types.HostedZoneConfig{PrivateZone: true},
			VPC: &types.VPC{VPCId: vpc.Vpc.VpcId, VPCRegion: types.VPCRegionUsEast1}})
	}, Route53())
	public, inside := "route53.hosted-zone global "+open, "route53.hosted-zone global "+private
	if got, want := s.artifacts[public].ARN, "arn:aws:route53:::hostedzone/"+open; got != want {
		t.Errorf("ARN %s, want %s", got, want)
	}
	s.facts(t,
		fact{public, "HostedZone", bundle.StateOK, []string{`"Name":"nagoya.example."`, `"PrivateZone":false`}, nil},
		fact{public, "DNSSEC", bundle.StateOK, []string{`"ServeSignature":"NOT_SIGNING"`}, nil},
		fact{public, "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`}, nil},
		fact{inside, "HostedZone", bundle.StateOK, []string{`"PrivateZone":true`}, nil},
		fact{inside, "Tags", bundle.StateOK, nil, []string{"owner"}},
	)
	s.counts(t, "global", map[string]int{"route53.hosted-zone": 2})
}

// TestPrivateZoneIsNotSigned pins that AWS's refusal to speak of the signing of a private zone is an absent part, and that the same
// code for a public zone is a gap. The emulator calls a private zone unsigned.
func TestPrivateZoneIsNotSigned(t *testing.T) {
	zone := func(id, private string) string {
		return "<HostedZone><Id>/hostedzone/" + id + "</Id><Name>nagoya.example.</Name><CallerReference>1</CallerReference><Config><PrivateZone>" + private + "</PrivateZone></Config></HostedZone>"
	}
	s := takeScripted(t, func(host, what string) (int, string) {
		switch {
		case strings.HasPrefix(host, "ec2."):
			return 200, "<R><regionInfo><item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></R>"
		case strings.HasSuffix(what, "/hostedzone"):
			return 200, "<ListHostedZonesResponse><HostedZones>" + zone("ZPUBLIC", "false") + zone("ZPRIVATE", "true") + "</HostedZones><IsTruncated>false</IsTruncated></ListHostedZonesResponse>"
		}
		return 400, "<ErrorResponse><Error><Code>InvalidArgument</Code><Message>The zone cannot be signed</Message></Error></ErrorResponse>"
	}, "route53")
	s.facts(t,
		fact{"route53.hosted-zone global ZPRIVATE", "DNSSEC", bundle.StateAbsent, nil, nil},
		fact{"route53.hosted-zone global ZPUBLIC", "DNSSEC", bundle.StateGap, nil, nil},
		fact{"route53.hosted-zone global ZPRIVATE", "Tags", bundle.StateGap, nil, nil},
	)
}
