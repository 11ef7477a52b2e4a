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
	add := func(ops []Operation) {
		for _, op := range ops {
			for _, a := range op.Actions {
				set[a] = true
			}
		}
	}
	add([]Operation{DescribeRegions.Operation})
	for _, s := range services {
		for _, k := range s.Kinds {
			add(k.Operations())
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// RunnerOperations returns the operations that the runner itself uses, whatever services are selected.
func RunnerOperations() []Operation {
	return []Operation{getCallerIdentity.Operation, assumeRole.Operation, listAccounts.Operation, DescribeRegions.Operation}
}
