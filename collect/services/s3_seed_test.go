package services

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	s3controltypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"
)

// bucketSettings gives one bucket everything that a bucket can have, and makes access points with and without a policy.
func (s *seeder) bucketSettings() {
	c, control := s3Client(s.cfg), s3control.NewFromConfig(s.cfg)
	locked, copies := aws.String("locked"), aws.String("copies")
	made[s3.CreateBucketOutput](s)(c.CreateBucket(s.ctx, &s3.CreateBucketInput{Bucket: locked, ObjectLockEnabledForBucket: aws.Bool(true)}))
	made[s3.CreateBucketOutput](s)(c.CreateBucket(s.ctx, &s3.CreateBucketInput{Bucket: copies}))
	for _, b := range []*string{locked, copies} {
		made[s3.PutBucketVersioningOutput](s)(c.PutBucketVersioning(s.ctx, &s3.PutBucketVersioningInput{Bucket: b,
			VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}}))
	}
	made[s3.PutObjectLockConfigurationOutput](s)(c.PutObjectLockConfiguration(s.ctx, &s3.PutObjectLockConfigurationInput{Bucket: locked,
		ObjectLockConfiguration: &s3types.ObjectLockConfiguration{ObjectLockEnabled: s3types.ObjectLockEnabledEnabled,
			Rule: &s3types.ObjectLockRule{DefaultRetention: &s3types.DefaultRetention{Mode: s3types.ObjectLockRetentionModeCompliance, Days: aws.Int32(365)}}}}))
	made[s3.PutBucketLifecycleConfigurationOutput](s)(c.PutBucketLifecycleConfiguration(s.ctx, &s3.PutBucketLifecycleConfigurationInput{Bucket: locked,
		LifecycleConfiguration: &s3types.BucketLifecycleConfiguration{Rules: []s3types.LifecycleRule{{ID: aws.String("old"), Status: s3types.ExpirationStatusEnabled,
			Filter: &s3types.LifecycleRuleFilter{Prefix: aws.String("")}, Expiration: &s3types.LifecycleExpiration{Days: aws.Int32(400)}}}}}))
	made[s3.PutBucketReplicationOutput](s)(c.PutBucketReplication(s.ctx, &s3.PutBucketReplicationInput{Bucket: locked,
		ReplicationConfiguration: &s3types.ReplicationConfiguration{Role: aws.String("arn:aws:iam::" + emulated + ":role/app"),
			Rules: []s3types.ReplicationRule{{ID: aws.String("all"), Status: s3types.ReplicationRuleStatusEnabled, Prefix: aws.String(""),
				Destination: &s3types.Destination{Bucket: aws.String("arn:aws:s3:::copies")}}}}}))
	made[s3.PutBucketWebsiteOutput](s)(c.PutBucketWebsite(s.ctx, &s3.PutBucketWebsiteInput{Bucket: copies,
		WebsiteConfiguration: &s3types.WebsiteConfiguration{IndexDocument: &s3types.IndexDocument{Suffix: aws.String("index.html")}}}))
	made[s3.PutBucketCorsOutput](s)(c.PutBucketCors(s.ctx, &s3.PutBucketCorsInput{Bucket: copies,
		CORSConfiguration: &s3types.CORSConfiguration{CORSRules: []s3types.CORSRule{{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}}}}}))
	made[s3.PutBucketNotificationConfigurationOutput](s)(c.PutBucketNotificationConfiguration(s.ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: locked,
		NotificationConfiguration: &s3types.NotificationConfiguration{EventBridgeConfiguration: &s3types.EventBridgeConfiguration{}}}))
	for _, name := range []string{"inside", "open"} {
		made[s3control.CreateAccessPointOutput](s)(control.CreateAccessPoint(s.ctx, &s3control.CreateAccessPointInput{AccountId: aws.String(emulated),
			Name: aws.String(name), Bucket: locked, Tags: []s3controltypes.Tag{{Key: aws.String("env"), Value: aws.String(name)}},
			PublicAccessBlockConfiguration: &s3controltypes.PublicAccessBlockConfiguration{BlockPublicPolicy: aws.Bool(name == "inside")}}))
	}
	made[s3control.PutAccessPointPolicyOutput](s)(control.PutAccessPointPolicy(s.ctx, &s3control.PutAccessPointPolicyInput{
		AccountId: aws.String(emulated), Name: aws.String("open"), Policy: aws.String(allowAll)}))
	oregon := s3controlInOregon(s.cfg)
	for _, name := range []string{"both", "bare"} {
		made[s3control.CreateMultiRegionAccessPointOutput](s)(oregon.CreateMultiRegionAccessPoint(s.ctx, &s3control.CreateMultiRegionAccessPointInput{
			AccountId: aws.String(emulated), ClientToken: aws.String(name),
			Details: &s3controltypes.CreateMultiRegionAccessPointInput{Name: aws.String(name), Regions: []s3controltypes.Region{{Bucket: copies}}}}))
	}
	made[s3control.PutMultiRegionAccessPointPolicyOutput](s)(oregon.PutMultiRegionAccessPointPolicy(s.ctx, &s3control.PutMultiRegionAccessPointPolicyInput{
		AccountId: aws.String(emulated), ClientToken: aws.String("p"),
		Details: &s3controltypes.PutMultiRegionAccessPointPolicyInput{Name: aws.String("both"), Policy: aws.String(allowAll)}}))
}
