package services

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
)

// TestNextOrNamespace walks lists of two pages each to the end of the last one.
func TestNextOrNamespace(t *testing.T) {
	namespace, words := scalableNamespaces[0], map[string]bool{}
	var next *string
	for i, want := range scalableNamespaces {
		if namespace != want {
			t.Fatalf("list %d is of %s, want %s", i, namespace, want)
		}
		if place, token := nextOrNamespace(&namespace, &next, aws.String("t")); place != &next || aws.ToString(token) != "t" {
			t.Errorf("%s: a token must be sent as it is, got %v", want, aws.ToString(token))
		}
		next = aws.String("t")
		place, token := nextOrNamespace(&namespace, &next, nil)
		if i+1 == len(scalableNamespaces) {
			if token != nil {
				t.Errorf("behind the last list comes %q, want the end", *token)
			}
			break
		}
		if token == nil || words[*token] || place == &next || next != nil {
			t.Fatalf("behind %s: token %v, next %v: want a new word that is not sent", want, aws.ToString(token), aws.ToString(next))
		}
		words[*token] = true
	}
	namespace = types.ServiceNamespaceKafka
	if _, token := nextOrNamespace(&namespace, &next, nil); token != nil {
		t.Errorf("behind a list that is not ours comes %q, want the end", *token)
	}
}
