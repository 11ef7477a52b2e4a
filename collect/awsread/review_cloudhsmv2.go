package awsread

var cloudhsmv2Reviews = reviews{
	"DescribeBackups":  {},
	"DescribeClusters": {drop: []string{"Cluster.PreCoPassword"}},
}
