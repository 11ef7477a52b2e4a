package testbed

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestEmulatorLifecycle(t *testing.T) {
	e, err := StartEmulator(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Stop()
	if err := e.Reset(t.Context()); err != nil {
		t.Error(err)
	}
	if err := e.SetIDSeed(t.Context(), 42); err != nil {
		t.Error(err)
	}
	e.Stop()
	e.Stop()
	select {
	case <-e.exited:
	default:
		t.Error("the server still runs after Stop")
	}
	if resp, err := http.Get(e.URL); err == nil {
		resp.Body.Close()
		t.Error("the server answers after Stop")
	}
}

func TestEmulatorStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	e, err := StartEmulator(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case <-e.exited:
	case <-time.After(2 * stopTimeout):
		t.Error("the server outlived its context")
	}
	e.Stop()
}

func TestFindEmulatorNamesWhatIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Chdir(t.TempDir())
	_, err := FindEmulator()
	if err == nil || !strings.Contains(err.Error(), "make testbed") {
		t.Errorf("FindEmulator() error = %v, want one that says how to install it", err)
	}
}

func TestEmulatorThatDoesNotStart(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal("this test writes a shell script: ", err)
	}
	dir := t.TempDir()
	script := "#!" + sh + "\necho address in use >&2\nexit 1\n"
	if err := os.WriteFile(dir+"/moto_server", []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Chdir(dir)
	_, err = StartEmulator(t.Context())
	if err == nil || !strings.Contains(err.Error(), "address in use") {
		t.Errorf("StartEmulator() error = %v, want the server's own output in it", err)
	}
}

func TestEmulatorEnv(t *testing.T) {
	got := strings.Join(emulatorEnv([]string{"A=1", "AWS_CA_BUNDLE=/x", "MOTO_IAM_LOAD_MANAGED_POLICIES=false"}), " ")
	if want := "A=1 MOTO_EC2_LOAD_DEFAULT_AMIS=false MOTO_IAM_LOAD_MANAGED_POLICIES=true PYTHONUNBUFFERED=1"; got != want {
		t.Errorf("emulatorEnv() = %q, want %q", got, want)
	}
}
