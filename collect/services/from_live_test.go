package services

import (
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auditpack/auditpack/collect"
	"github.com/auditpack/auditpack/collect/awsread"
	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/collect/testbed"
)

// TestFromCommandLine collects an account twice: directly, and from the files that the AWS CLI prints when it runs the commands which
// collect --from asks for, round after round until none is missing. Every part must be the same, those included that AWS says are
// not there.
func TestFromCommandLine(t *testing.T) {
	p := emulatedAccount(t)
	here := []string{"us-east-1"}
	direct := take(t, t.Context(), collect.Options{Source: awsread.Source{Region: here[0], HTTPClient: named{p.Client()}}, Regions: here})
	dir := t.TempDir()
	commands := 0
	files := openFiles(t, dir)
	_, err := collect.Run(t.Context(), collect.Options{From: files, Regions: here, Services: core(), Out: filepath.Join(dir, "none.zip"),
		TempDir: t.TempDir(), Signers: []bundle.Signer{{Name: "test"}}})
	if !errors.Is(err, collect.ErrUsage) || files.Missing() != 1 {
		t.Fatalf("without any file: %d missing, error %v", files.Missing(), err)
	}
	var second *snapshot
	for round := 1; files.Missing() > 0; round++ {
		if round > 9 {
			t.Fatalf("%d answers are still missing:\n%s", files.Missing(), files.Script())
		}
		commands += files.Missing()
		err := testbed.RunCLI(t.Context(), p.URL, dir, files.Script())
		if errors.Is(err, testbed.ErrNoCLI) && os.Getenv("CI") != "true" {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		files = openFiles(t, dir)
		second = take(t, t.Context(), collect.Options{From: files, Regions: here})
	}
	t.Logf("%d commands, %d parts", commands, len(direct.data()))
	// The AWS CLI has no paginator for some lists, and the model has two pages of everything: only of modelled operations.
	// The AWS CLI speaks another protocol to CloudWatch than the SDK, with coarser times, and in which the test bed makes no composite
	// alarms.
	onePage := map[string]bool{"cloudwatch.alarm": true, "cloudwatch.composite-alarm": true}
	for _, gap := range second.gaps() {
		switch place, _, cut := strings.Cut(gap, " incomplete: OnePage"); {
		case cut:
			kind, _, _ := strings.Cut(place, " ")
			onePage[kind] = true
		case strings.Contains(gap, ": OnePage "):
			part, _, _ := strings.Cut(gap, ": OnePage ")
			onePage[part] = true
		case !slices.Contains(direct.gaps(), gap):
			t.Errorf("gap: %.600s", gap)
		}
	}
	if len(onePage) > 12 {
		t.Errorf("the AWS CLI left pages out of %d lists: %v", len(onePage), onePage)
	}
	got := second.data()
	for name, data := range direct.data() {
		if kind, _, _ := strings.Cut(name, " "); onePage[kind] || onePage[name] {
			delete(got, name)
			continue
		}
		if diff := cmp.Diff(readable(data), readable(got[name])); diff != "" {
			t.Errorf("%s (-direct +files):\n%.1500s", name, diff)
		}
		delete(got, name)
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		t.Errorf("%s is in the files alone: %.300s", name, got[name])
	}
}

func openFiles(t *testing.T, dir string) *collect.Files {
	t.Helper()
	files, err := collect.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// readable is the data of a part with the policies that are in it as what they say: the CLI writes them anew.
func readable(data string) any {
	state, text, found := strings.Cut(data, "{")
	var v any
	if !found || json.Unmarshal([]byte("{"+text), &v) != nil {
		return data
	}
	return []any{state, unfold(v)}
}

func unfold(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = unfold(v[name])
		}
	case []any:
		for i := range v {
			v[i] = unfold(v[i])
		}
	case string:
		var policy any
		if plain, err := url.PathUnescape(v); err == nil && strings.HasPrefix(plain, "{") && json.Unmarshal([]byte(plain), &policy) == nil {
			return policy
		}
	}
	return v
}
