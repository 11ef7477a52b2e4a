package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auditpack/auditpack/collect/bundle"
)

// version is the release; the commit comes from the build information.
const version = "0.1.0"

// env is everything that a command takes from the process.
type env struct {
	in       *os.File
	out, err io.Writer
	getenv   func(string) string
}

// Exit codes, the same for every command.
const (
	exitDone        = 0
	exitFailOn      = 1
	exitUsage       = 2
	exitGaps        = 3
	exitNotTrusted  = 4
	exitNotABundle  = 5
	exitIntegrity   = 6
	exitRuntime     = 7
	exitInterrupted = 130
)

// exitHelp stands at the end of every command's help.
const exitHelp = `
Exit codes: 0 done · 1 --fail-on threshold met · 2 usage · 3 finished with gaps (verify: redacted but valid) ·
4 not trusted · 5 not a bundle · 6 integrity · 7 runtime, output or catalogue error · 130 interrupted`

// errUsage is a mistake in the command line.
var errUsage = errors.New("usage")

// gapsError says that the work is done but something could not be seen.
type gapsError struct{ message string }

func (e *gapsError) Error() string { return e.message }

// failOnError says that a --fail-on threshold was met.
type failOnError struct{ message string }

func (e *failOnError) Error() string { return e.message }

// hinted adds the way out to an error.
type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }

// hint wraps err with a sentence on what to do next.
func hint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &hinted{err, fmt.Sprintf(format, args...)}
}

// usagef is a usage error.
func usagef(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

// run executes one command line and returns the exit code. It is the only place that decides it.
func run(ctx context.Context, args []string, e env) int {
	root := newRoot(e)
	root.SetArgs(args)
	root.SetIn(e.in)
	root.SetOut(e.out)
	root.SetErr(e.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if ctx.Err() != nil && !errors.As(err, new(*gapsError)) {
		fmt.Fprintln(e.err, "auditpack: interrupted")
		return exitInterrupted
	}
	report(e.err, err)
	return exitCode(ctx, err)
}

// exitCode maps an error to the exit code.
func exitCode(ctx context.Context, err error) int {
	switch {
	case ctx.Err() != nil || errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, new(*failOnError)):
		return exitFailOn
	case errors.As(err, new(*gapsError)):
		return exitGaps
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, bundle.ErrNotTrusted):
		return exitNotTrusted
	case errors.Is(err, bundle.ErrMalformed):
		return exitNotABundle
	case errors.Is(err, bundle.ErrIntegrity):
		return exitIntegrity
	default:
		return exitRuntime
	}
}

// report prints an error and its hint.
func report(w io.Writer, err error) {
	prefix := "error"
	if errors.As(err, new(*gapsError)) || errors.As(err, new(*failOnError)) {
		prefix = "result"
	}
	fmt.Fprintf(w, "auditpack: %s: %s\n", prefix, strings.TrimPrefix(err.Error(), errUsage.Error()+": "))
	var h *hinted
	if errors.As(err, &h) {
		fmt.Fprintf(w, "auditpack: hint: %s\n", h.hint)
	}
}

// newRoot makes the command tree. Commands are an explicit list.
func newRoot(e env) *cobra.Command {
	root := &cobra.Command{
		Use:   "auditpack",
		Short: "Signed AWS configuration evidence, and audit packs made from it offline",
		Long: `auditpack collects AWS account configuration into one signed evidence bundle, works out offline what that evidence
says about each requirement of Well-Architected, CIS, PCI DSS and HIPAA, and renders it as PDF and Excel.

A first session:
` + firstSession + `
Only collect, in the full edition, uses the network.
` + exitHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return hint(usagef("there is no command %q", args[0]), "%s", unknownCommandHint(args[0]))
			}
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return hint(fmt.Errorf("%w: %w", errUsage, err), "auditpack help %s lists the options", strings.TrimPrefix(cmd.CommandPath(), "auditpack "))
	})
	root.AddCommand(commands(e)...)
	for _, c := range root.Commands() {
		if c.Long != "" {
			c.Long += "\n" + exitHelp
		}
	}
	return root
}

// commands lists the commands in the order of the work.
func commands(e env) []*cobra.Command {
	list := []*cobra.Command{keygenCommand(e)}
	list = append(list, networkCommands(e)...)
	return append(list,
		verifyCommand(e), inspectCommand(e), mapCommand(e), renderCommand(e), packCommand(e),
		engagementCommand(e), rulesCommand(e), frameworksCommand(e), versionCommand(e))
}

// exactly is cobra.ExactArgs with an error that names what is expected.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		return hint(usagef("%s takes %s; got %d arguments", cmd.CommandPath(), strings.Join(names, " and "), len(args)),
			"auditpack help %s shows an example", cmd.Name())
	}
}

// buildCommit returns the version control revision that the binary was built from, or "unknown".
func buildCommit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "unknown"
}

func versionCommand(e env) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, edition and formats",
		Args:  exactly(),
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(e.out, "auditpack %s (%s edition, commit %s)\n", version, edition, buildCommit())
			return nil
		},
	}
}
