package awsread

var ssmReviews = reviews{
	"DescribeDocumentPermission":  {},
	"DescribeInstanceInformation": {drop: []string{"InstanceInformation.IPAddress"}},
	"DescribeInstancePatchStates": {drop: []string{"InstancePatchState.InstallOverrideList", "InstancePatchState.OwnerInformation"}},
	"DescribeParameters":          {drop: []string{"ParameterMetadata.Description"}},
	"DescribePatchBaselines":      {},
	"GetDocument": {keep: map[string]string{
		"GetDocumentOutput.Content": "only the logging and encryption settings of the session preferences are taken out of it"}},
	"GetServiceSetting":               {},
	"ListAssociations":                {},
	"ListDocuments":                   {},
	"ListResourceComplianceSummaries": {},
	"ListTagsForResource":             {},
}
