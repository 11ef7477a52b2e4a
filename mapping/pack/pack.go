// Package pack is the assessment as data: what a bundle says about each requirement of the chosen framework
// editions, at one moment, with the chain requirement → finding → record digest → part → call kept walkable.
//
// A pack is a directory with a bounded pack.json and sorted JSON Lines files that are streamed, never held in memory:
//
//	pack.json                the Pack type below
//	findings-00000.jsonl     Finding, sorted by rule, result (fail, not_assessed, pass, not_applicable), account, region, ARN, id
//	evidence-00000.jsonl     Evidence, one line per artifact record, in bundle order
//	populations-00000.jsonl  Population, sorted by kind, account, region
//	calls-00000.jsonl        Call, in bundle order
//	gaps-00000.jsonl         Gap, sorted by service, operation, account, region, subject
//
// Files roll at LinesPerFile lines. pack.json names each file with its line count and SHA-256; a reader refuses
// a pack whose files differ. The JSON Schema of pack.json is published as pack.schema.json beside this file.
//
// Everything here is a pure function of bundle, catalogues, engagement and options: there is no clock and no
// host name in it, so the same input gives the same bytes.
package pack

import (
	"encoding/json"
	"time"
)

// Type is the value of Pack.Type. A reader refuses every other one.
const Type = "auditpack.pack/v1"

// LinesPerFile is where a JSON Lines file of a pack rolls over to the next one.
const LinesPerFile = 100_000

// Text is one message in the languages of the product. Both are always present.
type Text struct {
	En string `json:"en" toml:"en"`
	Ja string `json:"ja" toml:"ja"`
}

// In returns the text in lang ("en" or "ja").
func (t Text) In(lang string) string {
	if lang == "ja" {
		return t.Ja
	}
	return t.En
}

// Result is the outcome of one rule on one subject.
type Result string

// The four results. NotAssessed always carries a Reason and, where a call was not answered, its Gaps.
const (
	Pass          Result = "pass"
	Fail          Result = "fail"
	NotAssessed   Result = "not_assessed"
	NotApplicable Result = "not_applicable"
)

// Verdict is what the evidence says about one requirement. See DESIGN: the first row of the table that holds.
type Verdict string

// The verdicts, in the order of the verdict table: the worst of two is the one that stands earlier, from NotMet on.
const (
	VerdictNotApplicable Verdict = "not_applicable"
	VerdictNotMet        Verdict = "not_met"
	VerdictNotAssessed   Verdict = "not_assessed"
	VerdictRiskAccepted  Verdict = "risk_accepted"
	VerdictReview        Verdict = "review"
	VerdictInherited     Verdict = "inherited"
	VerdictAttested      Verdict = "attested"
	VerdictMet           Verdict = "met"
)

// Verdicts lists every verdict in table order.
func Verdicts() []Verdict {
	return []Verdict{VerdictNotApplicable, VerdictNotMet, VerdictNotAssessed, VerdictRiskAccepted, VerdictReview, VerdictInherited, VerdictAttested, VerdictMet}
}

// Relation says how a rule or an artifact kind speaks to a requirement.
type Relation string

// Only Demonstrates can make a requirement met or not met. A link to an artifact kind is always Indicates.
const (
	Demonstrates Relation = "demonstrates" // the rule's outcome answers the requirement
	Supports     Relation = "supports"     // evidence for a part of it
	Indicates    Relation = "indicates"    // context only
)

// Party is who is responsible under the shared responsibility model.
type Party string

// The parties.
const (
	PartyAWS      Party = "aws"
	PartyShared   Party = "shared"
	PartyCustomer Party = "customer"
)

// Severity of a failing rule.
type Severity string

// The severities, worst first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Severities lists every severity, worst first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low} }

// Pack is pack.json.
type Pack struct {
	Type       string      `json:"type"`
	ID         string      `json:"id"` // 32 hex digits derived from seal, catalogue digest, engagement digest and options
	Tool       Tool        `json:"tool"`
	Bundle     Bundle      `json:"bundle"`
	Trust      Trust       `json:"trust"`
	AsOf       time.Time   `json:"as_of"` // the moment for ages and expiries: the engagement's, else the end of the collection window
	Engagement Engagement  `json:"engagement"`
	Scope      Scope       `json:"scope"`
	Frameworks []Framework `json:"frameworks"`
	Rules      []Rule      `json:"rules"` // sorted by id; every rule of the catalogue, also those with no finding
	Kinds      []KindCount `json:"kinds"` // artifacts per kind, sorted by kind
	Totals     Totals      `json:"totals"`
	Services   []Service   `json:"services"` // service × account, for the heat map, sorted by service, account
	Catalog    Catalog     `json:"catalog"`
	Files      []File      `json:"files"` // sorted by name
}

// Tool names the program that made the pack.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Bundle identifies the evidence bundle that the pack rests on.
type Bundle struct {
	ID         string       `json:"id"`
	SealSHA256 string       `json:"seal_sha256"` // SHA-256 of the bundle's SEAL file, 64 hex digits
	Created    time.Time    `json:"created"`
	Start      time.Time    `json:"start"` // collection window
	End        time.Time    `json:"end"`
	Tool       string       `json:"tool"` // the collector, name and version
	Records    int          `json:"records"`
	Redacted   bool         `json:"redacted"`
	Accounts   []Account    `json:"accounts"`
	Regions    []string     `json:"regions"`         // regions that were visited, sorted, without "global"
	SkewMillis int64        `json:"skew_millis"`     // largest difference of AWS's Date header and the local clock
	Calls      CallTotals   `json:"calls"`           // as the run records count them
	Requested  []KeyedValue `json:"requested_scope"` // the scope that collect was asked for, sorted by key
}

// Account is one account that was visited (or could not be entered).
type Account struct {
	ID        string `json:"id"`
	Name      string `json:"name,omitempty"`
	Partition string `json:"partition"`
	Caller    string `json:"caller,omitempty"` // ARN of the identity that made the calls
}

// CallTotals counts API calls by how they ended.
type CallTotals struct {
	Total  int `json:"total"`
	OK     int `json:"ok"`
	Absent int `json:"absent"`
	Denied int `json:"denied"`
	Failed int `json:"failed"`
}

// KeyedValue is one named setting.
type KeyedValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Trust is the result of verification before mapping.
type Trust struct {
	Status  string   `json:"status"` // "trusted" or "unverified-signer"; the latter is marked on every page and sheet
	Signers []Signer `json:"signers"`
}

// The values of Trust.Status.
const (
	Trusted          = "trusted"
	UnverifiedSigner = "unverified-signer"
)

// Signer is one signature over the SEAL that is cryptographically valid.
type Signer struct {
	Name        string `json:"name"`        // file name of the signature, without its ending
	Principal   string `json:"principal"`   // from the trust file; empty where unknown
	Fingerprint string `json:"fingerprint"` // SHA256:… as ssh-keygen prints it
	Trusted     bool   `json:"trusted"`
}

// Engagement is what people added. Empty strings mean that the engagement file is silent.
type Engagement struct {
	Client         Text              `json:"client"`
	Title          Text              `json:"title"`
	Assessor       string            `json:"assessor"`
	AssessorOrg    Text              `json:"assessor_organization"`
	Classification Text              `json:"classification"`
	Status         string            `json:"status"` // "draft" or "final"
	Version        string            `json:"version"`
	PeriodFrom     string            `json:"period_from"` // YYYY-MM-DD
	PeriodTo       string            `json:"period_to"`
	Digest         string            `json:"digest"` // SHA-256 of the engagement file; empty without one
	Revisions      []Revision        `json:"revisions"`
	Inherited      []InheritedReport `json:"inherited"`
	Acceptances    []Acceptance      `json:"acceptances"`
	Attestations   []Attestation     `json:"attestations"`
}

// Revision is one row of the document control page.
type Revision struct {
	Version string `json:"version"`
	Date    string `json:"date"` // YYYY-MM-DD
	Author  string `json:"author"`
	Note    Text   `json:"note"`
}

// InheritedReport is a report of AWS's auditors that the engagement refers to. The report itself is never in the pack.
type InheritedReport struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Series     string   `json:"series"` // "soc1", "soc2", "pci-aoc", "iso27001", "hipaa-baa", "other"
	From       string   `json:"from"`   // period, or date of the AoC, or start of certificate validity; YYYY-MM-DD
	To         string   `json:"to"`
	ObtainedBy string   `json:"obtained_by"`
	SHA256     string   `json:"sha256,omitempty"` // of the local copy
	Frameworks []string `json:"frameworks"`       // "pci-dss@4.0.1"
	Covers     bool     `json:"covers"`           // its dates reach the engagement's period
	Problem    Reason   `json:"problem,omitzero"` // why it does not
}

// Acceptance is an accepted risk. It never hides a finding.
type Acceptance struct {
	ID       string `json:"id"`
	Rule     string `json:"rule"`
	Resource string `json:"resource"` // ARN pattern with *
	Reason   Text   `json:"reason"`
	Approver string `json:"approver"`
	Ticket   string `json:"ticket,omitempty"`
	Expires  string `json:"expires"` // YYYY-MM-DD
	Expired  bool   `json:"expired"` // at as_of
	Findings int    `json:"findings"`
}

// Attestation is a named person's answer to a requirement.
type Attestation struct {
	ID          string `json:"id"`
	Framework   string `json:"framework"`   // "pci-dss@4.0.1"
	Requirement string `json:"requirement"` // id
	Answer      string `json:"answer"`      // "yes", "no", "not_applicable"
	Statement   Text   `json:"statement"`
	Evidence    string `json:"evidence"` // reference
	SHA256      string `json:"sha256,omitempty"`
	Signer      string `json:"signer"`
	Date        string `json:"date"`
	Expires     string `json:"expires"`
	Expired     bool   `json:"expired"`
}

// Scope is what the pack speaks about: the engagement's choice, within what the bundle holds.
type Scope struct {
	Accounts   []string    `json:"accounts"`   // in scope, sorted
	Regions    []string    `json:"regions"`    // in scope, sorted, with "global"
	Tags       []string    `json:"tags"`       // "Key=Value", empty: not limited by tag
	Exclusions []Exclusion `json:"exclusions"` // as the engagement states them
	OutOfScope int         `json:"out_of_scope_artifacts"`
	Missing    []string    `json:"missing"` // accounts or regions asked for by the engagement that the bundle does not hold
}

// Exclusion is a part of the bundle that the engagement leaves out, by a named person and for a reason.
type Exclusion struct {
	Account  string `json:"account,omitempty"`
	Region   string `json:"region,omitempty"`
	Resource string `json:"resource,omitempty"` // ARN pattern with *
	Reason   Text   `json:"reason"`
	By       string `json:"by"`
}

// Framework is one edition with all of its requirements, in the edition's order.
type Framework struct {
	ID           string           `json:"id"`      // "cis-aws"
	Edition      string           `json:"edition"` // "5.0.0"
	Title        Text             `json:"title"`
	Short        Text             `json:"short"` // for headings and sheet names, at most 24 characters
	Publisher    string           `json:"publisher"`
	OwnTitles    bool             `json:"own_titles"` // titles are our own paraphrases because the text is licensed
	Questions    bool             `json:"questions"`  // Well-Architected: groups are questions; verdicts speak about evidence of practices
	Groups       []Group          `json:"groups"`
	Requirements []Requirement    `json:"requirements"`
	Counts       VerdictCounts    `json:"counts"`
	Accounts     []AccountVerdict `json:"accounts"`
}

// Key is "id@edition", the name by which engagement files and links refer to an edition.
func (f *Framework) Key() string { return f.ID + "@" + f.Edition }

// Group is a family of requirements: a section, a principal requirement, a Well-Architected question.
type Group struct {
	ID      string        `json:"id"`
	Title   Text          `json:"title"`
	Verdict Verdict       `json:"verdict"` // the worst of its requirements
	Counts  VerdictCounts `json:"counts"`
}

// VerdictCounts counts requirements by verdict, in the order of Verdicts.
type VerdictCounts struct {
	NotApplicable int `json:"not_applicable"`
	NotMet        int `json:"not_met"`
	NotAssessed   int `json:"not_assessed"`
	RiskAccepted  int `json:"risk_accepted"`
	Review        int `json:"review"`
	Inherited     int `json:"inherited"`
	Attested      int `json:"attested"`
	Met           int `json:"met"`
}

// slot returns the counter of v, or nil for a word that is no verdict.
func (c *VerdictCounts) slot(v Verdict) *int {
	switch v {
	case VerdictNotApplicable:
		return &c.NotApplicable
	case VerdictNotMet:
		return &c.NotMet
	case VerdictNotAssessed:
		return &c.NotAssessed
	case VerdictRiskAccepted:
		return &c.RiskAccepted
	case VerdictReview:
		return &c.Review
	case VerdictInherited:
		return &c.Inherited
	case VerdictAttested:
		return &c.Attested
	case VerdictMet:
		return &c.Met
	}
	return nil
}

// Of returns the count of one verdict.
func (c VerdictCounts) Of(v Verdict) int {
	if p := c.slot(v); p != nil {
		return *p
	}
	return 0
}

// Add counts one more requirement with verdict v. It panics on a word that is no verdict: a program error.
func (c *VerdictCounts) Add(v Verdict) {
	p := c.slot(v)
	if p == nil {
		panic("pack: unknown verdict " + string(v))
	}
	*p++
}

// Total is the sum over all verdicts.
func (c VerdictCounts) Total() int {
	n := 0
	for _, v := range Verdicts() {
		n += c.Of(v)
	}
	return n
}

// AccountVerdict is a verdict (or counts of them) seen from one account alone.
type AccountVerdict struct {
	Account string        `json:"account"`
	Verdict Verdict       `json:"verdict,omitempty"`
	Counts  VerdictCounts `json:"counts,omitzero"`
}

// Requirement is one row of an edition.
type Requirement struct {
	ID          string           `json:"id"`
	Slug        string           `json:"slug"`
	Group       string           `json:"group"`
	Title       Text             `json:"title"`
	Level       string           `json:"level,omitempty"`      // CIS profile level
	Assessment  string           `json:"assessment,omitempty"` // CIS: "automated" or "manual"
	Obligation  string           `json:"obligation,omitempty"` // HIPAA: "required" or "addressable"
	Risk        string           `json:"risk,omitempty"`       // Well-Architected: "high", "medium", "low"
	Party       Party            `json:"party"`
	Basis       string           `json:"basis"` // "tool-default", "vendor-published", "customer-declared", "assessor-agreed"
	Verdict     Verdict          `json:"verdict"`
	Reasons     []Reason         `json:"reasons"`
	Portions    []Portion        `json:"portions"` // one line for AWS, one for the customer, as the party says
	Links       []Link           `json:"links"`
	Counts      FindingCounts    `json:"counts"`                // over demonstrating and supporting rules, in scope
	Accounts    []AccountVerdict `json:"accounts"`              // sorted by account
	Attestation string           `json:"attestation,omitempty"` // id of the attestation that answers it
	Question    *Question        `json:"question,omitempty"`
}

// Question is what people decided about a Well-Architected practice (empty fields: nobody has answered yet).
type Question struct {
	ToBe     Text   `json:"to_be"`
	Decision Text   `json:"decision"`
	By       string `json:"by"`
}

// Portion is one side's line of a requirement.
type Portion struct {
	Party    Party    `json:"party"` // aws or customer
	Verdict  Verdict  `json:"verdict"`
	Expected Text     `json:"expected"` // the evidence that this side must show
	Reports  []string `json:"reports"`  // ids of inherited reports that cover it
	Reasons  []Reason `json:"reasons"`
}

// Link ties a requirement to a rule, or to an artifact kind.
type Link struct {
	Rule     string        `json:"rule,omitempty"`
	Kind     string        `json:"kind,omitempty"`
	Relation Relation      `json:"relation"`
	Why      Text          `json:"why"`
	Counts   FindingCounts `json:"counts"` // zero for a link to a kind
}

// Reason says why a verdict or a result is what it is. Code is one of ReasonCodes; its sentence in each language is the
// message "reason.<code>", in which {name} stands for Args[name]. Args are data, never sentences.
type Reason struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
}

// FindingCounts counts findings by result. Accepted and AcceptedExpired are parts of Fail.
type FindingCounts struct {
	Pass          int `json:"pass"`
	Fail          int `json:"fail"`
	NotAssessed   int `json:"not_assessed"`
	NotApplicable int `json:"not_applicable"`
	Accepted      int `json:"accepted"`
}

// Rule is the description of one rule and its totals.
type Rule struct {
	ID          string        `json:"id"`
	Digest      string        `json:"digest"` // first 12 hex digits of the SHA-256 of its definition: the rule's version
	Kind        string        `json:"kind"`
	Per         string        `json:"per"` // "resource", "region" or "account"
	Severity    Severity      `json:"severity"`
	Layer       string        `json:"layer"`
	Title       Text          `json:"title"`
	Why         Text          `json:"why"`
	Remediation Text          `json:"remediation"`
	When        string        `json:"when"`
	Expect      string        `json:"expect"`
	References  []string      `json:"references"`
	Custom      bool          `json:"custom"`
	Counts      FindingCounts `json:"counts"`
	First       int           `json:"first"` // number of its first finding (1-based, over all findings files); 0 without findings
	Last        int           `json:"last"`
	Services    []string      `json:"services"`     // AWS services whose calls it rests on
	Requirement []string      `json:"requirements"` // "cis-aws@5.0.0#1.4", sorted, any relation
}

// KindCount is the inventory.
type KindCount struct {
	Kind      string `json:"kind"`
	Artifacts int    `json:"artifacts"`
	Complete  bool   `json:"complete"` // every in-scope population of this kind is complete
}

// Totals counts findings over everything in scope.
type Totals struct {
	Findings   FindingCounts   `json:"findings"`
	BySeverity []SeverityCount `json:"by_severity"` // failing findings, worst first
	Artifacts  int             `json:"artifacts"`
	Gaps       int             `json:"gaps"`
}

// SeverityCount counts the findings of rules of one severity.
type SeverityCount struct {
	Severity Severity      `json:"severity"`
	Counts   FindingCounts `json:"counts"`
}

// Service counts findings by AWS service and account.
type Service struct {
	Service string        `json:"service"`
	Account string        `json:"account"`
	Counts  FindingCounts `json:"counts"`
}

// Catalog identifies the rules and frameworks that were used.
type Catalog struct {
	Digest string `json:"digest"` // SHA-256 over every loaded catalogue file
	Rules  int    `json:"rules"`
}

// File is one JSON Lines file of the pack.
type File struct {
	Name   string `json:"name"`
	Lines  int    `json:"lines"`
	SHA256 string `json:"sha256"`
}

// Finding is the result of one rule on one subject: a resource, or (rule.per) a region or an account.
type Finding struct {
	N           int      `json:"n"`           // 1-based position in the sorted order; printed as F-000001
	Fingerprint string   `json:"fingerprint"` // 16 hex digits over rule id and subject identity: the same in every pack
	Rule        string   `json:"rule"`
	Severity    Severity `json:"severity"`
	Result      Result   `json:"result"`
	Reasons     []Reason `json:"reasons"`
	Kind        string   `json:"kind"` // artifact kind; "account" or "region" where the rule is not per resource; "population": no resource, or not all of them, was seen
	Account     string   `json:"account"`
	Region      string   `json:"region"` // of a population: empty for all regions in scope, "*" for regions that could not be listed
	ID          string   `json:"id"`     // of a population: the artifact kind
	ARN         string   `json:"arn"`
	Facts       []Fact   `json:"facts"`      // the facts that decided, capped at MaxFacts
	Evidence    []Ref    `json:"evidence"`   // records that it rests on: the artifact first, then populations and looked-up artifacts
	Gaps        []int    `json:"gaps"`       // Gap.N of what could not be seen
	Acceptance  string   `json:"acceptance"` // id of the acceptance that covers it, also when expired
}

// MaxFacts bounds Finding.Facts and MaxRefs Finding.Evidence; what is cut is counted in a reason.
const (
	MaxFacts = 20
	MaxRefs  = 50
)

// Fact is one value that decided, as the API response holds it.
type Fact struct {
	Record  string          `json:"record"`  // record digest
	Pointer string          `json:"pointer"` // RFC 6901, into the record: /parts/Encryption/data/…
	Value   json.RawMessage `json:"value"`   // cut at 512 bytes to a JSON string that ends with "…"
}

// Ref points to a record of the bundle.
type Ref struct {
	Record string   `json:"record"` // record digest: leaf hash of the record's line, 64 hex digits
	Part   string   `json:"part,omitempty"`
	Calls  []string `json:"calls"`
}

// Evidence is one artifact record of the bundle, as the register lists it.
type Evidence struct {
	Record  string         `json:"record"`
	Path    string         `json:"path"` // shard in the bundle
	Line    int            `json:"line"` // 1-based
	Kind    string         `json:"kind"`
	Account string         `json:"account"`
	Region  string         `json:"region"`
	ID      string         `json:"id"`
	ARN     string         `json:"arn"`
	InScope bool           `json:"in_scope"`
	Parts   []EvidencePart `json:"parts"` // sorted by name
}

// EvidencePart is the state of one part.
type EvidencePart struct {
	Name  string   `json:"name"`
	State string   `json:"state"` // ok, absent, gap
	Code  string   `json:"code,omitempty"`
	Calls []string `json:"calls"`
}

// Population is the statement that these are all artifacts of a kind in one account and region.
type Population struct {
	Record  string   `json:"record"` // empty: expected by the scope, and the bundle has no record of it
	Kind    string   `json:"kind"`
	Account string   `json:"account"`
	Region  string   `json:"region"`
	Scope   string   `json:"scope"`
	Status  string   `json:"status"` // complete, incomplete, not_offered, region_denied
	Count   int      `json:"count"`
	InScope bool     `json:"in_scope"`
	Calls   []string `json:"calls"`
	Gaps    []int    `json:"gaps"`
}

// Call is one API call behind the evidence.
type Call struct {
	Record     string          `json:"record"`
	ID         string          `json:"id"`
	Account    string          `json:"account"`
	Region     string          `json:"region"`
	Caller     string          `json:"caller"`
	Service    string          `json:"service"`
	Operation  string          `json:"operation"`
	Input      json.RawMessage `json:"input"`
	RequestID  string          `json:"request_id"`
	At         time.Time       `json:"at"`
	HTTPStatus int             `json:"http_status"`
}

// Gap is something that could not be seen: the call, why, and the IAM action that would open it.
type Gap struct {
	N         int      `json:"n"` // 1-based; printed as G-0001
	Service   string   `json:"service"`
	Operation string   `json:"operation"`
	Account   string   `json:"account"`
	Region    string   `json:"region"`
	Kind      string   `json:"kind"`
	Subject   string   `json:"subject"` // ARN or id; empty for a population
	Part      string   `json:"part"`    // empty for a population
	Code      string   `json:"code"`
	Message   string   `json:"message"`
	Action    string   `json:"action"`
	Record    string   `json:"record"` // empty: the bundle has no record at all (code NotCollected)
	Calls     []string `json:"calls"`
	Findings  int      `json:"findings"` // in-scope findings that are not_assessed because of it
}
