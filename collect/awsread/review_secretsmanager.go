package awsread

var secretsmanagerReviews = reviews{
	"GetResourcePolicy": {},
	"ListSecrets":       {drop: []string{"SecretListEntry.Description", "ExternalSecretRotationMetadataItem.Value"}},
}
