//go:build unix

package collect

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// openAlone opens a file, or makes it, for this process alone until it is closed or the process ends.
func openAlone(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", errInUse, err), f.Close())
	}
	return f, nil
}
