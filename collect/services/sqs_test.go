package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveSQS(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := sqs.NewFromConfig(s.cfg)
		made[sqs.CreateQueueOutput](s)(c.CreateQueue(s.ctx, &sqs.CreateQueueInput{
			QueueName: aws.String("open"), Tags: map[string]string{"owner": "team"}, Attributes: map[string]string{
				"SqsManagedSseEnabled": "false",
				"Policy":               `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}`,
			}}))
		made[sqs.CreateQueueOutput](s)(c.CreateQueue(s.ctx, &sqs.CreateQueueInput{
			QueueName: aws.String("closed"), Attributes: map[string]string{"KmsMasterKeyId": "alias/aws/sqs"},
		}))
	}, SQS())
	if got, want := s.artifacts["sqs.queue us-east-1 open"].ARN, "arn:aws:sqs:us-east-1:"+emulated+":open"; got != want {
		t.Errorf("ARN %s, want %s", got, want)
	}
	s.facts(t,
		fact{"sqs.queue us-east-1 open", "Attributes", bundle.StateOK, []string{`\"Principal\": \"*\"`, `"SqsManagedSseEnabled":"false"`, `"QueueArn":"arn:aws:sqs:us-east-1:` + emulated + `:open"`}, []string{"KmsMasterKeyId"}},
		fact{"sqs.queue us-east-1 open", "Tags", bundle.StateOK, []string{`"owner":"team"`}, nil},
		fact{"sqs.queue us-east-1 closed", "Attributes", bundle.StateOK, []string{`"KmsMasterKeyId":"alias/aws/sqs"`}, []string{"Principal"}},
	)
	s.counts(t, "eu-west-1", map[string]int{"sqs.queue": 0})
}
