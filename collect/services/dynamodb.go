package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// DynamoDB collects tables; items are never read. The replicas of a global table are members of its table's description in every
// region that has one, and of each other's lists.
func DynamoDB() collect.Service {
	return collect.Service{Name: "dynamodb", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "dynamodb.table", Scope: bundle.ScopeRegion, Tags: "Tags.Tags"},
			dynamodbListTables, dynamodb.ListTablesInput{Limit: aws.Int32(100)},
			func(out *dynamodb.ListTablesOutput) []string { return out.TableNames },
			func(s *collect.Session, name string, _ bundle.From) collect.ID {
				return collect.ID{ID: name, ARN: dynamodbTableARN(s, name)}
			},
			collect.Read("Table", dynamodbDescribeTable,
				func(name string) *dynamodb.DescribeTableInput {
					return &dynamodb.DescribeTableInput{TableName: aws.String(name)}
				}),
			collect.Read("ContinuousBackups", dynamodbDescribeContinuousBackups,
				func(name string) *dynamodb.DescribeContinuousBackupsInput {
					return &dynamodb.DescribeContinuousBackupsInput{TableName: aws.String(name)}
				}),
			collect.Read("KinesisStreamingDestination", dynamodbDescribeKinesisStreamingDestination,
				func(name string) *dynamodb.DescribeKinesisStreamingDestinationInput {
					return &dynamodb.DescribeKinesisStreamingDestinationInput{TableName: aws.String(name)}
				}),
			readNamed("ResourcePolicy", dynamodbGetResourcePolicy,
				func(s *collect.Session, name string) *dynamodb.GetResourcePolicyInput {
					return &dynamodb.GetResourcePolicyInput{ResourceArn: aws.String(dynamodbTableARN(s, name))}
				}, collect.Says{Code: "PolicyNotFoundException"}),
			readNamed("Tags", dynamodbListTagsOfResource,
				func(s *collect.Session, name string) *dynamodb.ListTagsOfResourceInput {
					return &dynamodb.ListTagsOfResourceInput{ResourceArn: aws.String(dynamodbTableARN(s, name))}
				}),
		),
	}}
}

// dynamodbClient makes a client that asks the endpoint of the region. The SDK's default, an endpoint of the account's own, is
// one more name that a network which lets only known names out would have to know.
func dynamodbClient(cfg aws.Config) *dynamodb.Client {
	return dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) { o.AccountIDEndpointMode = aws.AccountIDEndpointModeDisabled })
}

func dynamodbTableARN(s *collect.Session, name string) string {
	return s.ARN("dynamodb", "table/"+name)
}

// readNamed is a part that holds the whole output of one operation that wants an ARN, of an item that has none: the session
// knows the account and region to make it from.
func readNamed[I, O, S any](name string, op collect.Op[I, O], in func(*collect.Session, S) *I, absent ...collect.Says) collect.Part[S] {
	p := collect.Custom[O](name, []collect.Operation{op.Operation},
		func(ctx context.Context, s *collect.Session, item S) bundle.Part {
			out, calls, f := collect.Get(ctx, s, op, in(s, item), absent...)
			if f != nil {
				return f.Part(calls)
			}
			return s.OK(op.Operation, out, calls)
		})
	for _, a := range absent {
		p.Absent = append(p.Absent, a.Code)
	}
	return p
}

// The operations of this file.
var (
	dynamodbListTables = collect.NewOp("dynamodb", "ListTables",
		func(ctx context.Context, cfg aws.Config, in *dynamodb.ListTablesInput) (*dynamodb.ListTablesOutput, error) {
			return dynamodbClient(cfg).ListTables(ctx, in)
		}).Paged(func(in *dynamodb.ListTablesInput, out *dynamodb.ListTablesOutput) (**string, *string) {
		return &in.ExclusiveStartTableName, out.LastEvaluatedTableName
	})
	dynamodbDescribeTable = collect.NewOp("dynamodb", "DescribeTable",
		func(ctx context.Context, cfg aws.Config, in *dynamodb.DescribeTableInput) (*dynamodb.DescribeTableOutput, error) {
			return dynamodbClient(cfg).DescribeTable(ctx, in)
		})
	dynamodbDescribeContinuousBackups = collect.NewOp("dynamodb", "DescribeContinuousBackups",
		func(ctx context.Context, cfg aws.Config, in *dynamodb.DescribeContinuousBackupsInput) (*dynamodb.DescribeContinuousBackupsOutput, error) {
			return dynamodbClient(cfg).DescribeContinuousBackups(ctx, in)
		})
	dynamodbDescribeKinesisStreamingDestination = collect.NewOp("dynamodb", "DescribeKinesisStreamingDestination",
		func(ctx context.Context, cfg aws.Config, in *dynamodb.DescribeKinesisStreamingDestinationInput) (*dynamodb.DescribeKinesisStreamingDestinationOutput, error) {
			return dynamodbClient(cfg).DescribeKinesisStreamingDestination(ctx, in)
		})
	dynamodbGetResourcePolicy = collect.NewOp("dynamodb", "GetResourcePolicy",
		func(ctx context.Context, cfg aws.Config, in *dynamodb.GetResourcePolicyInput) (*dynamodb.GetResourcePolicyOutput, error) {
			return dynamodbClient(cfg).GetResourcePolicy(ctx, in)
		})
	dynamodbListTagsOfResource = collect.NewOp("dynamodb", "ListTagsOfResource",
		func(ctx context.Context, cfg aws.Config, in *dynamodb.ListTagsOfResourceInput) (*dynamodb.ListTagsOfResourceOutput, error) {
			return dynamodbClient(cfg).ListTagsOfResource(ctx, in)
		}).Paged(func(in *dynamodb.ListTagsOfResourceInput, out *dynamodb.ListTagsOfResourceOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
