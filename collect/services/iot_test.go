package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
)

// TestLiveIoT collects a policy with its document.
func TestLiveIoT(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		made[iot.CreatePolicyOutput](s)(iot.NewFromConfig(s.cfg).CreatePolicy(s.ctx, &iot.CreatePolicyInput{
			PolicyName: aws.String("device"), PolicyDocument: aws.String(allowAll)}))
	}, IoT())
	policy := s.artifacts["iot.policy us-east-1 device"]
	if policy.ARN != "arn:aws:iot:us-east-1:123456789012:policy/device" || !strings.Contains(string(policy.Parts["Policy"].Data), "Allow") {
		t.Errorf("policy %s: %s", policy.ARN, policy.Parts["Policy"].Data)
	}
	if p := s.populations["iot.policy eu-west-1"]; p.Count != 0 {
		t.Errorf("%d policies in eu-west-1, want none", p.Count)
	}
}
