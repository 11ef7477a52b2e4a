package awsread

var auditmanagerReviews = reviews{
	"GetAccountStatus": {},
	"GetSettings": {keep: map[string]string{
		"Settings.DefaultAssessmentReportsDestination": "the bucket that reports go to: its protection is what a reviewer asks about",
		"Settings.DefaultProcessOwners":                "ARNs of the roles that own assessments",
		"Settings.SnsTopic":                            "ARN of the topic for notices",
	}},
	"ListAssessments": {
		drop: []string{"AssessmentMetadataItem.Delegations"}, // whom a control set was handed to, with their comments
		keep: map[string]string{
			"AssessmentMetadataItem.ComplianceType": "name of a published standard",
			"AssessmentMetadataItem.Name":           "names the assessment",
			"AssessmentMetadataItem.Roles":          "ARNs of the roles that own the assessment",
		},
	},
	"ListTagsForResource": {},
}
