package awsread

import (
	"maps"
	"slices"
	"strings"
)

// Operation names an operation of the AWS API: the service as in an IAM action ("s3", "logs", "config"; "s3control" for the
// account part of S3) and the operation as in the API model ("GetBucketPolicy").
type Operation struct{ Service, Name string }

// String returns "service:Name".
func (o Operation) String() string { return o.Service + ":" + o.Name }

// services translates the SDK's service ids.
var services = map[string]string{
	"Account":         "account",
	"CloudTrail":      "cloudtrail",
	"CloudWatch":      "cloudwatch",
	"CloudWatch Logs": "logs",
	"Config Service":  "config",
	"EC2":             "ec2",
	"GuardDuty":       "guardduty",
	"IAM":             "iam",
	"KMS":             "kms",
	"RDS":             "rds",
	"S3":              "s3",
	"S3 Control":      "s3control",
	"SecurityHub":     "securityhub",
	"SNS":             "sns",
	"STS":             "sts",
}

// review is what a person decided about an operation before it was put on the list: which members of its answer and input
// never reach the disk as AWS sent them. A member is named "Type.Member" with the type's Go name.
type review struct {
	drop []string // replaced by a note that the member was there
	mask []string // only the first four and last four characters stay
}

// reviewed is the allow-list. An operation that is not here cannot be called: the SDK's own request never leaves the program.
// Every operation reads, but two: GenerateCredentialReport makes IAM write a report about the account for the caller to read,
// and AssumeRole returns credentials, which are used and never recorded.
var reviewed = map[Operation]review{
	{"account", "GetAlternateContact"}: {drop: []string{
		"AlternateContact.EmailAddress", "AlternateContact.Name", "AlternateContact.PhoneNumber", "AlternateContact.Title"}},
	{"account", "GetContactInformation"}: {drop: []string{
		"ContactInformation.AddressLine1", "ContactInformation.AddressLine2", "ContactInformation.AddressLine3",
		"ContactInformation.City", "ContactInformation.CompanyName", "ContactInformation.CountryCode",
		"ContactInformation.DistrictOrCounty", "ContactInformation.FullName", "ContactInformation.PhoneNumber",
		"ContactInformation.PostalCode", "ContactInformation.StateOrRegion", "ContactInformation.WebsiteUrl"}},

	{"cloudtrail", "DescribeTrails"}:    {},
	{"cloudtrail", "GetEventSelectors"}: {},
	{"cloudtrail", "GetTrailStatus"}:    {},
	{"cloudtrail", "ListTags"}:          {},

	{"cloudwatch", "DescribeAlarms"}: {},

	{"config", "DescribeConfigurationRecorderStatus"}: {},
	{"config", "DescribeConfigurationRecorders"}:      {},
	{"config", "DescribeDeliveryChannels"}:            {},

	{"ec2", "DescribeFlowLogs"}:          {},
	{"ec2", "DescribeInstances"}:         {},
	{"ec2", "DescribeNetworkAcls"}:       {},
	{"ec2", "DescribeRegions"}:           {},
	{"ec2", "DescribeSecurityGroups"}:    {},
	{"ec2", "DescribeVolumes"}:           {},
	{"ec2", "DescribeVpcs"}:              {},
	{"ec2", "GetEbsEncryptionByDefault"}: {},

	{"guardduty", "GetDetector"}:   {},
	{"guardduty", "ListDetectors"}: {},

	{"iam", "GenerateCredentialReport"}:  {},
	{"iam", "GetAccountPasswordPolicy"}:  {},
	{"iam", "GetAccountSummary"}:         {},
	{"iam", "GetCredentialReport"}:       {},
	{"iam", "GetGroupPolicy"}:            {},
	{"iam", "GetLoginProfile"}:           {},
	{"iam", "GetPolicyVersion"}:          {},
	{"iam", "GetRolePolicy"}:             {},
	{"iam", "GetUserPolicy"}:             {},
	{"iam", "ListAccessKeys"}:            {mask: []string{"AccessKeyMetadata.AccessKeyId"}},
	{"iam", "ListAttachedGroupPolicies"}: {},
	{"iam", "ListAttachedRolePolicies"}:  {},
	{"iam", "ListAttachedUserPolicies"}:  {},
	{"iam", "ListGroupPolicies"}:         {},
	{"iam", "ListGroups"}:                {},
	{"iam", "ListGroupsForUser"}:         {},
	{"iam", "ListMFADevices"}:            {},
	{"iam", "ListPolicies"}:              {},
	{"iam", "ListRolePolicies"}:          {},
	{"iam", "ListRoleTags"}:              {},
	{"iam", "ListRoles"}:                 {},
	{"iam", "ListServerCertificates"}:    {},
	{"iam", "ListUserPolicies"}:          {},
	{"iam", "ListUserTags"}:              {},
	{"iam", "ListUsers"}:                 {},
	{"iam", "ListVirtualMFADevices"}:     {drop: []string{"VirtualMFADevice.Base32StringSeed", "VirtualMFADevice.QRCodePNG"}},

	{"kms", "DescribeKey"}:          {},
	{"kms", "GetKeyPolicy"}:         {},
	{"kms", "GetKeyRotationStatus"}: {},
	{"kms", "ListKeys"}:             {},
	{"kms", "ListResourceTags"}:     {},

	{"logs", "DescribeMetricFilters"}: {},

	{"rds", "DescribeDBClusters"}:           {drop: []string{"ClusterPendingModifiedValues.MasterUserPassword"}},
	{"rds", "DescribeDBInstances"}:          {drop: []string{"PendingModifiedValues.MasterUserPassword"}},
	{"rds", "DescribeDBSnapshotAttributes"}: {},
	{"rds", "DescribeDBSnapshots"}:          {},

	// AWS marks KMSMasterKeyID as sensitive. It is the name of a key, which a rule about encryption needs.
	{"s3", "GetBucketEncryption"}:        {},
	{"s3", "GetBucketAcl"}:               {},
	{"s3", "GetBucketLocation"}:          {},
	{"s3", "GetBucketLogging"}:           {},
	{"s3", "GetBucketOwnershipControls"}: {},
	{"s3", "GetBucketPolicy"}:            {},
	{"s3", "GetBucketPolicyStatus"}:      {},
	{"s3", "GetBucketTagging"}:           {},
	{"s3", "GetBucketVersioning"}:        {},
	{"s3", "GetPublicAccessBlock"}:       {},
	{"s3", "ListBuckets"}:                {},

	{"s3control", "GetPublicAccessBlock"}: {},

	{"securityhub", "DescribeHub"}:         {},
	{"securityhub", "GetEnabledStandards"}: {},

	{"sns", "GetTopicAttributes"}: {},
	{"sns", "ListSubscriptions"}:  {}, // web addresses: see scan
	{"sns", "ListTopics"}:         {},

	{"sts", "AssumeRole"}:        {drop: []string{"AssumeRoleOutput.Credentials", "AssumeRoleInput.ExternalId"}},
	{"sts", "GetCallerIdentity"}: {},
}

// RulesVersion names the redaction rules above and in scan.go. It changes with them and is recorded in the bundle.
const RulesVersion = "2026-11-25"

// Allowed returns the operations that can be called, sorted.
func Allowed() []Operation {
	return slices.SortedFunc(maps.Keys(reviewed), func(a, b Operation) int {
		return strings.Compare(a.String(), b.String())
	})
}

// Hidden returns the members, as "Type.Member", that are replaced or masked in the answers and inputs of an operation.
func Hidden(op Operation) []string { return slices.Concat(reviewed[op].drop, reviewed[op].mask) }
