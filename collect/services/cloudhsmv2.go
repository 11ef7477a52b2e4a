package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudhsmv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudhsmv2/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CloudHSMV2 collects clusters of hardware security modules and the backups of the account. The cluster's password from before its
// initialization is replaced at collection.
func CloudHSMV2() collect.Service {
	return collect.Service{Name: "cloudhsmv2", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "cloudhsmv2.cluster", Scope: bundle.ScopeRegion, Tags: "Cluster.TagList", Item: "Cluster"},
			cloudhsmv2DescribeClusters, cloudhsmv2.DescribeClustersInput{},
			func(out *cloudhsmv2.DescribeClustersOutput) []types.Cluster { return out.Clusters },
			func(s *collect.Session, c types.Cluster, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(c.ClusterId), ARN: s.ARN("cloudhsm", "cluster/"+aws.ToString(c.ClusterId))}
			}),
		collect.Listed(collect.Kind{Name: "cloudhsmv2.backup", Scope: bundle.ScopeRegion, Tags: "Backup.TagList", Item: "Backup"},
			cloudhsmv2DescribeBackups, cloudhsmv2.DescribeBackupsInput{},
			func(out *cloudhsmv2.DescribeBackupsOutput) []types.Backup { return out.Backups },
			func(s *collect.Session, b types.Backup, _ bundle.From) collect.ID {
				if b.BackupArn != nil {
					return collect.ID{ID: aws.ToString(b.BackupId), ARN: *b.BackupArn}
				}
				return collect.ID{ID: aws.ToString(b.BackupId), ARN: s.ARN("cloudhsm", "backup/"+aws.ToString(b.BackupId))}
			}),
	}}
}

func cloudhsmv2Client(cfg aws.Config) *cloudhsmv2.Client { return cloudhsmv2.NewFromConfig(cfg) }

// The operations of this file.
var (
	cloudhsmv2DescribeClusters = collect.NewOp("cloudhsmv2", "DescribeClusters",
		func(ctx context.Context, cfg aws.Config, in *cloudhsmv2.DescribeClustersInput) (*cloudhsmv2.DescribeClustersOutput, error) {
			return cloudhsmv2Client(cfg).DescribeClusters(ctx, in)
		}).Paged(func(in *cloudhsmv2.DescribeClustersInput, out *cloudhsmv2.DescribeClustersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	cloudhsmv2DescribeBackups = collect.NewOp("cloudhsmv2", "DescribeBackups",
		func(ctx context.Context, cfg aws.Config, in *cloudhsmv2.DescribeBackupsInput) (*cloudhsmv2.DescribeBackupsOutput, error) {
			return cloudhsmv2Client(cfg).DescribeBackups(ctx, in)
		}).Paged(func(in *cloudhsmv2.DescribeBackupsInput, out *cloudhsmv2.DescribeBackupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
