// Package engagement reads the engagement file: what people add to an evidence bundle. Client and scope, the audit
// period, reports of AWS's auditors, attestations, accepted risks and decisions, each with the person behind it.
//
// The file is TOML and strict: an unknown key is an error, and all mistakes are reported at once, each with file and
// line. Its JSON Schema is published as engagement.schema.json. Example returns a commented file to start from.
//
// Whether the frameworks, requirements and rules that a file names exist is for package mapping to say, which has the
// catalogue; the Line of each entry lets it name the place.
package engagement

import (
	_ "embed"
	"encoding/json"
	"time"

	"github.com/auditpack/auditpack/mapping/pack"
)

// Engagement is one engagement file. Dates are YYYY-MM-DD and exist in the calendar. A date until which something
// counts is the last day on which it does, in UTC.
type Engagement struct {
	Version         int             `json:"version"`
	Client          Text            `json:"client"`
	Title           Text            `json:"title"`
	Assessor        string          `json:"assessor"`
	AssessorOrg     Text            `json:"assessor_organization"`
	Classification  Text            `json:"classification"`
	Status          string          `json:"status"` // "draft" or "final"
	DocumentVersion string          `json:"document_version"`
	AsOf            Moment          `json:"as_of"`      // not before the collection, which package mapping checks
	Frameworks      []string        `json:"frameworks"` // "cis-aws@5.0.0"; empty: all
	Period          Period          `json:"period"`
	Scope           Scope           `json:"scope"`
	Exclusions      []Exclusion     `json:"exclusion"`
	Revisions       []Revision      `json:"revision"`
	Inherited       []Inherited     `json:"inherited"`
	Attestations    []Attestation   `json:"attestation"`
	Acceptances     []Acceptance    `json:"acceptance"`
	NotApplicable   []NotApplicable `json:"not_applicable"`
	Questions       []Question      `json:"question"`

	File   string    `json:"-"` // as it was named to Load or Parse
	Digest string    `json:"-"` // SHA-256 of the file, 64 hex digits
	lines  positions // of every key
}

// Text is a text in both languages. In the file it may be one string, which then stands for both.
type Text pack.Text

// UnmarshalJSON accepts a string and an object with en and ja.
func (t *Text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		if err := json.Unmarshal(b, &t.En); err != nil {
			return err
		}
		t.Ja = t.En
		return nil
	}
	return json.Unmarshal(b, (*pack.Text)(t))
}

// Moment is a point in time, or zero.
type Moment struct{ time.Time }

// UnmarshalJSON accepts RFC 3339, and a date, which means its last second in UTC.
func (m *Moment) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	if len(s) == len(time.DateOnly) {
		s += "T23:59:59Z"
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	m.Time = t.UTC()
	return err
}

// Period is the period that the audit is about. Both ends are included; both are empty if the file names none.
type Period struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Scope is what the pack speaks about, within the bundle. An empty list does not limit.
type Scope struct {
	Accounts []string `json:"accounts"`
	Regions  []string `json:"regions"`
	Tags     []Tag    `json:"tags"` // a resource that can carry tags is in scope if it carries one of them
}

// Tag is a tag key with a value; a nil value means any.
type Tag struct {
	Key   string  `json:"key"`
	Value *string `json:"value"`
}

// String formats the tag as "Key=Value", with * for any value.
func (t Tag) String() string {
	if t.Value == nil {
		return t.Key + "=*"
	}
	return t.Key + "=" + *t.Value
}

// Exclusion leaves a part of the bundle out of scope. All of account, region and resource that are given must hold.
type Exclusion struct {
	Account  string `json:"account"`
	Region   string `json:"region"`
	Resource string `json:"resource"` // ARN pattern with *
	Reason   Text   `json:"reason"`
	By       string `json:"by"`
	Line     int    `json:"-"`
}

// Revision is one row of the document control page.
type Revision struct {
	Version string `json:"version"`
	Date    string `json:"date"`
	Author  string `json:"author"`
	Note    Text   `json:"note"`
}

// Inherited refers to a report of AWS's auditors.
type Inherited struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Series     string   `json:"series"` // see the Series constants
	From       string   `json:"from"`   // start of the period or validity; date of an AoC
	To         string   `json:"to"`     // may be empty for an AoC and a BAA
	ObtainedBy string   `json:"obtained_by"`
	SHA256     string   `json:"sha256"`
	Frameworks []string `json:"frameworks"`
	Line       int      `json:"-"`
}

// The series of reports. They differ in how a date reaches an audit period.
const (
	SeriesSOC1  = "soc1"
	SeriesSOC2  = "soc2"
	SeriesAoC   = "pci-aoc"   // dated, for one year
	SeriesISO   = "iso27001"  // certificate with a validity
	SeriesBAA   = "hipaa-baa" // from a date on
	SeriesOther = "other"
)

// Attestation is a named person's answer to a requirement.
type Attestation struct {
	ID          string `json:"id"`
	Framework   string `json:"framework"`
	Requirement string `json:"requirement"`
	Answer      string `json:"answer"` // "yes", "no", "not_applicable"
	Statement   Text   `json:"statement"`
	Evidence    string `json:"evidence"`
	SHA256      string `json:"sha256"`
	Signer      string `json:"signer"`
	Date        string `json:"date"`
	Expires     string `json:"expires"`
	Line        int    `json:"-"`
}

// Acceptance is an accepted risk.
type Acceptance struct {
	ID       string `json:"id"`
	Rule     string `json:"rule"`
	Resource string `json:"resource"` // pattern, see Matches
	Reason   Text   `json:"reason"`
	Approver string `json:"approver"`
	Ticket   string `json:"ticket"`
	Expires  string `json:"expires"`
	Line     int    `json:"-"`
}

// NotApplicable is a named person's decision that a requirement, or the customer's portion of it, does not apply.
type NotApplicable struct {
	ID          string `json:"id"`
	Framework   string `json:"framework"`
	Requirement string `json:"requirement"`
	Portion     string `json:"portion"` // "customer", or empty for the whole requirement
	Reason      Text   `json:"reason"`
	By          string `json:"by"`
	Line        int    `json:"-"`
}

// Question is what people decided about a Well-Architected practice.
type Question struct {
	Framework   string `json:"framework"`
	Requirement string `json:"requirement"`
	ToBe        Text   `json:"to_be"`
	Decision    Text   `json:"decision"`
	By          string `json:"by"`
	Line        int    `json:"-"`
}

//go:embed engagement.schema.json
var schema []byte

// Schema returns the published JSON Schema of the engagement file.
func Schema() []byte { return append([]byte(nil), schema...) }

//go:embed example.toml
var example string

// Example returns a commented engagement file that loads.
func Example() string { return example }

// Matches reports whether text is what pattern says; * in it stands for any text, also none.
func Matches(pattern, text string) bool {
	star, mark := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && pattern[p] == text[t]:
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
