package services

import "testing"

// TestLiveS3 pins the settings of buckets that have them and of one that has none, and access points with and without a policy.
func TestLiveS3(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		s.s3()
		s.bucketSettings()
	}, S3(), S3Control())
	locked, copies := "s3.bucket global locked", "s3.bucket global copies"
	partHolds(t, s, locked, "Lifecycle", `"Expiration":{"Days":400}`)
	partAbsent(t, s, copies, "Lifecycle", "NoSuchLifecycleConfiguration")
	partHolds(t, s, locked, "Replication", `"Bucket":"arn:aws:s3:::copies"`)
	partAbsent(t, s, copies, "Replication", "ReplicationConfigurationNotFoundError")
	partHolds(t, s, locked, "ObjectLock", `"Mode":"COMPLIANCE"`)
	partAbsent(t, s, copies, "ObjectLock", "ObjectLockConfigurationNotFoundError")
	partHolds(t, s, copies, "Website", `"Suffix":"index.html"`)
	partAbsent(t, s, locked, "Website", "NoSuchWebsiteConfiguration")
	partHolds(t, s, copies, "Cors", `"AllowedOrigins":["*"]`)
	partAbsent(t, s, locked, "Cors", "NoSuchCORSConfiguration")
	partHolds(t, s, copies, "Notification", `{}`)

	partHolds(t, s, "s3.access-point us-east-1 inside", "AccessPoint", `"BlockPublicPolicy":true`, `"Bucket":"locked"`)
	partAbsent(t, s, "s3.access-point us-east-1 inside", "Policy", "NoSuchAccessPointPolicy")
	partAbsent(t, s, "s3.access-point us-east-1 inside", "PolicyStatus", "NoSuchAccessPointPolicy")
	partHolds(t, s, "s3.access-point us-east-1 open", "Policy", `"Policy":"{`)
	partHolds(t, s, "s3.multi-region-access-point global both", "Policy", `"Established":{"Policy":`)
	partAbsent(t, s, "s3.multi-region-access-point global bare", "Policy", "NoSuchMultiRegionAccessPointPolicy")
}
