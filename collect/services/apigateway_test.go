package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	v2types "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveAPIGateway(t *testing.T) {
	var open, empty, key, plan string
	s := liveService(t, func(s *seeder) { open, empty, key, plan = seedAPIGateway(s) }, APIGateway())
	bad, bare := "apigateway.rest-api us-east-1 "+open, "apigateway.rest-api us-east-1 "+empty
	if got, want := s.artifacts[bad].ARN, "arn:aws:apigateway:us-east-1::/restapis/"+open; got != want {
		t.Errorf("ARN %s, want %s", got, want)
	}
	s.facts(t,
		fact{bad, "RestApi", bundle.StateOK, []string{`"Name":"orders"`, `"owner":"team"`}, nil},
		fact{bad, "Stages", bundle.StateOK, []string{`"StageName":"prod"`, `"TracingEnabled":true`, `"apigateway.Stage.Variables"`}, []string{planted}},
		fact{bad, "Authorizers", bundle.StateOK, []string{`"Name":"tokens"`}, nil},
		fact{bad, "Resources", bundle.StateOK, []string{`"Path":"/"`, `"AuthorizationType":"NONE"`, `"ApiKeyRequired":true`}, []string{planted}},
		fact{bare, "Stages", bundle.StateOK, nil, []string{"StageName"}},
		fact{bare, "Authorizers", bundle.StateOK, nil, []string{"tokens"}},
		fact{"apigateway.api-key us-east-1 " + key, "ApiKey", bundle.StateOK, []string{`"Name":"partner"`, `"owner":"team"`}, []string{planted}},
		fact{"apigateway.usage-plan us-east-1 " + plan, "UsagePlan", bundle.StateOK, []string{`"Limit":100`, `"owner":"team"`}, nil},
		fact{"apigateway.domain-name us-east-1 api.nagoya.example", "DomainName", bundle.StateOK, []string{`"SecurityPolicy":"TLS_1_2"`}, nil},
		fact{"apigateway.account us-east-1 account", "Account", bundle.StateOK, []string{`role/apigateway-logs`}, nil},
		fact{"apigateway.account eu-west-1 account", "Account", bundle.StateOK, nil, []string{`role/apigateway-logs`}},
	)
	s.counts(t, "us-east-1", map[string]int{"apigateway.rest-api": 2, "apigateway.api-key": 1, "apigateway.usage-plan": 1, "apigateway.domain-name": 1})
	s.counts(t, "eu-west-1", map[string]int{"apigateway.rest-api": 0, "apigateway.api-key": 0, "apigateway.usage-plan": 0, "apigateway.domain-name": 0})
}

// seedAPIGateway makes an API with a stage, an authorizer and a method that does not use it, and an API with nothing.
func seedAPIGateway(s *seeder) (open, empty, key, plan string) {
	c := apigateway.NewFromConfig(s.cfg)
	tags := map[string]string{"owner": "team"}
	open = *made[apigateway.CreateRestApiOutput](s)(c.CreateRestApi(s.ctx, &apigateway.CreateRestApiInput{Name: aws.String("orders"), Tags: tags})).Id
	empty = *made[apigateway.CreateRestApiOutput](s)(c.CreateRestApi(s.ctx, &apigateway.CreateRestApiInput{Name: aws.String("empty")})).Id
	root := made[apigateway.GetResourcesOutput](s)(c.GetResources(s.ctx, &apigateway.GetResourcesInput{RestApiId: &open})).Items[0].Id
	made[apigateway.PutMethodOutput](s)(c.PutMethod(s.ctx, &apigateway.PutMethodInput{
		RestApiId: &open, ResourceId: root, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE"), ApiKeyRequired: true}))
	made[apigateway.PutIntegrationOutput](s)(c.PutIntegration(s.ctx, &apigateway.PutIntegrationInput{
		RestApiId: &open, ResourceId: root, HttpMethod: aws.String("GET"), Type: types.IntegrationTypeHttp, IntegrationHttpMethod: aws.String("GET"),
		Uri: aws.String("https://backend.nagoya.example/orders?key=" + planted), RequestParameters: map[string]string{"integration.request.header.key": "'" + planted + "'"}}))
	made[apigateway.CreateAuthorizerOutput](s)(c.CreateAuthorizer(s.ctx, &apigateway.CreateAuthorizerInput{
		RestApiId: &open, Name: aws.String("tokens"), Type: types.AuthorizerTypeCognitoUserPools, IdentitySource: aws.String("method.request.header.Authorization"),
		ProviderARNs: []string{"arn:aws:cognito-idp:us-east-1:" + emulated + ":userpool/us-east-1_Example"}}))
	deployment := made[apigateway.CreateDeploymentOutput](s)(c.CreateDeployment(s.ctx, &apigateway.CreateDeploymentInput{RestApiId: &open})).Id
	made[apigateway.CreateStageOutput](s)(c.CreateStage(s.ctx, &apigateway.CreateStageInput{
		RestApiId: &open, StageName: aws.String("prod"), DeploymentId: deployment, TracingEnabled: true, Variables: map[string]string{"backendKey": planted}}))
	key = *made[apigateway.CreateApiKeyOutput](s)(c.CreateApiKey(s.ctx, &apigateway.CreateApiKeyInput{
		Name: aws.String("partner"), Value: aws.String(planted + planted), Enabled: true, Tags: tags})).Id
	plan = *made[apigateway.CreateUsagePlanOutput](s)(c.CreateUsagePlan(s.ctx, &apigateway.CreateUsagePlanInput{
		Name: aws.String("partners"), Quota: &types.QuotaSettings{Limit: 100, Period: types.QuotaPeriodTypeDay}, Tags: tags})).Id
	made[apigateway.CreateDomainNameOutput](s)(c.CreateDomainName(s.ctx, &apigateway.CreateDomainNameInput{
		DomainName: aws.String("api.nagoya.example"), SecurityPolicy: types.SecurityPolicyTls12}))
	made[apigateway.UpdateAccountOutput](s)(c.UpdateAccount(s.ctx, &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{{
		Op: types.OpReplace, Path: aws.String("/cloudwatchRoleArn"), Value: aws.String("arn:aws:iam::" + emulated + ":role/apigateway-logs")}}}))
	return open, empty, key, plan
}

func TestLiveAPIGatewayV2(t *testing.T) {
	var open, empty string
	s := liveService(t, func(s *seeder) {
		c := apigatewayv2.NewFromConfig(s.cfg)
		open = *made[apigatewayv2.CreateApiOutput](s)(c.CreateApi(s.ctx, &apigatewayv2.CreateApiInput{
			Name: aws.String("events"), ProtocolType: v2types.ProtocolTypeHttp, Tags: map[string]string{"owner": "team"}})).ApiId
		empty = *made[apigatewayv2.CreateApiOutput](s)(c.CreateApi(s.ctx, &apigatewayv2.CreateApiInput{
			Name: aws.String("chat"), ProtocolType: v2types.ProtocolTypeWebsocket, RouteSelectionExpression: aws.String("$request.body.action")})).ApiId
		authorizer := made[apigatewayv2.CreateAuthorizerOutput](s)(c.CreateAuthorizer(s.ctx, &apigatewayv2.CreateAuthorizerInput{
			ApiId: &open, Name: aws.String("tokens"), AuthorizerType: v2types.AuthorizerTypeJwt, IdentitySource: []string{"$request.header.Authorization"},
			JwtConfiguration: &v2types.JWTConfiguration{Audience: []string{"nagoya"}, Issuer: aws.String("https://login.nagoya.example")}}))
		made[apigatewayv2.CreateRouteOutput](s)(c.CreateRoute(s.ctx, &apigatewayv2.CreateRouteInput{
			ApiId: &open, RouteKey: aws.String("GET /closed"), AuthorizationType: v2types.AuthorizationTypeJwt, AuthorizerId: authorizer.AuthorizerId}))
		made[apigatewayv2.CreateRouteOutput](s)(c.CreateRoute(s.ctx, &apigatewayv2.CreateRouteInput{
			ApiId: &open, RouteKey: aws.String("GET /open"), AuthorizationType: v2types.AuthorizationTypeNone}))
		made[apigatewayv2.CreateStageOutput](s)(c.CreateStage(s.ctx, &apigatewayv2.CreateStageInput{
			ApiId: &open, StageName: aws.String("prod"), StageVariables: map[string]string{"backendKey": planted},
			AccessLogSettings: &v2types.AccessLogSettings{
				DestinationArn: aws.String("arn:aws:logs:us-east-1:" + emulated + ":log-group:api"), Format: aws.String("$context.requestId")}}))
		made[apigatewayv2.CreateDomainNameOutput](s)(c.CreateDomainName(s.ctx, &apigatewayv2.CreateDomainNameInput{
			DomainName: aws.String("events.nagoya.example"), Tags: map[string]string{"owner": "team"},
			DomainNameConfigurations: []v2types.DomainNameConfiguration{{
				CertificateArn: aws.String("arn:aws:acm:us-east-1:" + emulated + ":certificate/11111111-2222-3333-4444-555555555555"),
				EndpointType:   v2types.EndpointTypeRegional, SecurityPolicy: v2types.SecurityPolicyTls12}}}))
	}, APIGatewayV2())
	http, chat := "apigatewayv2.api us-east-1 "+open, "apigatewayv2.api us-east-1 "+empty
	s.facts(t,
		fact{http, "Api", bundle.StateOK, []string{`"ProtocolType":"HTTP"`, `"owner":"team"`}, nil},
		fact{http, "Stages", bundle.StateOK, []string{`"StageName":"prod"`, `:log-group:api"`}, []string{planted}},
		fact{http, "Routes", bundle.StateOK, []string{`"AuthorizationType":"JWT"`, `"AuthorizationType":"NONE"`}, nil},
		fact{chat, "Api", bundle.StateOK, []string{`"ProtocolType":"WEBSOCKET"`}, []string{"owner"}},
		fact{chat, "Stages", bundle.StateOK, nil, []string{"prod"}},
		fact{chat, "Routes", bundle.StateOK, nil, []string{"AuthorizationType"}},
		fact{"apigatewayv2.domain-name us-east-1 events.nagoya.example", "DomainName", bundle.StateOK, []string{`TLS_1_2`, `"owner":"team"`}, nil},
	)
	s.counts(t, "us-east-1", map[string]int{"apigatewayv2.api": 2, "apigatewayv2.domain-name": 1})
	s.counts(t, "eu-west-1", map[string]int{"apigatewayv2.api": 0, "apigatewayv2.domain-name": 0})
}
