package services

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auditpack/auditpack/collect"
)

// operationsFile documents what is called and why.
var operationsFile = filepath.Join("..", "OPERATIONS.md")

// TestOperationsAreDocumented fails when the documentation of the operations is not what the tables say.
func TestOperationsAreDocumented(t *testing.T) {
	untried := modelled(t)
	for operation := range standIns {
		untried[operation] = true
	}
	want := operationsDoc(collect.Table(All()), untried)
	if *update {
		if err := os.WriteFile(operationsFile, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(operationsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is not what the tables say; run go test ./collect/services -update (-want +got):\n%.2000s", operationsFile, diff)
	}
}

func operationsDoc(rows []collect.Row, untried map[string]bool) string {
	var b strings.Builder
	operations, kinds, names := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		operations[r.Operation], kinds[r.Kind], names[r.Service] = true, true, true
	}
	fmt.Fprintf(&b, `# Operations

What `+"`auditpack collect`"+` calls: %d operations of %d services, for %d kinds of artifacts. This file is generated from the tables in
collect/services by `+"`go test ./collect/services -update`"+`. Beside these, the runner itself calls sts:GetCallerIdentity, sts:AssumeRole for
roles, ec2:DescribeRegions, and organizations:ListAccounts with --organization.

- **part**: which part of the artifact the answer becomes. Without one it is the list that proves the population.
- **called**: *account* and *region* mean once in each (lists to their last page), *each* means for each resource.
- **absent**: the error codes by which AWS says that nothing is configured. Any other error is a gap.
- **not kept**: members whose values are replaced or masked before anything is written. Beyond that, every value that looks like a secret is.
- Operations marked † were tried with answers made from the API's model, not against a live endpoint or an emulator of the service.
`, len(operations), len(names), len(kinds))
	service := ""
	for _, r := range rows {
		if r.Service != service {
			service = r.Service
			fmt.Fprintf(&b, "\n## %s\n\n| kind | part | operation | IAM action | called | absent | not kept |\n|---|---|---|---|---|---|---|\n", service)
		}
		called := r.Scope
		if r.Each {
			called = "each"
		}
		if r.Paged {
			called += ", paged"
		}
		_, operation, _ := strings.Cut(r.Operation, ":")
		if untried[r.Operation] {
			operation += " †"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", r.Kind, r.Part, operation,
			strings.Join(r.Actions, "<br>"), called, strings.Join(r.Absent, "<br>"), strings.Join(r.Hidden, "<br>"))
	}
	return b.String()
}
