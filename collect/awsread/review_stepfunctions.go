package awsread

var stepfunctionsReviews = reviews{
	"DescribeActivity": {},
	// A definition is code that may hold secrets. It is not asked for either.
	"DescribeStateMachine": {drop: []string{
		"DescribeStateMachineOutput.Definition", "DescribeStateMachineOutput.Description",
		"DescribeStateMachineOutput.VariableReferences"}},
	"ListActivities":      {},
	"ListStateMachines":   {},
	"ListTagsForResource": {},
}
