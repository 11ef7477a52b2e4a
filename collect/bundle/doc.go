// Package bundle is the evidence bundle, format auditpack.bundle/v1: its records, writer, strict reader and
// verification. It has no part in how the evidence is collected or what it means, and never touches a network.
//
// A program that writes a bundle uses NewWriter, adds records and calls Finish. A program that reads one calls
// Verify first, then Open, Bundle.Shards and Bundle.Lines. What follows specifies the format well enough to write
// another verifier.
//
// # Container
//
// A bundle is a zip file (PKWARE APPNOTE) of one exact shape. Entries lie contiguously from byte 0 in the order of
// the directory; the directory follows the last entry, and the end record ends the file. Every local header repeats
// the directory entry. Flags, attributes, disk numbers, comments and extra fields are zero or absent; time is
// 1980-01-01 00:00:00; versions (made by and needed) are 20; the method is 0 (stored) or 8 (deflated, with no byte
// behind the end of the stream). Zip64 appears only where a number needs it: an entry that begins at 4 GiB or later
// has the extra field 1 with its offset, and versions 45; the zip64 end record of 56 bytes and its locator stand
// before the end record if the number of entries is 65,535 or more, or offset or size of the directory reach 4 GiB;
// fields that overflow, and only they, are all ones. Paths have at most MaxName bytes, components of letters, digits,
// dot, underscore and hyphen that neither begin with dot or hyphen nor end with a dot nor name a Windows device. No two
// paths are equal when case is ignored, and none is a folder of another. The other limits are this package's constants.
//
// The files, in this order:
//
//	README.txt
//	records/<account>/<region>/<kind>-<nnnnn>.jsonl   also for the kinds calls and populations
//	records/run/run-<nnnnn>.jsonl
//	shards.jsonl
//	SHA256SUMS
//	manifest.json
//	SEAL
//	signatures/<who>.sshsig                           one or more, ascending
//
// Records are sorted by path in byte order, numbered from 00000 without holes within an account, region and kind. A
// shard has at most MaxShard bytes unless it is a single record; a record has at most MaxRecord.
//
// # Records
//
// Files named .jsonl hold one record a line, each line ended by LF. A line is a JSON object whose first member is
// "salt", 16 random bytes as 22 digits of base64url (RFC 4648, no padding). The others follow in the canonical form
// of RFC 8785: no white space, members in ascending order of the UTF-16 code units of their names (in every object,
// so that no name can occur twice), the shortest escapes; numbers as ECMAScript prints them, except that an integer
// keeps its decimal digits, however large. Text is valid UTF-8; depth is at most MaxDepth. A reader refuses every
// other spelling, so one value has one digest for a given salt.
//
// The members of a record are those of Call, Artifact, Population and Run, and "type": "call", "artifact",
// "population" or "run". All are present but those marked omitempty, which are present only if not empty. The record
// stands in the shard that its account, region and kind name. Artifacts ascend by id and then arn, calls by id,
// populations by kind and then scope; the last two strictly; all as bytes. Times are RFC 3339 in UTC ("Z") with at most
// milliseconds and no trailing zeros in the fraction. The rules between the members of a part
// stand at Part, those of a population at Population.
//
// Values in "data" and "input" were canonicalised once, at collection. A verifier works on the bytes of a line.
//
// # Hash trees
//
// Each shard has a hash tree as in RFC 6962: a leaf is SHA-256(0x00 ‖ line without LF), a node SHA-256(0x01 ‖ left ‖
// right), and of n leaves the left subtree takes the largest power of two below n. The leaf digest is the identity by
// which a finding cites a record. shards.jsonl has a line for each shard in order,
//
//	{"salt":"…","count":2,"path":"records/…","root":"<64 hexadecimal digits>"}
//
// with salt and spelling as in a record, and a hash tree of the same kind over its own lines. The salt is inside the
// line, hence inside the leaf: whoever holds the digest of a withheld line cannot guess the line.
//
// # Lists and seal
//
// SHA256SUMS has a line "<digest>  <path>" for README.txt, for each shard in order, and for shards.jsonl, and no other.
// manifest.json is one line of canonical JSON: see Manifest. Its shards member is the size and root of the tree over
// shards.jsonl, records the sum of the counts there, calls the sum over the run records. SEAL is exactly
//
//	<SHA-256 of SHA256SUMS>  SHA256SUMS
//	<SHA-256 of manifest.json>  manifest.json
//
// so that sha256sum -c reads it. A signature is an armoured SSHSIG (OpenSSH's PROTOCOL.sshsig, version 1) over SEAL in
// the Namespace auditpack-seal-v1, by an Ed25519 or ECDSA P-256 key, hash sha512 or sha256. Every signature in the
// bundle must be valid; who is trusted is up to the reader's allowed_signers file.
//
// # Verification
//
// Verify runs these steps in order and refuses with a Reason. (1) The container; sizes and checksums of an entry are
// checked when it is read, which happens to each. (2) The signatures, before anything else is parsed. (3) SEAL,
// manifest.json and SHA256SUMS. (4) shards.jsonl; then the files must be those listed, in their order. (5) Each shard:
// digest, every record with its form, place and order, count and tree; then the counts across records.
//
// A seal proves who sealed and that nothing changed since. It does not prove that AWS answered so: for that, a sample
// of request ids is compared with the account's own CloudTrail.
//
// Redacted bundles, countersignatures and time stamps belong to the format but not to this version of the program: a
// redacted bundle is refused with ReasonRedactionUndeclared, other files with ReasonUnlistedFile.
package bundle
