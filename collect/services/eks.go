package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// EKS collects clusters and their node groups, add-ons, Fargate profiles and access entries. What is inside a cluster is not asked
// for, not even the config map by which older clusters admit people; the configuration values of an add-on are replaced at
// collection.
func EKS() collect.Service {
	return collect.Service{Name: "eks", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "eks.cluster", Scope: bundle.ScopeRegion, Tags: "Cluster.Cluster.Tags"},
			eksListClusters, eks.ListClustersInput{MaxResults: aws.Int32(100)},
			func(out *eks.ListClustersOutput) []string { return out.Clusters },
			func(s *collect.Session, name string, _ bundle.From) collect.ID {
				return collect.ID{ID: name, ARN: s.ARN("eks", "cluster/"+name)}
			},
			collect.Read("Cluster", eksDescribeCluster,
				func(name string) *eks.DescribeClusterInput { return &eks.DescribeClusterInput{Name: &name} }),
			collect.Custom[IdentityProviders]("IdentityProviderConfigs",
				[]collect.Operation{eksListIdentityProviderConfigs.Operation, eksDescribeIdentityProviderConfig.Operation}, eksIdentityProviders),
		),
		eksNodegroup(),
		eksAddon(),
		eksFargateProfile(),
		eksAccessEntry(),
	}}
}

// IdentityProviders is the data of the part IdentityProviderConfigs: the OpenID Connect providers whose users may enter a cluster.
type IdentityProviders struct {
	IdentityProviderConfigs []types.IdentityProviderConfigResponse
}

// eksMember names what belongs to a cluster.
type eksMember struct{ cluster, name string }

// eksGone are the errors of a list that is asked about a cluster which was deleted since it was named.
var eksGone = []collect.Says{{Code: "ResourceNotFoundException"}}

// eksMembers lists what belongs to one cluster after the other.
func eksMembers[I, O any](list collect.Op[I, O], in func(cluster *string) *I, names func(*O) []string) collect.Children[string, I, O, eksMember] {
	return collect.Children[string, I, O, eksMember]{
		Parents: func(ctx context.Context, s *collect.Session) ([]string, []string, *collect.Failure) {
			out, calls, f := collect.Get(ctx, s, eksListClusters, &eks.ListClustersInput{MaxResults: aws.Int32(100)})
			if f != nil {
				return nil, calls, f
			}
			return out.Clusters, calls, nil
		},
		ParentOps: []collect.Operation{eksListClusters.Operation},
		List:      list,
		Input:     func(cluster string) *I { return in(&cluster) },
		Items: func(cluster string, out *O) []eksMember {
			var members []eksMember
			for _, name := range names(out) {
				members = append(members, eksMember{cluster: cluster, name: name})
			}
			return members
		},
	}
}

// eksMemberID names a member. Its ARN ends in an id that only the description shows.
func eksMemberID(_ *collect.Session, m eksMember, _ bundle.From) collect.ID {
	return collect.ID{ID: m.cluster + "/" + m.name}
}

func eksNodegroup() collect.Kind {
	return collect.ListedUnder(
		collect.Kind{Name: "eks.nodegroup", Scope: bundle.ScopeRegion, Tags: "Nodegroup.Nodegroup.Tags", Empty: eksGone},
		eksMembers(eksListNodegroups,
			func(cluster *string) *eks.ListNodegroupsInput {
				return &eks.ListNodegroupsInput{ClusterName: cluster, MaxResults: aws.Int32(100)}
			},
			func(out *eks.ListNodegroupsOutput) []string { return out.Nodegroups }),
		eksMemberID,
		collect.Read("Nodegroup", eksDescribeNodegroup,
			func(m eksMember) *eks.DescribeNodegroupInput {
				return &eks.DescribeNodegroupInput{ClusterName: &m.cluster, NodegroupName: &m.name}
			}),
	)
}

func eksAddon() collect.Kind {
	return collect.ListedUnder(
		collect.Kind{Name: "eks.addon", Scope: bundle.ScopeRegion, Tags: "Addon.Addon.Tags", Empty: eksGone},
		eksMembers(eksListAddons,
			func(cluster *string) *eks.ListAddonsInput {
				return &eks.ListAddonsInput{ClusterName: cluster, MaxResults: aws.Int32(100)}
			},
			func(out *eks.ListAddonsOutput) []string { return out.Addons }),
		eksMemberID,
		collect.Read("Addon", eksDescribeAddon,
			func(m eksMember) *eks.DescribeAddonInput {
				return &eks.DescribeAddonInput{ClusterName: &m.cluster, AddonName: &m.name}
			}),
	)
}

func eksFargateProfile() collect.Kind {
	return collect.ListedUnder(
		collect.Kind{Name: "eks.fargate-profile", Scope: bundle.ScopeRegion, Tags: "FargateProfile.FargateProfile.Tags", Empty: eksGone},
		eksMembers(eksListFargateProfiles,
			func(cluster *string) *eks.ListFargateProfilesInput {
				return &eks.ListFargateProfilesInput{ClusterName: cluster, MaxResults: aws.Int32(100)}
			},
			func(out *eks.ListFargateProfilesOutput) []string { return out.FargateProfileNames }),
		eksMemberID,
		collect.Read("FargateProfile", eksDescribeFargateProfile,
			func(m eksMember) *eks.DescribeFargateProfileInput {
				return &eks.DescribeFargateProfileInput{ClusterName: &m.cluster, FargateProfileName: &m.name}
			}),
	)
}

// eksAccessEntry describes who may enter a cluster, and with which of EKS's policies. A cluster that keeps this in its config map
// alone has no entries, and refuses the question.
func eksAccessEntry() collect.Kind {
	return collect.ListedUnder(
		collect.Kind{Name: "eks.access-entry", Scope: bundle.ScopeRegion, Tags: "AccessEntry.AccessEntry.Tags",
			Empty: append([]collect.Says{{Code: "InvalidRequestException", Message: "authentication mode must be set to one of"}}, eksGone...)},
		eksMembers(eksListAccessEntries,
			func(cluster *string) *eks.ListAccessEntriesInput {
				return &eks.ListAccessEntriesInput{ClusterName: cluster, MaxResults: aws.Int32(100)}
			},
			func(out *eks.ListAccessEntriesOutput) []string { return out.AccessEntries }),
		eksMemberID,
		collect.Read("AccessEntry", eksDescribeAccessEntry,
			func(m eksMember) *eks.DescribeAccessEntryInput {
				return &eks.DescribeAccessEntryInput{ClusterName: &m.cluster, PrincipalArn: &m.name}
			}),
		collect.Read("AssociatedAccessPolicies", eksListAssociatedAccessPolicies,
			func(m eksMember) *eks.ListAssociatedAccessPoliciesInput {
				return &eks.ListAssociatedAccessPoliciesInput{ClusterName: &m.cluster, PrincipalArn: &m.name, MaxResults: aws.Int32(100)}
			}),
	)
}

// eksIdentityProviders reads the names and then each provider. If one of the calls fails the whole part is a gap.
func eksIdentityProviders(ctx context.Context, s *collect.Session, cluster string) bundle.Part {
	list, calls, f := collect.Get(ctx, s, eksListIdentityProviderConfigs,
		&eks.ListIdentityProviderConfigsInput{ClusterName: &cluster, MaxResults: aws.Int32(100)})
	if f != nil {
		return f.Part(calls)
	}
	data := IdentityProviders{IdentityProviderConfigs: []types.IdentityProviderConfigResponse{}}
	for _, c := range list.IdentityProviderConfigs {
		out, more, f := collect.Get(ctx, s, eksDescribeIdentityProviderConfig,
			&eks.DescribeIdentityProviderConfigInput{ClusterName: &cluster, IdentityProviderConfig: &c})
		calls = append(calls, more...)
		if f != nil {
			return f.Part(calls)
		}
		if out.IdentityProviderConfig == nil {
			return s.Missing(eksDescribeIdentityProviderConfig.Operation, "NotDescribed", "the answer holds no configuration", calls)
		}
		data.IdentityProviderConfigs = append(data.IdentityProviderConfigs, *out.IdentityProviderConfig)
	}
	return s.OK(eksDescribeIdentityProviderConfig.Operation, data, calls)
}

func eksClient(cfg aws.Config) *eks.Client { return eks.NewFromConfig(cfg) }

// The operations of this file.
var (
	eksListClusters = collect.NewOp("eks", "ListClusters",
		func(ctx context.Context, cfg aws.Config, in *eks.ListClustersInput) (*eks.ListClustersOutput, error) {
			return eksClient(cfg).ListClusters(ctx, in)
		}).Paged(func(in *eks.ListClustersInput, out *eks.ListClustersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eksListNodegroups = collect.NewOp("eks", "ListNodegroups",
		func(ctx context.Context, cfg aws.Config, in *eks.ListNodegroupsInput) (*eks.ListNodegroupsOutput, error) {
			return eksClient(cfg).ListNodegroups(ctx, in)
		}).Paged(func(in *eks.ListNodegroupsInput, out *eks.ListNodegroupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eksListAddons = collect.NewOp("eks", "ListAddons",
		func(ctx context.Context, cfg aws.Config, in *eks.ListAddonsInput) (*eks.ListAddonsOutput, error) {
			return eksClient(cfg).ListAddons(ctx, in)
		}).Paged(func(in *eks.ListAddonsInput, out *eks.ListAddonsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eksListFargateProfiles = collect.NewOp("eks", "ListFargateProfiles",
		func(ctx context.Context, cfg aws.Config, in *eks.ListFargateProfilesInput) (*eks.ListFargateProfilesOutput, error) {
			return eksClient(cfg).ListFargateProfiles(ctx, in)
		}).Paged(func(in *eks.ListFargateProfilesInput, out *eks.ListFargateProfilesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eksListAccessEntries = collect.NewOp("eks", "ListAccessEntries",
		func(ctx context.Context, cfg aws.Config, in *eks.ListAccessEntriesInput) (*eks.ListAccessEntriesOutput, error) {
			return eksClient(cfg).ListAccessEntries(ctx, in)
		}).Paged(func(in *eks.ListAccessEntriesInput, out *eks.ListAccessEntriesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eksListAssociatedAccessPolicies = collect.NewOp("eks", "ListAssociatedAccessPolicies",
		func(ctx context.Context, cfg aws.Config, in *eks.ListAssociatedAccessPoliciesInput) (*eks.ListAssociatedAccessPoliciesOutput, error) {
			return eksClient(cfg).ListAssociatedAccessPolicies(ctx, in)
		}).Paged(func(in *eks.ListAssociatedAccessPoliciesInput, out *eks.ListAssociatedAccessPoliciesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eksDescribeAccessEntry = collect.NewOp("eks", "DescribeAccessEntry",
		func(ctx context.Context, cfg aws.Config, in *eks.DescribeAccessEntryInput) (*eks.DescribeAccessEntryOutput, error) {
			return eksClient(cfg).DescribeAccessEntry(ctx, in)
		})
	eksListIdentityProviderConfigs = collect.NewOp("eks", "ListIdentityProviderConfigs",
		func(ctx context.Context, cfg aws.Config, in *eks.ListIdentityProviderConfigsInput) (*eks.ListIdentityProviderConfigsOutput, error) {
			return eksClient(cfg).ListIdentityProviderConfigs(ctx, in)
		}).Paged(func(in *eks.ListIdentityProviderConfigsInput, out *eks.ListIdentityProviderConfigsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	eksDescribeCluster = collect.NewOp("eks", "DescribeCluster",
		func(ctx context.Context, cfg aws.Config, in *eks.DescribeClusterInput) (*eks.DescribeClusterOutput, error) {
			return eksClient(cfg).DescribeCluster(ctx, in)
		})
	eksDescribeNodegroup = collect.NewOp("eks", "DescribeNodegroup",
		func(ctx context.Context, cfg aws.Config, in *eks.DescribeNodegroupInput) (*eks.DescribeNodegroupOutput, error) {
			return eksClient(cfg).DescribeNodegroup(ctx, in)
		})
	eksDescribeAddon = collect.NewOp("eks", "DescribeAddon",
		func(ctx context.Context, cfg aws.Config, in *eks.DescribeAddonInput) (*eks.DescribeAddonOutput, error) {
			return eksClient(cfg).DescribeAddon(ctx, in)
		})
	eksDescribeFargateProfile = collect.NewOp("eks", "DescribeFargateProfile",
		func(ctx context.Context, cfg aws.Config, in *eks.DescribeFargateProfileInput) (*eks.DescribeFargateProfileOutput, error) {
			return eksClient(cfg).DescribeFargateProfile(ctx, in)
		})
	eksDescribeIdentityProviderConfig = collect.NewOp("eks", "DescribeIdentityProviderConfig",
		func(ctx context.Context, cfg aws.Config, in *eks.DescribeIdentityProviderConfigInput) (*eks.DescribeIdentityProviderConfigOutput, error) {
			return eksClient(cfg).DescribeIdentityProviderConfig(ctx, in)
		})
)
