package bundle

// The limits of format v1, shared by writer and reader. Sizes are bytes.
const (
	MaxEntries    = 2_000_000 // files in a bundle
	MaxName       = 150       // path of a file
	MaxComponent  = 120       // one component of a path
	MaxEntry      = 64 << 20  // one file, inflated
	MaxTotal      = 64 << 30  // all files together, inflated
	MaxRatio      = 200       // inflated to stored, for files above ratioFloor
	MaxRecord     = 8 << 20   // one record line without its LF; a larger artifact loses its largest part to a gap
	MaxShard      = 4 << 20   // one shard, unless a single record is larger
	MaxSeal       = 256       // SEAL
	MaxSignature  = 16 << 10  // one signature file
	MaxSignatures = 64        // signature files
	MaxManifest   = 64 << 10  // manifest.json
	MaxDepth      = 64        // nesting of JSON arrays and objects
	MaxNumber     = 40        // one JSON number; strings are bounded by MaxRecord
	MaxCallID     = 1<<31 - 1 // number in a call id

	ratioFloor   = 1 << 20
	maxDirectory = 512 << 20 // zip central directory
	saltBytes    = 16
	saltText     = 22 // base64url digits of a salt, no padding
)
