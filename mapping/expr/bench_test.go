package expr

import (
	"context"
	"testing"
)

var benchRecord = `{"salt":"abcdefghijklmnopqrstuv","type":"artifact","kind":"s3.bucket","partition":"aws","account":"111122223333","region":"global","id":"audit-logs","arn":"arn:aws:s3:::audit-logs","parts":{` +
	`"Acl":{"state":"ok","calls":["c4"],"data":{"Grants":[{"Grantee":{"ID":"abc","Type":"CanonicalUser"},"Permission":"FULL_CONTROL"}],"Owner":{"ID":"abc"}}},` +
	`"Bucket":{"state":"ok","calls":["c1"],"from":{"page":0,"index":4},"data":{"Name":"audit-logs","CreationDate":"2024-03-01T00:00:00Z"}},` +
	`"Encryption":{"state":"ok","calls":["c2"],"data":{"ServerSideEncryptionConfiguration":{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"arn:aws:kms:us-east-1:111122223333:key/x"},"BucketKeyEnabled":true}]}}},` +
	`"Policy":{"state":"ok","calls":["c3"],"data":{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::audit-logs\",\"arn:aws:s3:::audit-logs/*\"],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}"}},` +
	`"PublicAccessBlock":{"state":"absent","calls":["c5"],"code":"NoSuchPublicAccessBlockConfiguration"},` +
	`"PolicyStatus":{"state":"gap","calls":["c6"],"code":"AccessDenied","message":"no","action":"s3:GetBucketPolicyStatus"}}}`

func benchEnv(b *testing.B) *Env {
	s, err := BuiltinShapes()
	if err != nil {
		b.Fatal(err)
	}
	env, err := New(s)
	if err != nil {
		b.Fatal(err)
	}
	return env
}

func BenchmarkParseArtifact(b *testing.B) {
	line := []byte(benchRecord)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	var d Doc
	for b.Loop() {
		if err := d.Reset(line, Digest{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	env := benchEnv(b)
	d, err := ParseArtifact([]byte(benchRecord), Digest{})
	if err != nil {
		b.Fatal(err)
	}
	for _, bb := range []struct{ name, expect string }{
		{"members", `r.Encryption != null && r.Encryption.ServerSideEncryptionConfiguration.Rules.exists(x, has(x.ApplyServerSideEncryptionByDefault) && x.ApplyServerSideEncryptionByDefault.SSEAlgorithm in ["aws:kms", "aws:kms:dsse"])`},
		{"default", `r.PublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicAcls && r.PublicAccessBlock.PublicAccessBlockConfiguration.IgnorePublicAcls`},
		{"gap", `r.PolicyStatus == null || !r.PolicyStatus.PolicyStatus.IsPublic`},
		{"policy", `r.Policy != null && policy_denies_insecure_transport(r.Policy.Policy, "arn:aws:s3:::" + r.Bucket.Name)`},
	} {
		b.Run(bb.name, func(b *testing.B) {
			p := mustCompile(b, env, Rule{Kind: "s3.bucket", Expect: bb.expect})
			in := input(d, nil)
			b.ReportAllocs()
			for b.Loop() {
				p.Eval(context.Background(), in)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	s, err := BuiltinShapes()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		env, err := New(s)
		if err != nil {
			b.Fatal(err)
		}
		for range 10 {
			for kind := range s.Kinds {
				if _, err := env.Compile(Rule{Kind: kind, Per: PerResource, When: "true", Expect: `all("s3.bucket").exists(x, x.Bucket.Name == account_id && days(3) > days(2)) || region == "us-east-1"`}); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}
