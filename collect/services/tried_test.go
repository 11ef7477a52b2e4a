package services

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
)

// standIns are the operations that neither the emulator nor the model answers in the live tests: an override of the test bed does,
// and why.
var standIns = map[string]string{
	"account:GetContactInformation":   "the emulator does not know it; TestLive needs an answer with personal data of its own",
	"rds:DescribeOptionGroups":        "the emulator fails unless a group is named; the override names none and passes its answer on",
	"securityhub:GetEnabledStandards": "the emulator does not know it; TestLive needs the standards of its own account",
}

// triedOperations are the operations that the emulator answered to the collector in the tests so far, with an answer of which an
// artifact or a complete population was made.
var triedOperations = struct {
	sync.Mutex
	names map[string]bool
}{names: map[string]bool{}}

// tried takes note of the operations behind a snapshot that the emulator behind p answered. What came from the model, and what was
// refused or not understood, does not count.
func (s *snapshot) tried(p *testbed.Proxy) {
	triedOperations.Lock()
	defer triedOperations.Unlock()
	answered := p.Answered()
	note := func(ids []string) {
		for _, id := range ids {
			c := s.calls[id]
			if name := c.Service + ":" + c.Operation; answered[name] {
				triedOperations.names[name] = true
			}
		}
	}
	for _, a := range s.artifacts {
		for _, part := range a.Parts {
			if part.State != bundle.StateGap {
				note(part.Calls)
			}
		}
	}
	for _, population := range s.populations {
		if population.Status == bundle.StatusComplete {
			note(population.Calls)
		}
	}
}

// whole says whether this run was of all tests of the package, with an emulator.
func whole() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.bench", "test.fuzz"} {
		if flag.Lookup(name).Value.String() != "" {
			return false
		}
	}
	_, err := testbed.FindEmulator()
	return err == nil && !testing.Short()
}

// untried is the last test of a whole run: each operation was tried against the emulator or is in the list of those that are tried
// with modelled answers, and the lists hold nothing else. It returns the exit code.
func untried() int {
	unanswered, err := readModelled()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	problems := judgeTried(collect.Table(All()), triedOperations.names, unanswered)
	if len(problems) == 0 {
		return 0
	}
	fmt.Fprintf(os.Stderr, "FAIL: %d operations are not accounted for:\n\t%s\n", len(problems), strings.Join(problems, "\n\t"))
	return 1
}

// judgeTried returns what is wrong with the lists of operations, sorted.
func judgeTried(rows []collect.Row, answered, unanswered map[string]bool) []string {
	known := map[string]bool{}
	for _, row := range rows {
		known[row.Operation] = true
	}
	var out []string
	for operation := range known {
		_, made := standIns[operation]
		if !answered[operation] && !unanswered[operation] && !made {
			out = append(out, operation+" was neither answered by the emulator nor is it in testdata/modelled.txt")
		}
	}
	for operation := range unanswered {
		if !known[operation] {
			out = append(out, operation+" is in testdata/modelled.txt and in no table")
		}
	}
	for operation := range standIns {
		if !known[operation] {
			out = append(out, operation+" is among the stand-ins and in no table")
		}
	}
	slices.Sort(out)
	return out
}

// TestJudgeTried pins that an operation that nothing tried, and an entry for one that is not there, are found.
func TestJudgeTried(t *testing.T) {
	rows := []collect.Row{{Operation: "a:Tried"}, {Operation: "a:Modelled"}, {Operation: "a:Neither"}}
	got := judgeTried(rows, map[string]bool{"a:Tried": true}, map[string]bool{"a:Modelled": true, "a:Gone": true})
	got = slices.DeleteFunc(got, func(problem string) bool { return !strings.HasPrefix(problem, "a:") })
	if len(got) != 2 || !strings.HasPrefix(got[0], "a:Gone ") || !strings.HasPrefix(got[1], "a:Neither ") {
		t.Errorf("problems %q, want those of a:Gone and a:Neither", got)
	}
}
