package awsread

var wellarchitectedReviews = reviews{
	"GetWorkload":     {drop: []string{"Workload.Notes", "Workload.ReviewOwner"}},
	"ListAnswers":     {},
	"ListLensReviews": {},
	"ListMilestones":  {},
	"ListWorkloads":   {},
}
