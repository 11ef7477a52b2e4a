package services

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// WAFV2 collects web ACLs with their rules and logging, IP sets and rule groups: those of each region, and those for CloudFront,
// which live in us-east-1 whatever the regions are. What a CloudFront ACL protects is known to CloudFront only.
func WAFV2() collect.Service {
	region, global := bundle.ScopeRegion, bundle.ScopeAccount
	return collect.Service{Name: "wafv2", Kinds: []collect.Kind{
		wafv2WebACL("wafv2.web-acl", region, types.ScopeRegional,
			wafv2Resources("LoadBalancers", types.ResourceTypeApplicationLoadBalancer),
			wafv2Resources("ApiGatewayStages", types.ResourceTypeApiGateway)),
		wafv2IPSet("wafv2.ip-set", region, types.ScopeRegional),
		wafv2RuleGroup("wafv2.rule-group", region, types.ScopeRegional),
		wafv2WebACL("wafv2.cloudfront-web-acl", global, types.ScopeCloudfront),
		wafv2IPSet("wafv2.cloudfront-ip-set", global, types.ScopeCloudfront),
		wafv2RuleGroup("wafv2.cloudfront-rule-group", global, types.ScopeCloudfront),
	}}
}

// wafv2Client makes a client for resources of a scope or with an ARN; either may be empty. Resources for CloudFront have "global"
// where the ARNs of others have "regional".
func wafv2Client(cfg aws.Config, scope types.Scope, arn *string) *wafv2.Client {
	if scope == types.ScopeCloudfront || strings.Contains(aws.ToString(arn), ":global/") {
		cfg = inUSEast1(cfg)
	}
	return wafv2.NewFromConfig(cfg)
}

// inUSEast1 turns a configuration to the region that keeps most of what AWS has once for the world.
func inUSEast1(cfg aws.Config) aws.Config { return worldwide(cfg, "us-east-1") }

// worldwide turns a configuration to the region of the standard partition that keeps something which AWS has once for the world. Other
// partitions have no such region: there the configuration's own region is asked, and its answer recorded.
func worldwide(cfg aws.Config, region string) aws.Config {
	for _, other := range []string{"cn-", "us-gov-", "us-iso", "eu-iso", "eusc-"} {
		if strings.HasPrefix(cfg.Region, other) {
			return cfg
		}
	}
	cfg.Region = region
	return cfg
}

// wafv2WebACL reads a web ACL's rules, and where its logs go: nowhere, if the item does not exist. Only logging that the account
// configured itself is asked for, not what Security Lake or CloudWatch set up.
func wafv2WebACL(name, where string, scope types.Scope, more ...collect.Part[types.WebACLSummary]) collect.Kind {
	parts := []collect.Part[types.WebACLSummary]{
		collect.Read("WebACL", wafv2GetWebACL,
			func(x types.WebACLSummary) *wafv2.GetWebACLInput {
				return &wafv2.GetWebACLInput{Name: x.Name, Id: x.Id, Scope: scope}
			}),
		collect.Read("LoggingConfiguration", wafv2GetLoggingConfiguration,
			func(x types.WebACLSummary) *wafv2.GetLoggingConfigurationInput {
				return &wafv2.GetLoggingConfigurationInput{ResourceArn: x.ARN}
			}, "WAFNonexistentItemException"),
		wafv2TagsOf(func(x types.WebACLSummary) *string { return x.ARN }),
	}
	return collect.Listed(collect.Kind{Name: name, Scope: where, Tags: "Tags.TagList"},
		wafv2ListWebACLs,
		wafv2.ListWebACLsInput{Scope: scope, Limit: aws.Int32(100)},
		func(out *wafv2.ListWebACLsOutput) []types.WebACLSummary { return out.WebACLs },
		func(_ *collect.Session, x types.WebACLSummary, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(x.Id), ARN: aws.ToString(x.ARN)}
		},
		append(parts, more...)...)
}

// wafv2Resources is a part with the resources of one type that a web ACL protects. Each type is one more call for each ACL: load
// balancers and API stages are what rules ask about.
func wafv2Resources(name string, of types.ResourceType) collect.Part[types.WebACLSummary] {
	return collect.Read(name, wafv2ListResourcesForWebACL,
		func(x types.WebACLSummary) *wafv2.ListResourcesForWebACLInput {
			return &wafv2.ListResourcesForWebACLInput{WebACLArn: x.ARN, ResourceType: of}
		})
}

func wafv2IPSet(name, where string, scope types.Scope) collect.Kind {
	return collect.Listed(collect.Kind{Name: name, Scope: where, Tags: "Tags.TagList"},
		wafv2ListIPSets,
		wafv2.ListIPSetsInput{Scope: scope, Limit: aws.Int32(100)},
		func(out *wafv2.ListIPSetsOutput) []types.IPSetSummary { return out.IPSets },
		func(_ *collect.Session, x types.IPSetSummary, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(x.Id), ARN: aws.ToString(x.ARN)}
		},
		collect.Read("IPSet", wafv2GetIPSet,
			func(x types.IPSetSummary) *wafv2.GetIPSetInput {
				return &wafv2.GetIPSetInput{Name: x.Name, Id: x.Id, Scope: scope}
			}),
		wafv2TagsOf(func(x types.IPSetSummary) *string { return x.ARN }))
}

func wafv2RuleGroup(name, where string, scope types.Scope) collect.Kind {
	return collect.Listed(collect.Kind{Name: name, Scope: where, Tags: "Tags.TagList"},
		wafv2ListRuleGroups,
		wafv2.ListRuleGroupsInput{Scope: scope, Limit: aws.Int32(100)},
		func(out *wafv2.ListRuleGroupsOutput) []types.RuleGroupSummary { return out.RuleGroups },
		func(_ *collect.Session, x types.RuleGroupSummary, _ bundle.From) collect.ID {
			return collect.ID{ID: aws.ToString(x.Id), ARN: aws.ToString(x.ARN)}
		},
		collect.Read("RuleGroup", wafv2GetRuleGroup,
			func(x types.RuleGroupSummary) *wafv2.GetRuleGroupInput {
				return &wafv2.GetRuleGroupInput{Name: x.Name, Id: x.Id, Scope: scope}
			}),
		wafv2TagsOf(func(x types.RuleGroupSummary) *string { return x.ARN }))
}

// WAFTags is the data of the part Tags.
type WAFTags struct {
	TagList []types.Tag
}

// wafv2TagsOf reads tags page by page itself: the tags stand in a structure in the answer, and generic merging joins only lists
// that stand in the answer itself.
func wafv2TagsOf[S any](arn func(S) *string) collect.Part[S] {
	op := wafv2ListTagsForResource
	return collect.Custom[WAFTags]("Tags", []collect.Operation{op.Operation},
		func(ctx context.Context, s *collect.Session, item S) bundle.Part {
			data := WAFTags{TagList: []types.Tag{}}
			var calls []string
			in := &wafv2.ListTagsForResourceInput{ResourceARN: arn(item), Limit: aws.Int32(100)}
			for {
				out, more, f := collect.Get(ctx, s, op, in)
				calls = append(calls, more...)
				if f != nil {
					return f.Part(calls)
				}
				if out.TagInfoForResource != nil {
					data.TagList = append(data.TagList, out.TagInfoForResource.TagList...)
				}
				next := aws.ToString(out.NextMarker)
				if next == "" {
					return s.OK(op.Operation, data, calls)
				}
				if next == aws.ToString(in.NextMarker) {
					return s.Missing(op.Operation, "RepeatedToken", "AWS returned a page token for the second time", calls)
				}
				in.NextMarker = out.NextMarker
			}
		})
}

// The operations of this file.
var (
	wafv2ListWebACLs = collect.NewOp("wafv2", "ListWebACLs",
		func(ctx context.Context, cfg aws.Config, in *wafv2.ListWebACLsInput) (*wafv2.ListWebACLsOutput, error) {
			return wafv2Client(cfg, in.Scope, nil).ListWebACLs(ctx, in)
		}).Paged(func(in *wafv2.ListWebACLsInput, out *wafv2.ListWebACLsOutput) (**string, *string) {
		return &in.NextMarker, out.NextMarker
	})
	wafv2GetWebACL = collect.NewOp("wafv2", "GetWebACL",
		func(ctx context.Context, cfg aws.Config, in *wafv2.GetWebACLInput) (*wafv2.GetWebACLOutput, error) {
			return wafv2Client(cfg, in.Scope, nil).GetWebACL(ctx, in)
		})
	wafv2GetLoggingConfiguration = collect.NewOp("wafv2", "GetLoggingConfiguration",
		func(ctx context.Context, cfg aws.Config, in *wafv2.GetLoggingConfigurationInput) (*wafv2.GetLoggingConfigurationOutput, error) {
			return wafv2Client(cfg, "", in.ResourceArn).GetLoggingConfiguration(ctx, in)
		})
	wafv2ListResourcesForWebACL = collect.NewOp("wafv2", "ListResourcesForWebACL",
		func(ctx context.Context, cfg aws.Config, in *wafv2.ListResourcesForWebACLInput) (*wafv2.ListResourcesForWebACLOutput, error) {
			return wafv2Client(cfg, "", in.WebACLArn).ListResourcesForWebACL(ctx, in)
		})
	wafv2ListIPSets = collect.NewOp("wafv2", "ListIPSets",
		func(ctx context.Context, cfg aws.Config, in *wafv2.ListIPSetsInput) (*wafv2.ListIPSetsOutput, error) {
			return wafv2Client(cfg, in.Scope, nil).ListIPSets(ctx, in)
		}).Paged(func(in *wafv2.ListIPSetsInput, out *wafv2.ListIPSetsOutput) (**string, *string) {
		return &in.NextMarker, out.NextMarker
	})
	wafv2GetIPSet = collect.NewOp("wafv2", "GetIPSet",
		func(ctx context.Context, cfg aws.Config, in *wafv2.GetIPSetInput) (*wafv2.GetIPSetOutput, error) {
			return wafv2Client(cfg, in.Scope, nil).GetIPSet(ctx, in)
		})
	wafv2ListRuleGroups = collect.NewOp("wafv2", "ListRuleGroups",
		func(ctx context.Context, cfg aws.Config, in *wafv2.ListRuleGroupsInput) (*wafv2.ListRuleGroupsOutput, error) {
			return wafv2Client(cfg, in.Scope, nil).ListRuleGroups(ctx, in)
		}).Paged(func(in *wafv2.ListRuleGroupsInput, out *wafv2.ListRuleGroupsOutput) (**string, *string) {
		return &in.NextMarker, out.NextMarker
	})
	wafv2GetRuleGroup = collect.NewOp("wafv2", "GetRuleGroup",
		func(ctx context.Context, cfg aws.Config, in *wafv2.GetRuleGroupInput) (*wafv2.GetRuleGroupOutput, error) {
			return wafv2Client(cfg, in.Scope, nil).GetRuleGroup(ctx, in)
		})
	wafv2ListTagsForResource = collect.NewOp("wafv2", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *wafv2.ListTagsForResourceInput) (*wafv2.ListTagsForResourceOutput, error) {
			return wafv2Client(cfg, "", in.ResourceARN).ListTagsForResource(ctx, in)
		})
)
