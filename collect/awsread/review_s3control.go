package awsread

var s3controlReviews = reviews{
	"GetPublicAccessBlock": {},
}
