package awsread

var s3Reviews = reviews{
	"GetBucketEncryption": {keep: map[string]string{
		"ServerSideEncryptionByDefault.KMSMasterKeyID": "the name of a key, which rules about encryption need"}},
	"GetBucketAcl":               {},
	"GetBucketLocation":          {},
	"GetBucketLogging":           {},
	"GetBucketOwnershipControls": {},
	"GetBucketPolicy":            {},
	"GetBucketPolicyStatus":      {},
	"GetBucketTagging":           {},
	"GetBucketVersioning":        {},
	"GetPublicAccessBlock":       {},
	"ListBuckets":                {},
}
