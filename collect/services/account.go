package services

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// Account collects whom AWS would contact about the account. Names and addresses are replaced at collection: the evidence is
// that a contact is registered, not who it is.
func Account() collect.Service {
	alternate := collect.NewOp("account", "GetAlternateContact", (*account.Client).GetAlternateContact)
	contact := func(name string, kind types.AlternateContactType) collect.Part[*account.Client, *collect.Session] {
		return collect.Read(name, alternate, func(*collect.Session) *account.GetAlternateContactInput {
			return &account.GetAlternateContactInput{AlternateContactType: kind}
		}, "ResourceNotFoundException")
	}
	return collect.Service{Name: "account", Kinds: []collect.Kind{
		collect.Single(collect.Kind{Name: "account.contact", Scope: bundle.ScopeAccount},
			func(cfg aws.Config) *account.Client { return account.NewFromConfig(cfg) }, accountSetting,
			collect.Read("ContactInformation", collect.NewOp("account", "GetContactInformation", (*account.Client).GetContactInformation),
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
