package testbed

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// RootUser describes the root user of the account.
type RootUser struct {
	// Created is when the account was opened.
	Created time.Time
	// LastLogin is the last use of the password; zero for never.
	LastLogin time.Time
	// MFASerial is the ARN of the virtual MFA device that belongs to the root user; "" means that there is no MFA. The device must
	// exist in the emulator.
	MFASerial string
	// AccessKey says whether the root user has an active access key.
	AccessKey bool
}

// Root adds the root user to the credential report, to the account summary and to the list of virtual MFA devices.
func Root(root RootUser) []Override {
	return []Override{
		{
			Name:    "iam-root-row",
			Doc:     "The emulator's credential report has no <root_account> row. AWS's report begins with it.",
			Service: "iam", Operation: "GetCredentialReport",
			Apply: func(_ *Request, resp *Response, _ *Upstream) error {
				return editReport(resp, func(rows []map[string]string) []map[string]string {
					return append([]map[string]string{root.row()}, rows...)
				})
			},
		},
		{
			Name: "iam-root-summary",
			Doc: "The emulator's account summary always has AccountMFAEnabled 0 and AccountAccessKeysPresent 0. AWS's says 1 when the root " +
				"user has an MFA device or an access key.",
			Service: "iam", Operation: "GetAccountSummary",
			Apply: func(_ *Request, resp *Response, _ *Upstream) error {
				for key, on := range map[string]bool{"AccountMFAEnabled": root.MFASerial != "", "AccountAccessKeysPresent": root.AccessKey} {
					value := "0"
					if on {
						value = "1"
					}
					entry := regexp.MustCompile(`(<key>` + key + `</key>\s*<value>)[^<]*(</value>)`)
					if resp.Status == http.StatusOK && !entry.Match(resp.Body) {
						return fmt.Errorf("the summary has no %s", key)
					}
					resp.Body = entry.ReplaceAll(resp.Body, []byte("${1}"+value+"${2}"))
				}
				return nil
			},
		},
		{
			Name: "iam-root-mfa-device",
			Doc: "The emulator cannot give a virtual MFA device to the root user and lists the device without a user. AWS lists it with the " +
				"root user and the time of assignment.",
			Service: "iam", Operation: "ListVirtualMFADevices",
			Apply: func(_ *Request, resp *Response, _ *Upstream) error {
				if root.MFASerial == "" {
					return nil
				}
				serial := []byte("<SerialNumber>" + root.MFASerial + "</SerialNumber>")
				at := root.Created.UTC().Format(time.RFC3339)
				owner := fmt.Appendf(bytes.Clone(serial), "<User><UserId>%s</UserId><Arn>%s</Arn><CreateDate>%[3]s</CreateDate></User><EnableDate>%[3]s</EnableDate>", AccountID, rootARN, at)
				resp.Body = bytes.Replace(resp.Body, serial, owner, 1)
				return nil
			},
		},
	}
}

const rootARN = "arn:aws:iam::" + AccountID + ":root"

// reportTime is how the credential report writes times.
const reportTime = "2006-01-02T15:04:05+00:00"

func (u RootUser) row() map[string]string {
	row := map[string]string{
		"user": "<root_account>", "arn": rootARN, "user_creation_time": u.Created.UTC().Format(reportTime),
		"password_enabled": "not_supported", "password_last_used": "no_information", "password_last_changed": "not_supported",
		"password_next_rotation": "not_supported", "mfa_active": fmt.Sprint(u.MFASerial != ""), "access_key_1_active": fmt.Sprint(u.AccessKey),
		"access_key_2_active": "false", "cert_1_active": "false", "cert_2_active": "false",
	}
	if !u.LastLogin.IsZero() {
		row["password_last_used"] = u.LastLogin.UTC().Format(reportTime)
	}
	if u.AccessKey {
		row["access_key_1_last_rotated"] = row["user_creation_time"]
	}
	return row
}

// editReport lets edit change the rows of a credential report. A cell that edit leaves out is "N/A".
func editReport(resp *Response, edit func([]map[string]string) []map[string]string) error {
	if resp.Status != http.StatusOK {
		return nil
	}
	var answer struct {
		Content string `xml:"GetCredentialReportResult>Content"`
	}
	if err := xml.Unmarshal(resp.Body, &answer); err != nil {
		return fmt.Errorf("credential report: %w", err)
	}
	content := strings.TrimSpace(answer.Content)
	report, err := base64.StdEncoding.DecodeString(content)
	if err != nil {
		return fmt.Errorf("credential report: %w", err)
	}
	lines := strings.Split(strings.TrimRight(string(report), "\n"), "\n")
	columns := strings.Split(lines[0], ",")
	var rows []map[string]string
	for _, line := range lines[1:] {
		cells := strings.Split(line, ",")
		if len(cells) != len(columns) {
			return fmt.Errorf("credential report: row %q has %d cells, want %d", line, len(cells), len(columns))
		}
		row := map[string]string{}
		for i, c := range columns {
			row[c] = cells[i]
		}
		rows = append(rows, row)
	}
	out := []string{lines[0]}
	for _, row := range edit(rows) {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = "N/A"
			if v, ok := row[c]; ok {
				cells[i] = v
			}
		}
		out = append(out, strings.Join(cells, ","))
	}
	edited := base64.StdEncoding.EncodeToString([]byte(strings.Join(out, "\n")))
	resp.Body = bytes.Replace(resp.Body, []byte(content), []byte(edited), 1)
	return nil
}

// HiddenMFASeeds takes the seeds out of iam:ListVirtualMFADevices.
func HiddenMFASeeds() Override {
	seeds := regexp.MustCompile(`<Base32StringSeed>[^<]*</Base32StringSeed>|<QRCodePNG>[^<]*</QRCodePNG>`)
	return Override{
		Name:    "iam-mfa-seeds",
		Doc:     "The emulator lists the seed and the QR code of each device. AWS shows them only once, when the device is created.",
		Service: "iam", Operation: "ListVirtualMFADevices",
		Apply: func(_ *Request, resp *Response, _ *Upstream) error {
			resp.Body = seeds.ReplaceAll(resp.Body, nil)
			return nil
		},
	}
}

// ReportTime dates the credential report.
func ReportTime() Override {
	return Override{
		Name: "iam-report-time", Doc: "The emulator's credential report was always generated in February 2015. AWS's is at most four hours old.",
		Service: "iam", Operation: "GetCredentialReport",
		Apply: func(_ *Request, resp *Response, _ *Upstream) error {
			now := "<GeneratedTime>" + time.Now().UTC().Format(time.RFC3339) + "</GeneratedTime>"
			resp.Body = regexp.MustCompile(`<GeneratedTime>[^<]*</GeneratedTime>`).ReplaceAll(resp.Body, []byte(now))
			return nil
		},
	}
}

// OrganizationsFeatures answers iam:ListOrganizationsFeatures for an account that belongs to no organization.
func OrganizationsFeatures() Override {
	return Override{
		Name:    "iam-organizations-features",
		Doc:     "The emulator does not serve the operation. AWS answers an account that belongs to no organization with OrganizationNotFoundException.",
		Service: "iam", Operation: "ListOrganizationsFeatures",
		Apply: func(r *Request, resp *Response, _ *Upstream) error {
			*resp = *errorResponse(r, http.StatusBadRequest, "OrganizationNotFoundException", "The account does not belong to an organization.")
			return nil
		},
	}
}

// CertificateTags answers iam:ListServerCertificateTags for a certificate without tags.
func CertificateTags() Override {
	return Override{
		Name:    "iam-certificate-tags",
		Doc:     "The emulator does not serve the operation. AWS lists the tags of a certificate; the answer here is that it has none.",
		Service: "iam", Operation: "ListServerCertificateTags",
		Apply: func(_ *Request, resp *Response, _ *Upstream) error {
			id := fmt.Sprintf("testbed-%08d", requestIDs.Add(1))
			resp.Status = http.StatusOK
			resp.Header = http.Header{"Content-Type": {"text/xml"}, "X-Amzn-Requestid": {id}, "Date": {time.Now().UTC().Format(http.TimeFormat)}}
			resp.Body = []byte(`<ListServerCertificateTagsResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListServerCertificateTagsResult>` +
				`<IsTruncated>false</IsTruncated><Tags/></ListServerCertificateTagsResult><ResponseMetadata><RequestId>` + id + `</RequestId>` +
				`</ResponseMetadata></ListServerCertificateTagsResponse>`)
			return nil
		},
	}
}

// Aged makes some users look as if they had been created at an earlier time, in every answer that shows it.
func Aged(users []string, at time.Time) []Override {
	if len(users) == 0 {
		return nil
	}
	date := regexp.MustCompile(`<CreateDate>[^<]*</CreateDate>`)
	aged := []byte("<CreateDate>" + at.UTC().Format(time.RFC3339) + "</CreateDate>")
	override := func(operation string, apply func(*Request, *Response, *Upstream) error) Override {
		return Override{
			Name: "iam-aged-" + strings.ToLower(operation), Service: "iam", Operation: operation, Apply: apply,
			Doc: "The emulator cannot create anything in the past. The user and the user list, the key list, the login profile and the credential report give " +
				"the named users, their passwords and their access keys the earlier time.",
		}
	}
	ofUser := func(r *Request, resp *Response, _ *Upstream) error {
		if slices.Contains(users, r.Param("UserName")) {
			resp.Body = date.ReplaceAll(resp.Body, aged)
		}
		return nil
	}
	return []Override{
		override("ListAccessKeys", ofUser),
		override("GetLoginProfile", ofUser),
		override("GetUser", ofUser),
		override("ListUsers", func(r *Request, resp *Response, _ *Upstream) error {
			list, err := cutXML(resp, listings["iam:ListUsers"])
			if err != nil {
				return err
			}
			for i, item := range list.items {
				for _, u := range users {
					if bytes.Contains(item, []byte("<UserName>"+escapeXML(u)+"</UserName>")) {
						list.items[i] = date.ReplaceAll(item, aged)
					}
				}
			}
			resp.Body, err = list.join(list.items, "")
			return err
		}),
		override("GetCredentialReport", func(_ *Request, resp *Response, _ *Upstream) error {
			return editReport(resp, func(rows []map[string]string) []map[string]string {
				for _, row := range rows {
					if slices.Contains(users, row["user"]) {
						age(row, at)
					}
				}
				return rows
			})
		}),
	}
}

// age gives all times of a credential report row that are set the time at.
func age(row map[string]string, at time.Time) {
	for _, column := range []string{"user_creation_time", "password_last_changed", "access_key_1_last_rotated", "access_key_2_last_rotated"} {
		if _, err := time.Parse(reportTime, row[column]); err == nil {
			row[column] = at.UTC().Format(reportTime)
		}
	}
}
