package services

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditpack/auditpack/collect/awsread"
)

// otherLevels are the actions that the tables need and that AWS does not classify as reading, and why they are needed.
var otherLevels = map[string]struct{ level, why string }{
	"sts:AssumeRole": {"Write", "enters another account; its credentials are used and never recorded"},
}

// authorization reads AWS's Service Authorization Reference: the access level of each action.
func authorization(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "iam-actions.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	levels := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		action, level, ok := strings.Cut(line, "\t")
		if !ok || levels[action] != "" {
			t.Fatalf("iam-actions.tsv: %q has no level, or is there twice", line)
		}
		levels[action] = level
	}
	return levels
}

// TestActionsExist fails when an operation names an IAM action that AWS does not have, or one that does more than read: a policy
// with an unknown action is accepted by IAM and grants nothing.
func TestActionsExist(t *testing.T) {
	levels := authorization(t)
	used := map[string][]awsread.Operation{}
	for _, op := range everyOperation() {
		for _, a := range op.Actions {
			if !slices.Contains(used[a], op.Operation) {
				used[a] = append(used[a], op.Operation)
			}
		}
	}
	for action, by := range used {
		level := levels[action]
		switch other, excused := otherLevels[action]; {
		case level == "":
			t.Errorf("%v: AWS has no action %s that reads", by, action)
		case excused && level != other.level:
			t.Errorf("%v: %s has the level %s, the exception says %s", by, action, level, other.level)
		case !excused && level != "Read" && level != "List":
			t.Errorf("%v: %s has the level %s", by, action, level)
		}
	}
	for action, other := range otherLevels {
		if used[action] == nil || other.why == "" {
			t.Errorf("%s is excused, but nothing needs it, or nobody says why", action)
		}
	}
}
