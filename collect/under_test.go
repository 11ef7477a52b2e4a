package collect

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/auditpack/auditpack/collect/bundle"
)

// TestNested pins that the pages of every parent are read, also behind a parent that cannot be, and that every call is told what
// only the session knows.
func TestNested(t *testing.T) {
	parents := &fake{pages: map[string]fakeOut{"": {Names: []string{"a"}, Next: aws.String("2")}, "2": {Names: []string{"closed", "b"}}}}
	var asked []string
	children := NewOp("ec2", "DescribeSubnets", func(_ context.Context, _ aws.Config, in *childIn) (*fakeOut, error) {
		asked = append(asked, in.Account+"/"+in.Parent+"/"+aws.ToString(in.Token))
		switch {
		case in.Parent == "closed":
			return nil, errors.New("lost")
		case in.Token == nil:
			return &fakeOut{Names: []string{in.Parent + "1"}, Next: aws.String("next")}, nil
		}
		return &fakeOut{Names: []string{in.Parent + "2"}}, nil
	}).Paged(func(in *childIn, out *fakeOut) (**string, *string) { return &in.Token, out.Next }).
		Filled(func(s *Session, in *childIn) { in.Account = s.Account() })

	var items []string
	var places []bundle.From
	k := Nested(Kind{Name: "ec2.subnet", Scope: bundle.ScopeRegion, Item: "Subnet"},
		parents.list(), fakeIn{}, func(out *fakeOut) []string { return out.Names },
		children, func(parent string) childIn { return childIn{Parent: parent} }, func(out *fakeOut) []string { return out.Names },
		func(_ *Session, name string, from bundle.From) ID {
			items, places = append(items, name), append(places, from)
			return ID{ID: name}
		})
	k.collect(t.Context(), testSession(t), &k, func() {})

	const account = "111122223333/"
	if want := []string{account + "a/", account + "a/next", account + "closed/", account + "b/", account + "b/next"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
	if want := []string{"a1", "a2", "b1", "b2"}; !slices.Equal(items, want) {
		t.Errorf("found %v, want %v", items, want)
	}
	if want := []bundle.From{{Page: 0}, {Page: 1}, {Page: 2}, {Page: 3}}; !slices.Equal(places, want) {
		t.Errorf("at %v, want %v", places, want)
	}
	if len(k.List) != 2 || len(k.Parts) != 1 || k.Parts[0].Operations[0].Name != "DescribeSubnets" {
		t.Errorf("lists %v, parts %v; want both operations, and the item from the second", k.List, k.Parts)
	}
}

type childIn struct {
	Account, Parent string
	Token           *string
}
