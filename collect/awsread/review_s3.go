package awsread

var s3Reviews = reviews{
	"GetBucketAcl":  {},
	"GetBucketCors": {},
	"GetBucketEncryption": {keep: map[string]string{
		"ServerSideEncryptionByDefault.KMSMasterKeyID": "the name of a key, which rules about encryption need"}},
	"GetBucketLifecycleConfiguration":    {},
	"GetBucketLocation":                  {},
	"GetBucketLogging":                   {},
	"GetBucketNotificationConfiguration": {},
	"GetBucketOwnershipControls":         {},
	"GetBucketPolicy":                    {},
	"GetBucketPolicyStatus":              {},
	"GetBucketReplication":               {},
	"GetBucketTagging":                   {},
	"GetBucketVersioning":                {},
	"GetBucketWebsite":                   {},
	"GetObjectLockConfiguration":         {},
	"GetPublicAccessBlock":               {},
	"ListBuckets":                        {},
}
