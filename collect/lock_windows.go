package collect

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// errorSharingViolation is Windows' error for a file that another process has open and does not share.
const errorSharingViolation = syscall.Errno(32)

// openAlone opens a file, or makes it, for this process alone until it is closed or the process ends: it is shared with nobody.
func openAlone(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case errors.Is(err, errorSharingViolation):
		return nil, fmt.Errorf("%w: %w", errInUse, err)
	case err != nil:
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}
