package services

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// CredentialReport is the data of the part of that name: one row of IAM's credential report, and when IAM made the report.
// IAM makes a new one at most every four hours.
type CredentialReport struct {
	GeneratedTime *time.Time
	Row           CredentialReportRow
}

// CredentialReportRow holds the columns of the report under their own names. The values are the report's strings: "true",
// "false", a time, "N/A", "no_information", "not_supported".
type CredentialReportRow struct {
	User                      string `json:"user"`
	ARN                       string `json:"arn"`
	UserCreationTime          string `json:"user_creation_time"`
	PasswordEnabled           string `json:"password_enabled"`
	PasswordLastUsed          string `json:"password_last_used"`
	PasswordLastChanged       string `json:"password_last_changed"`
	PasswordNextRotation      string `json:"password_next_rotation"`
	MFAActive                 string `json:"mfa_active"`
	AccessKey1Active          string `json:"access_key_1_active"`
	AccessKey1LastRotated     string `json:"access_key_1_last_rotated"`
	AccessKey1LastUsedDate    string `json:"access_key_1_last_used_date"`
	AccessKey1LastUsedRegion  string `json:"access_key_1_last_used_region"`
	AccessKey1LastUsedService string `json:"access_key_1_last_used_service"`
	AccessKey2Active          string `json:"access_key_2_active"`
	AccessKey2LastRotated     string `json:"access_key_2_last_rotated"`
	AccessKey2LastUsedDate    string `json:"access_key_2_last_used_date"`
	AccessKey2LastUsedRegion  string `json:"access_key_2_last_used_region"`
	AccessKey2LastUsedService string `json:"access_key_2_last_used_service"`
	Cert1Active               string `json:"cert_1_active"`
	Cert1LastRotated          string `json:"cert_1_last_rotated"`
	Cert2Active               string `json:"cert_2_active"`
	Cert2LastRotated          string `json:"cert_2_last_rotated"`
}

// reportWaits are the pauses between two questions whether the report is ready; IAM usually needs a few seconds.
var reportWaits = []time.Duration{
	100 * time.Millisecond, 400 * time.Millisecond, time.Second, 2 * time.Second, 2 * time.Second, 4 * time.Second,
	5 * time.Second, 5 * time.Second, 10 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second,
}

// credentialReport makes and reads the report, once for all parts of an account that show a row of it.
type credentialReport struct {
	generate collect.Op[iam.GenerateCredentialReportInput, iam.GenerateCredentialReportOutput]
	get      collect.Op[iam.GetCredentialReportInput, iam.GetCredentialReportOutput]
}

func newCredentialReport() credentialReport {
	return credentialReport{
		generate: iamGenerateCredentialReport,
		get:      iamGetCredentialReport,
	}
}

// reportAnswer is the report by user name, or why it could not be had.
type reportAnswer struct {
	generated *time.Time
	rows      map[string]map[string]string
	calls     []string
	failure   *collect.Failure
	unread    error
}

// rowPart is the row of the report about the user that name gives for an item. A report without that row is a gap: it was made
// before the user was.
func rowPart[S any](r credentialReport, name func(S) string) collect.Part[S] {
	read := func(ctx context.Context, s *collect.Session, item S) bundle.Part {
		a := collect.Once(s, "credential report", func() *reportAnswer { return r.fetch(ctx, s) })
		switch row, ok := a.rows[name(item)]; {
		case a.failure != nil:
			return a.failure.Part(a.calls)
		case a.unread != nil:
			return s.Missing(r.get.Operation, "Unreadable", a.unread.Error(), a.calls)
		case !ok:
			return s.Missing(r.get.Operation, "RowMissing", "the credential report has no row for "+name(item), a.calls)
		default:
			// All columns are kept, also those that CredentialReportRow does not know.
			data := struct {
				GeneratedTime *time.Time
				Row           map[string]string
			}{a.generated, row}
			return s.OK(r.get.Operation, data, a.calls)
		}
	}
	ops := []collect.Operation{r.generate.Operation, r.get.Operation}
	return collect.Custom[CredentialReport]("CredentialReport", ops, read)
}

// fetch asks for a report until IAM says that it is complete, and reads it.
func (r credentialReport) fetch(ctx context.Context, s *collect.Session) *reportAnswer {
	a := &reportAnswer{}
	for i := 0; ; i++ {
		out, calls, f := collect.Get(ctx, s, r.generate, &iam.GenerateCredentialReportInput{})
		a.calls = append(a.calls, calls...)
		if a.failure = f; f != nil {
			return a
		}
		if out.State == types.ReportStateTypeComplete {
			break
		}
		if i == len(reportWaits) {
			a.unread = fmt.Errorf("the report was not ready after %d questions; its state is %s", i+1, out.State)
			return a
		}
		select {
		case <-ctx.Done(): // the next call says that it was interrupted
		case <-time.After(reportWaits[i]):
		}
	}
	out, calls, f := collect.Get(ctx, s, r.get, &iam.GetCredentialReportInput{})
	a.calls = append(a.calls, calls...)
	if a.failure = f; f != nil {
		return a
	}
	a.generated = out.GeneratedTime
	a.rows, a.unread = parseReport(out.Content)
	return a
}

// parseReport reads the report, a CSV file with a header line, into rows by the value of column "user".
func parseReport(content []byte) (map[string]map[string]string, error) {
	lines, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading the credential report: %w", err)
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("reading the credential report: it has no header line")
	}
	rows := make(map[string]map[string]string, len(lines)-1)
	for _, line := range lines[1:] {
		row := make(map[string]string, len(line))
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows[row["user"]] = row
	}
	return rows, nil
}

// The operations of this file.
var (
	iamGenerateCredentialReport = collect.NewOp("iam", "GenerateCredentialReport",
		func(ctx context.Context, cfg aws.Config, in *iam.GenerateCredentialReportInput) (*iam.GenerateCredentialReportOutput, error) {
			return iamClient(cfg).GenerateCredentialReport(ctx, in)
		}).Until(func(out *iam.GenerateCredentialReportOutput) bool { return out.State == types.ReportStateTypeComplete })
	iamGetCredentialReport = collect.NewOp("iam", "GetCredentialReport",
		func(ctx context.Context, cfg aws.Config, in *iam.GetCredentialReportInput) (*iam.GetCredentialReportOutput, error) {
			return iamClient(cfg).GetCredentialReport(ctx, in)
		})
)
