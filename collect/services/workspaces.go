package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// WorkSpaces collects desktops with the encryption of their volumes, the directories that they belong to, and the groups of IP
// addresses that may connect. Registration codes are replaced at collection.
func WorkSpaces() collect.Service {
	return collect.Service{Name: "workspaces", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "workspaces.directory", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "Directory"},
			workspacesDescribeWorkspaceDirectories, workspaces.DescribeWorkspaceDirectoriesInput{Limit: workspacesPage},
			func(out *workspaces.DescribeWorkspaceDirectoriesOutput) []types.WorkspaceDirectory {
				return out.Directories
			},
			func(s *collect.Session, v types.WorkspaceDirectory, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.DirectoryId), ARN: s.ARN("workspaces", "directory/"+aws.ToString(v.DirectoryId))}
			},
			collect.Read("Tags", workspacesDescribeTags,
				func(v types.WorkspaceDirectory) *workspaces.DescribeTagsInput {
					return &workspaces.DescribeTagsInput{ResourceId: v.DirectoryId}
				}),
		),
		collect.Listed(collect.Kind{Name: "workspaces.ip-group", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "IpGroup"},
			workspacesDescribeIpGroups, workspaces.DescribeIpGroupsInput{MaxResults: workspacesPage},
			func(out *workspaces.DescribeIpGroupsOutput) []types.WorkspacesIpGroup { return out.Result },
			func(s *collect.Session, v types.WorkspacesIpGroup, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.GroupId), ARN: s.ARN("workspaces", "workspaceipgroup/"+aws.ToString(v.GroupId))}
			},
			collect.Read("Tags", workspacesDescribeTags,
				func(v types.WorkspacesIpGroup) *workspaces.DescribeTagsInput {
					return &workspaces.DescribeTagsInput{ResourceId: v.GroupId}
				}),
		),
		collect.Listed(collect.Kind{Name: "workspaces.workspace", Scope: bundle.ScopeRegion, Tags: "Tags.TagList", Item: "Workspace"},
			workspacesDescribeWorkspaces, workspaces.DescribeWorkspacesInput{Limit: workspacesPage},
			func(out *workspaces.DescribeWorkspacesOutput) []types.Workspace { return out.Workspaces },
			func(s *collect.Session, v types.Workspace, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.WorkspaceId), ARN: s.ARN("workspaces", "workspace/"+aws.ToString(v.WorkspaceId))}
			},
			collect.Read("Tags", workspacesDescribeTags,
				func(v types.Workspace) *workspaces.DescribeTagsInput {
					return &workspaces.DescribeTagsInput{ResourceId: v.WorkspaceId}
				}),
		),
	}}
}

func workspacesClient(cfg aws.Config) *workspaces.Client { return workspaces.NewFromConfig(cfg) }

// workspacesPage is the page size that WorkSpaces is asked for: its largest.
var workspacesPage = aws.Int32(25)

// The operations of this file.
var (
	workspacesDescribeWorkspaceDirectories = collect.NewOp("workspaces", "DescribeWorkspaceDirectories",
		func(ctx context.Context, cfg aws.Config, in *workspaces.DescribeWorkspaceDirectoriesInput) (*workspaces.DescribeWorkspaceDirectoriesOutput, error) {
			return workspacesClient(cfg).DescribeWorkspaceDirectories(ctx, in)
		}).Paged(func(in *workspaces.DescribeWorkspaceDirectoriesInput, out *workspaces.DescribeWorkspaceDirectoriesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	workspacesDescribeWorkspaces = collect.NewOp("workspaces", "DescribeWorkspaces",
		func(ctx context.Context, cfg aws.Config, in *workspaces.DescribeWorkspacesInput) (*workspaces.DescribeWorkspacesOutput, error) {
			return workspacesClient(cfg).DescribeWorkspaces(ctx, in)
		}).Paged(func(in *workspaces.DescribeWorkspacesInput, out *workspaces.DescribeWorkspacesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	workspacesDescribeIpGroups = collect.NewOp("workspaces", "DescribeIpGroups",
		func(ctx context.Context, cfg aws.Config, in *workspaces.DescribeIpGroupsInput) (*workspaces.DescribeIpGroupsOutput, error) {
			return workspacesClient(cfg).DescribeIpGroups(ctx, in)
		}).Paged(func(in *workspaces.DescribeIpGroupsInput, out *workspaces.DescribeIpGroupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	workspacesDescribeTags = collect.NewOp("workspaces", "DescribeTags",
		func(ctx context.Context, cfg aws.Config, in *workspaces.DescribeTagsInput) (*workspaces.DescribeTagsOutput, error) {
			return workspacesClient(cfg).DescribeTags(ctx, in)
		})
)
