package pack

import (
	"bytes"
	_ "embed"
)

//go:embed pack.schema.json
var schema []byte

// Schema returns the published JSON Schema (2020-12) of pack.json. Its $defs also describe the lines of the JSON Lines files:
// Finding, Evidence, Population, Call, Gap.
func Schema() []byte { return bytes.Clone(schema) }
