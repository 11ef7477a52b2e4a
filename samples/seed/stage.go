package seed

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
)

// Stage is an emulator that holds the seeded account, behind a proxy that corrects the emulator's known mistakes.
type Stage struct {
	Emulator *testbed.Emulator
	Proxy    *testbed.Proxy
	Seeded   *Seeded
}

// NewStage starts emulator and proxy, seeds the account and sets the overrides. The caller must call [Stage.Close].
func NewStage(ctx context.Context) (*Stage, error) {
	emulator, err := testbed.StartEmulator(ctx)
	if err != nil {
		return nil, err
	}
	s := &Stage{Emulator: emulator}
	if err := s.set(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Stage) set(ctx context.Context) error {
	if err := s.Emulator.SetIDSeed(ctx, 1); err != nil {
		return err
	}
	var err error
	if s.Proxy, err = testbed.NewProxy(s.Emulator.URL); err != nil {
		return err
	}
	if s.Seeded, err = Run(ctx, s.Proxy.URL, s.Proxy.Client()); err != nil {
		return err
	}
	s.Proxy.Override(testbed.Overrides(s.Seeded.account(time.Now()))...)
	s.Proxy.Override(overrides()...)
	s.Proxy.ResetCounts()
	return nil
}

// account describes what the emulator cannot hold.
func (s *Seeded) account(now time.Time) testbed.Account {
	today := now.UTC().Truncate(24 * time.Hour)
	return testbed.Account{
		Caller:    "arn:aws:sts::" + AccountID + ":assumed-role/auditpack-reader/taro.kansa",
		Root:      testbed.RootUser{Created: today.AddDate(-7, 0, 0), LastLogin: today.AddDate(0, 0, -9), MFASerial: s.RootMFASerial},
		AgedUsers: s.AgedUsers,
		Aged:      today.AddDate(-1, -2, 0),
		Standards: map[string][]string{Tokyo: {"arn:aws:securityhub:" + Tokyo + "::standards/aws-foundational-security-best-practices/v/1.0.0"}},
		Contact: map[string]string{"FullName": "例示 太郎", "CompanyName": "例示商事株式会社", "AddressLine1": "例示町1-2-3", "City": "千代田区", "StateOrRegion": "東京都",
			"PostalCode": "100-0000", "CountryCode": "JP", "PhoneNumber": "+81-3-0000-0000", "WebsiteUrl": "https://www.example.com"},
	}
}

// Close stops proxy and emulator.
func (s *Stage) Close() {
	if s.Proxy != nil {
		s.Proxy.Close()
	}
	s.Emulator.Stop()
}

// Setenv makes the SDK's default configuration, which the collector uses, point at the proxy and at nothing else; set is os.Setenv
// or a test's own. dir is an empty folder.
func (s *Stage) Setenv(set func(name, value string) error, dir string) error {
	none := filepath.Join(dir, "none")
	for _, kv := range [][2]string{
		{"AWS_ENDPOINT_URL", s.Proxy.URL}, {"AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "example-secret"}, {"AWS_SESSION_TOKEN", ""},
		{"AWS_REGION", Tokyo}, {"AWS_PROFILE", ""}, {"AWS_CONFIG_FILE", none}, {"AWS_SHARED_CREDENTIALS_FILE", none},
		{"AWS_EC2_METADATA_DISABLED", "true"}, {"AWS_MAX_ATTEMPTS", "1"}, {"AWS_CA_BUNDLE", ""},
	} {
		if err := set(kv[0], kv[1]); err != nil {
			return fmt.Errorf("setting %s: %w", kv[0], err)
		}
	}
	if _, err := os.Stat(none); err == nil {
		return fmt.Errorf("%s exists", none)
	}
	return nil
}

// Options returns the options of a collection of the three regions that sends its requests through client.
func (s *Stage) Options(client aws.HTTPClient, out string, signers ...bundle.Signer) collect.Options {
	return collect.Options{Source: awsread.Source{HTTPClient: named{client}}, Regions: Regions(), Services: Services(), Out: out, TempDir: filepath.Dir(out), Signers: signers}
}
