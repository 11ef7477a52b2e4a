//go:build !offline

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

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
	roles, accounts, excludeAccounts    []string
	organization                        bool
	regions, excludeRegions             []string
	include, exclude                    []string
	concurrency                         int
	workDir, resume                     string
	closeOnly, dryRun, json             bool
	from, script                        string
}

func collectCommand(e env) *cobra.Command {
	var o collectFlags
	cmd := &cobra.Command{
		Use:   "collect --out BUNDLE.zip --sign KEY",
		Short: "Snapshot AWS account configuration into one signed evidence bundle",
		Long: `collect reads the configuration of one or more AWS accounts and seals it in one file. It can only read: an exact list of operations
is enforced below the SDK. auditpack iam-policy prints the permissions that it needs, --dry-run every call that it would make.

Credentials, region and endpoint are the AWS SDK's own: profiles, single sign-on, environment variables, instance roles,
AWS_ENDPOINT_URL. With --role-arn a role is assumed in each account: ARNs, or one name or ARN with --accounts or --organization.
An account that cannot be entered is recorded as a gap, and the others are collected.

What cannot be seen does not end the run: it is recorded as a gap with the IAM action that would open it, and the exit code is
3. Ctrl-C seals what there is, with the rest marked as not attempted.

Answers are kept in a work directory (BUNDLE.zip.work) until they are sealed. After Ctrl-C, a kill, a crash or credentials that
expired, collect --resume goes on where it was and asks only what has no answer yet; with --close it seals what is there without
asking anything. The work directory holds what the bundle will hold, secrets already taken out; it is removed when the bundle is
complete.

Where you may not enter an account, somebody who may can run AWS CLI commands for you: --from FOLDER takes their output, and
--script FILE writes the commands that are missing, at first the lists, then what the lists name. Such a bundle says that its
source is second-hand.`,
		Example: `  auditpack collect --out client.bundle.zip --sign reviewer.key --profile client-readonly
  auditpack collect --out all.bundle.zip --sign reviewer.key --accounts 111122223333,444455556666 --role-arn auditpack-reader --external-id 7f3c
  auditpack collect --out org.bundle.zip --sign reviewer.key --organization --role-arn auditpack-reader
  auditpack collect --out tokyo.bundle.zip --sign reviewer.key --regions ap-northeast-1 --services iam,s3,ec2
  auditpack collect --resume client.bundle.zip.work --sign reviewer.key
  auditpack collect --from client-answers --script client-answers/ask.sh --out client.bundle.zip --sign reviewer.key`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runCollect(cmd, e, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "file for the bundle")
	f.StringVar(&o.sign, "sign", "", "private key that signs the bundle (auditpack keygen)")
	f.StringVar(&o.passphraseFile, "passphrase-file", "", "read the key's passphrase from the first line of a file")
	f.StringVar(&o.profile, "profile", "", "profile of the AWS configuration")
	f.StringVar(&o.region, "region", "", "region for the first calls (default: the profile's)")
	f.StringSliceVar(&o.roles, "role-arn", nil, "role to assume: an ARN for each account, or one name or ARN with --accounts or --organization")
	f.StringSliceVar(&o.accounts, "accounts", nil, "accounts to collect, each through the role of --role-arn")
	f.BoolVar(&o.organization, "organization", false, "collect every account of the AWS organization, each through the role of --role-arn")
	f.StringSliceVar(&o.excludeAccounts, "exclude-accounts", nil, "accounts to leave out")
	f.StringVar(&o.externalID, "external-id", "", "external id that the roles ask for")
	f.StringSliceVar(&o.regions, "regions", nil, "regions to visit (default: every region that is enabled)")
	f.StringSliceVar(&o.excludeRegions, "exclude-regions", nil, "regions to leave out")
	f.StringSliceVar(&o.include, "services", nil, "services to collect (default: all): "+strings.Join(serviceNames(), ", "))
	f.StringSliceVar(&o.exclude, "exclude-services", nil, "services to leave out")
	f.IntVar(&o.concurrency, "concurrency", 0, "calls at once to one service in one region (0: a default)")
	f.StringVar(&o.progress, "progress", "auto", "progress on standard error: auto, line, json, none")
	f.BoolVar(&o.json, "json", false, "progress events and the closing summary as JSON lines on standard error")
	f.StringVar(&o.workDir, "work-dir", "", "folder for answers until they are sealed; it must not exist (default: BUNDLE.zip.work)")
	f.StringVar(&o.resume, "resume", "", "go on with the work directory of an earlier run, with its settings")
	f.BoolVar(&o.closeOnly, "close", false, "with --resume: ask nothing more, seal what there is")
	f.StringVar(&o.from, "from", "", "take the answers from a folder of AWS CLI output instead of asking AWS")
	f.StringVar(&o.script, "script", "", "with --from: write the commands whose answers are missing, as a shell script")
	f.BoolVar(&o.dryRun, "dry-run", false, "print what would be called, and call nothing")
	return cmd
}

func serviceNames() []string {
	var names []string
	for _, s := range services.All() {
		names = append(names, s.Name)
	}
	return names
}

// asUsage makes what collect calls a mistake in its options a mistake in the command line.
func asUsage(err error) error {
	if errors.Is(err, collect.ErrUsage) {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return err
}

// selected are the services that the flags name.
func selected(include, exclude []string) ([]collect.Service, error) {
	chosen, err := collect.Select(services.All(), include, exclude)
	return chosen, asUsage(err)
}

func runCollect(cmd *cobra.Command, e env, o collectFlags) error {
	if o.dryRun {
		return dryRun(e, o)
	}
	if o.sign == "" || o.out == "" && o.resume == "" {
		return hint(usagef("collect needs --out and --sign"), "auditpack keygen --out reviewer.key makes a key; auditpack help collect shows examples")
	}
	if err := fromAlone(cmd, o); err != nil {
		return err
	}
	work, err := openWork(cmd, &o)
	if err != nil {
		return err
	}
	chosen, err := selected(o.include, o.exclude)
	if err != nil {
		return errors.Join(err, closed(work))
	}
	signer, err := loadSigner(e, o.sign, o.passphraseFile)
	if err != nil {
		return errors.Join(err, closed(work))
	}
	if o.json {
		o.progress = "json"
	}
	progress, finish, err := progressFor(e, o.progress)
	if err != nil {
		return errors.Join(err, closed(work))
	}
	if o.from != "" {
		return runFrom(cmd.Context(), e, o, chosen, signer, progress, finish)
	}
	if work == nil {
		if work, err = newWork(o); err != nil {
			return err
		}
	}
	dir := work.Dir
	result, err := collect.Run(cmd.Context(), collect.Options{
		Source: awsread.Source{Profile: o.profile, Region: o.region},
		Roles:  o.roles, Accounts: o.accounts, Organization: o.organization, ExcludeAccounts: o.excludeAccounts, ExternalID: o.externalID,
		Regions: o.regions, ExcludeRegions: o.excludeRegions, Services: chosen,
		Out: o.out, Signers: []bundle.Signer{signer}, Concurrency: o.concurrency, Progress: progress,
		Tool: tool(), Requested: requested(o), Work: work, CloseOnly: o.closeOnly,
	})
	finish()
	if err = asUsage(err); err != nil {
		_, gone := os.Stat(dir)
		switch {
		case o.closeOnly && errors.Is(err, errUsage):
			return err // it says what to do
		case o.closeOnly:
			return hint(err, "what was answered is kept; to try again: auditpack collect --resume %s --close --sign %s", dir, o.sign)
		case gone == nil:
			return hint(err, "what was answered is kept; to go on: auditpack collect --resume %s --sign %s", dir, o.sign)
		}
		return hint(err, "check the credentials with: aws sts get-caller-identity; auditpack iam-policy prints the permissions that collect needs")
	}
	if err := summary(e, o, result); err != nil {
		return err
	}
	return reportCollect(cmd.Context(), e, o, dir, result)
}

func tool() bundle.Tool {
	return bundle.Tool{Name: "auditpack", Version: version, Commit: buildCommit()}
}

// openWork checks where the bundle goes, and with --resume takes the settings of the run before.
func openWork(cmd *cobra.Command, o *collectFlags) (*collect.Work, error) {
	if o.resume == "" {
		if o.closeOnly {
			return nil, hint(usagef("--close needs --resume"), "name the work directory of the run that is to be closed")
		}
		return nil, unused(o.out)
	}
	for _, name := range []string{"role-arn", "accounts", "organization", "exclude-accounts", "regions", "exclude-regions", "services", "exclude-services", "work-dir"} {
		if cmd.Flags().Changed(name) {
			return nil, hint(usagef("--%s cannot be changed when a collection is resumed", name), "leave it out: the work directory has the settings; or collect anew")
		}
	}
	work, err := collect.OpenWork(o.resume, tool())
	if err = asUsage(err); errors.Is(err, errUsage) {
		return nil, hint(err, "%s", resumeHint(o.resume))
	}
	if err != nil {
		return nil, hint(err, "what the work directory holds cannot be used: remove it and collect anew")
	}
	s := work.Settings
	o.roles, o.accounts, o.organization, o.excludeAccounts = s.Roles, s.Accounts, s.Organization, s.ExcludeAccounts
	o.regions, o.excludeRegions, o.include, o.exclude = s.Regions, s.ExcludeRegions, s.Services, s.ExcludeServices
	if s.ExternalID && o.externalID == "" && !o.closeOnly {
		return nil, errors.Join(hint(usagef("the run before had an external id"), "give it again with --external-id; it is not kept"), work.Close())
	}
	if path, aerr := filepath.Abs(o.out); o.out == "" || aerr == nil && path == s.Out {
		o.out = s.Out
		err = replaceable(s.Out, s.Sealed)
	} else {
		err = unused(o.out)
	}
	if err != nil {
		return nil, errors.Join(err, work.Close())
	}
	return work, nil
}

// resumeHint says what to do about a work directory that cannot be opened.
func resumeHint(dir string) string {
	if _, err := os.Stat(filepath.Join(dir, "settings.json")); err == nil {
		return "wait for that collect to end, use the version that began it, or remove the directory and collect anew"
	}
	return "--resume takes the folder that an unfinished collect has left (BUNDLE.zip.work); one without settings.json holds nothing to go on with: remove it and collect anew"
}

func closed(work *collect.Work) error {
	if work == nil {
		return nil
	}
	return work.Close()
}

// unused reports early, before hours of collecting, that a bundle could not be written to a path.
func unused(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return hint(fmt.Errorf("%s exists already", path), "name another file; a bundle is never overwritten")
	}
	return writable(filepath.Dir(path))
}

// replaceable is unused, but for the bundle that the interrupted run has sealed at the path itself.
func replaceable(path string, seals []string) error {
	f, err := os.Open(path)
	if err != nil || len(seals) == 0 {
		return unused(path)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	rep, err := bundle.Verify(context.Background(), f, info.Size(), bundle.Policy{})
	if err != nil || !slices.Contains(seals, rep.SealSHA256.String()) {
		return hint(fmt.Errorf("%s is not the bundle that the interrupted run has sealed", path), "name another file with --out; the answers are kept")
	}
	return writable(filepath.Dir(path))
}

// newWork makes the work directory of a new run.
func newWork(o collectFlags) (*collect.Work, error) {
	out, err := filepath.Abs(o.out)
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", o.out, err)
	}
	dir := o.workDir
	if dir == "" {
		dir = o.out + ".work"
	}
	if _, err := os.Lstat(dir); err == nil {
		return nil, hint(fmt.Errorf("%s exists already: an earlier run has left it", dir), "go on with it: auditpack collect --resume %s --sign %s; or remove it", dir, o.sign)
	}
	return collect.CreateWork(dir, collect.Settings{
		Tool: tool(), Started: time.Now().UTC(), Out: out,
		Roles: o.roles, Accounts: o.accounts, Organization: o.organization, ExcludeAccounts: o.excludeAccounts, ExternalID: o.externalID != "",
		Regions: o.regions, ExcludeRegions: o.excludeRegions, Services: o.include, ExcludeServices: o.exclude,
	})
}

// requested are the settings that the run's record states beside accounts, regions and services.
func requested(o collectFlags) []bundle.KeyValue {
	var kv []bundle.KeyValue
	if len(o.exclude) > 0 {
		kv = append(kv, bundle.KeyValue{Key: "exclude-services", Value: strings.Join(o.exclude, ",")})
	}
	return kv
}

// writable reports early that a bundle could not be written.
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
