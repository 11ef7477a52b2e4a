package mapping

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/auditpack/auditpack/mapping/catalog"
	"github.com/auditpack/auditpack/mapping/engagement"
	"github.com/auditpack/auditpack/mapping/pack"
)

// packEngagement is the engagement as the pack states it.
func (m *mapper) packEngagement() pack.Engagement {
	e := m.eng
	out := pack.Engagement{
		Client: pack.Text(e.Client), Title: pack.Text(e.Title), Assessor: e.Assessor, AssessorOrg: pack.Text(e.AssessorOrg),
		Classification: pack.Text(e.Classification), Status: e.Status, Version: e.DocumentVersion, PeriodFrom: e.Period.From, PeriodTo: e.Period.To,
		Digest: e.Digest, Revisions: []pack.Revision{}, Inherited: []pack.InheritedReport{}, Acceptances: []pack.Acceptance{}, Attestations: []pack.Attestation{},
	}
	for _, r := range e.Revisions {
		out.Revisions = append(out.Revisions, pack.Revision{Version: r.Version, Date: r.Date, Author: r.Author, Note: pack.Text(r.Note)})
	}
	for _, r := range e.Inherited {
		p := pack.InheritedReport{
			ID: r.ID, Name: r.Name, Series: r.Series, From: r.From, To: r.To, ObtainedBy: r.ObtainedBy, SHA256: r.SHA256, Frameworks: list(r.Frameworks), Covers: true,
		}
		for _, key := range r.Frameworks {
			p.Covers = p.Covers && slices.Contains(m.reports(key).covering, r.ID)
		}
		if !p.Covers {
			p.Problem = outOfPeriod(r)
		}
		out.Inherited = append(out.Inherited, p)
	}
	for i, a := range e.Acceptances {
		n := 0
		for _, c := range m.tally.cells {
			n += c.covered[i]
		}
		out.Acceptances = append(out.Acceptances, pack.Acceptance{
			ID: a.ID, Rule: a.Rule, Resource: a.Resource, Reason: pack.Text(a.Reason), Approver: a.Approver, Ticket: a.Ticket, Expires: a.Expires,
			Expired: m.expired(a.Expires), Findings: n,
		})
	}
	for _, a := range e.Attestations {
		out.Attestations = append(out.Attestations, pack.Attestation{
			ID: a.ID, Framework: a.Framework, Requirement: a.Requirement, Answer: a.Answer, Statement: pack.Text(a.Statement), Evidence: a.Evidence,
			SHA256: a.SHA256, Signer: a.Signer, Date: a.Date, Expires: a.Expires, Expired: m.expired(a.Expires),
		})
	}
	return out
}

// said is what people said about one requirement.
type said struct {
	decision *engagement.NotApplicable // of the requirement or, with portion customer, of that side
	answer   *engagement.Attestation
	question *engagement.Question
}

func (m *mapper) said(f *catalog.Framework, id string) said {
	var out said
	for i, n := range m.eng.NotApplicable {
		if n.Framework == f.Key() && n.Requirement == id {
			out.decision = &m.eng.NotApplicable[i]
		}
	}
	for i, a := range m.eng.Attestations {
		if a.Framework == f.Key() && a.Requirement == id {
			out.answer = &m.eng.Attestations[i]
		}
	}
	for i, q := range m.eng.Questions {
		if q.Framework == f.Key() && q.Requirement == id {
			out.question = &m.eng.Questions[i]
		}
	}
	return out
}

// answerOf judges an attestation at as_of. An answer of not_applicable that counts is a decision, not an answer.
func (m *mapper) answerOf(a *engagement.Attestation) Answer {
	switch {
	case a == nil:
		return Unanswered
	case m.expired(a.Expires):
		return Lapsed
	case a.Answer == "no":
		return Denied
	case a.Answer == "yes" && a.Evidence == "":
		return Bare
	case a.Answer == "yes":
		return Attested
	}
	return Unanswered
}

// answerReason says what an attestation contributes.
func (m *mapper) answerReason(a *engagement.Attestation) pack.Reason {
	switch m.answerOf(a) {
	case Lapsed:
		return reason(pack.ReasonAttestationExpired, "id", a.ID, "expires", a.Expires)
	case Denied:
		return reason(pack.ReasonAttestationNo, "id", a.ID, "by", a.Signer)
	case Bare:
		return reason(pack.ReasonAttestationBare, "id", a.ID)
	case Attested:
		return reason(pack.ReasonAttested, "id", a.ID, "by", a.Signer, "date", a.Date)
	}
	return reason(pack.ReasonAttestationMissing)
}

// reason makes a Reason with arguments given as name, value, …
func reason(code string, args ...string) pack.Reason {
	r := pack.Reason{Code: code}
	for i := 0; i < len(args); i += 2 {
		if r.Args == nil {
			r.Args = map[string]string{}
		}
		r.Args[args[i]] = args[i+1]
	}
	return r
}

// reports says which reports of AWS's auditors the engagement names for a framework.
type reports struct {
	covering []string // ids of those that reach the period
	reasons  []pack.Reason
}

// reports judges the reports for a framework. Reports of one series may reach the period together, as a SOC report and
// its bridge letter do; an AoC has to be dated within the year before the end of the period. Without a period in the
// engagement it is the day of as_of.
func (m *mapper) reports(key string) reports {
	period := m.eng.Period
	if period.To == "" {
		period = engagement.Period{From: m.today, To: m.today}
	}
	var out reports
	var missed []pack.Reason
	for _, r := range m.eng.Inherited {
		if !slices.Contains(r.Frameworks, key) {
			continue
		}
		var together []engagement.Inherited
		for _, o := range m.eng.Inherited {
			if o.Series == r.Series && slices.Contains(o.Frameworks, key) {
				together = append(together, o)
			}
		}
		from, to := validity(r)
		if touches := from <= period.To && to >= period.From; touches && reach(together, period) {
			out.covering = append(out.covering, r.ID)
			out.reasons = append(out.reasons, reason(pack.ReasonReportCovers, "id", r.ID, "from", from, "to", shownEnd(to)))
		} else {
			missed = append(missed, outOfPeriod(r))
		}
	}
	if len(out.covering) == 0 {
		out.reasons = missed
		if len(missed) == 0 {
			out.reasons = []pack.Reason{reason(pack.ReasonReportMissing)}
		}
	}
	return out
}

// forever is the end of something that has none.
const forever = "9999-12-31"

// validity returns the days on which a report speaks. An AoC speaks for a year.
func validity(r engagement.Inherited) (from, to string) {
	switch {
	case r.Series == engagement.SeriesAoC:
		return r.From, day(r.From, 1, -1)
	case r.To == "":
		return r.From, forever
	}
	return r.From, r.To
}

// reach reports whether reports of one series reach a period: an AoC its end, others all of it, one after another.
func reach(reports []engagement.Inherited, period engagement.Period) bool {
	start := period.From
	if reports[0].Series == engagement.SeriesAoC {
		start = period.To
	}
	sorted := slices.SortedFunc(slices.Values(reports), func(a, b engagement.Inherited) int { return cmp.Compare(a.From, b.From) })
	for _, r := range sorted {
		from, to := validity(r)
		if from <= start && to >= start {
			if to >= period.To {
				return true
			}
			start = day(to, 0, 1)
		}
	}
	return false
}

// day moves a date that exists by years and days.
func day(date string, years, days int) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date // package engagement has checked it
	}
	return t.AddDate(years, 0, days).Format(time.DateOnly)
}

func outOfPeriod(r engagement.Inherited) pack.Reason {
	from, to := validity(r)
	return reason(pack.ReasonReportOutOfPeriod, "id", r.ID, "from", from, "to", shownEnd(to))
}

func shownEnd(to string) string { return strings.Replace(to, forever, "…", 1) }
