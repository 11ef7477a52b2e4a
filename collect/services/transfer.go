package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/transfer"
	"github.com/aws/aws-sdk-go-v2/service/transfer/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Transfer collects the servers of Transfer Family: protocols, security policy, endpoint and logging. Users and their keys are not
// asked for.
func Transfer() collect.Service {
	return collect.Service{Name: "transfer", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "transfer.server", Scope: bundle.ScopeRegion, Tags: "Server.Server.Tags"},
			transferListServers, transfer.ListServersInput{MaxResults: aws.Int32(1000)},
			func(out *transfer.ListServersOutput) []types.ListedServer { return out.Servers },
			func(_ *collect.Session, v types.ListedServer, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(v.ServerId), ARN: aws.ToString(v.Arn)}
			},
			collect.Read("Server", transferDescribeServer,
				func(v types.ListedServer) *transfer.DescribeServerInput {
					return &transfer.DescribeServerInput{ServerId: v.ServerId}
				}),
		),
	}}
}

func transferClient(cfg aws.Config) *transfer.Client { return transfer.NewFromConfig(cfg) }

// The operations of this file.
var (
	transferListServers = collect.NewOp("transfer", "ListServers",
		func(ctx context.Context, cfg aws.Config, in *transfer.ListServersInput) (*transfer.ListServersOutput, error) {
			return transferClient(cfg).ListServers(ctx, in)
		}).Paged(func(in *transfer.ListServersInput, out *transfer.ListServersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	transferDescribeServer = collect.NewOp("transfer", "DescribeServer",
		func(ctx context.Context, cfg aws.Config, in *transfer.DescribeServerInput) (*transfer.DescribeServerOutput, error) {
			return transferClient(cfg).DescribeServer(ctx, in)
		})
)
