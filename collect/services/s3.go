package services

import (
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
)

// S3 collects buckets. The list names the buckets of all regions; what a bucket is configured to do must be asked in the
// bucket's own region.
func S3() collect.Service {
	list := collect.NewOp("s3", "ListBuckets", (*s3.Client).ListBuckets, "s3:ListAllMyBuckets").
		Paged(func(in *s3.ListBucketsInput, out *s3.ListBucketsOutput) (**string, *string) {
			return &in.ContinuationToken, out.ContinuationToken
		})
	location := collect.Read("Location", collect.NewOp("s3", "GetBucketLocation", (*s3.Client).GetBucketLocation),
		func(b types.Bucket) *s3.GetBucketLocationInput { return &s3.GetBucketLocationInput{Bucket: b.Name} })
	return collect.Service{Name: "s3", Kinds: []collect.Kind{
		collect.Listed(collect.Kind{Name: "s3.bucket", Scope: bundle.ScopeAccount, Tags: "Tags.TagSet", Item: "Bucket"},
			s3Client, list, s3.ListBucketsInput{MaxBuckets: aws.Int32(1000)},
			func(out *s3.ListBucketsOutput) []types.Bucket { return out.Buckets },
			func(s *collect.Session, b types.Bucket, _ bundle.From) collect.ID {
				return collect.ID{ID: aws.ToString(b.Name), ARN: "arn:" + s.Partition() + ":s3:::" + aws.ToString(b.Name)}
			},
			location.Locates(bucketRegion),
			collect.Read("Encryption", collect.NewOp("s3", "GetBucketEncryption", (*s3.Client).GetBucketEncryption, "s3:GetEncryptionConfiguration"),
				func(b types.Bucket) *s3.GetBucketEncryptionInput { return &s3.GetBucketEncryptionInput{Bucket: b.Name} },
				"ServerSideEncryptionConfigurationNotFoundError"),
			collect.Read("PublicAccessBlock", collect.NewOp("s3", "GetPublicAccessBlock", (*s3.Client).GetPublicAccessBlock, "s3:GetBucketPublicAccessBlock"),
				func(b types.Bucket) *s3.GetPublicAccessBlockInput {
					return &s3.GetPublicAccessBlockInput{Bucket: b.Name}
				},
				"NoSuchPublicAccessBlockConfiguration"),
			collect.Read("Policy", collect.NewOp("s3", "GetBucketPolicy", (*s3.Client).GetBucketPolicy),
				func(b types.Bucket) *s3.GetBucketPolicyInput { return &s3.GetBucketPolicyInput{Bucket: b.Name} },
				"NoSuchBucketPolicy"),
			collect.Read("PolicyStatus", collect.NewOp("s3", "GetBucketPolicyStatus", (*s3.Client).GetBucketPolicyStatus),
				func(b types.Bucket) *s3.GetBucketPolicyStatusInput {
					return &s3.GetBucketPolicyStatusInput{Bucket: b.Name}
				},
				"NoSuchBucketPolicy"),
			collect.Read("Acl", collect.NewOp("s3", "GetBucketAcl", (*s3.Client).GetBucketAcl),
				func(b types.Bucket) *s3.GetBucketAclInput { return &s3.GetBucketAclInput{Bucket: b.Name} }),
			collect.Read("Versioning", collect.NewOp("s3", "GetBucketVersioning", (*s3.Client).GetBucketVersioning),
				func(b types.Bucket) *s3.GetBucketVersioningInput { return &s3.GetBucketVersioningInput{Bucket: b.Name} }),
			collect.Read("Logging", collect.NewOp("s3", "GetBucketLogging", (*s3.Client).GetBucketLogging),
				func(b types.Bucket) *s3.GetBucketLoggingInput { return &s3.GetBucketLoggingInput{Bucket: b.Name} }),
			collect.Read("OwnershipControls", collect.NewOp("s3", "GetBucketOwnershipControls", (*s3.Client).GetBucketOwnershipControls),
				func(b types.Bucket) *s3.GetBucketOwnershipControlsInput {
					return &s3.GetBucketOwnershipControlsInput{Bucket: b.Name}
				},
				"OwnershipControlsNotFoundError"),
			collect.Read("Tags", collect.NewOp("s3", "GetBucketTagging", (*s3.Client).GetBucketTagging),
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
