package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// SecretsManager collects what is known about secrets, never a secret: how they rotate, when they were last used, under which key
// they lie and who may read them. Secrets that are scheduled for deletion cannot be used any more and are not among them.
func SecretsManager() collect.Service {
	return collect.Service{Name: "secretsmanager", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "secretsmanager.secret", Scope: bundle.ScopeRegion, Tags: "Secret.Tags", Item: "Secret"},
			secretsmanagerListSecrets, secretsmanager.ListSecretsInput{MaxResults: aws.Int32(100)},
			func(out *secretsmanager.ListSecretsOutput) []types.SecretListEntry { return out.SecretList },
			func(_ *collect.Session, e types.SecretListEntry, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(e.Name), ARN: aws.ToString(e.ARN)}
			},
			collect.Read("ResourcePolicy", secretsmanagerGetResourcePolicy,
				func(e types.SecretListEntry) *secretsmanager.GetResourcePolicyInput {
					return &secretsmanager.GetResourcePolicyInput{SecretId: e.ARN}
				}),
		),
	}}
}

func secretsmanagerClient(cfg aws.Config) *secretsmanager.Client {
	return secretsmanager.NewFromConfig(cfg)
}

// The operations of this file.
var (
	secretsmanagerListSecrets = collect.NewOp("secretsmanager", "ListSecrets",
		func(ctx context.Context, cfg aws.Config, in *secretsmanager.ListSecretsInput) (*secretsmanager.ListSecretsOutput, error) {
			return secretsmanagerClient(cfg).ListSecrets(ctx, in)
		}).Paged(func(in *secretsmanager.ListSecretsInput, out *secretsmanager.ListSecretsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	secretsmanagerGetResourcePolicy = collect.NewOp("secretsmanager", "GetResourcePolicy",
		func(ctx context.Context, cfg aws.Config, in *secretsmanager.GetResourcePolicyInput) (*secretsmanager.GetResourcePolicyOutput, error) {
			return secretsmanagerClient(cfg).GetResourcePolicy(ctx, in)
		})
)
