package testbed

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDecisionsAreReadOnce(t *testing.T) {
	e := &Enforcer{dir: t.TempDir()}
	if _, err := e.Decisions(); err == nil {
		t.Error("no error without a log")
	}
	write := func(lines string) {
		t.Helper()
		f, err := os.OpenFile(filepath.Join(e.dir, "decisions.log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(lines); err != nil {
			t.Fatal(err)
		}
	}
	write("ALLOW iam:ListUsers iam:ListUsers *\nDENY s3:GetEncryptionConfiguration s3:ListBucket arn:aws:s3:::plain\n")
	got, err := e.Decisions()
	want := []Decision{
		{Allowed: true, Action: "iam:ListUsers", Emulator: "iam:ListUsers", Resource: "*"},
		{Action: "s3:GetEncryptionConfiguration", Emulator: "s3:ListBucket", Resource: "arn:aws:s3:::plain"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, decisions (-want +got):\n%s", err, diff)
	}
	write("ALLOW kms:ListKeys kms:ListKeys *\n")
	if got, err := e.Decisions(); err != nil || len(got) != 1 || got[0].Action != "kms:ListKeys" {
		t.Errorf("decisions %+v, error %v, want the new one only", got, err)
	}
	for _, line := range []string{"ALLOW iam:ListUsers iam:ListUsers\n", "MAYBE iam:ListUsers iam:ListUsers *\n"} {
		write(line)
		if got, err := e.Decisions(); err == nil {
			t.Errorf("line %q was read as %+v", line, got)
		}
	}
}

// TestEnforcerThatCannotJudge pins that a server whose Python cannot load enforce.py does not start: it would allow everything.
func TestEnforcerThatCannotJudge(t *testing.T) {
	if _, err := FindEmulator(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("moto_server is missing: %v", err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "decisions.log"), 0o700); err != nil {
		t.Fatal(err)
	}
	if e, err := StartEnforcer(t.Context(), dir); err == nil {
		e.Stop()
		t.Error("it started, although it cannot write its decisions")
	}
}
