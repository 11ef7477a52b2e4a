package collect

import (
	"maps"
	"slices"
)

// Actions returns the IAM actions that collecting these services needs, sorted: those of their tables, and the one that finds
// the account's regions. sts:GetCallerIdentity needs no permission, and sts:AssumeRole is granted elsewhere: to the caller in
// the caller's own account, and by the trust policy of the role.
func Actions(services []Service) []string {
	set := map[string]bool{}
	for _, op := range append([]Operation{DescribeRegions.Operation}, Operations(services)...) {
		for _, a := range op.Actions {
			set[a] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// Operations returns the operations of the services' tables, each once, in their order.
func Operations(services []Service) []Operation {
	var out []Operation
	seen := map[string]bool{}
	for _, s := range services {
		for i := range s.Kinds {
			for _, op := range s.Kinds[i].Operations() {
				if !seen[op.String()] {
					seen[op.String()] = true
					out = append(out, op)
				}
			}
		}
	}
	return out
}

// RunnerOperations returns the operations that the runner itself uses, whatever services are selected.
func RunnerOperations() []Operation {
	return []Operation{getCallerIdentity.Operation, assumeRole.Operation, listAccounts.Operation, DescribeRegions.Operation}
}
