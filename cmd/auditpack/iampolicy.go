//go:build !offline

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/auditpack/auditpack/collect"
)

// policyFlags are the flags of iam-policy.
type policyFlags struct {
	include, exclude []string
	format, dir      string
	role             collect.RoleOptions
}

func iamPolicyCommand(e env) *cobra.Command {
	var o policyFlags
	cmd := &cobra.Command{
		Use:   "iam-policy",
		Short: "Print the IAM policy that collect needs, and nothing more",
		Long: `iam-policy prints the permissions that collect needs for the chosen services: each action is there because a call needs it, and
without any one of them something cannot be seen.

A customer managed policy holds 6,144 characters, so all services together need several: --out-dir writes them as files.
--format cloudformation prints a template of the role, its policies and its trust in you. Deploy it as a stack in one account, or
as a StackSet in all accounts of an organization. Principal and external id are its parameters.`,
		Example: `  auditpack iam-policy > auditpack-reader.json
  auditpack iam-policy --services iam,s3,cloudtrail > auditpack-reader.json
  auditpack iam-policy --out-dir policies
  auditpack iam-policy --format cloudformation --role-name auditpack-reader --principal 111122223333 > role.template.json`,
		Args: exactly(),
		RunE: func(*cobra.Command, []string) error { return runIAMPolicy(e, o) },
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.include, "services", nil, "services to collect (default: all)")
	f.StringSliceVar(&o.exclude, "exclude-services", nil, "services to leave out")
	f.StringVar(&o.format, "format", "json", "json: a policy document; cloudformation: a template of the role")
	f.StringVar(&o.dir, "out-dir", "", "write documents that each fit a managed policy into this folder, which must not exist")
	f.StringVar(&o.role.Name, "role-name", "auditpack-reader", "name of the role in the template")
	f.StringVar(&o.role.Principal, "principal", "", "account number or ARN that may assume the role (default of the parameter)")
	f.StringVar(&o.role.ExternalID, "external-id", "", "external id that the role asks for (default of the parameter)")
	return cmd
}

func runIAMPolicy(e env, o policyFlags) error {
	chosen, err := selected(o.include, o.exclude)
	if err != nil {
		return err
	}
	var text []byte
	switch {
	case o.format == "cloudformation" && o.dir == "":
		text, err = collect.Template(chosen, o.role)
	case o.format != "json":
		return hint(usagef("there is no format %q here", o.format), "--format takes json or cloudformation; --out-dir goes with json")
	case o.dir != "":
		return writePolicies(e, o.dir, chosen)
	default:
		text, err = collect.Policy(chosen)
	}
	if err != nil {
		return err
	}
	if documents, err := collect.Policies(chosen); o.format == "json" && err == nil && len(documents) > 1 {
		fmt.Fprintf(e.err, "auditpack: this document is too long for one managed policy: --out-dir DIR writes it as %d, --format cloudformation makes the role\n", len(documents))
	}
	_, err = e.out.Write(text)
	return err
}

// writePolicies writes one file for each document, all or none.
func writePolicies(e env, dir string, chosen []collect.Service) error {
	documents, err := collect.Policies(chosen)
	if err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return hint(fmt.Errorf("making the folder: %w", err), "name a folder that does not exist yet")
	}
	for i, text := range documents {
		path := filepath.Join(dir, fmt.Sprintf("auditpack-collect-%d.json", i+1))
		if err := os.WriteFile(path, text, 0o666); err != nil {
			return errors.Join(fmt.Errorf("writing a policy: %w", err), os.RemoveAll(dir))
		}
		fmt.Fprintln(e.out, path)
	}
	return nil
}
