package services

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/restjson"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// The SDK has no module for AWS Artifact that this program could use. What follows is a client for three of its read operations
// (API version 2018-05-10, REST with JSON), made of the SDK's own middleware: the options of the configuration apply to it as
// they do to the SDK's clients, so the read-only guard, the recorder, the pace and the retries are the same.

// artifactServiceID is the service id of the API model.
const artifactServiceID = "Artifact"

// ArtifactListInput asks for a page of a list; MaxResults is at most 300.
type ArtifactListInput struct {
	MaxResults *int32
	NextToken  *string
}

func (in *ArtifactListInput) query() url.Values {
	q := url.Values{}
	if in.MaxResults != nil {
		q.Set("maxResults", strconv.Itoa(int(*in.MaxResults)))
	}
	if in.NextToken != nil {
		q.Set("nextToken", *in.NextToken)
	}
	return q
}

// ArtifactListReportsOutput is a page of ListReports.
type ArtifactListReportsOutput struct {
	Reports   []ArtifactReport
	NextToken *string
}

// ArtifactReport says which period a report of an auditor covers. The document is not part of it.
type ArtifactReport struct {
	Id, Arn, Name, Description, Series, Category, CompanyName, ProductName *string
	Version                                                                *int64
	PeriodStart, PeriodEnd                                                 *time.Time
	State, UploadState, StatusMessage, AcceptanceType                      *string
}

// ArtifactListCustomerAgreementsOutput is a page of ListCustomerAgreements.
type ArtifactListCustomerAgreementsOutput struct {
	CustomerAgreements []ArtifactCustomerAgreement
	NextToken          *string
}

// ArtifactCustomerAgreement is an agreement between the account or its organization and AWS. State is ACTIVE,
// CUSTOMER_TERMINATED or AWS_TERMINATED.
type ArtifactCustomerAgreement struct {
	Id, Arn, Name, Description, AgreementArn, AwsAccountId, OrganizationArn *string
	EffectiveStart, EffectiveEnd                                            *time.Time
	State, Type                                                             *string
	AcceptanceTerms, TerminateTerms                                         []string
}

// ArtifactGetAccountSettingsInput has no members.
type ArtifactGetAccountSettingsInput struct{}

func (*ArtifactGetAccountSettingsInput) query() url.Values { return nil }

// ArtifactGetAccountSettingsOutput is the answer of GetAccountSettings.
type ArtifactGetAccountSettingsOutput struct{ AccountSettings *ArtifactAccountSettings }

// ArtifactAccountSettings tells whether the account is subscribed to notices about new reports: SUBSCRIBED or NOT_SUBSCRIBED.
type ArtifactAccountSettings struct{ NotificationSubscriptionStatus *string }

// artifactEndpoint returns the address of the service and the region that requests to it are signed for. It has one endpoint in
// each of two partitions; an endpoint in the configuration goes before them.
func artifactEndpoint(cfg aws.Config) (base *url.URL, region string, err error) {
	region, address := "us-east-1", ""
	switch {
	case strings.HasPrefix(cfg.Region, "us-gov-"):
		region = "us-gov-west-1"
	case strings.HasPrefix(cfg.Region, "cn-"), strings.HasPrefix(cfg.Region, "us-iso"), strings.HasPrefix(cfg.Region, "eu-isoe-"),
		strings.HasPrefix(cfg.Region, "eusc-"):
		region = ""
	}
	switch {
	case cfg.BaseEndpoint != nil:
		address = *cfg.BaseEndpoint
	case region != "":
		address = "https://artifact." + region + ".amazonaws.com"
	default:
		return nil, "", fmt.Errorf("AWS Artifact has no endpoint in the partition of region %s", cfg.Region)
	}
	if region == "" {
		region = cfg.Region
	}
	if base, err = url.Parse(address); err != nil {
		return nil, "", fmt.Errorf("endpoint of AWS Artifact: %w", err)
	}
	return base, region, nil
}

// artifactGet makes one call: a GET of path, whose answer is an O.
func artifactGet[O any](ctx context.Context, cfg aws.Config, operation, path string, in interface{ query() url.Values }) (*O, error) {
	ctx = middleware.ClearStackValues(ctx)
	ctx = awsmiddleware.SetServiceID(middleware.WithServiceID(ctx, artifactServiceID), artifactServiceID)
	ctx = awsmiddleware.SetOperationName(middleware.WithOperationName(ctx, operation), operation)
	stack := middleware.NewStack(operation, smithyhttp.NewStackRequest)
	steps := []func(*middleware.Stack) error{
		func(s *middleware.Stack) error {
			return s.Serialize.Add(artifactSerialize(cfg, path, in.query()), middleware.After)
		},
		awsmiddleware.AddClientRequestIDMiddleware,
		awsmiddleware.AddSDKAgentKeyValue(awsmiddleware.APIMetadata, "artifact", "2018-05-10"),
		func(s *middleware.Stack) error { return s.Finalize.Add(artifactSign(cfg), middleware.After) },
		func(s *middleware.Stack) error {
			return retry.AddRetryMiddlewares(s, retry.AddRetryMiddlewaresOptions{Retryer: artifactRetryer(cfg)})
		},
		func(s *middleware.Stack) error { return s.Deserialize.Add(artifactDeserialize[O](), middleware.After) },
		awsmiddleware.AddRecordResponseTiming,
		awsmiddleware.AddRequestIDRetrieverMiddleware,
		awshttp.AddResponseErrorMiddleware,
	}
	for _, add := range append(steps, cfg.APIOptions...) {
		if err := add(stack); err != nil {
			return nil, fmt.Errorf("building the request of %s: %w", operation, err)
		}
	}
	result, _, err := middleware.DecorateHandler(smithyhttp.NewClientHandlerWithOptions(cfg.HTTPClient), stack).Handle(ctx, in)
	if err != nil {
		return nil, &smithy.OperationError{ServiceID: artifactServiceID, OperationName: operation, Err: err}
	}
	return result.(*O), nil
}

// artifactRetryer is chosen as the SDK's clients do.
func artifactRetryer(cfg aws.Config) aws.Retryer {
	var r aws.Retryer = retry.NewStandard()
	if cfg.Retryer != nil {
		r = cfg.Retryer()
	}
	if cfg.RetryMaxAttempts > 0 {
		r = retry.AddWithMaxAttempts(r, cfg.RetryMaxAttempts)
	}
	return r
}

func artifactSerialize(cfg aws.Config, path string, query url.Values) middleware.SerializeMiddleware {
	return middleware.SerializeMiddlewareFunc("OperationSerializer",
		func(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (middleware.SerializeOutput, middleware.Metadata, error) {
			req, ok := in.Request.(*smithyhttp.Request)
			if !ok {
				return middleware.SerializeOutput{}, middleware.Metadata{}, &smithy.SerializationError{Err: fmt.Errorf("request type %T", in.Request)}
			}
			base, _, err := artifactEndpoint(cfg)
			if err != nil {
				return middleware.SerializeOutput{}, middleware.Metadata{}, &smithy.SerializationError{Err: err}
			}
			req.Method = http.MethodGet
			req.URL = base
			req.URL.Path = strings.TrimSuffix(base.Path, "/") + path
			req.URL.RawQuery = query.Encode()
			req.ContentLength = 0 // a new request has -1: unknown
			return next.HandleSerialize(ctx, in)
		})
}

// emptyPayload is the SHA-256 of a request without a body.
const emptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// artifactSign signs each attempt anew. The retry middleware looks for it by its name.
func artifactSign(cfg aws.Config) middleware.FinalizeMiddleware {
	return middleware.FinalizeMiddlewareFunc("Signing",
		func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
			fail := func(err error) (middleware.FinalizeOutput, middleware.Metadata, error) {
				return middleware.FinalizeOutput{}, middleware.Metadata{}, &v4.SigningError{Err: err}
			}
			req, ok := in.Request.(*smithyhttp.Request)
			if !ok {
				return fail(fmt.Errorf("request type %T", in.Request))
			}
			if cfg.Credentials == nil {
				return fail(fmt.Errorf("no credentials"))
			}
			credentials, err := cfg.Credentials.Retrieve(ctx)
			if err != nil {
				return fail(fmt.Errorf("getting credentials: %w", err))
			}
			_, region, err := artifactEndpoint(cfg)
			if err != nil {
				return fail(err)
			}
			if err := v4.NewSigner().SignHTTP(ctx, credentials, req.Request, emptyPayload, "artifact", region, time.Now().UTC()); err != nil {
				return fail(err)
			}
			return next.HandleFinalize(ctx, in)
		})
}

// artifactDeserialize reads an answer into an O, or an error answer into an API error with the service's code.
func artifactDeserialize[O any]() middleware.DeserializeMiddleware {
	return middleware.DeserializeMiddlewareFunc("OperationDeserializer",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			if err != nil {
				return out, metadata, err
			}
			resp, ok := out.RawResponse.(*smithyhttp.Response)
			if !ok {
				return out, metadata, &smithy.DeserializationError{Err: fmt.Errorf("response type %T", out.RawResponse)}
			}
			defer resp.Body.Close()
			if resp.StatusCode < 200 || resp.StatusCode > 299 {
				return out, metadata, artifactError(resp)
			}
			result := new(O)
			if err := json.NewDecoder(resp.Body).Decode(result); err != nil {
				return out, metadata, &smithy.DeserializationError{Err: fmt.Errorf("reading the answer: %w", err)}
			}
			out.Result = result
			return out, metadata, nil
		})
}

// artifactError reads an error answer. The code stands in a header or in the body.
func artifactError(resp *smithyhttp.Response) error {
	failure := &smithy.GenericAPIError{Code: "UnknownError", Message: "UnknownError"}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return &smithy.DeserializationError{Err: fmt.Errorf("reading the error answer: %w", err)}
	}
	code, message, err := restjson.GetErrorInfo(json.NewDecoder(strings.NewReader(string(body))))
	if err != nil {
		return &smithy.DeserializationError{Err: fmt.Errorf("reading the error answer: %w", err), Snapshot: body}
	}
	if header := resp.Header.Get("X-Amzn-ErrorType"); header != "" {
		code = restjson.SanitizeErrorCode(header)
	}
	if code != "" {
		failure.Code = code
	}
	if message != "" {
		failure.Message = message
	}
	return failure
}
