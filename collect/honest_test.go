package collect

import (
	"testing"

	"github.com/auditpack/auditpack/collect/bundle"
)

// TestSharedIsJudgedByEach pins that a shared read which fails means to each of its readers what that one's own table says.
func TestSharedIsJudgedByEach(t *testing.T) {
	a := answer{failure: &Failure{Gap: bundle.Gap{Code: "None"}, Status: 404, Absent: true, said: true}}
	op := (&fake{}).list().Shared()
	if f := a.judged(op.Operation, nil).failure; f.Absent {
		t.Error("what is absent to the first reader is absent to one whose table does not say so")
	}
	if f := a.judged(op.Operation, []Says{{Code: "None"}}).failure; !f.Absent || !a.failure.Absent {
		t.Error("what the table calls absent is a gap")
	}
	a.failure = &Failure{Gap: bundle.Gap{Code: codeUnsent}}
	if f := a.judged(op.Operation, []Says{{Code: codeUnsent}}).failure; f.Absent {
		t.Error("what AWS has not said is absent")
	}
}

// TestLaterParentCounts pins that the list of a parent that vanished half-way does not hide that the list of another was denied.
func TestLaterParentCounts(t *testing.T) {
	gone := &Failure{Gap: bundle.Gap{Code: "Gone"}, Absent: true, Status: 404}
	no := &Failure{Gap: bundle.Gap{Code: "AccessDenied"}, Denied: true, Status: 403}
	if f := worse(worse(nil, gone), no); f != no {
		t.Errorf("got %v, want the denial", f)
	}
	if f := worse(worse(nil, no), gone); f != no {
		t.Errorf("got %v, want the denial", f)
	}
}

// TestDeniedActionIsNoDeniedRegion pins that a region in which a list was answered is open: what a policy of the organization then
// denies is one action.
func TestDeniedActionIsNoDeniedRegion(t *testing.T) {
	s := testSession(t)
	gap := bundle.Gap{Code: "AccessDenied", Message: "not authorized to perform: ec2:DescribeVpcs with an explicit deny in a service control policy"}
	if !s.closedTo(&Kind{Name: "ec2.vpc", Scope: bundle.ScopeRegion}, gap, nil) {
		t.Fatal("a region in which nothing was answered is open")
	}
	s = testSession(t)
	client := &fake{pages: map[string]fakeOut{"": {Names: []string{"x"}}}}
	k := Listed(Kind{Name: "ec2.vpc", Scope: bundle.ScopeRegion}, client.list(), fakeIn{},
		func(out *fakeOut) []string { return out.Names }, func(_ *Session, name string, _ bundle.From) ID { return ID{ID: name} })
	task{s, &k}.collect(t.Context())
	if s.closedTo(&k, gap, nil) || s.shut.Load() != nil {
		t.Error("a region in which a list was answered is closed")
	}
}
