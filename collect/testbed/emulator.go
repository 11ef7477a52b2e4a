package testbed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// AccountID is the account that the emulator answers for.
	AccountID = "123456789012"
	// MotoVersion is the release of moto that the tests were written against.
	MotoVersion = "5.2.1"

	readyTimeout = 90 * time.Second
	stopTimeout  = 5 * time.Second
	maxLog       = 64 << 10
)

// ErrNoEmulator reports that moto_server is not installed; the wrapping error says where it was looked for and how to get it.
var ErrNoEmulator = errors.New("moto_server not found")

// Emulator is a running moto server. Its methods are safe for concurrent use.
type Emulator struct {
	// URL is the endpoint to give to AWS clients, http://127.0.0.1:<port>.
	URL string

	cmd    *exec.Cmd
	log    *tail
	exited chan struct{}
	stop   sync.Once
}

// FindEmulator returns the path of moto_server: the one in .venv at the module root (which `make testbed` installs) or else the one
// on PATH. If there is neither, the error wraps [ErrNoEmulator].
func FindEmulator() (string, error) {
	var looked []string
	if root, err := moduleRoot(); err == nil {
		for _, p := range venvPaths(filepath.Join(root, ".venv")) {
			if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
				return p, nil
			}
			looked = append(looked, p)
		}
	}
	if p, err := exec.LookPath("moto_server"); err == nil {
		return p, nil
	}
	looked = append(looked, "PATH")
	return "", fmt.Errorf("%w (looked in %s): run `make testbed`, which installs moto[server]==%s into .venv; it needs Python 3.9 or newer",
		ErrNoEmulator, strings.Join(looked, ", "), MotoVersion)
}

func venvPaths(venv string) []string {
	if runtime.GOOS == "windows" {
		return []string{filepath.Join(venv, "Scripts", "moto_server.exe")}
	}
	return []string{filepath.Join(venv, "bin", "moto_server")}
}

// moduleRoot returns the nearest parent of the working directory that holds a go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the module root: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("finding the module root: no go.mod in any parent folder")
		}
		dir = parent
	}
}

// StartEmulator starts moto_server on a free loopback port and waits until it answers. The caller must call [Emulator.Stop];
// cancelling ctx stops the server too. If the server does not get ready, the error carries the end of its output.
func StartEmulator(ctx context.Context) (*Emulator, error) { return start(ctx) }

// start starts the server with further environment variables, NAME=value.
func start(ctx context.Context, env ...string) (*Emulator, error) {
	path, err := FindEmulator()
	if err != nil {
		return nil, err
	}
	// Between choosing a free port and the server binding it, another process may take it. Then the server ends at once, and
	// another port is tried.
	const attempts = 3
	for i := 1; ; i++ {
		e, err := startOn(ctx, path, env)
		if err == nil {
			return e, nil
		}
		if i == attempts || ctx.Err() != nil {
			return nil, fmt.Errorf("starting %s: %w", path, err)
		}
	}
}

func startOn(ctx context.Context, path string, env []string) (*Emulator, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	e := &Emulator{URL: "http://127.0.0.1:" + port, log: &tail{}, exited: make(chan struct{})}
	e.cmd = exec.CommandContext(ctx, path, "-H", "127.0.0.1", "-p", port)
	e.cmd.Env = append(emulatorEnv(os.Environ()), env...)
	e.cmd.Stdout, e.cmd.Stderr = e.log, e.log
	e.cmd.Cancel = func() error { return e.cmd.Process.Signal(os.Interrupt) }
	e.cmd.WaitDelay = stopTimeout
	e.cmd.SysProcAttr = dieWithParent()
	if err := e.run(); err != nil {
		return nil, err
	}
	if err := e.waitReady(ctx); err != nil {
		e.Stop()
		return nil, fmt.Errorf("%w; its last output: %s", err, e.log)
	}
	return e, nil
}

// run starts the server and leaves a goroutine behind that waits for its end. That goroutine keeps its thread for itself, because the
// server's life hangs on it.
func (e *Emulator) run() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := e.cmd.Start()
		started <- err
		if err == nil {
			// The state that Wait returns says only that the server was interrupted.
			_ = e.cmd.Wait()
			close(e.exited)
		}
	}()
	return <-started
}

// emulatorEnv is the environment of the server: AWS_CA_BUNDLE would make its own clients fail, the managed policies are off by
// default, and the default images bring a thousand snapshots that the account seems to own in every region.
func emulatorEnv(environ []string) []string {
	var env []string
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		if !slices.Contains([]string{"AWS_CA_BUNDLE", "MOTO_EC2_LOAD_DEFAULT_AMIS", "MOTO_IAM_LOAD_MANAGED_POLICIES"}, name) {
			env = append(env, kv)
		}
	}
	return append(env, "MOTO_EC2_LOAD_DEFAULT_AMIS=false", "MOTO_IAM_LOAD_MANAGED_POLICIES=true", "PYTHONUNBUFFERED=1")
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("choosing a free port: %w", err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

func (e *Emulator) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if resp, err := e.api(ctx, http.MethodGet, "/moto-api/data.json"); err == nil {
			resp.Body.Close()
			return nil
		}
		select {
		case <-tick.C:
		case <-e.exited:
			return errors.New("the server ended before it was ready")
		case <-ctx.Done():
			return fmt.Errorf("waiting for the server to get ready: %w", ctx.Err())
		}
	}
}

// Reset makes the emulator forget everything that was created in it.
func (e *Emulator) Reset(ctx context.Context) error {
	resp, err := e.api(ctx, http.MethodPost, "/moto-api/reset")
	if err != nil {
		return fmt.Errorf("resetting the emulator: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("resetting the emulator: status %s", resp.Status)
	}
	return nil
}

// SetIDSeed makes the ids that the emulator invents (instance ids, keys, …) the same in every run from now on.
func (e *Emulator) SetIDSeed(ctx context.Context, seed int) error {
	resp, err := e.api(ctx, http.MethodPost, fmt.Sprintf("/moto-api/seed?a=%d", seed))
	if err != nil {
		return fmt.Errorf("setting the id seed: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("setting the id seed: status %s", resp.Status)
	}
	return nil
}

// api calls the emulator's own control interface. It refuses bodies without this content type.
func (e *Emulator) api(ctx context.Context, method, path string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, e.URL+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	return http.DefaultClient.Do(req)
}

// Stop ends the server process and waits until it is gone. Only the process that [StartEmulator] started is touched. It may be
// called more than once.
func (e *Emulator) Stop() {
	e.stop.Do(func() {
		// An error means that the process has ended already.
		_ = e.cmd.Process.Signal(os.Interrupt)
		select {
		case <-e.exited:
		case <-time.After(stopTimeout):
			_ = e.cmd.Process.Kill()
			<-e.exited
		}
	})
}

// Log returns the end of what the server wrote: its request log and, after an internal error, a stack trace.
func (e *Emulator) Log() string { return e.log.String() }

// tail keeps the last part of what is written to it.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

var _ io.Writer = (*tail)(nil)

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Write(p)
	if n := t.buf.Len() - maxLog; n > 0 {
		t.buf.Next(n)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}
