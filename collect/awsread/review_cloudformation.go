package awsread

var cloudformationReviews = reviews{
	"DescribeStackSet": {drop: []string{"Parameter.ParameterValue", "Parameter.ResolvedValue", "StackSet.TemplateBody"}},
	"DescribeStacks":   {drop: []string{"Output.OutputValue", "Parameter.ParameterValue", "Parameter.ResolvedValue"}},
	"GetStackPolicy":   {},
	"ListStackSets":    {},
}
