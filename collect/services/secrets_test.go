package services

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/auditpack/auditpack/collect/awsread"
)

// modelNames are the services whose names in the API models differ from ours.
var modelNames = map[string]string{}

// marked reads the two tables of members that may hold secrets: those that AWS's API models mark (sensitive-members.tsv), and
// those that a person found in the models (secret-paths.json). Keys are operations, values paths of model member names.
func marked(t *testing.T) map[awsread.Operation][]string {
	t.Helper()
	out := map[awsread.Operation][]string{}
	add := func(service, operation, path string) {
		if name, ok := modelNames[service]; ok {
			service = name
		}
		op := awsread.Operation{Service: service, Name: operation}
		if !slices.Contains(out[op], path) {
			out[op] = append(out[op], path)
		}
	}
	tsv, err := os.ReadFile(filepath.Join("testdata", "sensitive-members.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(tsv)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 && f[0] != "service" {
			add(f[0], f[1], f[2])
		}
	}
	raw, err := os.ReadFile(filepath.Join("testdata", "secret-paths.json"))
	if err != nil {
		t.Fatal(err)
	}
	var paths []struct{ Service, Operation, Path string }
	if err := json.Unmarshal(raw, &paths); err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		add(p.Service, p.Operation, p.Path)
	}
	if len(out) < 1000 {
		t.Fatalf("only %d operations with marked members: the tables are not what they were", len(out))
	}
	return out
}

// outputTypes returns the output type of every operation that the tables collect with.
func outputTypes() map[awsread.Operation]reflect.Type {
	out := map[awsread.Operation]reflect.Type{}
	for _, op := range everyOperation() {
		out[op.Operation] = op.Output
	}
	return out
}

// TestMarkedMembersAreHidden fails when an operation's answer has a member that is marked as sensitive and that the review of the
// operation neither replaces, nor masks, nor keeps for a reason.
func TestMarkedMembersAreHidden(t *testing.T) {
	checked := 0
	known := marked(t)
	for op, typ := range outputTypes() {
		needed := map[string]bool{}
		for _, path := range known[op] {
			members := membersOn(typ, path)
			if len(members) == 0 {
				t.Errorf("%s: the path %s leads nowhere in %s", op, path, typ)
				continue
			}
			checked++
			keep := awsread.Harmless(op)
			if !slices.ContainsFunc(members, func(m string) bool {
				_, kept := keep[m]
				needed[m] = needed[m] || kept
				return kept || slices.Contains(awsread.Hidden(op), m)
			}) {
				t.Errorf("%s: %s is marked as sensitive: drop, mask or keep one of %v in its review", op, path, members)
			}
		}
		for m := range awsread.Harmless(op) {
			if !needed[m] {
				t.Errorf("%s: the review keeps %s, which nothing marks as sensitive", op, m)
			}
		}
	}
	if checked == 0 {
		t.Error("no marked member was checked")
	}
}

// membersOn returns the members, as "Type.Member", on the way of a path like "$.Rules[].Default.Key" or "$.Variables{}" from the
// type of an output, or nil if the path leaves the types. Member names are compared without case, as the SDK's are upper camel.
func membersOn(t reflect.Type, path string) []string {
	var out []string
	for name := range strings.SplitSeq(strings.TrimPrefix(path, "$."), ".") {
		name = strings.NewReplacer("[]", "", "{}", "").Replace(name)
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		if t.Kind() == reflect.Interface {
			return out // a union: its members are types of their own
		}
		if t.Kind() != reflect.Struct {
			return nil
		}
		f, ok := t.FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, name) })
		if !ok {
			return nil
		}
		out = append(out, t.Name()+"."+f.Name)
		t = f.Type
	}
	return out
}
