package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// TestMultiRegionAccessPointsAreAskedForInOregon pins where, and that no request of another partition leaves it.
func TestMultiRegionAccessPointsAreAskedForInOregon(t *testing.T) {
	for region, want := range map[string]string{
		"eu-west-1": "us-west-2", "us-east-1": "us-west-2", "ap-northeast-1": "us-west-2",
		"cn-north-1": "cn-north-1", "us-gov-west-1": "us-gov-west-1", "us-iso-east-1": "us-iso-east-1", "us-isob-east-1": "us-isob-east-1",
	} {
		if got := s3controlInOregon(aws.Config{Region: region}).Options().Region; got != want {
			t.Errorf("from %s: asked in %s, want %s", region, got, want)
		}
	}
}
