//go:build !linux

package testbed

import "syscall"

// dieWithParent has no counterpart here: after a test that was killed, the server has to be ended by hand.
func dieWithParent() *syscall.SysProcAttr { return nil }
