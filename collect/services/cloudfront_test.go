package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

// TestLiveCloudFront looks at the configurations: the items of the emulator's list have little more than names.
func TestLiveCloudFront(t *testing.T) {
	var open, closed, control string
	s := liveService(t, func(s *seeder) {
		c := cloudfront.NewFromConfig(s.cfg)
		control = *made[cloudfront.CreateOriginAccessControlOutput](s)(c.CreateOriginAccessControl(s.ctx, &cloudfront.CreateOriginAccessControlInput{
			OriginAccessControlConfig: &types.OriginAccessControlConfig{
				Name: aws.String("buckets"), OriginAccessControlOriginType: types.OriginAccessControlOriginTypesS3,
				SigningBehavior: types.OriginAccessControlSigningBehaviorsAlways, SigningProtocol: types.OriginAccessControlSigningProtocolsSigv4},
		})).OriginAccessControl.Id
		open = *made[cloudfront.CreateDistributionOutput](s)(c.CreateDistribution(s.ctx, &cloudfront.CreateDistributionInput{
			DistributionConfig: distributionTo("open", types.ViewerProtocolPolicyAllowAll),
		})).Distribution.Id
		config := distributionTo("closed", types.ViewerProtocolPolicyHttpsOnly)
		config.DefaultRootObject = aws.String("index.html")
		config.Logging = &types.LoggingConfig{
			Enabled: aws.Bool(true), Bucket: aws.String("cdn-logs.s3.amazonaws.com"), IncludeCookies: aws.Bool(false), Prefix: aws.String("cdn/")}
		closed = *made[cloudfront.CreateDistributionWithTagsOutput](s)(c.CreateDistributionWithTags(s.ctx, &cloudfront.CreateDistributionWithTagsInput{
			DistributionConfigWithTags: &types.DistributionConfigWithTags{
				DistributionConfig: config, Tags: &types.Tags{Items: []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}}}},
		})).Distribution.Id
	}, CloudFront())
	bad, good := "cloudfront.distribution global "+open, "cloudfront.distribution global "+closed
	s.facts(t,
		fact{bad, "DistributionConfig", bundle.StateOK, []string{`"ViewerProtocolPolicy":"allow-all"`, `"Logging":{"Bucket":"","Enabled":false`, `"HeaderName":"X-Origin-Key"`}, []string{planted, "index.html"}},
		fact{bad, "Tags", bundle.StateOK, nil, []string{"owner"}},
		fact{good, "DistributionConfig", bundle.StateOK, []string{`"ViewerProtocolPolicy":"https-only"`, `"Bucket":"cdn-logs.s3.amazonaws.com","Enabled":true`, `"DefaultRootObject":"index.html"`}, []string{planted}},
		fact{good, "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`}, nil},
		fact{"cloudfront.origin-access-control global " + control, "OriginAccessControl", bundle.StateOK, []string{`"Name":"buckets"`, `"SigningBehavior":"always"`}, nil},
	)
	s.counts(t, "global", map[string]int{"cloudfront.distribution": 2, "cloudfront.origin-access-control": 1})
}

// distributionTo is a distribution of one origin, which it tells a secret in a header.
func distributionTo(name string, policy types.ViewerProtocolPolicy) *types.DistributionConfig {
	return &types.DistributionConfig{
		CallerReference: &name, Comment: &name, Enabled: aws.Bool(true),
		Origins: &types.Origins{Quantity: aws.Int32(1), Items: []types.Origin{{
			Id: aws.String("web"), DomainName: aws.String("origin.nagoya.example"),
			CustomOriginConfig: &types.CustomOriginConfig{
				HTTPPort: aws.Int32(80), HTTPSPort: aws.Int32(443), OriginProtocolPolicy: types.OriginProtocolPolicyHttpsOnly,
				OriginSslProtocols: &types.OriginSslProtocols{Quantity: aws.Int32(1), Items: []types.SslProtocol{types.SslProtocolTLSv12}}},
			CustomHeaders: &types.CustomHeaders{Quantity: aws.Int32(1), Items: []types.OriginCustomHeader{
				{HeaderName: aws.String("X-Origin-Key"), HeaderValue: aws.String(planted)}}},
		}}},
		DefaultCacheBehavior: &types.DefaultCacheBehavior{TargetOriginId: aws.String("web"), ViewerProtocolPolicy: policy},
	}
}
