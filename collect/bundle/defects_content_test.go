package bundle

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

func nameDefects() (all []defect) {
	for what, name := range map[string]string{
		"leading dot": "records/.x", "parent": "../x", "leading hyphen": "-x", "trailing dot": "x.", "absolute": "/x",
		"empty component": "x//y", "folder": "x/", "backslash": `x\y`, "drive": "c:x", "space": "a b", "not ASCII": "é",
		"NUL": "x\x00", "device": "con", "device with ending": "records/Aux.txt", "numbered device": "com1.jsonl",
		"long path": strings.Repeat("a/", MaxName/2) + "a", "long component": strings.Repeat("a", MaxComponent+1), "empty": "",
	} {
		all = append(all, defect{name: what, reason: ReasonName, make: onReadme(func(e *rawEntry) { e.rename(name) })})
	}
	return all
}

func signatureDefects() []defect {
	untouched := func(_ *testing.T, b []byte) []byte { return b }
	trust := func(options string, names ...string) func(t *testing.T) Policy {
		return func(t *testing.T) Policy { return Policy{Trust: testTrust(t, options, names...)} }
	}
	signedBy := func(s Signer) func(*testing.T, []byte) []byte {
		return onKit(func(k *kit) { k.by = s; k.sign() })
	}
	blob := func(change func(b *sigBlob)) func(*testing.T, []byte) []byte {
		return onKit(func(k *kit) {
			data, err := dearmor(k.files[sigAlice])
			if err != nil {
				k.t.Fatal(err)
			}
			var b sigBlob
			if err := ssh.Unmarshal(data, &b); err != nil {
				k.t.Fatal(err)
			}
			change(&b)
			k.files[sigAlice] = armor(ssh.Marshal(b))
		})
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return []defect{
		{name: "no SEAL", reason: ReasonNotABundle, make: onKit(func(k *kit) { k.remove(fileSeal) })},
		{name: "none", reason: ReasonSigMissing, where: fileSeal, make: onKit(func(k *kit) { k.remove(sigAlice) })},
		{name: "none, without trust", reason: ReasonSigMissing, where: fileSeal, make: onKit(func(k *kit) { k.remove(sigAlice) }), policy: func(*testing.T) Policy { return Policy{} }},
		{name: "over another SEAL", reason: ReasonSigInvalid, where: sigAlice, make: onKit(func(k *kit) { k.replace(fileSeal, "S", "s") })},
		{name: "over another SEAL, without trust", reason: ReasonSigInvalid, where: sigAlice, make: onKit(func(k *kit) { k.replace(fileSeal, "S", "s") }), policy: func(*testing.T) Policy { return Policy{} }},
		{name: "for another purpose", reason: ReasonSigInvalid, where: sigAlice, make: onKit(func(k *kit) { k.resign("git") })},
		{name: "a second one is invalid", reason: ReasonSigInvalid, where: "signatures/bob.sshsig", make: onKit(func(k *kit) { k.insert("signatures/bob.sshsig", "", "x") })},
		{name: "no armour", reason: ReasonSigInvalid, where: sigAlice, make: onKit(func(k *kit) { k.set(sigAlice, "x") })},
		{name: "armour with CRLF", reason: ReasonSigInvalid, where: sigAlice, make: onKit(func(k *kit) { k.set(sigAlice, strings.ReplaceAll(string(k.files[sigAlice]), "\n", "\r\n")) })},
		{name: "armour with an empty line", reason: ReasonSigInvalid, where: sigAlice, make: onKit(func(k *kit) { k.replace(sigAlice, "\n", "\n\n") })},
		{name: "bytes behind the armour", reason: ReasonSigInvalid, where: sigAlice, make: onKit(func(k *kit) { k.set(sigAlice, string(k.files[sigAlice])+"x") })},
		{name: "version", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) { b.Version = 2 })},
		{name: "magic", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) { b.Magic[0] = 's' })},
		{name: "reserved", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) { b.Reserved = "x" })},
		{name: "hash", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) { b.Hash = "sha1" })},
		{name: "another hash", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) { b.Hash = "sha256" })},
		{name: "key of nonsense", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) { b.PublicKey = "x" })},
		{name: "another key", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) {
			k, _ := testSigner("bob").PublicKey()
			b.PublicKey = string(k.Marshal())
		})},
		{name: "RSA", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) {
			r, _ := rsa.GenerateKey(rand.Reader, 2048)
			k, _ := ssh.NewPublicKey(&r.PublicKey)
			b.PublicKey = string(k.Marshal())
		})},
		{name: "ECDSA P-384", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) {
			k, _ := ssh.NewPublicKey(&p384.PublicKey)
			b.PublicKey = string(k.Marshal())
		})},
		{name: "signature of nonsense", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) { b.Signature = "x" })},
		{name: "bytes in the signature", reason: ReasonSigInvalid, where: sigAlice, make: blob(func(b *sigBlob) { b.Signature += "x" })},
		{name: "other signer", reason: ReasonSigUntrusted, where: sigAlice, make: signedBy(testSigner("bob"))},
		{name: "other trust", reason: ReasonSigUntrusted, where: sigAlice, make: untouched, policy: trust("", "bob", "carol")},
		{name: "namespace", reason: ReasonKeyWrongRole, where: sigAlice, make: untouched, policy: trust(`namespaces="git,file"`, "alice")},
		{name: "negated namespace", reason: ReasonKeyWrongRole, where: sigAlice, make: untouched, policy: trust(`namespaces="*,!auditpack-*"`, "alice")},
		{name: "before", reason: ReasonKeyExpired, where: sigAlice, make: untouched, policy: trust(`valid-before="20260304050606Z"`, "alice")},
		{name: "after", reason: ReasonKeyNotYetValid, where: sigAlice, make: untouched, policy: func(t *testing.T) Policy {
			return Policy{Trust: testTrust(t, `valid-after="20260305Z"`, "alice"), Now: testTime.Add(-time.Hour)}
		}},
		{name: "list", reason: ReasonKeyRevoked, where: sigAlice, make: untouched, policy: func(t *testing.T) Policy {
			trust := testTrust(t, "", "alice")
			k, err := testSigner("alice").PublicKey()
			if err != nil {
				t.Fatal(err)
			}
			if err := trust.Revoke("revoked", ssh.MarshalAuthorizedKey(k)); err != nil {
				t.Fatal(err)
			}
			return Policy{Trust: trust}
		}},
	}
}

func listDefects() []defect {
	hexA, hexB := strings.Repeat("a", 64), strings.Repeat("b", 64)
	listLine := func(old, new string) func(*testing.T, []byte) []byte {
		return onKit(func(k *kit) { k.replace(fileShards, old, new).resum().remanifest(nil).sign() })
	}
	manifest := func(old, new string) func(*testing.T, []byte) []byte {
		return onKit(func(k *kit) { k.replace(fileManifest, old, new).sign() })
	}
	sums := func(change func(text string) string) func(*testing.T, []byte) []byte {
		return onKit(func(k *kit) { k.set(fileSums, change(string(k.files[fileSums]))).sign() })
	}
	swapLines := func(text string) string {
		l := strings.SplitAfter(text, "\n")
		l[1], l[2] = l[2], l[1]
		return strings.Join(l, "")
	}
	return []defect{
		{name: "three lines", reason: ReasonSealMalformed, where: fileSeal, make: onKit(func(k *kit) { k.set(fileSeal, string(k.files[fileSeal])+hexA+"  x\n").resign(Namespace) })},
		{name: "one line", reason: ReasonSealMalformed, where: fileSeal, make: onKit(func(k *kit) { k.set(fileSeal, hexA+"  SHA256SUMS\n").resign(Namespace) })},
		{name: "empty", reason: ReasonSealMalformed, where: fileSeal, make: onKit(func(k *kit) { k.set(fileSeal, "").resign(Namespace) })},
		{name: "upper case", reason: ReasonSealMalformed, where: fileSeal, make: onKit(func(k *kit) {
			k.set(fileSeal, strings.ToUpper(hexA)+"  SHA256SUMS\n"+hexB+"  manifest.json\n").resign(Namespace)
		})},
		{name: "manifest.json", reason: ReasonManifestMismatch, where: fileManifest, make: onKit(func(k *kit) { k.replace(fileManifest, "abc", "abd") })},
		{name: "SHA256SUMS", reason: ReasonManifestMismatch, where: fileSums, make: onKit(func(k *kit) { k.replace(fileSums, "  r", "  s") })},
		{name: "version 2", reason: ReasonUnsupportedVersion, where: fileManifest, make: manifest("bundle/v1", "bundle/v2")},
		{name: "unknown member", reason: ReasonJSON, where: fileManifest, make: manifest(`"created"`, `"color":1,"created"`)},
		{name: "missing member", reason: ReasonJSON, where: fileManifest, make: manifest(`"redaction_rules":"none",`, "")},
		{name: "null manifest member", reason: ReasonJSON, where: fileManifest, make: manifest(`"redaction_rules":"none"`, `"redaction_rules":null`)},
		{name: "bundle id", reason: ReasonJSON, where: fileManifest, make: manifest(`"id":"0f`, `"id":"0F`)},
		{name: "white space in the manifest", reason: ReasonJSON, where: "manifest.json:1", make: manifest(`:`, `: `)},
		{name: "manifest without LF", reason: ReasonJSON, where: fileManifest, make: manifest("\n", "")},
		{name: "previous seal", reason: ReasonJSON, where: fileManifest, make: manifest(`"previous_seal":"ab`, `"previous_seal":"xb`)},
		{name: "no manifest", reason: ReasonMissingFile, where: fileManifest, make: onKit(func(k *kit) { k.remove(fileManifest) })},
		{name: "no SHA256SUMS", reason: ReasonMissingFile, where: fileSums, make: onKit(func(k *kit) { k.remove(fileSums) })},
		{name: "no shards.jsonl", reason: ReasonMissingFile, where: fileShards, make: onKit(func(k *kit) { k.remove(fileShards) })},
		{name: "no README.txt", reason: ReasonMissingFile, where: fileReadme, make: onKit(func(k *kit) { k.remove(fileReadme) })},
		{name: "no shard", reason: ReasonMissingFile, where: shardVPCs, make: onKit(func(k *kit) { k.remove(shardVPCs) })},
		{name: "no run record", reason: ReasonMissingFile, where: shardRun, make: onKit(func(k *kit) {
			k.remove(shardRun).relist().remanifest(func(m *Manifest) { m.Calls = CallCounts{} }).resum().sign()
		})},
		{name: "upper case", reason: ReasonSumsMalformed, where: "SHA256SUMS:1", make: sums(func(s string) string { return strings.ToUpper(s[:64]) + s[64:] })},
		{name: "one space", reason: ReasonSumsMalformed, where: "SHA256SUMS:1", make: sums(func(s string) string { return strings.Replace(s, "  ", " ", 1) })},
		{name: "binary mark", reason: ReasonSumsMalformed, where: "SHA256SUMS:1", make: sums(func(s string) string { return strings.Replace(s, "  ", " *", 1) })},
		{name: "CRLF", reason: ReasonSumsMalformed, where: "SHA256SUMS:1", make: sums(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") })},
		{name: "last LF missing", reason: ReasonSumsMalformed, where: "*", make: sums(func(s string) string { return s[:len(s)-1] })},
		{name: "other order", reason: ReasonSumsMalformed, where: "SHA256SUMS:2", make: sums(swapLines)},
		{name: "a line more", reason: ReasonSumsMalformed, where: "*", make: sums(func(s string) string { return s + hexA + "  zzz\n" })},
		{name: "empty", reason: ReasonSumsMalformed, where: "SHA256SUMS:1", make: sums(func(string) string { return "" })},
		{name: "order", reason: ReasonShardListMalformed, where: "shards.jsonl:2", make: onKit(func(k *kit) {
			first, rest, _ := strings.Cut(string(k.files[fileShards]), "\n")
			second, rest, _ := strings.Cut(rest, "\n")
			k.set(fileShards, second+"\n"+first+"\n"+rest).remanifest(nil)
			k.set(fileSums, swapLines(string(k.files[fileSums]))).sign()
		})},
		{name: "a path twice", reason: ReasonShardListMalformed, where: "shards.jsonl:2", make: onKit(func(k *kit) {
			first, _, _ := bytes.Cut(k.files[fileShards], []byte("\n"))
			k.set(fileShards, string(first)+"\n"+string(k.files[fileShards])).remanifest(nil).sign()
		})},
		{name: "number", reason: ReasonShardListMalformed, where: "shards.jsonl:1", make: listLine("-00000.", "-00001.")},
		{name: "path", reason: ReasonShardListMalformed, where: "*", make: listLine("s3.bucket", "s3_bucket")},
		{name: "account", reason: ReasonShardListMalformed, where: "shards.jsonl:1", make: listLine("records/1", "records/x")},
		{name: "root", reason: ReasonShardListMalformed, where: "shards.jsonl:1", make: listLine(`"root":"`, `"root":"x`)},
		{name: "count of nothing", reason: ReasonShardListMalformed, where: "*", make: listLine(`"count":1`, `"count":0`)},
		{name: "unknown member of a line", reason: ReasonShardListMalformed, where: "shards.jsonl:1", make: listLine(`"path"`, `"lath":1,"path"`)},
		{name: "member missing", reason: ReasonShardListMalformed, where: "*", make: listLine(`"count":1,`, "")},
		{name: "no salt", reason: ReasonShardListMalformed, where: "shards.jsonl:1", make: listLine(`"salt"`, `"malt"`)},
		{name: "bytes behind", reason: ReasonShardListMalformed, where: "shards.jsonl:1", make: listLine("}\n", "} \n")},
		{name: "shards.jsonl without LF", reason: ReasonJSONLTruncated, where: fileShards, make: onKit(func(k *kit) { k.set(fileShards, strings.TrimSuffix(string(k.files[fileShards]), "\n")).resum().sign() })},
		{name: "root in the manifest", reason: ReasonTreeMismatch, where: fileShards, make: onKit(func(k *kit) { k.remanifest(func(m *Manifest) { m.Shards.Root[0] ^= 1 }).sign() })},
		{name: "count in the manifest", reason: ReasonTreeMismatch, where: fileShards, make: onKit(func(k *kit) { k.remanifest(func(m *Manifest) { m.Shards.Count++ }).sign() })},
		{name: "records in the manifest", reason: ReasonCountMismatch, where: fileManifest, make: onKit(func(k *kit) { k.remanifest(func(m *Manifest) { m.Records++ }).sign() })},
		{name: "calls in the manifest", reason: ReasonCountMismatch, where: fileManifest, make: onKit(func(k *kit) { k.remanifest(func(m *Manifest) { m.Calls.Denied++ }).sign() })},
		{name: "at the end", reason: ReasonUnlistedFile, where: "x.txt", make: onKit(func(k *kit) { k.insert("x.txt", "", "x") })},
		{name: "a shard", reason: ReasonUnlistedFile, where: "records/111122223333/global/kms.key-00000.jsonl", make: onKit(func(k *kit) {
			k.insert("records/111122223333/global/kms.key-00000.jsonl", shardPopulations, string(k.files[shardBuckets]))
		})},
		{name: "not a signature", reason: ReasonUnlistedFile, where: "signatures/alice.sig", make: onKit(func(k *kit) { k.insert("signatures/alice.sig", sigAlice, "x") })},
		{name: "redaction file", reason: ReasonRedactionUndeclared, where: "redaction.json", make: onKit(func(k *kit) { k.insert("redaction.json", "", "{}") })},
		{name: "withheld shard", reason: ReasonRedactionUndeclared, where: "shards.jsonl:1", make: onKit(func(k *kit) {
			first, rest, _ := bytes.Cut(k.files[fileShards], []byte("\n"))
			k.set(fileShards, fmt.Sprintf("{\"redacted\":\"%s\"}\n%s", LeafDigest(first), rest))
		})},
	}
}

func shardDefects() []defect {
	return []defect{
		{name: "README.txt", reason: ReasonDigestMismatch, where: fileReadme, make: onKit(func(k *kit) { k.replace(fileReadme, "A", "B") })},
		{name: "shard", reason: ReasonDigestMismatch, where: shardBuckets, make: onKit(func(k *kit) { k.replace(shardBuckets, "alpha", "alphA") })},
		{name: "shards.jsonl", reason: ReasonDigestMismatch, where: fileShards, make: onKit(func(k *kit) { k.relist().remanifest(nil).sign() })},
		{name: "shard without LF", reason: ReasonJSONLTruncated, where: shardVPCs, make: onKit(func(k *kit) { k.set(shardVPCs, strings.TrimSuffix(string(k.files[shardVPCs]), "\n")).reseal() })},
		{name: "empty shard", reason: ReasonJSONLTruncated, where: shardVPCs, make: onKit(func(k *kit) { k.set(shardVPCs, "").reseal() })},
		{name: "record changed", reason: ReasonTreeMismatch, where: shardBuckets, make: onKit(func(k *kit) { k.replace(shardBuckets, `"Name":"alpha"`, `"Name":"alphA"`).resum().sign() })},
		{name: "records swapped", reason: ReasonRecordMisplaced, where: shardBuckets + ":2", make: onKit(func(k *kit) {
			l := strings.SplitAfter(string(k.files[shardBuckets]), "\n")
			k.set(shardBuckets, l[1]+l[0]).reseal()
		})},
		{name: "record missing", reason: ReasonCountMismatch, where: shardBuckets, make: onKit(func(k *kit) {
			_, rest, _ := strings.Cut(string(k.files[shardBuckets]), "\n")
			k.set(shardBuckets, rest).resum().sign()
		})},
		{name: "a population's artifact missing", reason: ReasonCountMismatch, where: shardPopulations + ":1", make: onKit(func(k *kit) {
			_, rest, _ := strings.Cut(string(k.files[shardBuckets]), "\n")
			k.set(shardBuckets, rest).reseal()
		})},
		{name: "call twice", reason: ReasonRecordMisplaced, where: shardCalls + ":2", make: onKit(func(k *kit) { k.replace(shardCalls, `"id":"c2"`, `"id":"c1"`).reseal() })},
		{name: "other account", reason: ReasonRecordMisplaced, where: shardBuckets + ":1", make: onKit(func(k *kit) { k.replace(shardBuckets, `"account":"111122223333"`, `"account":"999999999999"`).reseal() })},
		{name: "other region", reason: ReasonRecordMisplaced, where: shardBuckets + ":1", make: onKit(func(k *kit) { k.replace(shardBuckets, `"region":"global"`, `"region":"us-east-1"`).reseal() })},
		{name: "other kind", reason: ReasonRecordMisplaced, where: shardBuckets + ":1", make: onKit(func(k *kit) { k.replace(shardBuckets, `"kind":"s3.bucket"`, `"kind":"s3.socket"`).reseal() })},
		{name: "other type", reason: ReasonRecordMisplaced, where: shardCalls + ":1", make: onKit(func(k *kit) { k.set(shardCalls, string(k.files[shardBuckets])).reseal() })},
		{name: "withheld record", reason: ReasonRedactionUndeclared, where: shardBuckets + ":1", make: onKit(func(k *kit) {
			first, rest, _ := bytes.Cut(k.files[shardBuckets], []byte("\n"))
			k.set(shardBuckets, fmt.Sprintf("{\"redacted\":\"%s\"}\n%s", LeafDigest(first), rest)).resum().sign()
		})},
		{name: "shard too large", reason: ReasonSize, where: shardBuckets, make: onKit(func(k *kit) {
			k.replace(shardBuckets, `"Note":"`, `"Note":"`+noise(MaxShard)).reseal()
		})},
	}
}

// noise is text that does not compress beyond MaxRatio.
func noise(n int) string {
	random := make([]byte, n)
	if _, err := rand.Read(random); err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(random)[:n]
}

// recordDefects are changes of one record with everything above it sealed anew.
func recordDefects() (all []defect) {
	add := func(reason Reason, shard, name, old, new string) {
		all = append(all, defect{name: name, reason: reason, where: shard + ":1", make: onKit(func(k *kit) { k.replace(shard, old, new).reseal() })})
	}
	for _, d := range [][3]string{
		{"white space", `,"arn"`, `, "arn"`}, {"duplicate name", `"id":"alpha"`, `"id":"alpha","id":"alpha"`},
		{"names out of order", `"Name":`, `"Zame":`}, {"escape too long", `機`, `\u6a5f`}, {"slash escaped", `alpha","Note`, `\/alpha","Note`},
		{"upper-case escape", `機`, `\u001F`}, {"invalid UTF-8", "機", "\xe6\xa9"}, {"surrogate in UTF-8", "機", "\xed\xa0\x80"},
		{"control character", "機", "\x01"}, {"number with zero", `"index":4`, `"index":04`}, {"minus zero", `"index":4`, `"index":-0`},
		{"exponent", `"index":4`, `"index":4e0`}, {"number too long", `"Name":"alpha"`, `"Name":` + strings.Repeat("1", MaxNumber+1)},
		{"no value", `"Name":"alpha"`, `"Name":`}, {"word", `"Name":"alpha"`, `"Name":True`}, {"trailing comma", `"index":4`, `"index":4,`},
		{"too deep", `"Name":"alpha"`, `"Name":` + strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)},
		{"bytes behind the record", "}\n", "}x\n"}, {"cut", "\"}\n", "\n"}, {"CRLF", "}\n", "}\r\n"},
	} {
		add(ReasonJSON, shardBuckets, d[0], d[1], d[2])
	}
	for _, d := range [][4]string{
		{shardBuckets, "no salt", `"salt":`, `"malt":`}, {shardBuckets, "short salt", `"salt":"`, `"salt":"_`},
		{shardBuckets, "salt of other digits", `{"salt":"`, `{"salt":"+++++`}, {shardBuckets, "unknown member", `"id":`, `"ib":1,"id":`},
		{shardBuckets, "missing member", `"arn":"arn:aws:s3:::alpha",`, ``}, {shardBuckets, "unknown type", `"type":"artifact"`, `"type":"artefact"`},
		{shardBuckets, "member of another type", `"id":"alpha"`, `"http_status":1,"id":"alpha"`}, {shardBuckets, "number for text", `"id":"alpha"`, `"id":1`},
		{shardBuckets, "empty id", `"id":"alpha"`, `"id":""`}, {shardBuckets, "account", `"account":"1`, `"account":"x`},
		{shardBuckets, "region", `"region":"global"`, `"region":"Global"`}, {shardBuckets, "kind", `"kind":"s3.bucket"`, `"kind":"bucket"`},
		{shardBuckets, "unknown state", `"state":"ok"`, `"state":"fine"`}, {shardBuckets, "ok without data", `,"data":{"Name":"alpha","Note":"機密 <&>"}`, ``},
		{shardBuckets, "ok without calls", `"calls":["c1"]`, `"calls":[]`}, {shardBuckets, "ok with code", `"calls":["c1"],`, `"calls":["c1"],"code":"x",`},
		{shardBuckets, "absent without code", `"code":"NotFound",`, ``}, {shardBuckets, "absent without calls", `["c2"]`, `[]`},
		{shardBuckets, "gap with data", `"code":"AccessDenied",`, `"code":"AccessDenied","data":1,`}, {shardBuckets, "gap without code", `"code":"AccessDenied",`, ``},
		{shardBuckets, "empty message", `"message":"no"`, `"message":""`}, {shardBuckets, "call id", `["c1"]`, `["c01"]`},
		{shardBuckets, "call id too large", `["c1"]`, `["c2147483648"]`}, {shardBuckets, "call id of nonsense", `["c1"]`, `["x1"]`},
		{shardBuckets, "part without calls", `"calls":["c1"],`, ``}, {shardBuckets, "unknown member of a part", `"calls":["c1"]`, `"calls":["c1"],"cause":1`},
		{shardBuckets, "from", `"index":4,`, ``}, {shardBuckets, "from of text", `"index":4`, `"index":"4"`}, {shardBuckets, "negative index", `"index":4`, `"index":-4`},
		{shardBuckets, "part without a name", `"Bucket":`, `"":`}, {shardBuckets, "parts of nonsense", `"parts":{`, `"parts":[{`},
		{shardCalls, "call id in a call", `"id":"c1"`, `"id":"1"`}, {shardCalls, "input", `"input":{"MaxBuckets":1000}`, `"input":[]`},
		{shardCalls, "time not UTC", `05:06:07Z`, `05:06:07+01:00`}, {shardCalls, "time with zeros", `05:06:07Z`, `05:06:07.100Z`}, {shardCalls, "time of nonsense", `"at":"2026`, `"at":"0x26`},
		{shardCalls, "status", `"http_status":200`, `"http_status":200.5`}, {shardCalls, "status too large", `"http_status":200`, `"http_status":99999999999`},
		{shardPopulations, "scope", `"scope":"account"`, `"scope":"planet"`}, {shardPopulations, "scope and region", `"scope":"account"`, `"scope":"region"`},
		{shardPopulations, "status unknown", `"status":"complete"`, `"status":"done"`}, {shardPopulations, "incomplete without gaps", `"status":"complete"`, `"status":"incomplete"`},
		{shardPopulations, "empty gaps", `"kind"`, `"gaps":[],"kind"`}, {shardPopulations, "not offered, counted", `"status":"complete"`, `"status":"not_offered"`},
		{shardPopulations, "population's kind", `"kind":"s3.bucket"`, `"kind":"S3.bucket"`}, {shardPopulations, "negative count", `"count":2`, `"count":-2`},
		{shardRun, "counts", `"absent":1,`, ``}, {shardRun, "unknown count", `"absent":1,`, `"abort":1,`}, {shardRun, "requested", `"key":"regions"`, `"bey":"regions"`},
		{shardRun, "account of a run", `"name":"main",`, ``}, {shardRun, "empty code", `"code":"AccessDenied"`, `"code":""`}, {shardRun, "skew", `"skew_millis":-7`, `"skew_millis":-7.5`},
	} {
		add(ReasonRecordMalformed, d[0], d[1], d[2], d[3])
	}
	return all
}
