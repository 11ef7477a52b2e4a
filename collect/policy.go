package collect

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// Policy returns an IAM policy document, indented JSON with a final line feed, that allows exactly the Actions of services.
// The resource is * because the lists need it and because an account that is audited as a whole has no resource to leave out.
func Policy(services []Service) ([]byte, error) {
	type statement struct {
		Sid      string
		Effect   string
		Action   []string
		Resource string
	}
	document := struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{{"AuditpackCollect", "Allow", Actions(services), "*"}}}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(document); err != nil {
		return nil, fmt.Errorf("writing the IAM policy: %w", err)
	}
	return b.Bytes(), nil
}

// RunnerOperations returns the operations that the runner itself uses, whatever services are selected.
func RunnerOperations() []Operation {
	return []Operation{getCallerIdentity.Operation, assumeRole.Operation, listAccounts.Operation, DescribeRegions.Operation}
}
