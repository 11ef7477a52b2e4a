package collect

import (
	"slices"

	"github.com/auditpack/auditpack/collect/awsread"
)

// Row is a line of the operation table: one operation as one kind uses it.
type Row struct {
	Service   string
	Kind      string
	Part      string // empty for the list that proves the population
	Each      bool   // called for each resource; the others once in an account, or account and region
	Scope     string // of the kind: bundle.ScopeRegion or bundle.ScopeAccount
	Operation string // "s3:GetBucketPolicy"
	Actions   []string
	Paged     bool
	Absent    []string // codes by which AWS says that nothing is configured
	Hidden    []string // members, as "Type.Member", whose values are not kept
}

// Table returns what collecting these services calls, in their order: for each kind the list, then the parts.
func Table(services []Service) []Row {
	var rows []Row
	for _, s := range services {
		for _, k := range s.Kinds {
			add := func(part string, ops []Operation, absent []string) {
				for _, op := range ops {
					rows = append(rows, Row{
						Service: s.Name, Kind: k.Name, Part: part, Each: part != "" && len(k.List) > 0, Scope: k.Scope, Operation: op.String(), Actions: op.Actions,
						Paged: op.Paged, Absent: absent, Hidden: awsread.Hidden(op.Operation),
					})
				}
			}
			var empty []string
			for _, says := range k.Empty {
				empty = append(empty, says.Code)
			}
			add("", k.List, slices.Compact(empty))
			for _, p := range k.Parts {
				if p.Name != k.Item || k.Item == "" {
					add(p.Name, p.Operations, p.Absent)
				}
			}
		}
	}
	return rows
}
