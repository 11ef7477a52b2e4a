package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auditpack/auditpack/collect/bundle"
)

// minDigestPrefix is the shortest prefix of a record digest that inspect takes for one.
const minDigestPrefix = 6

func inspectCommand(e env) *cobra.Command {
	var trust trustOptions
	cmd := &cobra.Command{
		Use:   "inspect BUNDLE.zip [QUERY]",
		Short: "Show what a bundle holds, or any record by digest prefix, ARN, id or call",
		Long: `inspect verifies the bundle first. Without a query it lists accounts, regions, kinds and what could not be seen.

A query is the beginning of a record digest (6 or more hex digits), an ARN, an id, or the id of a call (c17). A record that
matches alone is printed as JSON, with the calls that it rests on; several are listed. Record digests are what packs print
beside every statement.`,
		Example: `  auditpack inspect client.bundle.zip
  auditpack inspect client.bundle.zip arn:aws:s3:::my-bucket
  auditpack inspect client.bundle.zip 3fa94c01`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 || len(args) == 2 {
				return nil
			}
			return hint(usagef("inspect takes BUNDLE.zip and at most one QUERY; got %d arguments", len(args)), "auditpack help inspect shows examples")
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opened, err := verifyBundle(cmd.Context(), args[0], trust)
			if err != nil {
				return err
			}
			defer opened.Close()
			b, err := opened.open()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				printReport(e.out, args[0], opened.report, trust.file != "")
				return printContents(cmd.Context(), e.out, b)
			}
			return inspectQuery(cmd.Context(), e.out, b, args[1])
		},
	}
	cmd.Flags().StringVar(&trust.file, "trust", "", "trust file (allowed_signers format) that names the signers to believe")
	return cmd
}

// eachRecord calls f with every record whose shard keep accepts.
func eachRecord(ctx context.Context, b *bundle.Bundle, keep func(bundle.Shard) bool, f func(bundle.Shard, bundle.Line) error) error {
	for _, s := range b.Shards() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !keep(s) {
			continue
		}
		for line, err := range b.Lines(s) {
			if err != nil {
				return err
			}
			if err := f(s, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// printContents lists what the bundle holds.
func printContents(ctx context.Context, w io.Writer, b *bundle.Bundle) error {
	gaps := 0
	err := eachRecord(ctx, b, func(s bundle.Shard) bool { return s.Kind == bundle.KindRun }, func(_ bundle.Shard, l bundle.Line) error {
		rec, err := bundle.DecodeRecord(l.Raw)
		if err != nil {
			return err
		}
		if run, ok := rec.(*bundle.Run); ok {
			printRun(w, run)
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%-14s %-16s %-32s %s\n", "account", "region", "kind", "records")
	for _, s := range b.Shards() {
		if s.Kind != bundle.KindRun {
			fmt.Fprintf(w, "%-14s %-16s %-32s %d\n", s.Account, s.Region, s.Kind, s.Count)
		}
	}
	fmt.Fprintln(w)
	isData := func(s bundle.Shard) bool { return s.Kind != bundle.KindRun && s.Kind != bundle.KindCalls }
	err = eachRecord(ctx, b, isData, func(_ bundle.Shard, l bundle.Line) error {
		rec, err := bundle.DecodeRecord(l.Raw)
		if err != nil {
			return err
		}
		gaps += printGaps(w, rec)
		return nil
	})
	if err == nil && gaps == 0 {
		fmt.Fprintln(w, "everything that was asked for was seen")
	}
	return err
}

func printRun(w io.Writer, run *bundle.Run) {
	fmt.Fprintf(w, "  collected  %s to %s by %s\n", run.Started.UTC().Format("2006-01-02T15:04:05Z"), run.Ended.UTC().Format("2006-01-02T15:04:05Z"), run.Tool)
	for _, a := range run.Accounts {
		if a.Code != "" {
			fmt.Fprintf(w, "  account    %s could not be entered: %s %s\n", a.ID, a.Code, visible(a.Message))
			continue
		}
		fmt.Fprintf(w, "  account    %s (%s) as %s\n", a.ID, a.Partition, visible(a.Caller))
	}
	fmt.Fprintf(w, "  regions    %s\n", strings.Join(run.Regions, " "))
	fmt.Fprintf(w, "  calls      %d planned, %d answered, %d not configured, %d denied, %d failed\n", run.Calls.Planned, run.Calls.OK, run.Calls.Absent, run.Calls.Denied, run.Calls.Failed)
}

// printGaps lists what one record could not show and returns how much that is.
func printGaps(w io.Writer, rec any) int {
	n := 0
	switch r := rec.(type) {
	case *bundle.Artifact:
		for _, name := range sortedKeys(r.Parts) {
			if p := r.Parts[name]; p.State == bundle.StateGap {
				n++
				fmt.Fprintf(w, "not seen: %s %s of %s (%s); needs %s\n", r.Kind, name, visible(identity(r)), visible(p.Code), orDash(p.Action))
			}
		}
	case *bundle.Population:
		for _, g := range r.Gaps {
			n++
			fmt.Fprintf(w, "not seen: %s in %s %s: %s %s (%s); needs %s\n", r.Kind, r.Account, r.Region, g.Service, g.Operation, visible(g.Code), orDash(g.Action))
		}
	}
	return n
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return visible(s)
}

// identity is the ARN of an artifact, or its id.
func identity(a *bundle.Artifact) string {
	if a.ARN != "" {
		return a.ARN
	}
	return a.ID
}

// visible makes the control characters of a name that AWS users chose harmless for a terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '�'
		}
		return r
	}, s)
}

// match is one record that a query found.
type match struct {
	path   string
	line   int
	digest string
	record any
	raw    []byte
}

func inspectQuery(ctx context.Context, w io.Writer, b *bundle.Bundle, query string) error {
	var found []match
	wantDigest := isDigestPrefix(query)
	err := eachRecord(ctx, b, func(bundle.Shard) bool { return true }, func(s bundle.Shard, l bundle.Line) error {
		byDigest := wantDigest && strings.HasPrefix(l.Digest.String(), strings.ToLower(query))
		if !byDigest && !bytes.Contains(l.Raw, quoted(query)) {
			return nil
		}
		rec, err := bundle.DecodeRecord(l.Raw)
		if err != nil {
			return err
		}
		if byDigest || named(rec, query) {
			found = append(found, match{s.Path, l.N, l.Digest.String(), rec, bytes.Clone(l.Raw)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch len(found) {
	case 0:
		return hint(fmt.Errorf("no record matches %q", query), "auditpack inspect BUNDLE.zip lists what the bundle holds; a query is a digest prefix, an ARN, an id or a call id")
	case 1:
		return printMatch(ctx, w, b, found[0])
	}
	for _, m := range found {
		fmt.Fprintf(w, "%s  %s:%d\n", m.digest, m.path, m.line)
	}
	return nil
}

// quoted is the query as a JSON string stands in a record.
func quoted(query string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(query) != nil {
		return nil // a string always encodes
	}
	return bytes.TrimSpace(b.Bytes())
}

func isDigestPrefix(s string) bool {
	return len(s) >= minDigestPrefix && len(s) <= 64 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}

// named reports whether the query is the record's own name.
func named(rec any, query string) bool {
	switch r := rec.(type) {
	case *bundle.Artifact:
		return r.ARN == query || r.ID == query
	case *bundle.Call:
		return r.ID == query || r.RequestID == query
	case *bundle.Population:
		return r.Kind == query
	}
	return false
}

// printMatch prints one record as JSON and the calls that it rests on.
func printMatch(ctx context.Context, w io.Writer, b *bundle.Bundle, m match) error {
	fmt.Fprintf(w, "record %s\nstands in %s, line %d\n", m.digest, m.path, m.line)
	if err := printRaw(w, m.raw); err != nil {
		return err
	}
	wanted := callsOf(m.record)
	if len(wanted) == 0 {
		return nil
	}
	fmt.Fprintln(w, "rests on the calls")
	return eachRecord(ctx, b, func(s bundle.Shard) bool { return s.Kind == bundle.KindCalls }, func(_ bundle.Shard, l bundle.Line) error {
		rec, err := bundle.DecodeRecord(l.Raw)
		if err != nil {
			return err
		}
		if call, ok := rec.(*bundle.Call); ok && wanted[call.ID] {
			return printRaw(w, l.Raw)
		}
		return nil
	})
}

func printRaw(w io.Writer, raw []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := b.WriteTo(w)
	return err
}

// callsOf returns the ids of the calls behind a record.
func callsOf(rec any) map[string]bool {
	ids := map[string]bool{}
	add := func(calls []string) {
		for _, c := range calls {
			ids[c] = true
		}
	}
	switch r := rec.(type) {
	case *bundle.Artifact:
		for _, p := range r.Parts {
			add(p.Calls)
		}
	case *bundle.Population:
		add(r.Calls)
		for _, g := range r.Gaps {
			add(g.Calls)
		}
	}
	return ids
}
