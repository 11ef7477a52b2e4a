package awsread

var codepipelineReviews = reviews{
	"GetPipeline": {drop: []string{
		"ActionDeclaration.Commands", "ActionDeclaration.Configuration", "EnvironmentVariable.Value", "PipelineVariableDeclaration.DefaultValue",
		"RuleDeclaration.Commands", "RuleDeclaration.Configuration"}}, // the conditions of a stage: as of an action
	"ListPipelines":       {},
	"ListTagsForResource": {},
	"ListWebhooks":        {drop: []string{"ListWebhookItem.Url", "WebhookAuthConfiguration.SecretToken"}}, // the address is all that some senders need
}
