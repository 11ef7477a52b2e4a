// Package seed fills an AWS emulator with the account of Example Trading K.K. (例示商事株式会社), a made-up mid-size company whose
// configuration is partly good and partly bad, and whose names and tags are partly hostile. `make samples` collects the committed
// sample bundle from it, and the end-to-end test compares what was collected with the totals in [Seeded].
//
// The program writes: point it at an emulator only. [Run] refuses an endpoint that is not on the loopback interface.
package seed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// The three regions that the company uses.
const (
	Tokyo    = "ap-northeast-1"
	Virginia = "us-east-1"
	Ireland  = "eu-west-1"
	// Global stands for what belongs to the whole account.
	Global = "global"
	// AccountID is the account that the emulator answers for.
	AccountID = "123456789012"
)

// Regions returns the regions in alphabetical order.
func Regions() []string { return []string{Tokyo, Ireland, Virginia} }

// Key names one population.
type Key struct{ Kind, Region string }

// Seeded says what the account holds after a run.
type Seeded struct {
	// Counts is the number of artifacts that a complete collection finds for each kind and region: what the seed program made and
	// what a new account holds by itself (a default VPC, its security group and its network ACL in each region). Kinds whose
	// artifact is a setting that always exists count 1.
	Counts map[Key]int
	// AgedUsers are the users who should look as if they had been created more than a year ago (see testbed.Aged).
	AgedUsers []string
	// RootMFASerial is the virtual MFA device that belongs to the root user (see testbed.RootUser).
	RootMFASerial string
}

// Run creates the account in the emulator at endpoint. client sends the requests; it must reach the endpoint under any host name,
// because S3 Control puts the account id in front of it. Run is to be used once on an empty emulator; its order is fixed.
func Run(ctx context.Context, endpoint string, client aws.HTTPClient) (*Seeded, error) {
	if err := onlyLoopback(endpoint); err != nil {
		return nil, err
	}
	s := &seeder{
		ctx: ctx,
		base: aws.Config{
			BaseEndpoint: aws.String(endpoint), HTTPClient: client, RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "example-secret", ""),
		},
		seeded:   &Seeded{Counts: map[Key]int{}},
		attached: map[string]bool{},
		keys:     map[string]string{},
		topics:   map[string]string{},
	}
	s.always()
	s.account()
	s.kms()
	s.s3()
	s.iam()
	for _, region := range Regions() {
		s.network(region)
	}
	s.compute()
	s.databases()
	s.alerts()
	s.trails()
	s.watchers()
	if s.err != nil {
		return nil, s.err
	}
	return s.seeded, nil
}

func onlyLoopback(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil {
		return fmt.Errorf("endpoint %q: %w", endpoint, err)
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("endpoint %q is not on the loopback interface: the seed program only writes to an emulator", endpoint)
	}
	return nil
}

// seeder carries the clients' configuration, what was created so far, and the first error, after which nothing more is done.
type seeder struct {
	ctx      context.Context
	base     aws.Config
	seeded   *Seeded
	err      error
	attached map[string]bool   // ARNs of the managed policies in use
	keys     map[string]string // name → ARN of KMS keys
	topics   map[string]string // name → ARN of SNS topics
}

// config returns the client configuration for a region.
func (s *seeder) config(region string) aws.Config {
	cfg := s.base.Copy()
	cfg.Region = region
	return cfg
}

// do runs one step unless an earlier one failed.
func (s *seeder) do(what string, step func() error) {
	if s.err != nil {
		return
	}
	if err := s.ctx.Err(); err != nil {
		s.err = fmt.Errorf("seeding: %w", err)
		return
	}
	if err := step(); err != nil {
		s.err = fmt.Errorf("seeding: %s: %w", what, err)
	}
}

// made counts n artifacts of a kind.
func (s *seeder) made(kind, region string, n int) { s.seeded.Counts[Key{kind, region}] += n }

// always counts what every account has.
func (s *seeder) always() {
	for _, kind := range []string{"account.contact", "iam.account-summary", "iam.password-policy", "iam.root", "s3.account-public-access-block"} {
		s.made(kind, Global, 1)
	}
	for _, region := range Regions() {
		for _, kind := range []string{"ec2.ebs-encryption-default", "ec2.vpc", "ec2.security-group", "ec2.network-acl"} {
			s.made(kind, region, 1)
		}
	}
}

var errNothingCreated = errors.New("the emulator created nothing")

func arn(service, region, resource string) string {
	return strings.Join([]string{"arn:aws", service, region, AccountID, resource}, ":")
}
