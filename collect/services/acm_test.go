package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveACM(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		made[acm.RequestCertificateOutput](s)(acm.NewFromConfig(s.cfg).RequestCertificate(s.ctx, &acm.RequestCertificateInput{
			DomainName: aws.String("www.nagoya.example"), ValidationMethod: types.ValidationMethodDns, KeyAlgorithm: types.KeyAlgorithmEcPrime256v1,
			Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("prod")}},
		}))
	}, ACM())
	if p := s.populations["acm.certificate us-east-1"]; p.Status != bundle.StatusComplete || p.Count != 1 {
		t.Errorf("certificates in us-east-1: %+v, want complete and the one with an elliptic key", p)
	}
}
