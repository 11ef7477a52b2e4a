//go:build !offline

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// fromAlone refuses what has no meaning beside --from, and --script without it.
func fromAlone(cmd *cobra.Command, o collectFlags) error {
	if o.from == "" {
		if o.script != "" {
			return hint(usagef("--script needs --from"), "name the folder of AWS CLI output; it may be empty at first")
		}
		return nil
	}
	for _, name := range []string{"profile", "role-arn", "accounts", "organization", "exclude-accounts", "external-id", "resume", "close", "work-dir"} {
		if cmd.Flags().Changed(name) {
			return usagef("--%s has no meaning with --from: nothing is asked of AWS, and a folder is of one account", name)
		}
	}
	return nil
}

// runFrom makes a bundle of AWS CLI output.
func runFrom(ctx context.Context, e env, o collectFlags, chosen []collect.Service, signer bundle.Signer, progress collect.Progress, finish func()) error {
	files, err := collect.OpenFiles(o.from)
	if err != nil {
		return asUsage(err)
	}
	result, err := collect.Run(ctx, collect.Options{
		From: files, Regions: o.regions, ExcludeRegions: o.excludeRegions, Services: chosen,
		Out: o.out, TempDir: filepath.Dir(o.out), Signers: []bundle.Signer{signer}, Progress: progress, Tool: tool(), Requested: requested(o),
	})
	finish()
	err = asUsage(err)
	if n := files.Missing(); n > 0 {
		if o.script == "" {
			fmt.Fprintf(e.err, "auditpack: %d answers are missing; --script FILE writes the commands\n", n)
		} else if werr := os.WriteFile(o.script, []byte(files.Script()), 0o777); werr != nil {
			return errors.Join(err, fmt.Errorf("writing the script: %w", werr))
		} else {
			fmt.Fprintf(e.err, "auditpack: %d answers are missing; run %s in the folder of the answers, then collect again to another file\n", n, o.script)
		}
	}
	if err != nil {
		return err
	}
	return errors.Join(summary(e, o, result), reportCollect(ctx, e, o, "", result))
}
