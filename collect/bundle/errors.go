package bundle

import (
	"errors"
	"fmt"
)

// The classes of an Error, for errors.Is. They are DESIGN's exit codes 4, 5 and 6.
var (
	ErrNotTrusted = errors.New("the signer is not trusted")
	ErrMalformed  = errors.New("not a well-formed bundle")
	ErrIntegrity  = errors.New("the content differs from what was sealed")
)

// Reason is the named cause of an Error.
type Reason string

// Reasons of step 1: the container. Class ErrMalformed.
const (
	ReasonTruncated      Reason = "truncated"        // the file ends too early
	ReasonTrailing       Reason = "trailing"         // the file does not end with the end record: comment or bytes after it
	ReasonStructure      Reason = "structure"        // the zip directory contradicts itself, or entries stand in another order than the format's
	ReasonOverlap        Reason = "overlap"          // two entries share bytes
	ReasonGap            Reason = "gap"              // bytes that belong to no entry
	ReasonLocalMismatch  Reason = "local_mismatch"   // an entry's two headers differ
	ReasonDuplicate      Reason = "duplicate"        // a name occurs twice
	ReasonCaseCollision  Reason = "case_collision"   // two names are one on a file system that ignores case, or a file is also a folder
	ReasonName           Reason = "name"             // a name that some file system refuses or changes
	ReasonNotRegular     Reason = "not_regular"      // attributes: folder, link, device
	ReasonMethod         Reason = "method"           // neither stored nor deflated
	ReasonFlags          Reason = "flags"            // encrypted, streamed or otherwise flagged
	ReasonExtra          Reason = "extra"            // extra field, or entry comment
	ReasonMetadata       Reason = "metadata"         // version or time is not the fixed one
	ReasonSize           Reason = "size"             // a size beyond its limit, or not the real one
	ReasonRatio          Reason = "ratio"            // inflates too much
	ReasonTotal          Reason = "total"            // all entries together are too large
	ReasonTooManyEntries Reason = "too_many_entries" // more than MaxEntries, or none
	ReasonCRC            Reason = "crc"              // data does not inflate, or not to its checksum
	ReasonHiddenData     Reason = "hidden_data"      // bytes behind the end of the compressed data
)

// Reasons of step 2: the signatures over SEAL. Class ErrNotTrusted, but ReasonNotABundle is ErrMalformed.
const (
	ReasonNotABundle     Reason = "not_a_bundle"      // a zip file without SEAL
	ReasonSigMissing     Reason = "sig_missing"       // nobody signed
	ReasonSigInvalid     Reason = "sig_invalid"       // not an SSHSIG of this SEAL for this purpose by an accepted algorithm
	ReasonSigUntrusted   Reason = "sig_untrusted_key" // valid, but the trust file does not name the key
	ReasonKeyWrongRole   Reason = "key_wrong_role"    // the trust file names the key for other namespaces
	ReasonKeyExpired     Reason = "key_expired"
	ReasonKeyNotYetValid Reason = "key_not_yet_valid"
	ReasonKeyRevoked     Reason = "key_revoked"
)

// Reasons of steps 3 and 4: SEAL, manifest, lists. Class ErrIntegrity, but ReasonUnsupportedVersion is ErrMalformed.
const (
	ReasonSealMalformed      Reason = "seal_malformed"      // not exactly the two lines
	ReasonManifestMismatch   Reason = "manifest_mismatch"   // manifest.json or SHA256SUMS is not what SEAL says
	ReasonUnsupportedVersion Reason = "unsupported_version" // manifest type of another format version
	ReasonSumsMalformed      Reason = "sums_malformed"      // SHA256SUMS does not list exactly the files it must, in order
	ReasonShardListMalformed Reason = "shardlist_malformed" // a line of shards.jsonl
	ReasonMissingFile        Reason = "missing_file"        // listed, not there
	ReasonUnlistedFile       Reason = "unlisted_file"       // there, not listed
)

// Reasons of step 5: the shards. Class ErrIntegrity.
const (
	ReasonDigestMismatch  Reason = "digest_mismatch"  // a file differs from SHA256SUMS
	ReasonJSONLTruncated  Reason = "jsonl_truncated"  // a file of lines does not end with LF
	ReasonJSON            Reason = "json"             // not strict, canonical JSON
	ReasonRecordMalformed Reason = "record_malformed" // JSON, but not a record
	ReasonRecordMisplaced Reason = "record_misplaced" // a record in the shard of another account, region or kind, or out of order
	ReasonTreeMismatch    Reason = "tree_mismatch"    // lines differ from the hash tree's root
	ReasonCountMismatch   Reason = "count_mismatch"   // fewer or more records than stated
)

// ReasonRedactionUndeclared (step 6, class ErrIntegrity): records are withheld but no redactor has signed for it.
// This version of the program reads no redacted bundles and refuses every one with this reason.
const ReasonRedactionUndeclared Reason = "redaction_undeclared"

// Error is why a bundle was refused.
type Error struct {
	Reason Reason
	Where  string // path in the bundle, with ":line" where a line is at fault; empty for the container as a whole
	Detail string
}

// Error formats as "reason: where: detail".
func (e *Error) Error() string {
	s := string(e.Reason)
	if e.Where != "" {
		s += ": " + e.Where
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// Unwrap returns the class: ErrNotTrusted, ErrMalformed or ErrIntegrity.
func (e *Error) Unwrap() error { return e.Reason.Class() }

// Class returns ErrNotTrusted, ErrMalformed or ErrIntegrity.
func (r Reason) Class() error {
	switch r {
	case ReasonTruncated, ReasonTrailing, ReasonStructure, ReasonOverlap, ReasonGap, ReasonLocalMismatch,
		ReasonDuplicate, ReasonCaseCollision, ReasonName, ReasonNotRegular, ReasonMethod, ReasonFlags, ReasonExtra,
		ReasonMetadata, ReasonSize, ReasonRatio, ReasonTotal, ReasonTooManyEntries, ReasonCRC, ReasonHiddenData,
		ReasonNotABundle, ReasonUnsupportedVersion:
		return ErrMalformed
	case ReasonSigMissing, ReasonSigInvalid, ReasonSigUntrusted, ReasonKeyWrongRole, ReasonKeyExpired,
		ReasonKeyNotYetValid, ReasonKeyRevoked:
		return ErrNotTrusted
	}
	return ErrIntegrity
}

// refuse makes an *Error.
func refuse(r Reason, where, format string, args ...any) error {
	return &Error{Reason: r, Where: where, Detail: fmt.Sprintf(format, args...)}
}

// refuseLine makes an *Error that names a line (counted from 1) of a file.
func refuseLine(r Reason, path string, line int, format string, args ...any) error {
	return refuse(r, fmt.Sprintf("%s:%d", path, line), format, args...)
}
