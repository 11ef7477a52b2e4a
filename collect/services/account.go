package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Account collects whom AWS would contact about the account. Names and addresses are replaced at collection: the evidence is
// that a contact is registered, not who it is.
func Account() collect.Service {
	contact := func(name string, kind types.AlternateContactType) collect.Part[*collect.Session] {
		return collect.Read(name, accountGetAlternateContact, func(*collect.Session) *account.GetAlternateContactInput {
			return &account.GetAlternateContactInput{AlternateContactType: kind}
		}, "ResourceNotFoundException")
	}
	return collect.Service{Name: "account", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "account.contact", Scope: bundle.ScopeAccount},
			accountSetting,
			collect.Read("ContactInformation", accountGetContactInformation,
				func(*collect.Session) *account.GetContactInformationInput {
					return &account.GetContactInformationInput{}
				}),
			contact("SecurityContact", types.AlternateContactTypeSecurity),
			contact("BillingContact", types.AlternateContactTypeBilling),
			contact("OperationsContact", types.AlternateContactTypeOperations),
		),
	}}
}

// accountSetting names a setting of which an account has exactly one, and which has no ARN.
func accountSetting(s *collect.Session) collect.ID { return collect.ID{ID: s.Account()} }

func accountClient(cfg aws.Config) *account.Client { return account.NewFromConfig(cfg) }

// The operations of this file.
var (
	accountGetAlternateContact = collect.NewOp("account", "GetAlternateContact",
		func(ctx context.Context, cfg aws.Config, in *account.GetAlternateContactInput) (*account.GetAlternateContactOutput, error) {
			return accountClient(cfg).GetAlternateContact(ctx, in)
		})
	accountGetContactInformation = collect.NewOp("account", "GetContactInformation",
		func(ctx context.Context, cfg aws.Config, in *account.GetContactInformationInput) (*account.GetContactInformationOutput, error) {
			return accountClient(cfg).GetContactInformation(ctx, in)
		})
)
