//go:build unix

package mapping_test

import (
	"syscall"
	"time"
)

// cpuTime is the user time of this process so far: system time depends on what else the machine does.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano())
}
