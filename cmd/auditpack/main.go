// Command auditpack collects the configuration of AWS accounts into one signed evidence bundle, works out offline what that
// evidence says about the requirements of Well-Architected, CIS, PCI DSS and HIPAA, and renders audit packs as PDF and Excel.
//
// It is built in two editions from one source. The full edition has every command. The offline edition (build tag offline)
// leaves out collect and the AWS SDK: it has no code to call AWS with.
//
// Exit codes: 0 done; 1 the --fail-on threshold was met; 2 usage; 3 finished with gaps; 4 not trusted; 5 not a bundle;
// 6 integrity; 7 runtime, output or catalogue error; 130 interrupted.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(mainCode()) }

// mainCode connects run to the process: the arguments, the standard streams and the signals that interrupt it.
func mainCode() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	return run(ctx, os.Args[1:], env{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv})
}
