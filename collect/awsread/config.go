// Package awsread makes SDK configurations that can only read, and that record what they read.
//
// The guard sits below the SDK's clients, in the first step of every request: an operation that is not on the list in
// operations.go fails before anything is signed or sent, whoever calls it. The same list says which members of an answer may
// not be kept, so an operation that nobody reviewed for secrets cannot be collected.
package awsread

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"
)

// attemptTimeout bounds one attempt of one request, its answer included. The SDK itself has no such bound.
const attemptTimeout = 60 * time.Second

// defaultAttempts is how often a request is tried in all, unless AWS_MAX_ATTEMPTS or the profile says otherwise. Together with
// the adaptive mode's pacing it outlasts a minute of throttling.
const defaultAttempts = 8

// Source says where credentials and region come from. The zero value is the SDK's default chain: environment, shared
// files, SSO, web identity, container and instance roles.
type Source struct {
	Profile    string
	Region     string         // empty: the profile's or the environment's
	HTTPClient aws.HTTPClient // nil: a client that honours AWS_CA_BUNDLE and the proxy variables. Others are for tests
}

// Load returns a configuration that can only make the operations of Allowed. AWS_ENDPOINT_URL is honoured.
//
// Credentials are obtained by the SDK's own clients before the guard is in place: single sign-on, a profile's role and web
// identities need operations that are not on the list.
func Load(ctx context.Context, src Source) (aws.Config, error) {
	client := awshttp.NewBuildableClient().WithTimeout(attemptTimeout).WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = 64
	})
	options := []func(*config.LoadOptions) error{config.WithHTTPClient(client), config.WithLogger(logging.Nop{})}
	if src.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(src.Profile))
	}
	if src.Region != "" {
		options = append(options, config.WithRegion(src.Region))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("loading the AWS configuration: %w", err)
	}
	if cfg.RetryMaxAttempts == 0 {
		cfg.RetryMaxAttempts = defaultAttempts
	}
	// A client of the SDK makes its own copy, connections and all, of an HTTP client that it can still adjust. A frozen one is
	// shared, so that the client of the next call finds an open connection.
	if b, ok := cfg.HTTPClient.(*awshttp.BuildableClient); ok {
		cfg.HTTPClient = b.Freeze()
	}
	if src.HTTPClient != nil {
		cfg.HTTPClient = src.HTTPClient
	}
	cfg.RetryMode = aws.RetryModeAdaptive
	return Guard(cfg), nil
}

// Guard returns a copy of cfg whose clients can only make the operations of Allowed, and which fill in the Record of the
// context that a request is made with.
func Guard(cfg aws.Config) aws.Config {
	cfg = cfg.Copy()
	cfg.APIOptions = append(slices.Clone(cfg.APIOptions), addGuard)
	return cfg
}
