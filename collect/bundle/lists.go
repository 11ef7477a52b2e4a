package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"strings"
)

// lists is what SEAL, manifest.json, SHA256SUMS and shards.jsonl say, checked against each other and against the
// names in the archive: steps 3 and 4. All of it rests on SEAL.
type lists struct {
	seal     Digest // of SEAL
	manifest Manifest
	readme   Digest
	shards   []listedShard
}

// listedShard is a shard as the lists state it.
type listedShard struct {
	Shard
	digest Digest // of the file
	entry  int    // in the archive
}

// readLists runs steps 3 and 4 over an archive whose SEAL is given.
func readLists(ctx context.Context, a *archive, seal []byte) (*lists, error) {
	l := &lists{seal: sha256.Sum256(seal)}
	sumsDigest, manifestDigest, err := parseSeal(seal)
	if err != nil {
		return nil, err
	}
	var f inflater
	text, err := sealedFile(&f, a, fileManifest, MaxManifest, manifestDigest)
	if err != nil {
		return nil, err
	}
	if l.manifest, err = parseManifest(text); err != nil {
		return nil, err
	}
	sums, err := sealedFile(&f, a, fileSums, MaxEntry, sumsDigest)
	if err != nil {
		return nil, err
	}
	var g inflater // the two lists are read side by side
	list, err := listFile(&g, a)
	if err != nil {
		return nil, err
	}
	if err := l.parse(ctx, list, sums); err != nil {
		return nil, err
	}
	return l, l.accountFor(a)
}

// parseSeal reads the two lines of SEAL.
func parseSeal(seal []byte) (sums, manifest Digest, err error) {
	first, second, _ := bytes.Cut(seal, []byte("\n"))
	a, err1 := ParseDigest(string(first[:min(len(first), 64)]))
	b, err2 := ParseDigest(string(second[:min(len(second), 64)]))
	if err1 != nil || err2 != nil || !bytes.Equal(seal, sealText(a, b)) {
		return sums, manifest, refuse(ReasonSealMalformed, fileSeal, "not a line for %s and a line for %s", fileSums, fileManifest)
	}
	return a, b, nil
}

// sealedFile reads a file that SEAL names.
func sealedFile(f *inflater, a *archive, path string, limit int64, want Digest) ([]byte, error) {
	i := a.find(path)
	if i < 0 {
		return nil, refuse(ReasonMissingFile, path, "named by %s", fileSeal)
	}
	b, got, err := f.readSum(a, i, limit)
	if err != nil {
		return nil, err
	}
	if got != want {
		return nil, refuse(ReasonManifestMismatch, path, "its digest is not the one in %s", fileSeal)
	}
	return b, nil
}

// parseManifest reads manifest.json: one line of canonical JSON whose type is Type, with the members of Manifest.
func parseManifest(text []byte) (m Manifest, err error) {
	line, ok := bytes.CutSuffix(text, []byte("\n"))
	if !ok {
		return m, refuse(ReasonJSON, fileManifest, "no LF at the end")
	}
	if err := checkJSON(line); err != nil {
		return m, placed(err, fileManifest, 1)
	}
	var v struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(line, &v); err != nil || v.Type != Type {
		return m, refuse(ReasonUnsupportedVersion, fileManifest, "type %.100q, this program reads %q", v.Type, Type)
	}
	if err := json.Unmarshal(line, &m); err != nil {
		return m, refuse(ReasonJSON, fileManifest, "not a manifest: %v", err)
	}
	// Equal to its own encoding: no member is unknown, missing or spelled in another way.
	again, err := encodeManifest(m)
	if err != nil || !bytes.Equal(again, text) || !isBundleID(m.ID) || m.Records < 0 {
		return m, refuse(ReasonJSON, fileManifest, "not the members of a manifest")
	}
	if m.PreviousSeal != "" {
		if _, err := ParseDigest(m.PreviousSeal); err != nil {
			return m, refuse(ReasonJSON, fileManifest, "previous_seal: %v", err)
		}
	}
	return m, nil
}

// listFile reads shards.jsonl. Its digest is checked by parse.
func listFile(f *inflater, a *archive) ([]byte, error) {
	i := a.find(fileShards)
	if i < 0 {
		return nil, refuse(ReasonMissingFile, fileShards, "named by the format")
	}
	return f.read(a, i, MaxEntry)
}

// parse reads shards.jsonl and SHA256SUMS side by side: the latter holds README.txt, the shards in the order of the
// former, and shards.jsonl itself.
func (l *lists) parse(ctx context.Context, list, sums []byte) (err error) {
	s := sumsReader{rest: sums}
	if l.readme, err = s.next(fileReadme); err != nil {
		return err
	}
	var tree treeHasher
	var leaf leafHasher
	records := 0
	err = eachRecordLine(fileShards, list, func(n int, line []byte) error {
		if n%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		shard, err := parseListLine(line)
		if err != nil {
			return placed(err, fileShards, n)
		}
		if err := l.follows(shard); err != nil {
			return placed(err, fileShards, n)
		}
		tree.add(leaf.leaf(line))
		records += shard.Count
		digest, err := s.next(shard.Path)
		l.shards = append(l.shards, listedShard{Shard: shard, digest: digest})
		return err
	})
	if err != nil {
		return err
	}
	digest, err := s.next(fileShards)
	if err != nil {
		return err
	}
	if len(s.rest) != 0 {
		return refuseLine(ReasonSumsMalformed, fileSums, s.line+1, "a file that is not of this format, or not in its place")
	}
	if digest != sha256.Sum256(list) {
		return refuse(ReasonDigestMismatch, fileShards, "its digest is not the one in %s", fileSums)
	}
	if tree.n != l.manifest.Shards.Count || tree.root() != l.manifest.Shards.Root {
		return refuse(ReasonTreeMismatch, fileShards, "the root over its %d lines is not the one in %s", tree.n, fileManifest)
	}
	if records != l.manifest.Records {
		return refuse(ReasonCountMismatch, fileManifest, "%d records, but the shards hold %d", l.manifest.Records, records)
	}
	return nil
}

// follows checks that a shard stands where it must: after the last one, numbered from 0 within its group.
func (l *lists) follows(s Shard) error {
	_, n, _ := parseShardPath(s.Path)
	if len(l.shards) == 0 {
		if n != 0 {
			return refuse(ReasonShardListMalformed, "", "shard %d without those before it", n)
		}
		return nil
	}
	last := l.shards[len(l.shards)-1].Shard
	if s.Path <= last.Path {
		return refuse(ReasonShardListMalformed, "", "%s does not come after %s", s.Path, last.Path)
	}
	want := 0
	if s.group() == last.group() {
		_, m, _ := parseShardPath(last.Path)
		want = m + 1
	}
	if n != want {
		return refuse(ReasonShardListMalformed, "", "%s, want number %d", s.Path, want)
	}
	return nil
}

// parseListLine reads {"salt":…,"count":…,"path":…,"root":…}.
func parseListLine(line []byte) (shard Shard, err error) {
	if bytes.HasPrefix(line, []byte(tombstone)) {
		return shard, refuse(ReasonRedactionUndeclared, "", "a withheld shard")
	}
	s := scanner{b: line}
	if err := s.salt(); err != nil {
		return shard, listError(err)
	}
	var path, root []byte
	members := 0
	err = s.members(func(name []byte) (err error) {
		members++
		switch string(name) {
		case "count":
			shard.Count, err = s.natural()
		case "path":
			path, err = s.text()
		case "root":
			root, err = s.text()
		default:
			err = s.wrong("unknown member")
		}
		return err
	})
	if err == nil {
		err = s.end()
	}
	if err != nil {
		return shard, listError(err)
	}
	count := shard.Count
	shard, _, ok := parseShardPath(string(path))
	digest, err := ParseDigest(string(root))
	if members != 3 || !ok || err != nil || count == 0 {
		return shard, refuse(ReasonShardListMalformed, "", "not a salt, a count, a path of the format and a root")
	}
	shard.Count, shard.Root = count, digest
	return shard, nil
}

// listError turns an error about a record into one about a line of shards.jsonl.
func listError(err error) error {
	if e, ok := err.(*Error); ok {
		return refuse(ReasonShardListMalformed, "", "%s", e.Detail)
	}
	return err
}

// sumsReader reads SHA256SUMS line by line.
type sumsReader struct {
	rest []byte
	line int
}

// next requires the next line to be for path and returns the digest in it.
func (s *sumsReader) next(path string) (Digest, error) {
	s.line++
	var line string
	if i := bytes.IndexByte(s.rest, '\n'); i >= 0 {
		line, s.rest = string(s.rest[:i]), s.rest[i+1:]
	}
	hex, name, _ := strings.Cut(line, "  ")
	d, err := ParseDigest(hex)
	if err != nil || name != path {
		return d, refuseLine(ReasonSumsMalformed, fileSums, s.line, "want a digest, two spaces, %s and LF", path)
	}
	return d, nil
}

// eachRecordLine calls do with each line, without its LF; n counts from 1.
func eachRecordLine(path string, text []byte, do func(n int, line []byte) error) error {
	if len(text) == 0 || text[len(text)-1] != '\n' {
		return refuse(ReasonJSONLTruncated, path, "no LF at the end")
	}
	for n := 1; len(text) > 0; n++ {
		i := bytes.IndexByte(text, '\n')
		if err := do(n, text[:i]); err != nil {
			return err
		}
		text = text[i+1:]
	}
	return nil
}

// accountFor checks that the archive holds the listed files, no others, and in the format's order.
func (l *lists) accountFor(a *archive) error {
	want := make([]string, 0, len(l.shards)+5)
	want = append(want, fileReadme)
	for i := range l.shards {
		s := &l.shards[i]
		if s.entry = a.find(s.Path); s.entry < 0 {
			return refuse(ReasonMissingFile, s.Path, "named by %s", fileShards)
		}
		want = append(want, s.Path)
	}
	want = append(want, fileShards, fileSums, fileManifest, fileSeal)
	if a.find(fileReadme) < 0 {
		return refuse(ReasonMissingFile, fileReadme, "named by %s", fileSums)
	}
	listed := make(map[string]bool, len(want))
	for _, p := range want {
		listed[p] = true
	}
	for _, e := range a.entries {
		if isRedaction(e.path) {
			return refuse(ReasonRedactionUndeclared, e.path, "a redacted bundle; this version of the program does not read one")
		}
		if !listed[e.path] && !isSignature(e.path) {
			return refuse(ReasonUnlistedFile, e.path, "no list names it")
		}
	}
	for i, e := range a.entries {
		switch {
		case i < len(want) && e.path != want[i]:
			return refuse(ReasonStructure, e.path, "stands where %s must", want[i])
		case i > len(want) && e.path <= a.entries[i-1].path:
			return refuse(ReasonStructure, e.path, "signatures are not in order")
		}
	}
	return nil
}

// isSignature reports whether path is signatures/<who>.sshsig.
func isSignature(path string) bool {
	who, ok1 := strings.CutPrefix(path, dirSignatures)
	who, ok2 := strings.CutSuffix(who, extSignature)
	return ok1 && ok2 && who != "" && !strings.Contains(who, "/")
}

// isRedaction reports whether path is one of the files that only a redacted bundle has.
func isRedaction(path string) bool {
	return path == "redaction.json" || path == "redaction.SHA256SUMS" || path == "redaction.json.sshsig"
}

// tombstone begins the line that takes the place of a withheld record.
const tombstone = `{"redacted":"`
