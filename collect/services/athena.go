package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Athena collects workgroups: where the results of queries go, with which encryption, and whether clients may choose otherwise.
// Queries and their results are not asked for. Every region has a workgroup named primary.
func Athena() collect.Service {
	return collect.Service{Name: "athena", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "athena.work-group", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			athenaListWorkGroups, athena.ListWorkGroupsInput{MaxResults: aws.Int32(50)},
			func(out *athena.ListWorkGroupsOutput) []types.WorkGroupSummary { return out.WorkGroups },
			func(s *collect.Session, w types.WorkGroupSummary, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(w.Name), ARN: workGroupARN(s, w)}
			},
			collect.Read("WorkGroup", athenaGetWorkGroup,
				func(w types.WorkGroupSummary) *athena.GetWorkGroupInput {
					return &athena.GetWorkGroupInput{WorkGroup: w.Name}
				}),
			workGroupTags(),
		),
	}}
}

func athenaClient(cfg aws.Config) *athena.Client { return athena.NewFromConfig(cfg) }

func workGroupARN(s *collect.Session, w types.WorkGroupSummary) string {
	return s.ARN("athena", "workgroup/"+aws.ToString(w.Name))
}

// workGroupTags asks for the tags by ARN, which the list of workgroups does not give.
func workGroupTags() collect.Part[types.WorkGroupSummary] {
	op := athenaListTagsForResource
	return collect.Custom[athena.ListTagsForResourceOutput]("Tags", []collect.Operation{op.Operation},
		func(ctx context.Context, s *collect.Session, w types.WorkGroupSummary) bundle.Part {
			out, calls, f := collect.Get(ctx, s, op, &athena.ListTagsForResourceInput{ResourceARN: aws.String(workGroupARN(s, w))})
			if f != nil {
				return f.Part(calls)
			}
			return s.OK(op.Operation, out, calls)
		})
}

// The operations of this file.
var (
	athenaListWorkGroups = collect.NewOp("athena", "ListWorkGroups",
		func(ctx context.Context, cfg aws.Config, in *athena.ListWorkGroupsInput) (*athena.ListWorkGroupsOutput, error) {
			return athenaClient(cfg).ListWorkGroups(ctx, in)
		}).Paged(func(in *athena.ListWorkGroupsInput, out *athena.ListWorkGroupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	athenaGetWorkGroup = collect.NewOp("athena", "GetWorkGroup",
		func(ctx context.Context, cfg aws.Config, in *athena.GetWorkGroupInput) (*athena.GetWorkGroupOutput, error) {
			return athenaClient(cfg).GetWorkGroup(ctx, in)
		})
	athenaListTagsForResource = collect.NewOp("athena", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *athena.ListTagsForResourceInput) (*athena.ListTagsForResourceOutput, error) {
			return athenaClient(cfg).ListTagsForResource(ctx, in)
		}).Paged(func(in *athena.ListTagsForResourceInput, out *athena.ListTagsForResourceOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
