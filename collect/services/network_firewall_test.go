package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

// TestLiveNetworkFirewall pins firewalls with and without logging. Policies and rule groups are not the emulator's.
func TestLiveNetworkFirewall(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := networkfirewall.NewFromConfig(s.cfg)
		for _, name := range []string{"edge", "silent"} {
			made[networkfirewall.CreateFirewallOutput](s)(c.CreateFirewall(s.ctx, &networkfirewall.CreateFirewallInput{
				FirewallName: aws.String(name), VpcId: aws.String("vpc-1"), SubnetMappings: []types.SubnetMapping{{SubnetId: aws.String("subnet-1")}},
				FirewallPolicyArn: aws.String("arn:aws:network-firewall:us-east-1:" + emulated + ":firewall-policy/p"),
				Tags:              []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}}, DeleteProtection: name == "edge",
			}))
		}
		made[networkfirewall.UpdateLoggingConfigurationOutput](s)(c.UpdateLoggingConfiguration(s.ctx, &networkfirewall.UpdateLoggingConfigurationInput{
			FirewallName: aws.String("edge"), LoggingConfiguration: &types.LoggingConfiguration{LogDestinationConfigs: []types.LogDestinationConfig{{
				LogType: types.LogTypeFlow, LogDestinationType: types.LogDestinationTypeS3, LogDestination: map[string]string{"bucketName": "logs.example"}}}},
		}))
	}, NetworkFirewall())
	for name, wants := range map[string]map[string]string{
		"edge":   {"Firewall": `"DeleteProtection":true`, "LoggingConfiguration": `"LogType":"FLOW"`},
		"silent": {"Firewall": `{"Key":"env","Value":"prod"}`},
	} {
		a := s.artifacts["network-firewall.firewall us-east-1 "+name]
		for part, want := range wants {
			if !strings.Contains(string(a.Parts[part].Data), want) {
				t.Errorf("%s %s: %s, want %s", name, part, a.Parts[part].Data, want)
			}
		}
	}
	silent := s.artifacts["network-firewall.firewall us-east-1 silent"].Parts["LoggingConfiguration"]
	if silent.State != bundle.StateOK || strings.Contains(string(silent.Data), "LogType") {
		t.Errorf("logging of a firewall without: %+v", silent)
	}
	if p := s.populations["network-firewall.firewall eu-west-1"]; p.Status != bundle.StatusComplete || p.Count != 0 {
		t.Errorf("firewalls in eu-west-1: %+v, want none", p)
	}
}
