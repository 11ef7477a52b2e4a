package testbed

import (
	"fmt"
	"os"
	"testing"
)

func TestZZ(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		return
	}
	e, err := StartEmulator(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("PID", e.cmd.Process.Pid)
	select {}
}
