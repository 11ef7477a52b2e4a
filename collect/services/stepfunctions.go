package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// StepFunctions collects state machines and activities. Executions are never read. A definition is code that may hold secrets: it is
// not asked for, which also spares the caller the right to decrypt it.
func StepFunctions() collect.Service {
	return collect.Service{Name: "stepfunctions", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "stepfunctions.state-machine", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			stepfunctionsListStateMachines, sfn.ListStateMachinesInput{MaxResults: 1000},
			func(out *sfn.ListStateMachinesOutput) []types.StateMachineListItem { return out.StateMachines },
			func(_ *collect.Session, m types.StateMachineListItem, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(m.Name), ARN: aws.ToString(m.StateMachineArn)}
			},
			collect.Read("StateMachine", stepfunctionsDescribeStateMachine,
				func(m types.StateMachineListItem) *sfn.DescribeStateMachineInput {
					return &sfn.DescribeStateMachineInput{
						StateMachineArn: m.StateMachineArn, IncludedData: types.IncludedDataMetadataOnly,
					}
				}),
			collect.Read("Tags", stepfunctionsListTagsForResource,
				func(m types.StateMachineListItem) *sfn.ListTagsForResourceInput {
					return &sfn.ListTagsForResourceInput{ResourceArn: m.StateMachineArn}
				}),
		),
		collect.Listed(collect.Kind{Name: "stepfunctions.activity", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			stepfunctionsListActivities, sfn.ListActivitiesInput{MaxResults: 1000},
			func(out *sfn.ListActivitiesOutput) []types.ActivityListItem { return out.Activities },
			func(_ *collect.Session, a types.ActivityListItem, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(a.Name), ARN: aws.ToString(a.ActivityArn)}
			},
			collect.Read("Activity", stepfunctionsDescribeActivity,
				func(a types.ActivityListItem) *sfn.DescribeActivityInput {
					return &sfn.DescribeActivityInput{ActivityArn: a.ActivityArn}
				}),
			collect.Read("Tags", stepfunctionsListTagsForResource,
				func(a types.ActivityListItem) *sfn.ListTagsForResourceInput {
					return &sfn.ListTagsForResourceInput{ResourceArn: a.ActivityArn}
				}),
		),
	}}
}

func stepfunctionsClient(cfg aws.Config) *sfn.Client { return sfn.NewFromConfig(cfg) }

// The operations of this file.
var (
	stepfunctionsListStateMachines = collect.NewOp("stepfunctions", "ListStateMachines",
		func(ctx context.Context, cfg aws.Config, in *sfn.ListStateMachinesInput) (*sfn.ListStateMachinesOutput, error) {
			return stepfunctionsClient(cfg).ListStateMachines(ctx, in)
		}).Paged(func(in *sfn.ListStateMachinesInput, out *sfn.ListStateMachinesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	stepfunctionsListActivities = collect.NewOp("stepfunctions", "ListActivities",
		func(ctx context.Context, cfg aws.Config, in *sfn.ListActivitiesInput) (*sfn.ListActivitiesOutput, error) {
			return stepfunctionsClient(cfg).ListActivities(ctx, in)
		}).Paged(func(in *sfn.ListActivitiesInput, out *sfn.ListActivitiesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	stepfunctionsDescribeStateMachine = collect.NewOp("stepfunctions", "DescribeStateMachine",
		func(ctx context.Context, cfg aws.Config, in *sfn.DescribeStateMachineInput) (*sfn.DescribeStateMachineOutput, error) {
			return stepfunctionsClient(cfg).DescribeStateMachine(ctx, in)
		})
	stepfunctionsDescribeActivity = collect.NewOp("stepfunctions", "DescribeActivity",
		func(ctx context.Context, cfg aws.Config, in *sfn.DescribeActivityInput) (*sfn.DescribeActivityOutput, error) {
			return stepfunctionsClient(cfg).DescribeActivity(ctx, in)
		})
	stepfunctionsListTagsForResource = collect.NewOp("stepfunctions", "ListTagsForResource",
		func(ctx context.Context, cfg aws.Config, in *sfn.ListTagsForResourceInput) (*sfn.ListTagsForResourceOutput, error) {
			return stepfunctionsClient(cfg).ListTagsForResource(ctx, in)
		})
)
