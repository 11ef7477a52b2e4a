package mapping

import (
	"maps"
	"slices"
	"strconv"

	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// framework judges every requirement of an edition.
func (m *mapper) framework(f *catalog.Framework) pack.Framework {
	out := pack.Framework{
		ID: f.ID, Edition: f.Edition, Title: f.Title, Short: f.Short, Publisher: f.Publisher, OwnTitles: f.OwnTitles, Questions: f.Questions,
		Groups: []pack.Group{}, Requirements: []pack.Requirement{}, Accounts: []pack.AccountVerdict{},
	}
	groups := map[string]int{}
	for i, g := range f.Groups {
		groups[g.ID] = i
		out.Groups = append(out.Groups, pack.Group{ID: g.ID, Title: g.Title})
	}
	for _, a := range m.scope.accounts {
		out.Accounts = append(out.Accounts, pack.AccountVerdict{Account: a})
	}
	reports := m.reports(f.Key())
	for i := range f.Requirements {
		q := m.requirement(f, &f.Requirements[i], reports)
		out.Counts.Add(q.Verdict)
		g := &out.Groups[groups[q.Group]]
		g.Counts.Add(q.Verdict)
		g.Verdict = Worse(g.Verdict, q.Verdict)
		for a := range out.Accounts {
			out.Accounts[a].Counts.Add(q.Accounts[a].Verdict)
			out.Accounts[a].Verdict = Worse(out.Accounts[a].Verdict, q.Accounts[a].Verdict)
		}
		out.Requirements = append(out.Requirements, q)
	}
	for i := range out.Groups {
		if out.Groups[i].Verdict == "" { // a group without requirements: nothing speaks for it
			out.Groups[i].Verdict = pack.VerdictReview
		}
	}
	return out
}

// linked is a rule that a requirement is linked to, once.
type linked struct {
	*rule
	relation pack.Relation
}

// judge holds what decides one requirement, whatever the accounts.
type judge struct {
	m       *mapper
	f       *catalog.Framework
	q       *catalog.Requirement
	said    said
	reports reports
	rules   []linked // the strongest relation of each
}

func (m *mapper) requirement(f *catalog.Framework, q *catalog.Requirement, reports reports) pack.Requirement {
	j := judge{m: m, f: f, q: q, said: m.said(f, q.ID), reports: reports}
	j.link()
	out := pack.Requirement{
		ID: q.ID, Slug: q.Slug, Group: q.Group, Title: q.Title, Level: q.Level, Assessment: q.Assessment, Obligation: q.Obligation, Risk: q.Risk,
		Party: q.Party, Basis: q.Basis, Reasons: []pack.Reason{}, Portions: []pack.Portion{}, Links: j.links(), Accounts: []pack.AccountVerdict{},
	}
	for _, party := range catalog.Sides(q.Party) {
		p := j.portion(party)
		out.Portions = append(out.Portions, p)
		out.Verdict = Worse(out.Verdict, p.Verdict)
	}
	for _, p := range out.Portions {
		if p.Verdict != out.Verdict {
			continue
		}
		for _, r := range p.Reasons {
			if !slices.ContainsFunc(out.Reasons, func(o pack.Reason) bool { return o.Code == r.Code && maps.Equal(o.Args, r.Args) }) {
				out.Reasons = append(out.Reasons, r)
			}
		}
	}
	for _, r := range j.rules {
		if r.relation != pack.Indicates {
			sum(&out.Counts, m.tally.of(r.index, m.scope.accounts).FindingCounts)
		}
	}
	for _, a := range m.scope.accounts {
		var v pack.Verdict
		for _, party := range catalog.Sides(q.Party) {
			v = Worse(v, j.side(party, []string{a}).Verdict())
		}
		out.Accounts = append(out.Accounts, pack.AccountVerdict{Account: a, Verdict: v})
	}
	if a := j.said.answer; a != nil {
		out.Attestation = a.ID
	}
	if f.Questions {
		out.Question = &pack.Question{}
		if s := j.said.question; s != nil {
			*out.Question = pack.Question{ToBe: pack.Text(s.ToBe), Decision: pack.Text(s.Decision), By: s.By}
		}
	}
	return out
}

// link gathers the linked rules, each once with its strongest relation.
func (j *judge) link() {
	strength := []pack.Relation{pack.Demonstrates, pack.Supports, pack.Indicates}
	for _, l := range j.q.Links {
		if l.Rule == "" {
			continue // a kind only gives context
		}
		at := slices.IndexFunc(j.rules, func(r linked) bool { return r.ID == l.Rule })
		if at < 0 {
			i := slices.IndexFunc(j.m.rules, func(r *rule) bool { return r.ID == l.Rule })
			j.rules = append(j.rules, linked{j.m.rules[i], l.Relation})
		} else if slices.Index(strength, l.Relation) < slices.Index(strength, j.rules[at].relation) {
			j.rules[at].relation = l.Relation
		}
	}
}

func (j *judge) links() []pack.Link {
	out := []pack.Link{}
	for _, l := range j.q.Links {
		p := pack.Link{Rule: l.Rule, Kind: l.Kind, Relation: l.Relation, Why: l.Why}
		if i := slices.IndexFunc(j.rules, func(r linked) bool { return r.ID == l.Rule }); i >= 0 {
			p.Counts = j.m.tally.of(j.rules[i].index, j.m.scope.accounts).FindingCounts
		}
		out = append(out, p)
	}
	return out
}

// side gathers what decides one portion, as seen from some accounts.
func (j *judge) side(party pack.Party, accounts []string) Side {
	s := Side{AWS: party == pack.PartyAWS}
	if d := j.said.decision; d != nil {
		s.ScopedOut = d.Portion == "" || !s.AWS
	}
	if s.AWS {
		s.ReportCovers = len(j.reports.covering) > 0
		return s
	}
	s.NoAcceptance, s.Attestation = !j.f.RiskAcceptance, j.q.Attestation
	s.Answer = j.m.answerOf(j.said.answer)
	if a := j.said.answer; a != nil && a.Answer == "not_applicable" && s.Answer != Lapsed {
		s.ScopedOut = true
	}
	s.EachResource = true
	for _, r := range j.rules {
		c := j.m.tally.of(r.index, accounts)
		switch r.relation {
		case pack.Demonstrates:
			s.Demonstrating++
			s.EachResource = s.EachResource && r.Per == expr.PerResource
			s.FailOpen += c.Fail - c.Accepted
			s.FailAccepted += c.Accepted
			s.Unseen += c.NotAssessed
			s.Pass += c.Pass
			switch {
			case c.silent():
				s.Silent++
			case c.Fail+c.NotAssessed+c.Pass == 0:
				s.Idle++
			}
		case pack.Supports:
			s.SupportsFail += c.Fail
			s.SupportsUnseen += c.NotAssessed
		}
	}
	return s
}

// portion judges one portion over all accounts in scope and says why.
func (j *judge) portion(party pack.Party) pack.Portion {
	s := j.side(party, j.m.scope.accounts)
	expected, _ := j.m.in.Catalog.Responsibility.Portion(j.f.ID, j.q.Party, party)
	out := pack.Portion{Party: party, Verdict: s.Verdict(), Expected: expected.Expected, Reports: []string{}, Reasons: []pack.Reason{}}
	switch {
	case s.ScopedOut:
		out.Reasons = append(out.Reasons, j.scopedOut())
	case s.AWS:
		out.Reports, out.Reasons = list(j.reports.covering), j.reports.reasons
	case out.Verdict == pack.VerdictNotApplicable:
		out.Reasons = j.idle()
	default:
		out.Reasons = j.why(s, out.Verdict)
	}
	return out
}

func (j *judge) scopedOut() pack.Reason {
	if d := j.said.decision; d != nil {
		return reason(pack.ReasonScopedOut, "by", d.By, "id", d.ID)
	}
	return reason(pack.ReasonScopedOut, "by", j.said.answer.Signer, "id", j.said.answer.ID)
}

// idle says why no demonstrating rule applies to anything.
func (j *judge) idle() []pack.Reason {
	var out []pack.Reason
	for _, r := range j.rules {
		if r.relation != pack.Demonstrates {
			continue
		}
		c := j.m.tally.of(r.index, j.m.scope.accounts)
		if c.silent() {
			continue // why has said it
		}
		if c.whenFalse > 0 {
			out = append(out, reason(pack.ReasonWhenFalse, "rule", r.ID, "count", strconv.Itoa(c.whenFalse)))
		} else if next := reason(pack.ReasonNoResources, "kind", r.Kind); !slices.ContainsFunc(out, func(o pack.Reason) bool { return maps.Equal(o.Args, next.Args) }) {
			out = append(out, next)
		}
	}
	return out
}

// why lists everything that stands against the customer's portion, and what speaks for it where nothing does.
func (j *judge) why(s Side, v pack.Verdict) []pack.Reason {
	out := []pack.Reason{}
	incomplete := map[string]bool{}
	for _, r := range j.rules {
		c := j.m.tally.of(r.index, j.m.scope.accounts)
		count := func(code string, n int) {
			if n > 0 {
				out = append(out, reason(code, "rule", r.ID, "count", strconv.Itoa(n)))
			}
		}
		switch r.relation {
		case pack.Demonstrates:
			count(pack.ReasonRuleFailed, c.Fail-c.Accepted)
			out = append(out, j.acceptances(r.rule, c)...)
			count(pack.ReasonRuleNotAssessed, c.NotAssessed)
			if c.silent() {
				out = append(out, reason(pack.ReasonNothingInScope, "rule", r.ID))
			}
			if c.NotAssessed > 0 && !incomplete[r.Kind] && !j.m.complete(r.Kind) {
				incomplete[r.Kind] = true
				out = append(out, reason(pack.ReasonPopulation, "kind", r.Kind))
			}
		case pack.Supports:
			count(pack.ReasonSupportsFailed, c.Fail)
			count(pack.ReasonRuleNotAssessed, c.NotAssessed)
		}
	}
	if s.FailAccepted > 0 && s.NoAcceptance {
		out = append(out, reason(pack.ReasonAcceptanceRefused))
	}
	out = append(out, j.answer(s, v)...)
	if v == pack.VerdictMet {
		for _, r := range j.rules {
			if c := j.m.tally.of(r.index, j.m.scope.accounts); r.relation == pack.Demonstrates && c.Pass > 0 {
				out = append(out, reason(pack.ReasonRulePassed, "rule", r.ID, "count", strconv.Itoa(c.Pass)))
			}
		}
	}
	return out
}

// acceptances says which accepted risks cover failures of a rule, in the order of the engagement file.
func (j *judge) acceptances(r *rule, c counts) []pack.Reason {
	var out []pack.Reason
	for _, i := range slices.Sorted(maps.Keys(c.covered)) {
		a := j.m.eng.Acceptances[i]
		if j.m.expired(a.Expires) {
			out = append(out, reason(pack.ReasonAcceptanceExpired, "id", a.ID, "expires", a.Expires))
		} else {
			out = append(out, reason(pack.ReasonAccepted, "id", a.ID, "rule", r.ID, "count", strconv.Itoa(c.covered[i])))
		}
	}
	return out
}

// answer says what people's answers contribute, and where nothing can answer.
func (j *judge) answer(s Side, v pack.Verdict) []pack.Reason {
	needed := s.Attestation || s.Demonstrating == 0
	supported := slices.ContainsFunc(j.rules, func(r linked) bool { return r.relation == pack.Supports })
	var out []pack.Reason
	switch {
	case s.Answer == Attested && (v == pack.VerdictMet || v == pack.VerdictAttested), s.Answer == Denied, needed && s.Answer != Attested && s.Answer != Unanswered:
		out = append(out, j.m.answerReason(j.said.answer))
	case s.Answer != Unanswered:
	case s.Attestation:
		out = append(out, reason(pack.ReasonAttestationMissing))
	case s.Demonstrating == 0 && !supported:
		out = append(out, reason(pack.ReasonNothingLinked))
	}
	if s.Demonstrating == 0 && s.Answer != Attested && supported {
		out = append(out, reason(pack.ReasonSupportsOnly))
	}
	if s.Demonstrating > 0 && s.Pass+s.FailOpen+s.FailAccepted+s.Unseen == 0 { // nothing applied, and yet not row 1
		out = append(out, j.idle()...)
	}
	return out
}

// complete reports whether every population of a kind in scope was read to its end; with none in scope it was not.
func (m *mapper) complete(kind string) bool { return m.whole[kind] }

// completeKinds finds the kinds for which complete holds.
func (m *mapper) completeKinds() map[string]bool {
	out := map[string]bool{}
	for _, p := range m.populations {
		if p.inScope {
			was, ok := out[p.kind]
			out[p.kind] = p.seen() && (was || !ok)
		}
	}
	return out
}
