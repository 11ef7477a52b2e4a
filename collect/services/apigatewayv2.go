package services

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// APIGatewayV2 collects HTTP and WebSocket APIs with their stages, routes and authorizers, and custom domain names. The newer
// interface also names the domain names that REST APIs use: most of them appear under apigateway too. IAM knows one action for
// every read, and gives it the prefix of the older interface.
func APIGatewayV2() collect.Service {
	return collect.Service{Name: "apigatewayv2", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "apigatewayv2.api", Scope: bundle.ScopeRegion, Tags: "Api.Tags", Item: "Api"},
			apigatewayv2GetAPIs, apigatewayv2.GetApisInput{MaxResults: apigatewayv2Page},
			func(out *apigatewayv2.GetApisOutput) []types.Api { return out.Items },
			func(s *collect.Session, a types.Api, _ bundle.From) collect.ID {
				return apigatewayID(s, "apis", a.ApiId)
			},
			collect.Read("Stages", apigatewayv2GetStages,
				func(a types.Api) *apigatewayv2.GetStagesInput {
					return &apigatewayv2.GetStagesInput{ApiId: a.ApiId, MaxResults: apigatewayv2Page}
				}),
			collect.Read("Routes", apigatewayv2GetRoutes,
				func(a types.Api) *apigatewayv2.GetRoutesInput {
					return &apigatewayv2.GetRoutesInput{ApiId: a.ApiId, MaxResults: apigatewayv2Page}
				}),
			collect.Read("Authorizers", apigatewayv2GetAuthorizers,
				func(a types.Api) *apigatewayv2.GetAuthorizersInput {
					return &apigatewayv2.GetAuthorizersInput{ApiId: a.ApiId, MaxResults: apigatewayv2Page}
				}),
		),
		collect.Listed(collect.Kind{
			Name: "apigatewayv2.domain-name", Scope: bundle.ScopeRegion, Tags: "DomainName.Tags", Item: "DomainName",
		},
			apigatewayv2GetDomainNames, apigatewayv2.GetDomainNamesInput{MaxResults: apigatewayv2Page},
			func(out *apigatewayv2.GetDomainNamesOutput) []types.DomainName { return out.Items },
			func(s *collect.Session, d types.DomainName, _ bundle.From) collect.ID {
				id := apigatewayID(s, "domainnames", d.DomainName)
				if d.DomainNameArn != nil {
					id.ARN = *d.DomainNameArn
					id.ID = after(id.ARN, "/domainnames/")
				}
				return id
			}),
	}}
}

// apigatewayv2Page is the size of a page; the service takes it as text.
var apigatewayv2Page = aws.String("500")

func apigatewayv2Client(cfg aws.Config) *apigatewayv2.Client { return apigatewayv2.NewFromConfig(cfg) }

// The operations of this file.
var (
	apigatewayv2GetAPIs = collect.NewOp("apigatewayv2", "GetApis",
		func(ctx context.Context, cfg aws.Config, in *apigatewayv2.GetApisInput) (*apigatewayv2.GetApisOutput, error) {
			return apigatewayv2Client(cfg).GetApis(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigatewayv2.GetApisInput, out *apigatewayv2.GetApisOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	apigatewayv2GetStages = collect.NewOp("apigatewayv2", "GetStages",
		func(ctx context.Context, cfg aws.Config, in *apigatewayv2.GetStagesInput) (*apigatewayv2.GetStagesOutput, error) {
			return apigatewayv2Client(cfg).GetStages(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigatewayv2.GetStagesInput, out *apigatewayv2.GetStagesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	apigatewayv2GetRoutes = collect.NewOp("apigatewayv2", "GetRoutes",
		func(ctx context.Context, cfg aws.Config, in *apigatewayv2.GetRoutesInput) (*apigatewayv2.GetRoutesOutput, error) {
			return apigatewayv2Client(cfg).GetRoutes(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigatewayv2.GetRoutesInput, out *apigatewayv2.GetRoutesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	apigatewayv2GetAuthorizers = collect.NewOp("apigatewayv2", "GetAuthorizers",
		func(ctx context.Context, cfg aws.Config, in *apigatewayv2.GetAuthorizersInput) (*apigatewayv2.GetAuthorizersOutput, error) {
			return apigatewayv2Client(cfg).GetAuthorizers(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigatewayv2.GetAuthorizersInput, out *apigatewayv2.GetAuthorizersOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
	apigatewayv2GetDomainNames = collect.NewOp("apigatewayv2", "GetDomainNames",
		func(ctx context.Context, cfg aws.Config, in *apigatewayv2.GetDomainNamesInput) (*apigatewayv2.GetDomainNamesOutput, error) {
			return apigatewayv2Client(cfg).GetDomainNames(ctx, in)
		}, "apigateway:GET").Paged(func(in *apigatewayv2.GetDomainNamesInput, out *apigatewayv2.GetDomainNamesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	})
)
