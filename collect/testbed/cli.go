package testbed

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed cli.py
var cliPy []byte

// ErrNoCLI reports that the AWS command line is not installed beside the emulator.
var ErrNoCLI = errors.New("awscli is not installed where the emulator is: run `make testbed`")

// noCLI is how cli.py ends where there is no awscli.
const noCLI = 3

// RunCLI runs a script of collect.Files with the AWS command line of the emulator's installation, in the folder dir, against endpoint.
// What each command prints is written as the script itself would; cli.py says how. If awscli is not installed the error
// wraps [ErrNoCLI].
func RunCLI(ctx context.Context, endpoint, dir, script string) error {
	path, err := FindEmulator()
	if err != nil {
		return err
	}
	lib, err := os.MkdirTemp("", "testbed-cli-")
	if err != nil {
		return fmt.Errorf("preparing the AWS command line: %w", err)
	}
	defer os.RemoveAll(lib)
	if err := os.WriteFile(filepath.Join(lib, "sitecustomize.py"), cliPy, 0o600); err != nil {
		return fmt.Errorf("preparing the AWS command line: %w", err)
	}
	given, err := json.Marshal(map[string]string{"endpoint": endpoint, "script": script})
	if err != nil {
		return fmt.Errorf("preparing the AWS command line: %w", err)
	}
	cmd := exec.CommandContext(ctx, path)
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(given)
	cmd.Env = append(emulatorEnv(os.Environ()), "PYTHONPATH="+lib, "PYTHONDONTWRITEBYTECODE=1", "AWS_DEFAULT_REGION=us-east-1", "AWS_PAGER=")
	said, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == noCLI {
		err = ErrNoCLI
	}
	return fmt.Errorf("running the AWS command line: %w: %s", err, said)
}
