package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auditpack/auditpack/mapping"
	"github.com/auditpack/auditpack/mapping/engagement"
	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/templates"
)

// mapOptions are the flags that map and pack share.
type mapOptions struct {
	trust          trustOptions
	engagement     string
	frameworks     []string
	rules          []string
	failOnSeverity string
}

func (o *mapOptions) flags(cmd *cobra.Command) {
	o.trust.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.engagement, "engagement", "", "engagement file (auditpack engagement init)")
	f.StringSliceVar(&o.frameworks, "frameworks", nil, "editions to assess (default: the engagement's, else all); auditpack frameworks lists them")
	f.StringSliceVar(&o.rules, "rules", nil, "folder of further rule and framework files; they never replace a built-in one")
	f.StringVar(&o.failOnSeverity, "fail-on", "", "exit with 1 when a finding of this severity or a worse one fails without an accepted risk: critical, high, medium, low")
}

func (o *mapOptions) check(cmd *cobra.Command) error {
	if o.failOnSeverity != "" && !slices.Contains(pack.Severities(), pack.Severity(o.failOnSeverity)) {
		return usagef("--fail-on takes critical, high, medium or low; got %q", o.failOnSeverity)
	}
	return o.trust.need(cmd)
}

func mapCommand(e env) *cobra.Command {
	var out string
	var opts mapOptions
	cmd := &cobra.Command{
		Use:   "map BUNDLE.zip --out PACK",
		Short: "Work out what a bundle says about each requirement, as a pack of data",
		Long: `map verifies the bundle, evaluates every rule on it and judges every requirement of the chosen editions. The result is a folder:
pack.json and sorted JSON Lines files, described by the published JSON Schema. The same bundle, catalogues and engagement give the
same bytes.

It needs --trust FILE or, in so many words, --unverified-signer, which marks every page and sheet of what is rendered.`,
		Example: `  auditpack map client.bundle.zip --trust reviewer.key.allowed_signers --engagement engagement.toml --out client.pack`,
		Args:    exactly("BUNDLE.zip"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return hint(usagef("map needs --out"), "auditpack map %s --trust FILE --out client.pack", args[0])
			}
			if err := opts.check(cmd); err != nil {
				return err
			}
			p, err := mapBundle(cmd.Context(), args[0], out, opts)
			if err != nil {
				return err
			}
			fmt.Fprintln(e.out, out)
			printVerdicts(e, p)
			return opts.threshold(p)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder for the pack; it must not exist yet")
	opts.flags(cmd)
	return cmd
}

// mapBundle verifies a bundle and maps it into the folder out.
func mapBundle(ctx context.Context, path, out string, o mapOptions) (*pack.Pack, error) {
	c, err := loadCatalog(o.rules)
	if err != nil {
		return nil, err
	}
	var eng *engagement.Engagement
	if o.engagement != "" {
		if eng, err = engagement.Load(o.engagement); err != nil {
			return nil, hint(err, "auditpack engagement init writes a commented example")
		}
	}
	opened, err := verifyBundle(ctx, path, o.trust)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	b, err := opened.open()
	if err != nil {
		return nil, err
	}
	w, err := pack.NewWriter(out)
	if err != nil {
		return nil, err
	}
	return mapping.Map(ctx, mapping.Input{
		Bundle: b, Report: opened.report, AllowUnverified: o.trust.unverified, Catalog: c, Engagement: eng, Frameworks: o.frameworks,
		Tool: pack.Tool{Name: "auditpack", Version: version}, TempDir: filepath.Dir(filepath.Clean(out)),
	}, w)
}

// threshold reports whether --fail-on is met.
func (o *mapOptions) threshold(p *pack.Pack) error {
	if o.failOnSeverity == "" {
		return nil
	}
	for _, s := range p.Totals.BySeverity {
		if open := s.Counts.Fail - s.Counts.Accepted; open > 0 {
			return &failOnError{fmt.Sprintf("%d findings of severity %s fail without an accepted risk", open, s.Severity)}
		}
		if string(s.Severity) == o.failOnSeverity {
			break
		}
	}
	return nil
}

// printVerdicts sums up a pack on standard error.
func printVerdicts(e env, p *pack.Pack) {
	if p.Trust.Status != pack.Trusted {
		fmt.Fprintln(e.err, "auditpack: the signer is not verified; every page and sheet will carry the mark")
	}
	for i := range p.Frameworks {
		f := &p.Frameworks[i]
		var parts []string
		for _, v := range pack.Verdicts() {
			if n := f.Counts.Of(v); n > 0 {
				parts = append(parts, fmt.Sprintf("%s %d", v, n))
			}
		}
		fmt.Fprintf(e.err, "auditpack: %-24s %d requirements: %s\n", f.Key(), len(f.Requirements), strings.Join(parts, ", "))
	}
	c := p.Totals.Findings
	fmt.Fprintf(e.err, "auditpack: findings: pass %d, fail %d (accepted %d), not_assessed %d, not_applicable %d; %d gaps\n", c.Pass, c.Fail, c.Accepted, c.NotAssessed, c.NotApplicable, p.Totals.Gaps)
}

func packCommand(e env) *cobra.Command {
	var out string
	var opts mapOptions
	var rendering renderOptions
	cmd := &cobra.Command{
		Use:   "pack BUNDLE.zip --out DIR",
		Short: "Verify, map and render in one step",
		Long: `pack does what verify, map and render do, one after the other. DIR gets audit-pack-<lang>.pdf, audit-pack-<lang>.xlsx and the
folder pack with the data behind them.`,
		Example: `  auditpack pack client.bundle.zip --trust reviewer.key.allowed_signers --engagement engagement.toml --lang en,ja --out packs`,
		Args:    exactly("BUNDLE.zip"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return hint(usagef("pack needs --out"), "auditpack pack %s --trust FILE --out packs", args[0])
			}
			if err := opts.check(cmd); err != nil {
				return err
			}
			if err := rendering.check(); err != nil {
				return err
			}
			dir := filepath.Join(out, "pack")
			if rendering.force {
				if err := removePack(out, dir); err != nil {
					return err
				}
			}
			p, err := mapBundle(cmd.Context(), args[0], dir, opts)
			if err != nil {
				return err
			}
			r, err := pack.Open(dir)
			if err != nil {
				return err
			}
			if err := renderAll(cmd.Context(), e, r, out, rendering); err != nil {
				return err
			}
			fmt.Fprintln(e.out, dir)
			printVerdicts(e, p)
			return opts.threshold(p)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder for the packs")
	opts.flags(cmd)
	rendering.flags(cmd)
	return cmd
}

// removePack removes the pack of an earlier run, and nothing that is not one, with what was rendered from it into out: a file that
// stays, in a language that is not asked for now or because this run is interrupted, would look like part of the new pack.
func removePack(out, dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if _, err := pack.Open(dir); err != nil {
		return hint(fmt.Errorf("%s will not be replaced: %w", dir, err), "remove it yourself, or name another folder")
	}
	for _, lang := range templates.Languages() {
		for _, format := range formats {
			if err := os.Remove(renderedPath(out, lang, format)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	}
	return os.RemoveAll(dir)
}
