package services

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	number "math/big"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

// TestLiveACM collects imported certificates: for those the emulator need not make a key, which takes it long.
func TestLiveACM(t *testing.T) {
	var tagged, plain string
	s := liveService(t, func(s *seeder) {
		c := acm.NewFromConfig(s.cfg)
		in := selfSigned(t, "www.nagoya.example", time.Now().AddDate(1, 0, 0))
		in.Tags = []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}}
		tagged = lastOf(*made[acm.ImportCertificateOutput](s)(c.ImportCertificate(s.ctx, in)).CertificateArn, "/")
		plain = lastOf(*made[acm.ImportCertificateOutput](s)(c.ImportCertificate(s.ctx,
			selfSigned(t, "old.nagoya.example", time.Now().AddDate(0, 0, 2)))).CertificateArn, "/")
		made[acm.PutAccountConfigurationOutput](s)(c.PutAccountConfiguration(s.ctx, &acm.PutAccountConfigurationInput{
			IdempotencyToken: aws.String("1"), ExpiryEvents: &types.ExpiryEventsConfiguration{DaysBeforeExpiry: aws.Int32(30)}}))
	}, ACM())
	s.facts(t,
		fact{"acm.certificate us-east-1 " + tagged, "Certificate", bundle.StateOK,
			[]string{`"DomainName":"www.nagoya.example"`, `"KeyAlgorithm":"EC_prime256v1"`, `"Type":"IMPORTED"`, `"NotAfter":"`}, []string{"PRIVATE KEY"}},
		fact{"acm.certificate us-east-1 " + tagged, "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`}, nil},
		fact{"acm.certificate us-east-1 " + plain, "Certificate", bundle.StateOK, []string{`"DomainName":"old.nagoya.example"`, `"Status":"ISSUED"`}, nil},
		fact{"acm.certificate us-east-1 " + plain, "Tags", bundle.StateOK, nil, []string{"owner"}},
		fact{"acm.account-configuration us-east-1 account", "AccountConfiguration", bundle.StateOK, []string{`"DaysBeforeExpiry":30`}, nil},
		fact{"acm.account-configuration eu-west-1 account", "AccountConfiguration", bundle.StateOK, nil, []string{`"DaysBeforeExpiry":30`}},
	)
	s.counts(t, "us-east-1", map[string]int{"acm.certificate": 2, "acm.account-configuration": 1})
	s.counts(t, "eu-west-1", map[string]int{"acm.certificate": 0, "acm.account-configuration": 1})
}

// selfSigned makes a certificate with an elliptic key, which the list of certificates leaves out unless it is asked for.
func selfSigned(t *testing.T, domain string, notAfter time.Time) *acm.ImportCertificateInput {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: number.NewInt(1), Subject: pkix.Name{CommonName: domain}, DNSNames: []string{domain},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: notAfter,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return &acm.ImportCertificateInput{
		Certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}),
		PrivateKey:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
}
