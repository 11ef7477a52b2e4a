package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveKinesis(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := kinesis.NewFromConfig(s.cfg)
		for _, name := range []string{"closed", "open"} {
			made[kinesis.CreateStreamOutput](s)(c.CreateStream(s.ctx, &kinesis.CreateStreamInput{StreamName: aws.String(name), ShardCount: aws.Int32(1)}))
		}
		made[kinesis.StartStreamEncryptionOutput](s)(c.StartStreamEncryption(s.ctx, &kinesis.StartStreamEncryptionInput{
			StreamName: aws.String("closed"), EncryptionType: types.EncryptionTypeKms, KeyId: aws.String("alias/aws/kinesis")}))
		made[kinesis.AddTagsToStreamOutput](s)(c.AddTagsToStream(s.ctx, &kinesis.AddTagsToStreamInput{
			StreamName: aws.String("closed"), Tags: map[string]string{"owner": "team", "env": "prod"}}))
		arn := aws.String("arn:aws:kinesis:us-east-1:" + emulated + ":stream/open")
		made[kinesis.RegisterStreamConsumerOutput](s)(c.RegisterStreamConsumer(s.ctx, &kinesis.RegisterStreamConsumerInput{
			StreamARN: arn, ConsumerName: aws.String("reader")}))
		made[kinesis.PutResourcePolicyOutput](s)(c.PutResourcePolicy(s.ctx, &kinesis.PutResourcePolicyInput{ResourceARN: arn,
			Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kinesis:GetRecords","Resource":"*"}]}`)}))
	}, Kinesis())
	s.facts(t,
		fact{"kinesis.stream us-east-1 closed", "Stream", bundle.StateOK, []string{`"EncryptionType":"KMS"`, `"KeyId":"alias/aws/kinesis"`}, nil},
		fact{"kinesis.stream us-east-1 closed", "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`, `"Key":"env","Value":"prod"`}, nil},
		fact{"kinesis.stream us-east-1 open", "Stream", bundle.StateOK, []string{`"EncryptionType":"NONE"`}, nil},
		fact{"kinesis.stream us-east-1 open", "Policy", bundle.StateOK, []string{`\"Principal\":\"*\"`}, nil},
		fact{"kinesis.stream us-east-1 open", "Consumers", bundle.StateOK, []string{`"ConsumerName":"reader"`}, nil},
	)
	s.counts(t, "us-east-1", map[string]int{"kinesis.stream": 2})
	s.counts(t, "eu-west-1", map[string]int{"kinesis.stream": 0})
}

// TestLastTag pins where the next page of a stream's tags begins.
func TestLastTag(t *testing.T) {
	tags := []types.Tag{{Key: aws.String("a")}, {Key: aws.String("b")}}
	for _, c := range []struct {
		out  kinesis.ListTagsForStreamOutput
		want string
	}{
		{kinesis.ListTagsForStreamOutput{HasMoreTags: aws.Bool(true), Tags: tags}, "b"},
		{kinesis.ListTagsForStreamOutput{HasMoreTags: aws.Bool(false), Tags: tags}, ""},
		{kinesis.ListTagsForStreamOutput{HasMoreTags: aws.Bool(true)}, ""},
		{kinesis.ListTagsForStreamOutput{Tags: tags}, ""},
	} {
		if got := aws.ToString(lastTag(&c.out)); got != c.want {
			t.Errorf("more %v after %d tags: %q, want %q", c.out.HasMoreTags, len(c.out.Tags), got, c.want)
		}
	}
}
