// Package frameworks holds the framework editions of the product as data: one TOML file for each edition, named
// <id>-<edition>.toml, with all of its requirements in the edition's order. Package catalog loads them and reports
// every mistake; nothing here is executed.
//
// Identity is framework + edition + id. Ids are strings ("1.10" is not "1.1") and editions renumber, so a requirement
// also has a slug that stays, and names its predecessors or successors where they are known.
//
// Titles are this project's own words for catalogues whose text is licensed (CIS, PCI DSS), official names for AWS
// Well-Architected and citations for HIPAA; the head of each file says where its facts come from and what is ours.
//
// A requirement is linked to rules and to artifact kinds. How a link is judged:
//
//   - demonstrates: a failure surely means that the requirement is not met; a pass, together with the attestation where
//     one is asked for, answers it; and where the rule finds no resource, the requirement has no subject either.
//   - supports: evidence for a part of the requirement, or for more than it asks.
//   - indicates: context that a person reads. A link to an artifact kind is always of this relation. Every kind that is
//     collected is linked from both editions of AWS Well-Architected; what such a link says holds for what is kept of an answer.
//
// The party of each requirement is a proposal (basis "tool-default"). What evidence each side is expected to show is
// in responsibility.toml.
package frameworks

import "embed"

// FS holds the framework files, <id>-<edition>.toml, and responsibility.toml at its root.
//
//go:embed *.toml
var FS embed.FS
