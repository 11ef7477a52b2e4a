//go:build !offline

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/services"
)

const edition = "full"

// firstSession shows the way from an account to a pack.
const firstSession = `  auditpack keygen  --out reviewer.key
  auditpack collect --out client.bundle.zip --sign reviewer.key --profile client-readonly
  auditpack pack    client.bundle.zip --trust reviewer.key.allowed_signers --lang en,ja --out packs
`

// networkCommands lists the commands that the offline edition leaves out.
func networkCommands(e env) []*cobra.Command {
	return []*cobra.Command{collectCommand(e), iamPolicyCommand(e)}
}

// unknownCommandHint says how to go on after an unknown command.
func unknownCommandHint(string) string { return "auditpack help lists the commands" }

// collectFlags are the flags of collect.
type collectFlags struct {
	out, sign, passphraseFile, progress string
	profile, region, externalID         string
	roles, accounts, regions            []string
	include, exclude                    []string
	concurrency                         int
	tempDir                             string
}

func collectCommand(e env) *cobra.Command {
	var o collectFlags
	cmd := &cobra.Command{
		Use:   "collect --out BUNDLE.zip --sign KEY",
		Short: "Snapshot AWS account configuration into one signed evidence bundle",
		Long: `collect reads the configuration of one or more AWS accounts and seals it in one file. It can only read: an exact list of operations
is enforced below the SDK. auditpack iam-policy prints the permissions that it needs.

Credentials, region and endpoint are the AWS SDK's own: profiles, single sign-on, environment variables, instance roles,
AWS_ENDPOINT_URL. With --role-arn a role is assumed in each account; with --accounts the same role name in each of them.

What cannot be seen does not end the run: it is recorded as a gap with the IAM action that would open it, and the exit code is
3. Ctrl-C seals what there is, with the rest marked as not attempted.`,
		Example: `  auditpack collect --out client.bundle.zip --sign reviewer.key --profile client-readonly
  auditpack collect --out all.bundle.zip --sign reviewer.key --accounts 111122223333,444455556666 --role-arn auditpack-reader --external-id 7f3c
  auditpack collect --out tokyo.bundle.zip --sign reviewer.key --regions ap-northeast-1 --services iam,s3,ec2`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runCollect(cmd, e, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "file for the bundle")
	f.StringVar(&o.sign, "sign", "", "private key that signs the bundle (auditpack keygen)")
	f.StringVar(&o.passphraseFile, "passphrase-file", "", "read the key's passphrase from the first line of a file")
	f.StringVar(&o.profile, "profile", "", "profile of the AWS configuration")
	f.StringVar(&o.region, "region", "", "region for the first calls (default: the profile's)")
	f.StringSliceVar(&o.roles, "role-arn", nil, "role to assume: an ARN for each account, or one name or ARN with --accounts")
	f.StringSliceVar(&o.accounts, "accounts", nil, "accounts to collect, each through the role of --role-arn")
	f.StringVar(&o.externalID, "external-id", "", "external id that the roles ask for")
	f.StringSliceVar(&o.regions, "regions", nil, "regions to visit (default: every region that is enabled)")
	f.StringSliceVar(&o.include, "services", nil, "services to collect (default: all): "+strings.Join(serviceNames(), ", "))
	f.StringSliceVar(&o.exclude, "exclude-services", nil, "services to leave out")
	f.IntVar(&o.concurrency, "concurrency", 0, "calls at once to one service in one region (0: a default)")
	f.StringVar(&o.progress, "progress", "auto", "progress on standard error: auto, line, json, none")
	f.StringVar(&o.tempDir, "temp-dir", "", "folder for records until the bundle is sealed (default: beside the bundle)")
	return cmd
}

func serviceNames() []string {
	var names []string
	for _, s := range services.All() {
		names = append(names, s.Name)
	}
	return names
}

func runCollect(cmd *cobra.Command, e env, o collectFlags) error {
	if o.out == "" || o.sign == "" {
		return hint(usagef("collect needs --out and --sign"), "auditpack keygen --out reviewer.key makes a key; auditpack help collect shows examples")
	}
	if _, err := os.Lstat(o.out); err == nil {
		return hint(fmt.Errorf("%s exists already", o.out), "name another file; a bundle is never overwritten")
	}
	if err := writable(filepath.Dir(o.out)); err != nil {
		return err
	}
	chosen, err := collect.Select(services.All(), o.include, o.exclude)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	signer, err := loadSigner(e, o.sign, o.passphraseFile)
	if err != nil {
		return err
	}
	progress, finish, err := progressFor(e, o.progress)
	if err != nil {
		return err
	}
	tempDir := o.tempDir
	if tempDir == "" {
		tempDir = filepath.Dir(o.out)
	}
	result, err := collect.Run(cmd.Context(), collect.Options{
		Source: awsread.Source{Profile: o.profile, Region: o.region},
		Roles:  o.roles, Accounts: o.accounts, ExternalID: o.externalID, Regions: o.regions, Services: chosen,
		Out: o.out, TempDir: tempDir, Signers: []bundle.Signer{signer}, Concurrency: o.concurrency, Progress: progress,
		Tool:      bundle.Tool{Name: "auditpack", Version: version, Commit: buildCommit()},
		Requested: requested(o),
	})
	finish()
	if err != nil {
		return hint(err, "check the credentials with: aws sts get-caller-identity; auditpack iam-policy prints the permissions that collect needs")
	}
	return reportCollect(e, o.out, result)
}

// requested are the settings that the run's record states beside accounts, regions and services.
func requested(o collectFlags) []bundle.KeyValue {
	var kv []bundle.KeyValue
	if len(o.exclude) > 0 {
		kv = append(kv, bundle.KeyValue{Key: "exclude-services", Value: strings.Join(o.exclude, ",")})
	}
	return kv
}

// writable reports early, before hours of collecting, that a bundle could not be written.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".auditpack-*")
	if err != nil {
		return hint(fmt.Errorf("the bundle cannot be written: %w", err), "name a folder that exists and can be written to")
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// progressFor chooses how to show progress and returns what ends it.
func progressFor(e env, kind string) (collect.Progress, func(), error) {
	if kind == "auto" {
		kind = "json"
		if f, ok := e.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			kind = "line"
		}
	}
	switch kind {
	case "line":
		return &collect.TerminalProgress{W: e.err}, func() { fmt.Fprintln(e.err) }, nil
	case "json":
		return &collect.JSONProgress{W: e.err}, func() {}, nil
	case "none":
		return collect.NoProgress{}, func() {}, nil
	}
	return nil, nil, hint(usagef("there is no progress %q", kind), "--progress takes auto, line, json or none")
}

// reportCollect says what was collected. Gaps are the exit code's business, so they come back as an error.
func reportCollect(e env, out string, r *collect.Result) error {
	fmt.Fprintln(e.out, out)
	fmt.Fprintf(e.err, "auditpack: %d artifacts, %d populations in %d regions; %d calls answered, %d not configured, %d denied, %d failed\n",
		r.Artifacts, r.Populations, len(r.Regions), r.Calls.OK, r.Calls.Absent, r.Calls.Denied, r.Calls.Failed)
	fmt.Fprintf(e.err, "auditpack: sealed, SHA-256 of SEAL %s\n", r.Sealed.SealSHA256)
	for _, a := range r.Accounts {
		if a.Code != "" {
			fmt.Fprintf(e.err, "auditpack: account %s could not be entered: %s %s\n", a.ID, a.Code, visible(a.Message))
		}
	}
	if r.Interrupted {
		return context.Canceled
	}
	if r.Gaps == 0 {
		return nil
	}
	err := error(&gapsError{fmt.Sprintf("the bundle is sealed with %d gaps: some things could not be seen", r.Gaps)})
	if len(r.Actions) > 0 {
		err = hint(err, "these IAM actions would open some of them: %s", strings.Join(r.Actions, ", "))
	}
	return err
}

func iamPolicyCommand(e env) *cobra.Command {
	var include, exclude []string
	cmd := &cobra.Command{
		Use:     "iam-policy",
		Short:   "Print the IAM policy that collect needs, and nothing more",
		Example: `  auditpack iam-policy > auditpack-reader.json`,
		Args:    exactly(),
		RunE: func(*cobra.Command, []string) error {
			chosen, err := collect.Select(services.All(), include, exclude)
			if err != nil {
				return fmt.Errorf("%w: %w", errUsage, err)
			}
			policy, err := collect.Policy(chosen)
			if err != nil {
				return err
			}
			_, err = e.out.Write(policy)
			return err
		},
	}
	cmd.Flags().StringSliceVar(&include, "services", nil, "services to collect (default: all)")
	cmd.Flags().StringSliceVar(&exclude, "exclude-services", nil, "services to leave out")
	return cmd
}
