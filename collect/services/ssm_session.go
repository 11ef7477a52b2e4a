package services

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// sessionDocument is the document in which Session Manager keeps a region's preferences.
const sessionDocument = "SSM-SessionManagerRunShell"

// SessionPreferences are the settings of Session Manager that are evidence: where sessions are logged and how they are encrypted.
// The profile of commands that run when a session begins is not among them; people put what they like there.
type SessionPreferences struct {
	S3BucketName                string `json:"s3BucketName"`
	S3KeyPrefix                 string `json:"s3KeyPrefix"`
	S3EncryptionEnabled         bool   `json:"s3EncryptionEnabled"`
	CloudWatchLogGroupName      string `json:"cloudWatchLogGroupName"`
	CloudWatchEncryptionEnabled bool   `json:"cloudWatchEncryptionEnabled"`
	CloudWatchStreamingEnabled  bool   `json:"cloudWatchStreamingEnabled"`
	KMSKeyID                    string `json:"kmsKeyId"`
	RunAsEnabled                bool   `json:"runAsEnabled"`
	RunAsDefaultUser            string `json:"runAsDefaultUser"`
	IdleSessionTimeout          string `json:"idleSessionTimeout"` // minutes
	MaxSessionDuration          string `json:"maxSessionDuration"` // minutes; empty for no limit
}

// parsePreferences reads the preferences out of the document's content, which is asked for in JSON.
func parsePreferences(content string) (SessionPreferences, error) {
	var doc struct {
		Inputs SessionPreferences `json:"inputs"`
	}
	err := json.Unmarshal([]byte(content), &doc)
	return doc.Inputs, err
}

// sessionPreferences is the part with the preferences of the region, absent where nobody set any: then there is no document.
func sessionPreferences() collect.Part[*collect.Session] {
	op := ssmGetDocument.Operation
	p := collect.Custom[SessionPreferences]("SessionPreferences", []collect.Operation{op},
		func(ctx context.Context, s *collect.Session, _ *collect.Session) bundle.Part {
			out, calls, f := collect.Get(ctx, s, ssmGetDocument,
				&ssm.GetDocumentInput{Name: aws.String(sessionDocument), DocumentFormat: types.DocumentFormatJson},
				collect.Says{Code: "InvalidDocument"})
			if f != nil {
				return f.Part(calls)
			}
			preferences, err := parsePreferences(aws.ToString(out.Content))
			if err != nil {
				return s.Missing(op, "Unreadable", "the session preferences are not in the form that AWS documents", calls)
			}
			return s.OK(op, preferences, calls)
		})
	p.Absent = []string{"InvalidDocument"}
	return p
}
