package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

// TestLiveShield pins that an account without a subscription has none, and a protection with its tags. A subscription's times are
// texts in the emulator's answer, where AWS has numbers.
func TestLiveShield(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := shield.NewFromConfig(s.cfg)
		made[shield.CreateProtectionOutput](s)(c.CreateProtection(s.ctx, &shield.CreateProtectionInput{
			Name: aws.String("site"), ResourceArn: aws.String("arn:aws:cloudfront::" + emulated + ":distribution/E1EXAMPLE"),
			Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}},
		}))
	}, Shield())
	sub := s.artifacts["shield.subscription global "+emulated].Parts["Subscription"]
	if sub.State != bundle.StateOK { // from the API's model
		t.Errorf("subscription: %+v", sub)
	}
	if p := s.populations["shield.protection global"]; p.Status != bundle.StatusComplete || p.Count != 1 {
		t.Errorf("protections: %+v, want one", p)
	}
	for name, data := range s.data() {
		if strings.HasSuffix(name, " Tags") && !strings.Contains(data, `{"Key":"env","Value":"prod"}`) {
			t.Errorf("%s: %s", name, data)
		}
	}
}
