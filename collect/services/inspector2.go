package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Inspector2 collects what Amazon Inspector scans in each region, how much of it is covered, and how many findings are open. The
// findings themselves are not read.
func Inspector2() collect.Service {
	return collect.Service{Name: "inspector2", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "inspector2.account", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID { return collect.ID{ID: s.Region()} },
			collect.Read("Status", inspector2BatchGetAccountStatus, accountStatusInput),
			whileScanning("Configuration", inspector2GetConfiguration, &inspector2.GetConfigurationInput{}),
			whileScanning("Coverage", inspector2ListCoverageStatistics, &inspector2.ListCoverageStatisticsInput{GroupBy: types.GroupKeyResourceType}),
			whileScanning("Findings", inspector2ListFindingAggregations,
				&inspector2.ListFindingAggregationsInput{AggregationType: types.AggregationTypeAccount, MaxResults: aws.Int32(100)}),
		),
	}}
}

// accountStatusInput asks without ids, which means the caller's own account.
func accountStatusInput(*collect.Session) *inspector2.BatchGetAccountStatusInput {
	return &inspector2.BatchGetAccountStatusInput{}
}

// whileScanning is a part that is read only where Inspector is enabled. Elsewhere it has nothing to say and may answer with an error
// of no fixed code, so the part is absent on the word of the account's status.
func whileScanning[I, O any](name string, op collect.Op[I, O], in *I) collect.Part[*collect.Session] {
	p := collect.Custom[O](name, []collect.Operation{inspector2BatchGetAccountStatus.Operation, op.Operation},
		func(ctx context.Context, s *collect.Session, _ *collect.Session) bundle.Part {
			status, calls, f := collect.Get(ctx, s, inspector2BatchGetAccountStatus, accountStatusInput(s))
			if f != nil {
				return f.Part(calls)
			}
			if isDisabled(status) {
				return bundle.Part{State: bundle.StateAbsent, Calls: calls, Code: string(types.StatusDisabled)}
			}
			input := *in
			out, made, f := collect.Get(ctx, s, op, &input)
			calls = append(calls[:len(calls):len(calls)], made...)
			if f != nil {
				return f.Part(calls)
			}
			return s.OK(op.Operation, out, calls)
		})
	p.Absent = []string{string(types.StatusDisabled)}
	return p
}

// isDisabled reports whether AWS says of every account in the answer that Inspector is disabled there.
func isDisabled(status *inspector2.BatchGetAccountStatusOutput) bool {
	for _, a := range status.Accounts {
		if a.State == nil || a.State.Status != types.StatusDisabled {
			return false
		}
	}
	return len(status.Accounts) > 0
}

func inspector2Client(cfg aws.Config) *inspector2.Client { return inspector2.NewFromConfig(cfg) }

// The operations of this file.
var (
	inspector2BatchGetAccountStatus = collect.NewOp("inspector2", "BatchGetAccountStatus",
		func(ctx context.Context, cfg aws.Config, in *inspector2.BatchGetAccountStatusInput) (*inspector2.BatchGetAccountStatusOutput, error) {
			return inspector2Client(cfg).BatchGetAccountStatus(ctx, in)
		}).Shared()
	inspector2GetConfiguration = collect.NewOp("inspector2", "GetConfiguration",
		func(ctx context.Context, cfg aws.Config, in *inspector2.GetConfigurationInput) (*inspector2.GetConfigurationOutput, error) {
			return inspector2Client(cfg).GetConfiguration(ctx, in)
		})
	inspector2ListCoverageStatistics = collect.NewOp("inspector2", "ListCoverageStatistics",
		func(ctx context.Context, cfg aws.Config, in *inspector2.ListCoverageStatisticsInput) (*inspector2.ListCoverageStatisticsOutput, error) {
			return inspector2Client(cfg).ListCoverageStatistics(ctx, in)
		}).Paged(func(in *inspector2.ListCoverageStatisticsInput, out *inspector2.ListCoverageStatisticsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	inspector2ListFindingAggregations = collect.NewOp("inspector2", "ListFindingAggregations",
		func(ctx context.Context, cfg aws.Config, in *inspector2.ListFindingAggregationsInput) (*inspector2.ListFindingAggregationsOutput, error) {
			return inspector2Client(cfg).ListFindingAggregations(ctx, in)
		}).Paged(func(in *inspector2.ListFindingAggregationsInput, out *inspector2.ListFindingAggregationsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
