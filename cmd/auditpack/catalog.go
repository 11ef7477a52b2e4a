package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auditpack/auditpack/frameworks"
	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/rules"
)

// loadCatalog loads the built-in rules and frameworks and those of the given folders.
func loadCatalog(dirs []string) (*catalog.Catalog, error) {
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil {
			return nil, fmt.Errorf("folder of rules: %w", err)
		}
		if !info.IsDir() {
			return nil, usagef("--rules %s is not a folder", dir)
		}
	}
	return catalog.Load(rules.FS, frameworks.FS, dirs)
}

func rulesCommand(e env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List rules, explain one, or check a folder of your own rules",
		Args:  exactly(),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var dirs []string
	var lang string
	list := &cobra.Command{
		Use: "list", Short: "List every rule", Args: exactly(),
		RunE: func(*cobra.Command, []string) error {
			c, err := loadCatalog(dirs)
			if err != nil {
				return err
			}
			for _, r := range c.Rules {
				fmt.Fprintf(e.out, "%-40s %-9s %-32s %s\n", r.ID, r.Severity, r.Kind, r.Title.In(lang))
			}
			return nil
		},
	}
	explain := &cobra.Command{
		Use: "explain RULE", Short: "Show what a rule states, why, and what answers it", Args: exactly("RULE"),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := loadCatalog(dirs)
			if err != nil {
				return err
			}
			r := c.Rule(args[0])
			if r == nil {
				return hint(usagef("there is no rule %q", args[0]), "auditpack rules list shows them")
			}
			explainRule(e, c, r, lang)
			return nil
		},
	}
	check := &cobra.Command{
		Use: "check DIR", Short: "Check a folder of rule and framework files and run their examples", Args: exactly("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := loadCatalog(args)
			if err != nil {
				return err
			}
			fmt.Fprintf(e.out, "%s: ok; %d rules and %d framework editions with the built-in ones\n", args[0], len(c.Rules), len(c.Frameworks))
			return nil
		},
	}
	for _, c := range []*cobra.Command{list, explain} {
		c.Flags().StringSliceVar(&dirs, "rules", nil, "folder of further rule and framework files")
		c.Flags().StringVar(&lang, "lang", "en", "language: en, ja")
	}
	cmd.AddCommand(list, explain, check)
	return cmd
}

// explainRule prints one rule.
func explainRule(e env, c *catalog.Catalog, r *catalog.Rule, lang string) {
	fmt.Fprintf(e.out, "%s\n  %s\n\n", r.ID, r.Title.In(lang))
	fmt.Fprintf(e.out, "  severity   %s\n  about      %s (per %s)\n", r.Severity, r.Kind, r.Per)
	fmt.Fprintf(e.out, "  why        %s\n  remediate  %s\n", r.Why.In(lang), r.Remediation.In(lang))
	fmt.Fprintf(e.out, "  when       %s\n  expect     %s\n", strings.TrimSpace(r.When), strings.ReplaceAll(strings.TrimSpace(r.Expect), "\n", "\n             "))
	for _, ref := range r.References {
		fmt.Fprintf(e.out, "  see        %s\n", ref)
	}
	for _, f := range c.Frameworks {
		for _, q := range f.Requirements {
			for _, l := range q.Links {
				if l.Rule == r.ID {
					fmt.Fprintf(e.out, "  %-12s %s %s  %s\n", l.Relation, f.Key(), q.ID, q.Title.In(lang))
				}
			}
		}
	}
}

func frameworksCommand(e env) *cobra.Command {
	var dirs []string
	var lang string
	cmd := &cobra.Command{
		Use:   "frameworks [EDITION]",
		Short: "List framework editions, or the requirements of one and what can answer them",
		Long: `frameworks lists the editions with how many requirements configuration evidence can demonstrate or support. With an edition it
lists every requirement and its links.`,
		Example: `  auditpack frameworks
  auditpack frameworks pci-dss@4.0.1 --lang ja`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := loadCatalog(dirs)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				for _, f := range c.Frameworks {
					demonstrated, supported := coverage(f)
					fmt.Fprintf(e.out, "%-24s %4d requirements, %3d demonstrated, %3d supported  %s\n", f.Key(), len(f.Requirements), demonstrated, supported, f.Title.In(lang))
				}
				return nil
			}
			f := c.Framework(args[0])
			if f == nil {
				return hint(usagef("there is no edition %q", args[0]), "auditpack frameworks lists them")
			}
			listRequirements(e, f, lang)
			return nil
		},
	}
	cmd.Flags().StringSliceVar(&dirs, "rules", nil, "folder of further rule and framework files")
	cmd.Flags().StringVar(&lang, "lang", "en", "language: en, ja")
	return cmd
}

// coverage counts the requirements that a rule demonstrates, and those that a rule only supports.
func coverage(f *catalog.Framework) (demonstrated, supported int) {
	for _, q := range f.Requirements {
		has := func(relation string) bool {
			return slices.ContainsFunc(q.Links, func(l catalog.Link) bool { return l.Rule != "" && string(l.Relation) == relation })
		}
		switch {
		case has("demonstrates"):
			demonstrated++
		case has("supports"):
			supported++
		}
	}
	return demonstrated, supported
}

func listRequirements(e env, f *catalog.Framework, lang string) {
	fmt.Fprintf(e.out, "%s  %s\n", f.Key(), f.Title.In(lang))
	group := ""
	for _, q := range f.Requirements {
		if q.Group != group {
			group = q.Group
			for _, g := range f.Groups {
				if g.ID == group {
					fmt.Fprintf(e.out, "\n%s  %s\n", g.ID, g.Title.In(lang))
				}
			}
		}
		fmt.Fprintf(e.out, "  %-20s %-9s %s\n", q.ID, q.Party, q.Title.In(lang))
		for _, l := range q.Links {
			name := l.Rule
			if name == "" {
				name = l.Kind
			}
			fmt.Fprintf(e.out, "  %-20s %-9s   %s %s\n", "", "", l.Relation, name)
		}
	}
}
