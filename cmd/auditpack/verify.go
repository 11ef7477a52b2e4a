package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/auditpack/auditpack/collect/bundle"
)

// trustOptions are the two ways to say whom to believe.
type trustOptions struct {
	file       string
	unverified bool
}

func (t *trustOptions) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&t.file, "trust", "", "trust file (allowed_signers format) that names the signers to believe")
	cmd.Flags().BoolVar(&t.unverified, "unverified-signer", false, "go on without knowing the signer; every page and sheet carries the mark")
}

// need reports a usage error unless one of the two was given.
func (t *trustOptions) need(cmd *cobra.Command) error {
	if t.file != "" && t.unverified {
		return usagef("%s takes --trust FILE or --unverified-signer, not both", cmd.CommandPath())
	}
	if t.file == "" && !t.unverified {
		return hint(usagef("%s needs --trust FILE, or --unverified-signer", cmd.CommandPath()),
			"the trust file comes from whoever signed the bundle; auditpack keygen writes it beside the key")
	}
	return nil
}

// openedBundle is a bundle file whose content was verified.
type openedBundle struct {
	file   *os.File
	report *bundle.Report
	size   int64
}

func (o *openedBundle) Close() error { return o.file.Close() }

// open reads the bundle that was verified.
func (o *openedBundle) open() (*bundle.Bundle, error) { return bundle.Open(o.file, o.size) }

// errNotAFile is the error of a bundle that is a folder, a pipe or a device.
var errNotAFile = &bundle.Error{Reason: bundle.ReasonStructure, Detail: "not a regular file"}

// maxTrust bounds a trust file, in bytes.
const maxTrust = 1 << 20

// readTrust reads a trust file. Windows editors put a byte order mark before it.
func readTrust(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxTrust+1))
	if err == nil && len(b) > maxTrust {
		err = fmt.Errorf("%s is larger than %d bytes", path, maxTrust)
	}
	return bytes.TrimPrefix(b, []byte("\ufeff")), err
}

// verifyBundle opens and verifies a bundle. Without a trust file only the integrity is checked. When the trust file does not
// know the signer the error is of class bundle.ErrNotTrusted.
func verifyBundle(ctx context.Context, path string, t trustOptions) (*openedBundle, error) {
	policy := bundle.Policy{Now: time.Now()}
	if t.file != "" {
		b, err := readTrust(t.file)
		if err != nil {
			return nil, fmt.Errorf("reading the trust file: %w", err)
		}
		if policy.Trust, err = bundle.ParseTrust(t.file, b); err != nil {
			return nil, err
		}
	}
	info, err := os.Stat(path) // before opening: to open a pipe is to wait for its other end
	if err != nil {
		return nil, fmt.Errorf("opening the bundle: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, explainVerify(path, errNotAFile)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the bundle: %w", err)
	}
	opened, err := verifyFile(ctx, f, policy)
	if err != nil {
		f.Close()
		return nil, explainVerify(path, err)
	}
	return opened, nil
}

func verifyFile(ctx context.Context, f *os.File, policy bundle.Policy) (*openedBundle, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotAFile
	}
	report, err := bundle.Verify(ctx, f, info.Size(), policy)
	if err != nil {
		return nil, err
	}
	return &openedBundle{file: f, report: report, size: info.Size()}, nil
}

// explainVerify adds to an error of verification what it means and what to do.
func explainVerify(path string, err error) error {
	err = fmt.Errorf("verifying %s: %w", path, err)
	switch {
	case errors.Is(err, bundle.ErrNotTrusted):
		return hint(err, "compare the fingerprint with the signer over another channel and add the key to the trust file, or say --unverified-signer")
	case errors.Is(err, bundle.ErrMalformed):
		return hint(err, "this is not a bundle as auditpack writes it, or it was cut or re-packed on the way; ask for the original file")
	case errors.Is(err, bundle.ErrIntegrity):
		return hint(err, "the content was changed after it was sealed; ask for the original file and do not use this one")
	}
	return err
}

func verifyCommand(e env) *cobra.Command {
	var trust string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify BUNDLE.zip",
		Short: "Check a bundle's container, signatures, digests, hash trees and every record",
		Long: `verify reads a bundle as hostile. It checks the container, the signatures over SEAL before anything else is parsed, the
manifest, the lists, both hash trees, and that every record is strict JSON in its right place. An error names the rule or
the record.

With --trust FILE the signer must be in the trust file. Without it verify checks integrity and says that the signer is
unknown. README.txt inside the bundle has the commands that do the same with ssh-keygen and sha256sum alone.`,
		Example: `  auditpack verify client.bundle.zip --trust reviewer.key.allowed_signers`,
		Args:    exactly("BUNDLE.zip"),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := verifyBundle(cmd.Context(), args[0], trustOptions{file: trust})
			if err != nil {
				return err
			}
			defer b.Close()
			if asJSON {
				return writeJSON(e.out, b.report)
			}
			printReport(e.out, args[0], b.report, trust != "")
			return nil
		},
	}
	cmd.Flags().StringVar(&trust, "trust", "", "trust file (allowed_signers format) that names the signers to believe")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return cmd
}

// printReport says what was verified.
func printReport(w io.Writer, path string, r *bundle.Report, withTrust bool) {
	fmt.Fprintf(w, "%s\n", path)
	fmt.Fprintf(w, "  integrity  ok: %d records in %d shards\n", total(r.Records), r.Shards)
	fmt.Fprintf(w, "  bundle     %s, created %s by %s %s\n", r.Manifest.ID, r.Manifest.Created.UTC().Format(time.RFC3339), r.Manifest.Tool.Name, r.Manifest.Tool.Version)
	fmt.Fprintf(w, "  seal       SHA-256 %s\n", r.SealSHA256)
	for _, s := range r.Signatures {
		switch {
		case s.Trusted:
			fmt.Fprintf(w, "  signer     %s %s (%s), trusted\n", s.Principals, s.Fingerprint, s.Algorithm)
		case withTrust:
			fmt.Fprintf(w, "  signer     %s %s (%s), not trusted: %s\n", s.Name, s.Fingerprint, s.Algorithm, s.Reason)
		default:
			fmt.Fprintf(w, "  signer     unknown: %s (%s) signed as %q; name a trust file with --trust to check it\n", s.Fingerprint, s.Algorithm, s.Name)
		}
	}
}

func total(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// writeJSON prints v, indented, as data.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// sortedKeys returns the keys of m in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
