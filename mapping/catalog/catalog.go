// Package catalog loads rules and framework editions from TOML files, strictly, and checks that everything they
// refer to exists: framework requirement → rule → resource kind → part. Nothing is loaded half: every mistake of
// every file is reported at once, each with its file and line.
//
// Rules and frameworks are data. Those of the product are embedded; a client's own are read from folders that have
// the sub-folders rules and frameworks, under the same checks, and can neither replace nor silence a built-in one.
package catalog

import (
	"slices"

	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// Catalog is everything that a mapping judges by. It is not changed after Load and safe for concurrent use.
type Catalog struct {
	Rules          []*Rule      // sorted by id
	Frameworks     []*Framework // sorted by id, then edition
	Responsibility Responsibility
	Digest         string // SHA-256 over the names and bytes of all loaded files, 64 hex digits
	Shapes         *expr.Shapes

	rules map[string]*Rule
	env   *expr.Env
}

// Rule is one testable statement about one kind of resource, or about a region or an account.
type Rule struct {
	ID          string
	Kind        string // the artifact kind it is about, also where it is evaluated per region or account
	Per         expr.Per
	Severity    pack.Severity
	Layer       string // "infrastructure", "platform", "application-data": a technical category, never a party
	Title       pack.Text
	Why         pack.Text
	Remediation pack.Text
	References  []string
	When        string
	Expect      string
	Examples    []Example
	Custom      bool   // from a folder of the user, not built in
	File        string // where it is written
	Line        int
	Digest      string // first 12 hex digits of the SHA-256 of its definition: the rule's version
	Program     *expr.Program
}

// Example is one case that a rule must decide as stated.
type Example struct {
	Result pack.Result
	R      string // JSON object of parts; a part that is not given is a gap
	All    string // JSON object of populations by kind; one that is not given is empty and incomplete
	Here   string // as All, for here(); empty: All
	AllOrg string // as All, for all_org(); empty: All
	AsOf   string // RFC 3339; empty: 2026-01-01T00:00:00Z

	AccountID string // empty: 111122223333
	Region    string // empty: us-east-1
	ARN       string // of r
	Line      int
}

// Framework is one edition of a published catalogue with all of its requirements, in the edition's order.
type Framework struct {
	ID             string
	Edition        string
	Title          pack.Text
	Short          pack.Text // for headings and sheet names, at most 24 characters
	Publisher      string
	OwnTitles      bool // titles are our own paraphrases
	Questions      bool // groups are questions of a Well-Architected review
	RiskAcceptance bool // false: an accepted risk leads to review (PCI DSS)
	Sources        []string
	Groups         []Group
	Requirements   []Requirement
	Custom         bool
	File           string
}

// Key is "id@edition".
func (f *Framework) Key() string { return f.ID + "@" + f.Edition }

// Requirement returns the requirement with this id, or nil.
func (f *Framework) Requirement(id string) *Requirement {
	i := slices.IndexFunc(f.Requirements, func(r Requirement) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &f.Requirements[i]
}

// Group is a family of requirements.
type Group struct {
	ID    string
	Title pack.Text
	Line  int
}

// Requirement is one row of an edition.
type Requirement struct {
	ID           string
	Slug         string
	Group        string
	Title        pack.Text
	Level        string
	Assessment   string // "", "automated", "manual"
	Obligation   string // "", "required", "addressable"
	Risk         string // "", "high", "medium", "low"
	Party        pack.Party
	Basis        string // "tool-default", "vendor-published", "customer-declared", "assessor-agreed"
	Attestation  bool   // a person's answer is part of the requirement
	Predecessors []string
	Successors   []string
	Links        []Link
	Line         int
}

// Link ties a requirement to a rule or to an artifact kind: exactly one of Rule and Kind is set.
type Link struct {
	Rule     string
	Kind     string
	Relation pack.Relation
	Why      pack.Text
	Line     int
}

// Responsibility is the evidence that each side of the shared responsibility model is expected to show.
type Responsibility struct {
	portions map[side]Portion
}

// Portion is what one side is expected to show.
type Portion struct {
	Expected pack.Text
	Basis    string // as of a requirement
}

// side is one portion of the requirements with this party, in one framework or (empty) in general.
type side struct {
	framework string     // id
	party     pack.Party // of the requirement
	side      pack.Party // aws or customer
}

// Portion returns what a side ("aws" or "customer") of a requirement with this party is expected to show in the
// framework with this id: the row of that framework, else the general one.
func (r Responsibility) Portion(framework string, party, of pack.Party) (Portion, bool) {
	p, ok := r.portions[side{framework, party, of}]
	if !ok {
		p, ok = r.portions[side{"", party, of}]
	}
	return p, ok
}

// Sides returns the portions that a requirement with this party has. A requirement of AWS keeps a customer portion,
// because an inherited report covers AWS's own premises and services only.
func Sides(party pack.Party) []pack.Party {
	if party == pack.PartyCustomer {
		return []pack.Party{pack.PartyCustomer}
	}
	return []pack.Party{pack.PartyAWS, pack.PartyCustomer}
}

// Rule returns the rule with this id, or nil.
func (c *Catalog) Rule(id string) *Rule { return c.rules[id] }

// Framework returns the edition whose key is id@edition, or nil.
func (c *Catalog) Framework(key string) *Framework {
	i := slices.IndexFunc(c.Frameworks, func(f *Framework) bool { return f.Key() == key })
	if i < 0 {
		return nil
	}
	return c.Frameworks[i]
}
