package services

import "testing"

// TestLiveS3 pins the settings of buckets that have them and of one that has none, and access points with and without a policy.
func TestLiveS3(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		s.s3()
		s.bucketSettings()
	}, S3(), S3Control())
	locked, copies := "s3.bucket global locked", "s3.bucket global copies"
	storeHolds(t, s, locked, "Lifecycle", `"Expiration":{"Days":400}`)
	storeLacks(t, s, copies, "Lifecycle", "NoSuchLifecycleConfiguration")
	storeHolds(t, s, locked, "Replication", `"Bucket":"arn:aws:s3:::copies"`)
	storeLacks(t, s, copies, "Replication", "ReplicationConfigurationNotFoundError")
	storeHolds(t, s, locked, "ObjectLock", `"Mode":"COMPLIANCE"`)
	storeLacks(t, s, copies, "ObjectLock", "ObjectLockConfigurationNotFoundError")
	storeHolds(t, s, copies, "Website", `"Suffix":"index.html"`)
	storeLacks(t, s, locked, "Website", "NoSuchWebsiteConfiguration")
	storeHolds(t, s, copies, "Cors", `"AllowedOrigins":["*"]`)
	storeLacks(t, s, locked, "Cors", "NoSuchCORSConfiguration")
	storeHolds(t, s, copies, "Notification", `{}`)

	storeHolds(t, s, "s3.access-point us-east-1 inside", "AccessPoint", `"BlockPublicPolicy":true`, `"Bucket":"locked"`)
	storeLacks(t, s, "s3.access-point us-east-1 inside", "Policy", "NoSuchAccessPointPolicy")
	storeLacks(t, s, "s3.access-point us-east-1 inside", "PolicyStatus", "NoSuchAccessPointPolicy")
	storeHolds(t, s, "s3.access-point us-east-1 open", "Policy", `"Policy":"{`)
	storeHolds(t, s, "s3.multi-region-access-point global both", "Policy", `"Established":{"Policy":`)
	storeLacks(t, s, "s3.multi-region-access-point global bare", "Policy", "NoSuchMultiRegionAccessPointPolicy")
}
