//go:build offline

package main

import (
	"github.com/spf13/cobra"
)

const edition = "offline"

// networkCommands is empty: the offline edition has no code to call AWS with.
func networkCommands(env) []*cobra.Command { return nil }

// unknownCommandHint says where a command that is missing can be found.
func unknownCommandHint(name string) string {
	if name == "collect" || name == "iam-policy" {
		return "this is the offline edition, which cannot call AWS; " + name + " is in the full edition (make build)"
	}
	return "auditpack help lists the commands"
}
