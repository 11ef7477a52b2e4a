package testbed

import "syscall"

// dieWithParent makes the kernel end the server when the thread that started it ends, which covers a test that is killed or runs
// into its time limit. The thread must not be reused: see run.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
