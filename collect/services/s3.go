package services

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// S3 collects general purpose buckets; directory, table and vector buckets have lists of their own and are not among them. The
// list names the buckets of all regions; what a bucket is configured to do must be asked in the bucket's own region.
func S3() collect.Service {
	location := collect.Read("Location", s3GetBucketLocation,
		func(b types.Bucket) *s3.GetBucketLocationInput { return &s3.GetBucketLocationInput{Bucket: b.Name} })
	return collect.Service{Name: "s3", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "s3.bucket", Scope: bundle.ScopeAccount, Tags: "Tags.TagSet", Item: "Bucket"},
			s3ListBuckets, s3.ListBucketsInput{MaxBuckets: aws.Int32(1000)},
			func(out *s3.ListBucketsOutput) []types.Bucket { return out.Buckets },
			func(s *collect.Session, b types.Bucket, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(b.Name), ARN: "arn:" + s.Partition() + ":s3:::" + aws.ToString(b.Name)}
			},
			location.Locates(bucketRegion),
			collect.Read("Encryption", s3GetBucketEncryption,
				func(b types.Bucket) *s3.GetBucketEncryptionInput { return &s3.GetBucketEncryptionInput{Bucket: b.Name} },
				"ServerSideEncryptionConfigurationNotFoundError"),
			collect.Read("PublicAccessBlock", s3GetPublicAccessBlock,
				func(b types.Bucket) *s3.GetPublicAccessBlockInput {
					return &s3.GetPublicAccessBlockInput{Bucket: b.Name}
				},
				"NoSuchPublicAccessBlockConfiguration"),
			collect.Read("Policy", s3GetBucketPolicy,
				func(b types.Bucket) *s3.GetBucketPolicyInput { return &s3.GetBucketPolicyInput{Bucket: b.Name} },
				"NoSuchBucketPolicy"),
			collect.Read("PolicyStatus", s3GetBucketPolicyStatus,
				func(b types.Bucket) *s3.GetBucketPolicyStatusInput {
					return &s3.GetBucketPolicyStatusInput{Bucket: b.Name}
				},
				"NoSuchBucketPolicy"),
			collect.Read("Acl", s3GetBucketAcl,
				func(b types.Bucket) *s3.GetBucketAclInput { return &s3.GetBucketAclInput{Bucket: b.Name} }),
			collect.Read("Versioning", s3GetBucketVersioning,
				func(b types.Bucket) *s3.GetBucketVersioningInput { return &s3.GetBucketVersioningInput{Bucket: b.Name} }),
			collect.Read("Logging", s3GetBucketLogging,
				func(b types.Bucket) *s3.GetBucketLoggingInput { return &s3.GetBucketLoggingInput{Bucket: b.Name} }),
			collect.Read("OwnershipControls", s3GetBucketOwnershipControls,
				func(b types.Bucket) *s3.GetBucketOwnershipControlsInput {
					return &s3.GetBucketOwnershipControlsInput{Bucket: b.Name}
				},
				"OwnershipControlsNotFoundError"),
			collect.Read("Lifecycle", s3GetBucketLifecycleConfiguration,
				func(b types.Bucket) *s3.GetBucketLifecycleConfigurationInput {
					return &s3.GetBucketLifecycleConfigurationInput{Bucket: b.Name}
				},
				"NoSuchLifecycleConfiguration"),
			collect.Read("Replication", s3GetBucketReplication,
				func(b types.Bucket) *s3.GetBucketReplicationInput {
					return &s3.GetBucketReplicationInput{Bucket: b.Name}
				},
				"ReplicationConfigurationNotFoundError"),
			collect.Read("ObjectLock", s3GetObjectLockConfiguration,
				func(b types.Bucket) *s3.GetObjectLockConfigurationInput {
					return &s3.GetObjectLockConfigurationInput{Bucket: b.Name}
				},
				"ObjectLockConfigurationNotFoundError"),
			collect.Read("Website", s3GetBucketWebsite,
				func(b types.Bucket) *s3.GetBucketWebsiteInput { return &s3.GetBucketWebsiteInput{Bucket: b.Name} },
				"NoSuchWebsiteConfiguration"),
			collect.Read("Notification", s3GetBucketNotificationConfiguration,
				func(b types.Bucket) *s3.GetBucketNotificationConfigurationInput {
					return &s3.GetBucketNotificationConfigurationInput{Bucket: b.Name}
				}),
			collect.Read("Cors", s3GetBucketCors,
				func(b types.Bucket) *s3.GetBucketCorsInput { return &s3.GetBucketCorsInput{Bucket: b.Name} },
				"NoSuchCORSConfiguration"),
			collect.Read("Tags", s3GetBucketTagging,
				func(b types.Bucket) *s3.GetBucketTaggingInput { return &s3.GetBucketTaggingInput{Bucket: b.Name} },
				"NoSuchTagSet"),
		),
	}}
}

// s3Client makes a client that names buckets in the path: a bucket name with dots does not match the service's certificate,
// and an endpoint of the caller's choice need not resolve bucket names as hosts.
func s3Client(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = true
		o.DisableMultiRegionAccessPoints = true
	})
}

// bucketRegion reads a location constraint, whose two oldest values are not region names.
func bucketRegion(b types.Bucket, p bundle.Part) string {
	if p.State != bundle.StateOK {
		return aws.ToString(b.BucketRegion)
	}
	var out struct{ LocationConstraint string }
	if err := json.Unmarshal(p.Data, &out); err != nil {
		return aws.ToString(b.BucketRegion)
	}
	switch out.LocationConstraint {
	case "":
		return "us-east-1"
	case "EU":
		return "eu-west-1"
	}
	return out.LocationConstraint
}

// The operations of this file.
var (
	s3ListBuckets = collect.NewOp("s3", "ListBuckets",
		func(ctx context.Context, cfg aws.Config, in *s3.ListBucketsInput) (*s3.ListBucketsOutput, error) {
			return s3Client(cfg).ListBuckets(ctx, in)
		}, "s3:ListAllMyBuckets").
		Paged(func(in *s3.ListBucketsInput, out *s3.ListBucketsOutput) (**string, *string) {
			return &in.ContinuationToken, out.ContinuationToken
		})
	s3GetBucketLocation = collect.NewOp("s3", "GetBucketLocation",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketLocationInput) (*s3.GetBucketLocationOutput, error) {
			return s3Client(cfg).GetBucketLocation(ctx, in)
		})
	s3GetBucketEncryption = collect.NewOp("s3", "GetBucketEncryption",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketEncryptionInput) (*s3.GetBucketEncryptionOutput, error) {
			return s3Client(cfg).GetBucketEncryption(ctx, in)
		}, "s3:GetEncryptionConfiguration")
	s3GetPublicAccessBlock = collect.NewOp("s3", "GetPublicAccessBlock",
		func(ctx context.Context, cfg aws.Config, in *s3.GetPublicAccessBlockInput) (*s3.GetPublicAccessBlockOutput, error) {
			return s3Client(cfg).GetPublicAccessBlock(ctx, in)
		}, "s3:GetBucketPublicAccessBlock")
	s3GetBucketPolicy = collect.NewOp("s3", "GetBucketPolicy",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketPolicyInput) (*s3.GetBucketPolicyOutput, error) {
			return s3Client(cfg).GetBucketPolicy(ctx, in)
		})
	s3GetBucketPolicyStatus = collect.NewOp("s3", "GetBucketPolicyStatus",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketPolicyStatusInput) (*s3.GetBucketPolicyStatusOutput, error) {
			return s3Client(cfg).GetBucketPolicyStatus(ctx, in)
		})
	s3GetBucketAcl = collect.NewOp("s3", "GetBucketAcl",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketAclInput) (*s3.GetBucketAclOutput, error) {
			return s3Client(cfg).GetBucketAcl(ctx, in)
		})
	s3GetBucketVersioning = collect.NewOp("s3", "GetBucketVersioning",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketVersioningInput) (*s3.GetBucketVersioningOutput, error) {
			return s3Client(cfg).GetBucketVersioning(ctx, in)
		})
	s3GetBucketLogging = collect.NewOp("s3", "GetBucketLogging",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketLoggingInput) (*s3.GetBucketLoggingOutput, error) {
			return s3Client(cfg).GetBucketLogging(ctx, in)
		})
	s3GetBucketOwnershipControls = collect.NewOp("s3", "GetBucketOwnershipControls",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketOwnershipControlsInput) (*s3.GetBucketOwnershipControlsOutput, error) {
			return s3Client(cfg).GetBucketOwnershipControls(ctx, in)
		})
	s3GetBucketTagging = collect.NewOp("s3", "GetBucketTagging",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketTaggingInput) (*s3.GetBucketTaggingOutput, error) {
			return s3Client(cfg).GetBucketTagging(ctx, in)
		})
	s3GetBucketLifecycleConfiguration = collect.NewOp("s3", "GetBucketLifecycleConfiguration",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketLifecycleConfigurationInput) (*s3.GetBucketLifecycleConfigurationOutput, error) {
			return s3Client(cfg).GetBucketLifecycleConfiguration(ctx, in)
		}, "s3:GetLifecycleConfiguration")
	s3GetBucketReplication = collect.NewOp("s3", "GetBucketReplication",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketReplicationInput) (*s3.GetBucketReplicationOutput, error) {
			return s3Client(cfg).GetBucketReplication(ctx, in)
		}, "s3:GetReplicationConfiguration")
	s3GetObjectLockConfiguration = collect.NewOp("s3", "GetObjectLockConfiguration",
		func(ctx context.Context, cfg aws.Config, in *s3.GetObjectLockConfigurationInput) (*s3.GetObjectLockConfigurationOutput, error) {
			return s3Client(cfg).GetObjectLockConfiguration(ctx, in)
		}, "s3:GetBucketObjectLockConfiguration")
	s3GetBucketWebsite = collect.NewOp("s3", "GetBucketWebsite",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketWebsiteInput) (*s3.GetBucketWebsiteOutput, error) {
			return s3Client(cfg).GetBucketWebsite(ctx, in)
		})
	s3GetBucketNotificationConfiguration = collect.NewOp("s3", "GetBucketNotificationConfiguration",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketNotificationConfigurationInput) (*s3.GetBucketNotificationConfigurationOutput, error) {
			return s3Client(cfg).GetBucketNotificationConfiguration(ctx, in)
		}, "s3:GetBucketNotification")
	s3GetBucketCors = collect.NewOp("s3", "GetBucketCors",
		func(ctx context.Context, cfg aws.Config, in *s3.GetBucketCorsInput) (*s3.GetBucketCorsOutput, error) {
			return s3Client(cfg).GetBucketCors(ctx, in)
		}, "s3:GetBucketCORS")
)
