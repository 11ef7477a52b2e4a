package services

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// NetworkFirewall collects firewalls with their logging, firewall policies, and the account's own rule groups with their rules.
// AWS's managed rule groups are not the account's configuration and are left out; a policy names those that it uses.
func NetworkFirewall() collect.Service {
	return collect.Service{Name: "network-firewall", Kinds: []collect.Kind{
		networkFirewallFirewall(),
		networkFirewallPolicy(),
		networkFirewallRuleGroup(),
	}}
}

func networkFirewallClient(cfg aws.Config) *networkfirewall.Client {
	return networkfirewall.NewFromConfig(cfg)
}

// networkFirewallPage is the largest page of the service's lists.
var networkFirewallPage = aws.Int32(100)

// networkFirewallFirewall reads each firewall. A firewall without logging has an answer without a configuration: that is no
// error.
func networkFirewallFirewall() collect.Kind {
	return collect.Listed(collect.Kind{Name: "network-firewall.firewall", Scope: bundle.ScopeRegion, Tags: "Firewall.Firewall.Tags"},
		networkFirewallListFirewalls,
		networkfirewall.ListFirewallsInput{MaxResults: networkFirewallPage},
		func(out *networkfirewall.ListFirewallsOutput) []types.FirewallMetadata { return out.Firewalls },
		func(_ *collect.Session, f types.FirewallMetadata, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(f.FirewallName), ARN: aws.ToString(f.FirewallArn)}
		},
		collect.Read("Firewall", networkFirewallDescribeFirewall,
			func(f types.FirewallMetadata) *networkfirewall.DescribeFirewallInput {
				return &networkfirewall.DescribeFirewallInput{FirewallArn: f.FirewallArn}
			}),
		collect.Read("LoggingConfiguration", networkFirewallDescribeLoggingConfiguration,
			func(f types.FirewallMetadata) *networkfirewall.DescribeLoggingConfigurationInput {
				return &networkfirewall.DescribeLoggingConfigurationInput{FirewallArn: f.FirewallArn}
			}))
}

func networkFirewallPolicy() collect.Kind {
	return collect.Listed(collect.Kind{
		Name: "network-firewall.firewall-policy", Scope: bundle.ScopeRegion, Tags: "FirewallPolicy.FirewallPolicyResponse.Tags"},
		networkFirewallListFirewallPolicies,
		networkfirewall.ListFirewallPoliciesInput{MaxResults: networkFirewallPage},
		func(out *networkfirewall.ListFirewallPoliciesOutput) []types.FirewallPolicyMetadata {
			return out.FirewallPolicies
		},
		func(_ *collect.Session, p types.FirewallPolicyMetadata, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(p.Name), ARN: aws.ToString(p.Arn)}
		},
		collect.Read("FirewallPolicy", networkFirewallDescribeFirewallPolicy,
			func(p types.FirewallPolicyMetadata) *networkfirewall.DescribeFirewallPolicyInput {
				return &networkfirewall.DescribeFirewallPolicyInput{FirewallPolicyArn: p.Arn}
			}))
}

// networkFirewallRuleGroup names a group by its ARN's end: a stateless and a stateful group may have the same name.
func networkFirewallRuleGroup() collect.Kind {
	return collect.Listed(collect.Kind{
		Name: "network-firewall.rule-group", Scope: bundle.ScopeRegion, Tags: "RuleGroup.RuleGroupResponse.Tags"},
		networkFirewallListRuleGroups,
		networkfirewall.ListRuleGroupsInput{Scope: types.ResourceManagedStatusAccount, MaxResults: networkFirewallPage},
		func(out *networkfirewall.ListRuleGroupsOutput) []types.RuleGroupMetadata { return out.RuleGroups },
		func(_ *collect.Session, g types.RuleGroupMetadata, _ bundle.From) collect.ID {
			arn := aws.ToString(g.Arn)
			return collect.ID{ID: arn[strings.LastIndexByte(arn, ':')+1:], ARN: arn}
		},
		collect.Read("RuleGroup", networkFirewallDescribeRuleGroup,
			func(g types.RuleGroupMetadata) *networkfirewall.DescribeRuleGroupInput {
				return &networkfirewall.DescribeRuleGroupInput{RuleGroupArn: g.Arn}
			}))
}

// The operations of this file.
var (
	networkFirewallListFirewalls = collect.NewOp("network-firewall", "ListFirewalls",
		func(ctx context.Context, cfg aws.Config, in *networkfirewall.ListFirewallsInput) (*networkfirewall.ListFirewallsOutput, error) {
			return networkFirewallClient(cfg).ListFirewalls(ctx, in)
		}).Paged(func(in *networkfirewall.ListFirewallsInput, out *networkfirewall.ListFirewallsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	networkFirewallDescribeFirewall = collect.NewOp("network-firewall", "DescribeFirewall",
		func(ctx context.Context, cfg aws.Config, in *networkfirewall.DescribeFirewallInput) (*networkfirewall.DescribeFirewallOutput, error) {
			return networkFirewallClient(cfg).DescribeFirewall(ctx, in)
		})
	networkFirewallDescribeLoggingConfiguration = collect.NewOp("network-firewall", "DescribeLoggingConfiguration",
		func(ctx context.Context, cfg aws.Config, in *networkfirewall.DescribeLoggingConfigurationInput) (*networkfirewall.DescribeLoggingConfigurationOutput, error) {
			return networkFirewallClient(cfg).DescribeLoggingConfiguration(ctx, in)
		})
	networkFirewallListFirewallPolicies = collect.NewOp("network-firewall", "ListFirewallPolicies",
		func(ctx context.Context, cfg aws.Config, in *networkfirewall.ListFirewallPoliciesInput) (*networkfirewall.ListFirewallPoliciesOutput, error) {
			return networkFirewallClient(cfg).ListFirewallPolicies(ctx, in)
		}).Paged(func(in *networkfirewall.ListFirewallPoliciesInput, out *networkfirewall.ListFirewallPoliciesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	networkFirewallDescribeFirewallPolicy = collect.NewOp("network-firewall", "DescribeFirewallPolicy",
		func(ctx context.Context, cfg aws.Config, in *networkfirewall.DescribeFirewallPolicyInput) (*networkfirewall.DescribeFirewallPolicyOutput, error) {
			return networkFirewallClient(cfg).DescribeFirewallPolicy(ctx, in)
		})
	networkFirewallListRuleGroups = collect.NewOp("network-firewall", "ListRuleGroups",
		func(ctx context.Context, cfg aws.Config, in *networkfirewall.ListRuleGroupsInput) (*networkfirewall.ListRuleGroupsOutput, error) {
			return networkFirewallClient(cfg).ListRuleGroups(ctx, in)
		}).Paged(func(in *networkfirewall.ListRuleGroupsInput, out *networkfirewall.ListRuleGroupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	networkFirewallDescribeRuleGroup = collect.NewOp("network-firewall", "DescribeRuleGroup",
		func(ctx context.Context, cfg aws.Config, in *networkfirewall.DescribeRuleGroupInput) (*networkfirewall.DescribeRuleGroupOutput, error) {
			return networkFirewallClient(cfg).DescribeRuleGroup(ctx, in)
		})
)
