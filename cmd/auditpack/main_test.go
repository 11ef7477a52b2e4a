package main

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/templates"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"auditpack": func() { os.Exit(mainCode()) }})
}

// TestScripts runs the command line as its users do: one script for each concept.
func TestScripts(t *testing.T) {
	samples, err := filepath.Abs(filepath.Join("..", "..", "samples"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SAMPLES", samples)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"flip": flip, "exits": exits},
	})
}

// flip changes one bit in the middle of a file: flip FILE.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: flip FILE")
	}
	path := ts.MkAbs(args[0])
	b, err := os.ReadFile(path)
	ts.Check(err)
	b[len(b)/2] ^= 1
	ts.Check(os.WriteFile(path, b, 0o644))
}

// exits runs a command line and compares its exit code: exits 4 auditpack verify …
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE auditpack ARGS")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if exit, ok := err.(*exec.ExitError); ok {
		code = strings.TrimPrefix(exit.Error(), "exit status ")
	} else if err != nil {
		ts.Fatalf("running %v: %v", args[1:], err)
	}
	if code != args[0] {
		ts.Fatalf("%v: exit code %s, want %s", args[1:], code, args[0])
	}
}

// build builds one edition into a temporary folder, with the flags that make uses.
func build(t *testing.T, tags string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "auditpack")
	if runtime.GOOS == "windows" {
		out += ".exe"
	}
	args := []string{"build", "-ldflags", "-s -w", "-o", out}
	if tags != "" {
		args = append(args, "-tags", tags)
	}
	if msg, err := exec.Command("go", append(args, ".")...).CombinedOutput(); err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, msg)
	}
	return out
}

// TestOfflineEditionHasNoCodeToCallAWS reads the list of modules that the linker put into the offline binary.
func TestOfflineEditionHasNoCodeToCallAWS(t *testing.T) {
	info, err := buildinfo.ReadFile(build(t, "offline"))
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Deps) == 0 {
		t.Fatal("the binary lists no modules, so the test would prove nothing")
	}
	for _, m := range info.Deps {
		if strings.HasPrefix(m.Path, "github.com/aws/") {
			t.Errorf("the offline edition links %s", m.Path)
		}
	}
}

// maxLinked is the size that the full edition must stay below. A conversion of an SDK client to an interface, or text/template,
// makes the linker keep every method of every client, far more than the 120 MB that the operations in use take.
const maxLinked = 128 << 20

func TestLinkedSize(t *testing.T) {
	info, err := os.Stat(build(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > maxLinked {
		t.Errorf("the full edition is %d bytes; the limit is %d: look for a *Client that becomes an interface", info.Size(), maxLinked)
	}
	t.Logf("full edition: %d bytes", info.Size())
}

func TestEveryReasonHasAMessage(t *testing.T) {
	m, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, c := range pack.ReasonCodes() {
		keys = append(keys, "reason."+c)
	}
	for _, v := range pack.Verdicts() {
		keys = append(keys, "verdict."+string(v), "legend."+string(v))
	}
	for _, key := range keys {
		if !m.Has(key) {
			t.Errorf("message %s is missing", key)
		}
	}
}

func TestHelpTeachesExitCodes(t *testing.T) {
	for _, c := range newRoot(env{}).Commands() {
		if c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		if c.Short == "" {
			t.Errorf("%s has no summary", c.Name())
		}
		if c.Long != "" && !strings.Contains(c.Long, "Exit codes") {
			t.Errorf("the help of %s does not list the exit codes", c.Name())
		}
	}
}

func TestInterruptedBeforeItBegins(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs strings.Builder
	bundle := filepath.Join("..", "..", "samples", "example.bundle.zip")
	if code := run(ctx, []string{"verify", bundle}, env{out: &out, err: &errs}); code != exitInterrupted {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, errs.String())
	}
}

// TestSampleDrift makes the sample packs again from the committed bundle and compares them with the committed ones, on inflated
// content: the compressor may change with the Go version, what people read may not.
func TestSampleDrift(t *testing.T) {
	samples := filepath.Join("..", "..", "samples")
	dir := filepath.Join(t.TempDir(), "packs")
	var out, errs strings.Builder
	args := []string{
		"pack", filepath.Join(samples, "example.bundle.zip"), "--trust", filepath.Join(samples, "allowed_signers"),
		"--engagement", filepath.Join(samples, "engagement.toml"), "--lang", "en,ja", "--out", dir,
	}
	if code := run(context.Background(), args, env{out: &out, err: &errs}); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, errs.String())
	}
	for _, lang := range templates.Languages() {
		for _, format := range formats {
			name := "audit-pack-" + lang + "." + format
			got, want := content(t, filepath.Join(dir, name)), content(t, filepath.Join(samples, "packs", name))
			if got != want {
				t.Errorf("samples/packs/%s is not what this version makes of the sample bundle; look at the difference, then run: make packs", name)
			}
		}
	}
}

// content is a digest over the inflated streams of a PDF or the inflated entries of a workbook.
func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	if strings.HasSuffix(path, ".xlsx") {
		zr, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range zr.File {
			f, err := e.Open()
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(h, "%s\n", e.Name)
			if _, err := io.Copy(h, f); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
		return fmt.Sprintf("%x", h.Sum(nil))
	}
	streams := 0
	for rest := b; ; streams++ {
		_, after, ok := bytes.Cut(rest, []byte("stream\n"))
		if !ok {
			break
		}
		data, tail, ok := bytes.Cut(after, []byte("endstream"))
		if !ok {
			t.Fatalf("%s: a stream without end", path)
		}
		if z, err := zlib.NewReader(bytes.NewReader(data)); err == nil {
			if data, err = io.ReadAll(z); err != nil {
				t.Fatalf("%s: stream %d: %v", path, streams, err)
			}
		}
		h.Write(data)
		rest = tail
	}
	if streams == 0 {
		t.Fatalf("%s has no streams", path)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
