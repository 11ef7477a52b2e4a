package awsread

var opensearchReviews = reviews{
	"DescribeDomain":  {drop: []string{"ModifyingProperties.ActiveValue", "ModifyingProperties.PendingValue", "SAMLIdp.MetadataContent"}},
	"ListDomainNames": {},
	"ListTags":        {},
}
