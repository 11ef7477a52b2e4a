//go:build !offline

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/auditpack/auditpack/collect"
)

// dryRun prints what would be called, without credentials and without a network.
func dryRun(e env, o collectFlags) error {
	chosen, err := selected(o.include, o.exclude)
	if err != nil {
		return err
	}
	accounts := "the caller's own account"
	switch {
	case o.organization:
		accounts = "every active account of the organization (organizations:ListAccounts), by role " + strings.Join(o.roles, ", ")
	case len(o.accounts) > 0:
		accounts = fmt.Sprintf("%s, by role %s", strings.Join(o.accounts, ", "), strings.Join(o.roles, ", "))
	case len(o.roles) > 0:
		accounts = "those of the roles " + strings.Join(o.roles, ", ")
	}
	regions := "every region that is enabled"
	if len(o.regions) > 0 {
		regions = strings.Join(o.regions, ", ")
	}
	for _, left := range []struct {
		from   *string
		values []string
	}{{&accounts, o.excludeAccounts}, {&regions, o.excludeRegions}} {
		if len(left.values) > 0 {
			*left.from += ", without " + strings.Join(left.values, ", ")
		}
	}
	fmt.Fprintf(e.out, "# accounts: %s\n# regions: %s\n", accounts, regions)
	w := tabwriter.NewWriter(e.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "KIND\tPART\tOPERATION\tCALLED\tIAM ACTION")
	rows := collect.Table(chosen)
	for _, r := range rows {
		called := "once in each " + r.Scope
		switch {
		case r.Each:
			called = "for each resource"
		case r.Paged:
			called += ", to its last page"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.Kind, r.Part, r.Operation, called, strings.Join(r.Actions, ", "))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(e.err, "auditpack: %d IAM actions; nothing was called. Roles are entered with sts:AssumeRole, and sts:GetCallerIdentity is asked in each account\n",
		len(collect.Actions(chosen)))
	return nil
}

// summary prints how the calls to each service ended.
func summary(e env, o collectFlags, r *collect.Result) error {
	if o.json {
		return summaryJSON(e, r)
	}
	if o.progress == "none" {
		return nil
	}
	w := tabwriter.NewWriter(e.err, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "service\tanswered\tnot configured\tdenied\tfailed\tpopulations incomplete\tseconds\t")
	for _, s := range r.Services {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%.1f\t\n", s.Service, s.Calls.OK, s.Calls.Absent, s.Calls.Denied, s.Calls.Failed, s.Incomplete, s.Duration.Seconds())
	}
	return w.Flush()
}

// summaryJSON writes the closing summary as one JSON line.
func summaryJSON(e env, r *collect.Result) error {
	type service struct {
		Service       string  `json:"service"`
		Answered      int     `json:"answered"`
		NotConfigured int     `json:"not_configured"`
		Denied        int     `json:"denied"`
		Failed        int     `json:"failed"`
		Incomplete    int     `json:"populations_incomplete"`
		Seconds       float64 `json:"seconds"`
	}
	done := struct {
		Event       string    `json:"event"`
		Artifacts   int       `json:"artifacts"`
		Populations int       `json:"populations"`
		Gaps        int       `json:"gaps"`
		Actions     []string  `json:"actions_that_would_open_gaps"`
		Interrupted bool      `json:"interrupted"`
		Seal        string    `json:"seal_sha256"`
		Services    []service `json:"services"`
	}{Event: "done", Artifacts: r.Artifacts, Populations: r.Populations, Gaps: r.Gaps, Actions: r.Actions, Interrupted: r.Interrupted, Seal: r.Sealed.SealSHA256.String()}
	for _, s := range r.Services {
		done.Services = append(done.Services, service{
			s.Service, s.Calls.OK, s.Calls.Absent, s.Calls.Denied, s.Calls.Failed, s.Incomplete, s.Duration.Round(time.Millisecond).Seconds()})
	}
	return json.NewEncoder(e.err).Encode(done)
}

// reportCollect says what was collected. Gaps are the exit code's business, so they come back as an error.
func reportCollect(ctx context.Context, e env, o collectFlags, work string, r *collect.Result) error {
	fmt.Fprintln(e.out, o.out)
	if !o.json {
		fmt.Fprintf(e.err, "auditpack: %d artifacts, %d populations in %d regions; %d calls answered, %d not configured, %d denied, %d failed\n",
			r.Artifacts, r.Populations, len(r.Regions), r.Calls.OK, r.Calls.Absent, r.Calls.Denied, r.Calls.Failed)
		fmt.Fprintf(e.err, "auditpack: sealed, SHA-256 of SEAL %s\n", r.Sealed.SealSHA256)
	}
	for _, a := range r.Accounts {
		if a.Code != "" {
			fmt.Fprintf(e.err, "auditpack: account %s could not be entered: %s %s\n", a.ID, a.Code, visible(a.Message))
		}
	}
	if r.Interrupted && work != "" && !o.closeOnly {
		fmt.Fprintf(e.err, "auditpack: the bundle says that it was interrupted; to go on: auditpack collect --resume %s --sign %s\n", work, o.sign)
	}
	if err := ctx.Err(); err != nil && r.Interrupted { // otherwise it is the credentials that have expired: gaps
		return err
	}
	if r.Interrupted {
		fmt.Fprintf(e.err, "auditpack: the bundle is closed with what there was; %s is kept in case you want to go on, and can be removed\n", work)
	}
	if r.Gaps == 0 {
		return nil
	}
	err := error(&gapsError{fmt.Sprintf("the bundle is sealed with %d gaps: some things could not be seen", r.Gaps)})
	if len(r.Actions) > 0 {
		err = hint(err, "these IAM actions would open some of them: %s", strings.Join(r.Actions, ", "))
	}
	return err
}
