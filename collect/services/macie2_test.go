package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/macie2"
)

// TestLiveMacie2 collects the session of a region. The emulator has one in every region.
func TestLiveMacie2(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		made[macie2.EnableMacieOutput](s)(macie2.NewFromConfig(s.cfg).EnableMacie(s.ctx, &macie2.EnableMacieInput{}))
	}, Macie2())
	if got := string(s.artifacts["macie2.session us-east-1 default"].Parts["Session"].Data); !strings.Contains(got, `"Status":"ENABLED"`) {
		t.Errorf("session: %s", got)
	}
}
