package mapping

import (
	"slices"

	"github.com/auditpack/auditpack/mapping/pack"
)

// Answer is what people said about a requirement, at the as-of moment.
type Answer int

// The answers. An answer of not_applicable is a decision: see Side.ScopedOut.
const (
	Unanswered Answer = iota
	Attested          // yes, unexpired, with a reference to evidence
	Denied            // no, unexpired
	Lapsed            // expired
	Bare              // yes without a reference to evidence
)

// Side is everything that decides the verdict on one portion of a requirement: the customer's or AWS's.
type Side struct {
	AWS       bool // the portion of AWS: only a report can carry it
	ScopedOut bool // a named person decided, with a reason, that it does not apply

	Demonstrating int  // rules that answer the requirement
	EachResource  bool // all of these are about each resource, none requires something to exist
	Idle          int  // of these: rules that were not applicable wherever they were asked, over complete populations
	Silent        int  // of these: rules without any finding, because the scope leaves no place to ask them in
	FailOpen      int  // findings of these rules that fail and that no unexpired acceptance covers
	FailAccepted  int  // findings that fail and are covered
	Unseen        int  // findings that could not be assessed, incomplete populations included
	Pass          int

	NoAcceptance   bool   // the framework does not know risk acceptance (PCI DSS)
	SupportsFail   int    // failing findings of rules that support it
	SupportsUnseen int    // findings of such rules that could not be assessed: they might fail
	Attestation    bool   // a person's answer is part of the requirement
	Answer         Answer // what was answered
	ReportCovers   bool   // a report of AWS's auditors reaches the period
}

// Verdict is the verdict table: the first row that holds, from the top. It is total: what no other row holds for is
// a person's to judge.
func (s Side) Verdict() pack.Verdict {
	switch {
	case s.ScopedOut, s.idle():
		return pack.VerdictNotApplicable
	case s.FailOpen > 0:
		return pack.VerdictNotMet
	case s.Unseen > 0:
		return pack.VerdictNotAssessed
	case s.FailAccepted > 0 && !s.NoAcceptance:
		return pack.VerdictRiskAccepted
	case s.outstanding():
		return pack.VerdictReview
	case s.AWS:
		return pack.VerdictInherited
	case s.Demonstrating == 0:
		return pack.VerdictAttested
	}
	return pack.VerdictMet
}

// idle: demonstrating rules exist, all are about each resource, and none of them found anything to apply to. The counts
// are asked too, so that nothing that failed, passed or was not seen can ever read as not applicable.
func (s Side) idle() bool {
	return s.Demonstrating > 0 && s.EachResource && s.Idle == s.Demonstrating && s.FailOpen == 0 && s.FailAccepted == 0 && s.Unseen == 0 && s.Pass == 0
}

// outstanding: something is left that a person must answer, judge or supply.
func (s Side) outstanding() bool {
	switch {
	case s.FailAccepted > 0: // only where acceptance is not allowed: a compensating control
	case s.SupportsFail > 0 || s.SupportsUnseen > 0:
	case s.Answer == Denied:
	case s.AWS && !s.ReportCovers:
	case s.AWS:
		return false
	case s.Silent > 0: // a rule that was asked nowhere has answered nothing
	case s.Attestation && s.Answer != Attested:
	case s.Demonstrating == 0 && s.Answer != Attested:
	case s.Demonstrating > 0 && s.Pass == 0: // nothing applied, but a rule requires something to exist
	default:
		return false
	}
	return true
}

// Worse returns the verdict that stands when two are rolled up: the one that is earlier in the table. A part that is not
// applicable weighs nothing beside one that is.
func Worse(a, b pack.Verdict) pack.Verdict {
	switch {
	case a == "" || a == pack.VerdictNotApplicable && b != "":
		return b
	case b == "" || b == pack.VerdictNotApplicable:
		return a
	case slices.Index(pack.Verdicts(), b) < slices.Index(pack.Verdicts(), a):
		return b
	}
	return a
}
