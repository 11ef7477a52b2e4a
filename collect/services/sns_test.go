package services

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/auditpack/auditpack/collect/bundle"
)

func TestLiveSNS(t *testing.T) {
	s := liveService(t, func(s *seeder) {
		c := sns.NewFromConfig(s.cfg)
		closed := made[sns.CreateTopicOutput](s)(c.CreateTopic(s.ctx, &sns.CreateTopicInput{
			Name: aws.String("closed"), Attributes: map[string]string{"KmsMasterKeyId": "alias/aws/sns"},
			Tags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("team")}}}))
		made[sns.CreateTopicOutput](s)(c.CreateTopic(s.ctx, &sns.CreateTopicInput{Name: aws.String("untagged")}))
		made[sns.SubscribeOutput](s)(c.Subscribe(s.ctx, &sns.SubscribeInput{
			TopicArn: closed.TopicArn, Protocol: aws.String("https"), Endpoint: aws.String("https://pager.example/" + planted)}))
	}, SNS())
	s.facts(t,
		fact{"sns.topic us-east-1 closed", "Attributes", bundle.StateOK, []string{`"KmsMasterKeyId":"alias/aws/sns"`}, nil},
		fact{"sns.topic us-east-1 closed", "Tags", bundle.StateOK, []string{`"Key":"owner","Value":"team"`}, nil},
		fact{"sns.topic us-east-1 untagged", "Attributes", bundle.StateOK, nil, []string{`"KmsMasterKeyId"`}},
		fact{"sns.topic us-east-1 untagged", "Tags", bundle.StateOK, []string{`{"Tags":[]}`}, nil},
	)
	for name, a := range s.artifacts {
		if a.Kind == "sns.subscription" && strings.Contains(name, " closed:") {
			s.facts(t, fact{name, "Subscription", bundle.StateOK, []string{`"Protocol":"https"`}, []string{planted}})
		}
	}
}
