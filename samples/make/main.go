// Command make collects the sample bundle again: it starts the emulator, seeds the account of package seed, collects it and seals
// samples/example.bundle.zip with the sample key. Run it as `make samples`, from the module root.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
	"github.com/auditpack/auditpack/samples/seed"
)

const (
	signerName = "sample"
	keyFile    = "sample-key-not-secret"
	trustFile  = "allowed_signers"
	bundleFile = "example.bundle.zip"
	pageSize   = 4
)

func main() { os.Exit(run()) }

func run() int {
	dir := flag.String("dir", "samples", "folder of the sample files")
	newKey := flag.Bool("new-key", false, "make a new sample key first")
	version := flag.String("version", "0.1.0", "version of auditpack to write into the bundle")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *newKey {
		if err := writeKey(*dir); err != nil {
			return fail(err)
		}
	}
	if err := collectSample(ctx, *dir, *version); err != nil {
		return fail(err)
	}
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "samples: error:", err)
	return 1
}

// writeKey makes the sample key, without a passphrase because it protects nothing, and its trust file.
func writeKey(dir string) error {
	private, trust, err := bundle.GenerateKey(signerName, nil)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, keyFile), private, 0o600); err != nil {
		return err
	}
	note := "# Trusts the key of the sample bundle. That key is public: never trust it for anything else.\n"
	return os.WriteFile(filepath.Join(dir, trustFile), []byte(note+trust), 0o644)
}

func collectSample(ctx context.Context, dir, version string) (err error) {
	private, err := os.ReadFile(filepath.Join(dir, keyFile))
	if err != nil {
		return err
	}
	signer, err := bundle.LoadSigner(signerName, private, nil)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "auditpack-samples-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	stage, err := seed.NewStage(ctx)
	if err != nil {
		return err
	}
	defer stage.Close()
	if err := stage.Setenv(os.Setenv, temp); err != nil {
		return err
	}
	stage.Proxy.Paginate(pageSize, false)
	stage.Proxy.Inject(unseen()...)
	out := filepath.Join(dir, bundleFile)
	o := stage.Options(stage.Proxy.Client(), out, signer)
	o.TempDir = temp
	o.Tool = bundle.Tool{Name: "auditpack", Version: version, Commit: "sample"}
	result, err := collect.Run(ctx, o)
	if err != nil {
		return err
	}
	if result.Interrupted {
		return errors.New("interrupted: the bundle is not complete")
	}
	if err := verify(ctx, dir); err != nil {
		return err
	}
	fmt.Printf("%s: %d artifacts, %d populations, %d gaps, %d calls\n", out, result.Artifacts, result.Populations, result.Gaps, result.Calls.Planned)
	return nil
}

// unseen denies a few reads, so that the sample also shows what a pack says about evidence that could not be seen.
func unseen() []testbed.Fault {
	return []testbed.Fault{
		{Service: "kms", Operation: "GetKeyPolicy", Region: seed.Ireland, Do: testbed.Deny()},
		{Service: "rds", Operation: "DescribeDBInstances", Region: seed.Virginia, Do: testbed.Deny()},
		{Service: "s3", Operation: "GetBucketLogging", Match: func(r *testbed.Request) bool { return r.Bucket == "example-trading-partner-feed" }, Do: testbed.Deny()},
	}
}

// verify checks the finished bundle as a reader would.
func verify(ctx context.Context, dir string) error {
	line, err := os.ReadFile(filepath.Join(dir, trustFile))
	if err != nil {
		return err
	}
	trust, err := bundle.ParseTrust(trustFile, line)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(dir, bundleFile))
	if err != nil {
		return err
	}
	_, err = bundle.Verify(ctx, bytes.NewReader(data), int64(len(data)), bundle.Policy{Trust: trust})
	return err
}
