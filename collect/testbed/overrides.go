package testbed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Override corrects an answer that the emulator gets wrong, so that what is collected is what AWS would have answered. Each one
// has a name and says what is wrong and what it makes of it; none invents a resource that the seed program did not ask for, except
// the root user, which the emulator does not have.
type Override struct {
	// Name identifies the override in error messages and documentation.
	Name string
	// Doc says what the emulator does and what AWS does.
	Doc string
	// Service and Operation choose the answers, spelled as in [Request].
	Service, Operation string
	// Apply changes resp in place.
	Apply func(r *Request, resp *Response, up *Upstream) error
}

// Account is what the overrides need to know about the account that was seeded.
type Account struct {
	Root RootUser
	// AgedUsers are the users who look as if they had been created, with password and access keys, at the time Aged.
	AgedUsers []string
	Aged      time.Time
	// Caller is the ARN of the identity that makes the calls; empty leaves the emulator's.
	Caller string
	// Standards lists the ARNs of the Security Hub standards that are on, by region.
	Standards map[string][]string
	// Contact is the account's contact information by its wire member names; nil leaves the operation as it is.
	Contact map[string]string
}

// Overrides returns all corrections for an account.
func Overrides(a Account) []Override {
	return slices.Concat(
		[]Override{PolicyStatus(), DefaultEncryption(), AsymmetricRotation(), RecorderStatus(), TrailLogDelivery(), ContactInformation(a.Contact), EnabledStandards(a.Standards), CallerIdentity(a.Caller), HiddenMFASeeds(), ReportTime(), OrganizationsFeatures(), CertificateTags()},
		Root(a.Root), Aged(a.AgedUsers, a.Aged))
}

// PolicyStatus answers s3:GetBucketPolicyStatus from the bucket's policy.
func PolicyStatus() Override {
	return Override{
		Name: "s3-policy-status",
		Doc: "The emulator says that every bucket policy is not public. AWS says IsPublic for a policy that allows a wildcard principal " +
			"without a condition that narrows it, and NoSuchBucketPolicy for a bucket without a policy.",
		Service: "s3", Operation: "GetBucketPolicyStatus",
		Apply: func(r *Request, resp *Response, up *Upstream) error {
			policy, err := up.Get("/" + url.PathEscape(r.Bucket) + "?policy")
			if err != nil {
				return err
			}
			if policy.Status != http.StatusOK {
				*resp = *policy
				return nil
			}
			public, err := allowsEveryone(policy.Body)
			if err != nil {
				return err
			}
			resp.Status = http.StatusOK
			resp.Header.Set("Content-Type", "application/xml")
			resp.Body = fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?><PolicyStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsPublic>%t</IsPublic></PolicyStatus>`, public)
			return nil
		},
	}
}

// allowsEveryone says whether a policy has an Allow statement for a wildcard principal and no condition. It knows no more of the
// policy language than the sample buckets need.
func allowsEveryone(policy []byte) (bool, error) {
	var doc struct {
		Statement []struct {
			Effect    string
			Principal json.RawMessage
			Condition json.RawMessage
		}
	}
	if err := json.Unmarshal(policy, &doc); err != nil {
		return false, fmt.Errorf("bucket policy: %w", err)
	}
	for _, s := range doc.Statement {
		anyone := string(s.Principal) == `"*"` || bytes.Contains(s.Principal, []byte(`"AWS"`)) && bytes.Contains(s.Principal, []byte(`"*"`))
		if s.Effect == "Allow" && anyone && len(s.Condition) == 0 {
			return true, nil
		}
	}
	return false, nil
}

// DefaultEncryption answers s3:GetBucketEncryption for a bucket whose encryption nobody configured.
func DefaultEncryption() Override {
	return Override{
		Name: "s3-default-encryption",
		Doc: "The emulator says that such a bucket has no encryption configuration. Since January 2023 AWS encrypts every bucket with S3 managed " +
			"keys unless told otherwise, and says so.",
		Service: "s3", Operation: "GetBucketEncryption",
		Apply: func(_ *Request, resp *Response, _ *Upstream) error {
			if resp.Status != http.StatusNotFound || !bytes.Contains(resp.Body, []byte("ServerSideEncryptionConfigurationNotFoundError")) {
				return nil
			}
			resp.Status = http.StatusOK
			resp.Header.Set("Content-Type", "application/xml")
			resp.Body = []byte(`<?xml version="1.0" encoding="UTF-8"?><ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule>` +
				`<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>` +
				`<BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`)
			return nil
		},
	}
}

// AsymmetricRotation answers kms:GetKeyRotationStatus for keys that cannot be rotated.
func AsymmetricRotation() Override {
	return Override{
		Name:    "kms-asymmetric-rotation",
		Doc:     "The emulator says that rotation of an asymmetric key is off. AWS refuses the question with UnsupportedOperationException.",
		Service: "kms", Operation: "GetKeyRotationStatus",
		Apply: func(r *Request, resp *Response, up *Upstream) error {
			body, err := json.Marshal(map[string]string{"KeyId": r.Param("KeyId")})
			if err != nil {
				return err
			}
			described, err := up.Target("TrentService.DescribeKey", body)
			if err != nil {
				return err
			}
			var key struct {
				KeyMetadata struct{ KeySpec, Arn string }
			}
			if err := json.Unmarshal(described.Body, &key); err != nil {
				return fmt.Errorf("describing the key: %w", err)
			}
			if spec := key.KeyMetadata.KeySpec; spec != "" && spec != "SYMMETRIC_DEFAULT" {
				*resp = *errorResponse(r, http.StatusBadRequest, "UnsupportedOperationException",
					key.KeyMetadata.Arn+" is not a symmetric encryption key, so its key material cannot be rotated.")
			}
			return nil
		},
	}
}

// RecorderStatus answers config:DescribeConfigurationRecorderStatus for a recorder that has delivered.
func RecorderStatus() Override {
	return Override{
		Name:    "config-recorder-status",
		Doc:     "The emulator's recorder stays PENDING for ever. AWS's says SUCCESS some minutes after it was started.",
		Service: "config", Operation: "DescribeConfigurationRecorderStatus",
		Apply: func(_ *Request, resp *Response, _ *Upstream) error {
			resp.Body = regexp.MustCompile(`"lastStatus":\s*"PENDING"`).ReplaceAll(resp.Body, []byte(`"lastStatus": "SUCCESS"`))
			return nil
		},
	}
}

// TrailLogDelivery answers cloudtrail:GetTrailStatus for a trail that delivers to CloudWatch Logs.
func TrailLogDelivery() Override {
	return Override{
		Name:    "cloudtrail-logs-delivery",
		Doc:     "The emulator never says that a trail has delivered to its log group. AWS gives the time of the last delivery, which is some minutes ago.",
		Service: "cloudtrail", Operation: "GetTrailStatus",
		Apply: func(r *Request, resp *Response, up *Upstream) error {
			var status map[string]json.RawMessage
			if resp.Status != http.StatusOK {
				return nil
			}
			if err := json.Unmarshal(resp.Body, &status); err != nil {
				return fmt.Errorf("trail status: %w", err)
			}
			// The emulator ignores a list of names here.
			described, err := up.Target("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.DescribeTrails", []byte("{}"))
			if err != nil {
				return err
			}
			var trails struct {
				TrailList []struct {
					Name, TrailARN, CloudWatchLogsLogGroupArn string
				} `json:"trailList"`
			}
			if err := json.Unmarshal(described.Body, &trails); err != nil {
				return fmt.Errorf("describing the trail: %w", err)
			}
			delivers := false
			for _, trail := range trails.TrailList {
				this := r.Param("Name") == trail.Name || r.Param("Name") == trail.TrailARN
				delivers = delivers || this && trail.CloudWatchLogsLogGroupArn != ""
			}
			if string(status["IsLogging"]) != "true" || !delivers {
				return nil
			}
			status["LatestCloudWatchLogsDeliveryTime"] = json.RawMessage(strconv.FormatInt(time.Now().Unix(), 10))
			return resp.setJSON(status)
		},
	}
}

// ContactInformation answers account:GetContactInformation with members; nil leaves the emulator's answer.
func ContactInformation(members map[string]string) Override {
	return Override{
		Name:    "account-contact",
		Doc:     "The emulator does not have the operation (status 404, HTML). The answer is the contact information that the caller gives.",
		Service: "account", Operation: "GetContactInformation",
		Apply: func(_ *Request, resp *Response, _ *Upstream) error {
			if members == nil {
				return nil
			}
			return resp.setJSON(map[string]any{"ContactInformation": members})
		},
	}
}

// EnabledStandards answers securityhub:GetEnabledStandards with the standards of the region.
func EnabledStandards(byRegion map[string][]string) Override {
	type subscription struct {
		StandardsArn, StandardsSubscriptionArn, StandardsStatus string
		StandardsInput                                          map[string]string
	}
	return Override{
		Name:    "securityhub-enabled-standards",
		Doc:     "The emulator does not have the operation (status 404, HTML). The answer lists the standards that the caller gives, as ready.",
		Service: "securityhub", Operation: "GetEnabledStandards",
		Apply: func(r *Request, resp *Response, _ *Upstream) error {
			subscriptions := []subscription{}
			for _, standard := range byRegion[r.Region] {
				_, name, _ := strings.Cut(standard, "::standards/")
				subscriptions = append(subscriptions, subscription{standard,
					fmt.Sprintf("arn:aws:securityhub:%s:%s:subscription/%s", r.Region, AccountID, name), "READY", map[string]string{}})
			}
			return resp.setJSON(map[string]any{"StandardsSubscriptions": subscriptions})
		},
	}
}

// CallerIdentity answers sts:GetCallerIdentity with another identity of the account; an empty ARN leaves the emulator's.
func CallerIdentity(arn string) Override {
	return Override{
		Name:    "sts-caller",
		Doc:     "The emulator calls every caller whose key it does not know the user moto. The answer names the identity that the caller gives.",
		Service: "sts", Operation: "GetCallerIdentity",
		Apply: func(_ *Request, resp *Response, _ *Upstream) error {
			if arn != "" && resp.Status == http.StatusOK {
				resp.Body = regexp.MustCompile(`<Arn>[^<]*</Arn>`).ReplaceAllLiteral(resp.Body, []byte("<Arn>"+escapeXML(arn)+"</Arn>"))
			}
			return nil
		},
	}
}

func (resp *Response) setJSON(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	resp.Status, resp.Body = http.StatusOK, body
	resp.Header.Set("Content-Type", "application/json")
	return nil
}
