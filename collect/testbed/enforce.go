package testbed

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// Enforcer is an [Emulator] that can judge every request by the IAM policies of its caller. It differs from the emulator as
// installed in what enforce.py changes: signatures are not compared, because the emulator gets many of the SDK's wrong; actions
// have the names that IAM gives them, see [Corrections]; a refusal has the shape that AWS gives it; and each judgement is
// written down. Of a policy the emulator reads effect, action and, for S3, resource, but no conditions.
type Enforcer struct {
	*Emulator

	dir  string
	read int64 // how much of the log of decisions has been read, in bytes
}

// Decision is one judgement: whether the caller's policies allow what a request needs.
type Decision struct {
	Allowed  bool
	Action   string // IAM action: "s3:GetEncryptionConfiguration"
	Emulator string // the emulator's name for it, if a correction changed it; else the same
	Resource string // ARN for S3, "*" for all others
}

// Correction is an action that the emulator calls differently from IAM.
type Correction struct {
	Emulator string // its name for the action
	URL      string // what the request's path and query contain; empty: any request
	IAM      string // the name in AWS's Service Authorization Reference
	Why      string
}

// Corrections returns all of them. The names are those of the Service Authorization Reference,
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
// A correction that no request needs fails the test of the policy: the emulator has learned the name, or nothing asks for it.
func Corrections() []Correction {
	const subresource = "the emulator does not know this part of a bucket's configuration and takes the request for a list of its objects"
	const signed = "the emulator uses the name in the signature, which for CloudWatch is not the prefix of its actions"
	return []Correction{
		{"s3:ListBucket", "?encryption", "s3:GetEncryptionConfiguration", subresource},
		{"s3:ListBucket", "?publicAccessBlock", "s3:GetBucketPublicAccessBlock", subresource},
		{"s3:ListBucket", "?policyStatus", "s3:GetBucketPolicyStatus", subresource},
		{"s3:ListBucket", "?ownershipControls", "s3:GetBucketOwnershipControls", subresource},
		{"s3:ListBucket", "?object-lock", "s3:GetBucketObjectLockConfiguration", subresource},
		{"s3:ListBucket", "?replication", "s3:GetReplicationConfiguration", subresource},
		{"s3:GetPublicAccessBlock", "/v20180820/configuration/publicAccessBlock", "s3:GetAccountPublicAccessBlock",
			"the emulator uses the operation's name; IAM tells the account's setting from that of a bucket"},
		{"monitoring:DescribeAlarms", "", "cloudwatch:DescribeAlarms", signed},
		{"monitoring:ListMetricStreams", "", "cloudwatch:ListMetricStreams", signed},
		{"monitoring:ListTagsForResource", "", "cloudwatch:ListTagsForResource", signed},
	}
}

//go:embed enforce.py
var enforcePy []byte

// StartEnforcer is [StartEmulator] for an emulator that can judge requests. Until [Enforcer.Enforce] says so it allows them all.
// dir is an empty folder, from which the server reads its corrections and to which it writes its decisions.
func StartEnforcer(ctx context.Context, dir string) (*Enforcer, error) {
	corrections, err := json.Marshal(Corrections())
	if err != nil {
		return nil, fmt.Errorf("preparing an emulator that enforces IAM: %w", err)
	}
	for name, content := range map[string][]byte{"sitecustomize.py": enforcePy, "corrections.json": corrections} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return nil, fmt.Errorf("preparing an emulator that enforces IAM: %w", err)
		}
	}
	e, err := start(ctx, "PYTHONPATH="+dir) // Python imports sitecustomize.py from there when it starts
	if err != nil {
		return nil, fmt.Errorf("an emulator that enforces IAM: %w", err)
	}
	return &Enforcer{Emulator: e, dir: dir}, nil
}

// Enforce turns the judging of requests on or off.
func (e *Enforcer) Enforce(ctx context.Context, on bool) error {
	allowed := "inf" // how many requests are allowed unseen, counted from now
	if on {
		allowed = "0"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL+"/moto-api/reset-auth", strings.NewReader(allowed))
	if err != nil {
		return fmt.Errorf("setting IAM enforcement: %w", err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("setting IAM enforcement: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("setting IAM enforcement: status %s", resp.Status)
	}
	return nil
}

// Decisions returns the judgements since it was last called, in order. Those of all requests that have been answered are there.
// It must not be called concurrently with itself.
func (e *Enforcer) Decisions() ([]Decision, error) {
	f, err := os.Open(filepath.Join(e.dir, "decisions.log"))
	if err != nil {
		return nil, fmt.Errorf("reading the decisions of the emulator: %w", err)
	}
	defer f.Close()
	if _, err := f.Seek(e.read, io.SeekStart); err != nil {
		return nil, fmt.Errorf("reading the decisions of the emulator: %w", err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("reading the decisions of the emulator: %w", err)
	}
	e.read += int64(len(text))
	var out []Decision
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) != 4 || fields[0] != "ALLOW" && fields[0] != "DENY" {
			return nil, fmt.Errorf("reading the decisions of the emulator: line %q", line)
		}
		out = append(out, Decision{Allowed: fields[0] == "ALLOW", Action: fields[1], Emulator: fields[2], Resource: fields[3]})
	}
	return out, nil
}
