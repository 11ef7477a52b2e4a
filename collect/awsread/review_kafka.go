package awsread

var kafkaReviews = reviews{
	"GetClusterPolicy": {},
	"ListClustersV2":   {}, // the addresses of ZooKeeper hold no credentials
}
