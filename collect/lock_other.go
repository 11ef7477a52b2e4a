//go:build !unix && !windows

package collect

import "os"

// openAlone opens a file, or makes it. These systems have no lock that ends with the process.
func openAlone(path string) (*os.File, error) { return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) }
