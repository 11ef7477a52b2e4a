package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// IdentityStore collects the directories of IAM Identity Center: how many users each has, and its groups with the number of
// their members. Users are personal data: they are counted, and none is kept.
func IdentityStore() collect.Service {
	return collect.Service{Name: "identitystore", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "identitystore.identity-store", Scope: bundle.ScopeRegion},
			ssoadminListInstances, ssoadmin.ListInstancesInput{MaxResults: ssoadminPage},
			func(out *ssoadmin.ListInstancesOutput) []ssotypes.InstanceMetadata { return out.Instances },
			func(s *collect.Session, i ssotypes.InstanceMetadata, _ bundle.From) collect.ID {
				id, arn := aws.ToString(i.IdentityStoreId), aws.ToString(i.IdentityStoreArn)
				if arn == "" {
					arn = "arn:" + s.Partition() + ":identitystore::" + aws.ToString(i.OwnerAccountId) + ":identitystore/" + id
				}
				return collect.ID{ID: id, ARN: arn}
			},
			identitystoreUsers(),
		),
		identitystoreGroup(),
	}}
}

// UserCount is the data of the part Users of an identity store. A user without a status is in Total only.
type UserCount struct{ Total, Enabled, Disabled int }

func identitystoreUsers() collect.Part[ssotypes.InstanceMetadata] {
	op := identitystoreListUsers
	return collect.Custom[UserCount]("Users", []collect.Operation{op.Operation},
		func(ctx context.Context, s *collect.Session, i ssotypes.InstanceMetadata) bundle.Part {
			var n UserCount
			in := &identitystore.ListUsersInput{IdentityStoreId: i.IdentityStoreId, MaxResults: ssoadminPage}
			calls, f := collect.Each(ctx, s, op, in, func(page int, out *identitystore.ListUsersOutput) {
				if page == 0 {
					n = UserCount{}
				}
				for _, u := range out.Users {
					n.Total++
					switch u.UserStatus {
					case types.UserStatusEnabled:
						n.Enabled++
					case types.UserStatusDisabled:
						n.Disabled++
					}
				}
			})
			if f != nil {
				return f.Part(calls)
			}
			return s.OK(op.Operation, n, calls)
		})
}

// MemberCount is the data of the part Members of a group.
type MemberCount struct{ Total int }

func identitystoreGroup() collect.Kind {
	members := identitystoreListGroupMemberships
	return collect.ListedUnder(
		collect.Kind{Name: "identitystore.group", Scope: bundle.ScopeRegion, Item: "Group"},
		collect.Children[string, identitystore.ListGroupsInput, identitystore.ListGroupsOutput, types.Group]{
			Parents: identitystoreStores, ParentOps: []collect.Operation{ssoadminListInstances.Operation},
			List: identitystoreListGroups,
			Input: func(store string) *identitystore.ListGroupsInput {
				return &identitystore.ListGroupsInput{IdentityStoreId: &store, MaxResults: ssoadminPage}
			},
			Items: func(_ string, out *identitystore.ListGroupsOutput) []types.Group { return out.Groups },
		},
		func(s *collect.Session, g types.Group, _ bundle.From) collect.ID {
			id, arn := aws.ToString(g.GroupId), aws.ToString(g.GroupArn)
			if arn == "" {
				arn = "arn:" + s.Partition() + ":identitystore:::group/" + id
			}
			return collect.ID{ID: id, ARN: arn}
		},
		collect.Custom[MemberCount]("Members", []collect.Operation{members.Operation},
			func(ctx context.Context, s *collect.Session, g types.Group) bundle.Part {
				var n MemberCount
				in := &identitystore.ListGroupMembershipsInput{IdentityStoreId: g.IdentityStoreId, GroupId: g.GroupId, MaxResults: ssoadminPage}
				calls, f := collect.Each(ctx, s, members, in, func(page int, out *identitystore.ListGroupMembershipsOutput) {
					if page == 0 {
						n = MemberCount{}
					}
					n.Total += len(out.GroupMemberships)
				})
				if f != nil {
					return f.Part(calls)
				}
				return s.OK(members.Operation, n, calls)
			}),
	)
}

// identitystoreStores returns the ids of the identity stores.
func identitystoreStores(ctx context.Context, s *collect.Session) ([]string, []string, *collect.Failure) {
	out, calls, f := collect.Get(ctx, s, ssoadminListInstances, &ssoadmin.ListInstancesInput{MaxResults: ssoadminPage})
	if f != nil {
		return nil, calls, f
	}
	var ids []string
	for _, i := range out.Instances {
		ids = append(ids, aws.ToString(i.IdentityStoreId))
	}
	return ids, calls, nil
}

func identitystoreClient(cfg aws.Config) *identitystore.Client {
	return identitystore.NewFromConfig(cfg)
}

// The operations of this file.
var (
	identitystoreListUsers = collect.NewOp("identitystore", "ListUsers",
		func(ctx context.Context, cfg aws.Config, in *identitystore.ListUsersInput) (*identitystore.ListUsersOutput, error) {
			return identitystoreClient(cfg).ListUsers(ctx, in)
		}).Paged(func(in *identitystore.ListUsersInput, out *identitystore.ListUsersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	identitystoreListGroups = collect.NewOp("identitystore", "ListGroups",
		func(ctx context.Context, cfg aws.Config, in *identitystore.ListGroupsInput) (*identitystore.ListGroupsOutput, error) {
			return identitystoreClient(cfg).ListGroups(ctx, in)
		}).Paged(func(in *identitystore.ListGroupsInput, out *identitystore.ListGroupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	identitystoreListGroupMemberships = collect.NewOp("identitystore", "ListGroupMemberships",
		func(ctx context.Context, cfg aws.Config, in *identitystore.ListGroupMembershipsInput) (*identitystore.ListGroupMembershipsOutput, error) {
			return identitystoreClient(cfg).ListGroupMemberships(ctx, in)
		}).Paged(func(in *identitystore.ListGroupMembershipsInput, out *identitystore.ListGroupMembershipsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
