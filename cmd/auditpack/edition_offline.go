//go:build offline

package main

import "github.com/spf13/cobra"

const edition = "offline"

// firstSession shows the way from a bundle that somebody else collected to a pack.
const firstSession = `  auditpack verify  client.bundle.zip --trust reviewer.key.allowed_signers
  auditpack inspect client.bundle.zip
  auditpack pack    client.bundle.zip --trust reviewer.key.allowed_signers --lang en,ja --out packs

This is the offline edition: it has no collect and no code to call AWS with.
`

// networkCommands is empty: the offline edition has no code to call AWS with.
func networkCommands(env) []*cobra.Command { return nil }

// unknownCommandHint says where a command that is missing can be found.
func unknownCommandHint(name string) string {
	if name == "collect" || name == "iam-policy" {
		return "this is the offline edition, which cannot call AWS; " + name + " is in the full edition (make build)"
	}
	return "auditpack help lists the commands"
}
