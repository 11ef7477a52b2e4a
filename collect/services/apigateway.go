package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// APIGateway collects REST APIs with their stages, authorizers and methods, custom domain names, API keys without their values,
// usage plans, client certificates and the settings of the account. One IAM action covers every read of the service.
func APIGateway() collect.Service {
	return collect.Service{Name: "apigateway", Kinds: []collect.Kind{
		apigatewayRestAPI(),
		collect.Listed(collect.Kind{
			Name: "apigateway.domain-name", Scope: bundle.ScopeRegion, Tags: "DomainName.Tags", Item: "DomainName",
		},
			apigatewayGetDomainNames, apigateway.GetDomainNamesInput{Limit: apigatewayPage},
			func(out *apigateway.GetDomainNamesOutput) []types.DomainName { return out.Items }, domainNameID),
		collect.Listed(collect.Kind{Name: "apigateway.api-key", Scope: bundle.ScopeRegion, Tags: "ApiKey.Tags", Item: "ApiKey"},
			apigatewayGetAPIKeys, apigateway.GetApiKeysInput{Limit: apigatewayPage, IncludeValues: aws.Bool(false)},
			func(out *apigateway.GetApiKeysOutput) []types.ApiKey { return out.Items },
			func(s *collect.Session, k types.ApiKey, _ bundle.From) collect.ID {
				return apigatewayID(s, "apikeys", k.Id)
			}),
		collect.Listed(collect.Kind{
			Name: "apigateway.usage-plan", Scope: bundle.ScopeRegion, Tags: "UsagePlan.Tags", Item: "UsagePlan",
		},
			apigatewayGetUsagePlans, apigateway.GetUsagePlansInput{Limit: apigatewayPage},
			func(out *apigateway.GetUsagePlansOutput) []types.UsagePlan { return out.Items },
			func(s *collect.Session, p types.UsagePlan, _ bundle.From) collect.ID {
				return apigatewayID(s, "usageplans", p.Id)
			}),
		collect.Listed(collect.Kind{
			Name: "apigateway.client-certificate", Scope: bundle.ScopeRegion, Tags: "ClientCertificate.Tags", Item: "ClientCertificate",
		},
			apigatewayGetClientCertificates, apigateway.GetClientCertificatesInput{Limit: apigatewayPage},
			func(out *apigateway.GetClientCertificatesOutput) []types.ClientCertificate { return out.Items },
			func(s *collect.Session, c types.ClientCertificate, _ bundle.From) collect.ID {
				return apigatewayID(s, "clientcertificates", c.ClientCertificateId)
			}),
		collect.Single(collect.Kind{Name: "apigateway.account", Scope: bundle.ScopeRegion},
			func(s *collect.Session) collect.ID {
				return collect.ID{ID: "account", ARN: "arn:" + s.Partition() + ":apigateway:" + s.Region() + "::/account"}
			},
			collect.Read("Account", apigatewayGetAccount,
				func(*collect.Session) *apigateway.GetAccountInput { return &apigateway.GetAccountInput{} })),
	}}
}

// apigatewayPage is the largest page that the service gives.
var apigatewayPage = aws.Int32(500)

// apigatewayRestAPI is the kind of REST APIs. Resources come with their methods, which say who may call them. Stage variables
// and mapping templates can hold anything and are replaced at collection.
func apigatewayRestAPI() collect.Kind {
	return collect.Listed(collect.Kind{Name: "apigateway.rest-api", Scope: bundle.ScopeRegion, Tags: "RestApi.Tags", Item: "RestApi"},
		apigatewayGetRestAPIs, apigateway.GetRestApisInput{Limit: apigatewayPage},
		func(out *apigateway.GetRestApisOutput) []types.RestApi { return out.Items },
		func(s *collect.Session, a types.RestApi, _ bundle.From) collect.ID {
			return apigatewayID(s, "restapis", a.Id)
		},
		collect.Read("Stages", apigatewayGetStages,
			func(a types.RestApi) *apigateway.GetStagesInput { return &apigateway.GetStagesInput{RestApiId: a.Id} }),
		collect.Read("Authorizers", apigatewayGetAuthorizers,
			func(a types.RestApi) *apigateway.GetAuthorizersInput {
				return &apigateway.GetAuthorizersInput{RestApiId: a.Id, Limit: apigatewayPage}
			}),
		collect.Read("Resources", apigatewayGetResources,
			func(a types.RestApi) *apigateway.GetResourcesInput {
				return &apigateway.GetResourcesInput{RestApiId: a.Id, Limit: apigatewayPage, Embed: []string{"methods"}}
			}),
	)
}

// apigatewayID names a resource as the service's ARNs do: without the account.
func apigatewayID(s *collect.Session, noun string, id *string) collect.ID {
	return collect.ID{
		ID: aws.ToString(id), ARN: "arn:" + s.Partition() + ":apigateway:" + s.Region() + "::/" + noun + "/" + aws.ToString(id),
	}
}

// domainNameID names a custom domain name. Private ones are only unique together with their id, and have an ARN of their own.
func domainNameID(s *collect.Session, d types.DomainName, _ bundle.From) collect.ID {
	id := apigatewayID(s, "domainnames", d.DomainName)
	if d.DomainNameId != nil {
		id.ID += "+" + *d.DomainNameId
	}
	if d.DomainNameArn != nil {
		id.ARN = *d.DomainNameArn
	}
	return id
}

func apigatewayClient(cfg aws.Config) *apigateway.Client { return apigateway.NewFromConfig(cfg) }

// The operations of this file.
var (
	apigatewayGetRestAPIs = collect.NewOp("apigateway", "GetRestApis",
		func(ctx context.Context, cfg aws.Config, in *apigateway.GetRestApisInput) (*apigateway.GetRestApisOutput, error) {
			return apigatewayClient(cfg).GetRestApis(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigateway.GetRestApisInput, out *apigateway.GetRestApisOutput) (**string, *string) {
		return &in.Position, out.Position
	})
	apigatewayGetStages = collect.NewOp("apigateway", "GetStages",
		func(ctx context.Context, cfg aws.Config, in *apigateway.GetStagesInput) (*apigateway.GetStagesOutput, error) {
			return apigatewayClient(cfg).GetStages(ctx, in)
		}, "apigateway:GET")
	apigatewayGetAuthorizers = collect.NewOp("apigateway", "GetAuthorizers",
		func(ctx context.Context, cfg aws.Config, in *apigateway.GetAuthorizersInput) (*apigateway.GetAuthorizersOutput, error) {
			return apigatewayClient(cfg).GetAuthorizers(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigateway.GetAuthorizersInput, out *apigateway.GetAuthorizersOutput) (**string, *string) {
		return &in.Position, out.Position
	})
	apigatewayGetResources = collect.NewOp("apigateway", "GetResources",
		func(ctx context.Context, cfg aws.Config, in *apigateway.GetResourcesInput) (*apigateway.GetResourcesOutput, error) {
			return apigatewayClient(cfg).GetResources(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigateway.GetResourcesInput, out *apigateway.GetResourcesOutput) (**string, *string) {
		return &in.Position, out.Position
	})
	apigatewayGetDomainNames = collect.NewOp("apigateway", "GetDomainNames",
		func(ctx context.Context, cfg aws.Config, in *apigateway.GetDomainNamesInput) (*apigateway.GetDomainNamesOutput, error) {
			return apigatewayClient(cfg).GetDomainNames(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigateway.GetDomainNamesInput, out *apigateway.GetDomainNamesOutput) (**string, *string) {
		return &in.Position, out.Position
	})
	apigatewayGetAPIKeys = collect.NewOp("apigateway", "GetApiKeys",
		func(ctx context.Context, cfg aws.Config, in *apigateway.GetApiKeysInput) (*apigateway.GetApiKeysOutput, error) {
			return apigatewayClient(cfg).GetApiKeys(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigateway.GetApiKeysInput, out *apigateway.GetApiKeysOutput) (**string, *string) {
		return &in.Position, out.Position
	})
	apigatewayGetUsagePlans = collect.NewOp("apigateway", "GetUsagePlans",
		func(ctx context.Context, cfg aws.Config, in *apigateway.GetUsagePlansInput) (*apigateway.GetUsagePlansOutput, error) {
			return apigatewayClient(cfg).GetUsagePlans(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigateway.GetUsagePlansInput, out *apigateway.GetUsagePlansOutput) (**string, *string) {
		return &in.Position, out.Position
	})
	apigatewayGetClientCertificates = collect.NewOp("apigateway", "GetClientCertificates",
		func(ctx context.Context, cfg aws.Config, in *apigateway.GetClientCertificatesInput) (*apigateway.GetClientCertificatesOutput, error) {
			return apigatewayClient(cfg).GetClientCertificates(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigateway.GetClientCertificatesInput, out *apigateway.GetClientCertificatesOutput) (**string, *string) {
		return &in.Position, out.Position
	})
	apigatewayGetAccount = collect.NewOp("apigateway", "GetAccount",
		func(ctx context.Context, cfg aws.Config, in *apigateway.GetAccountInput) (*apigateway.GetAccountOutput, error) {
			return apigatewayClient(cfg).GetAccount(ctx, in)
		}, "apigateway:GET")
)
