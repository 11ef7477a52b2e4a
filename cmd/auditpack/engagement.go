package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/auditpack/auditpack/mapping"
	"github.com/auditpack/auditpack/mapping/engagement"
)

func engagementCommand(e env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "engagement",
		Short: "Start or check the engagement file: client, period, scope, reports, attestations",
		Args:  exactly(),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	initCmd := &cobra.Command{
		Use:     "init FILE",
		Short:   "Write a commented engagement file to fill in",
		Example: `  auditpack engagement init engagement.toml`,
		Args:    exactly("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := writeNew(args[0], []byte(engagement.Example()), 0o644); err != nil {
				return err
			}
			fmt.Fprintln(e.out, args[0])
			return nil
		},
	}
	check := &cobra.Command{
		Use:     "check FILE",
		Short:   "Report everything that is wrong with an engagement file at once",
		Example: `  auditpack engagement check engagement.toml`,
		Args:    exactly("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			eng, err := engagement.Load(args[0])
			if err != nil {
				return err
			}
			c, err := loadCatalog(nil)
			if err != nil {
				return err
			}
			if err := mapping.Check(c, eng); err != nil {
				return err
			}
			fmt.Fprintf(e.out, "%s: ok\n", args[0])
			return nil
		},
	}
	cmd.AddCommand(initCmd, check)
	return cmd
}
