package awsread

const guardrailSetting = "one of a few words that say how strict the guardrail is"

const onlyListed = "items of this list are not recorded: only the id is used"

var bedrockReviews = reviews{
	"GetCustomModel": {drop: []string{"GetCustomModelOutput.HyperParameters", "InvocationLogsConfig.RequestMetadataFilters"}},
	"GetGuardrail": {
		drop: []string{
			"GetGuardrailOutput.BlockedInputMessaging", "GetGuardrailOutput.BlockedOutputsMessaging", "GetGuardrailOutput.Description",
			"GetGuardrailOutput.FailureRecommendations", "GetGuardrailOutput.StatusReasons", "GetGuardrailOutput.TopicPolicy",
			"GetGuardrailOutput.WordPolicy", "GuardrailRegex.Pattern"},
		keep: map[string]string{
			"GetGuardrailOutput.Name":                   "the name by which people know the guardrail",
			"GuardrailContentFilter.InputAction":        guardrailSetting,
			"GuardrailContentFilter.InputModalities":    guardrailSetting,
			"GuardrailContentFilter.OutputAction":       guardrailSetting,
			"GuardrailContentFilter.OutputModalities":   guardrailSetting,
			"GuardrailContentFiltersTier.TierName":      guardrailSetting,
			"GuardrailContextualGroundingFilter.Action": guardrailSetting,
		}},
	"GetModelInvocationLoggingConfiguration": {},
	"ListCustomModels":                       {},
	"ListGuardrails": {keep: map[string]string{
		"GuardrailSummary.Description": onlyListed, "GuardrailSummary.Name": onlyListed}},
	"ListTagsForResource": {},
}
