package bundle

import (
	"fmt"
	"strings"
)

// The names of a bundle's files.
const (
	fileReadme    = "README.txt"
	fileShards    = "shards.jsonl"
	fileSums      = "SHA256SUMS"
	fileManifest  = "manifest.json"
	fileSeal      = "SEAL"
	dirRecords    = "records/"
	dirSignatures = "signatures/"
	extSignature  = ".sshsig"
	extShard      = ".jsonl"
)

const maxShardNumber = 99999

// checkName returns what is wrong with a path, or "". It accepts only what every file system stores alike.
func checkName(n string) string {
	if n == "" || len(n) > MaxName {
		return fmt.Sprintf("path of %d bytes, want 1 to %d", len(n), MaxName)
	}
	for c := range strings.SplitSeq(n, "/") {
		if what := checkComponent(c); what != "" {
			return what
		}
	}
	return ""
}

func checkComponent(c string) string {
	if c == "" || len(c) > MaxComponent {
		return fmt.Sprintf("component of %d bytes, want 1 to %d", len(c), MaxComponent)
	}
	for i := range len(c) {
		b := c[i]
		if (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && (b < '0' || b > '9') && b != '.' && b != '_' && b != '-' {
			return fmt.Sprintf("byte %#02x", b)
		}
	}
	switch {
	case c[0] == '.' || c[0] == '-':
		return "component with a leading dot or hyphen"
	case c[len(c)-1] == '.':
		return "component with a trailing dot"
	case isDevice(c):
		return "name of a Windows device"
	}
	return ""
}

// isDevice reports whether Windows takes c for a device, with or without an ending.
func isDevice(c string) bool {
	base, _, _ := strings.Cut(c, ".")
	return (len(base) == 3 || len(base) == 4) && isDeviceName(strings.ToLower(base))
}

// isDeviceName is isDevice for a lower-case name without ending.
func isDeviceName(base string) bool {
	switch base {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(base) == 4 && (base[:3] == "com" || base[:3] == "lpt") && base[3] >= '0' && base[3] <= '9'
}

// group is what the shards of one account, region and kind have in common: "account/region/kind", or "run/run".
type group string

func groupOf(account, region, kind string) group {
	if kind == KindRun {
		return KindRun + "/" + KindRun
	}
	return group(account + "/" + region + "/" + kind)
}

// path is the path of the n-th shard of a group. Paths of groups in ascending order are in ascending order.
func (g group) path(n int) string {
	return fmt.Sprintf("%s%s-%05d%s", dirRecords, string(g), n, extShard)
}

// parseShardPath is the inverse of group.path, and refuses every path that path does not make.
func parseShardPath(p string) (s Shard, n int, ok bool) {
	rest, ok1 := strings.CutPrefix(p, dirRecords)
	rest, ok2 := strings.CutSuffix(rest, extShard)
	i := len(rest) - 6
	if !ok1 || !ok2 || i < 1 || rest[i] != '-' {
		return s, 0, false
	}
	for _, c := range rest[i+1:] {
		if c < '0' || c > '9' {
			return s, 0, false
		}
		n = 10*n + int(c-'0')
	}
	s.Path = p
	f := strings.Split(rest[:i], "/")
	switch {
	case len(f) == 2 && f[0] == KindRun && f[1] == KindRun:
		s.Kind = KindRun
		return s, n, true
	case len(f) != 3 || !isAccount([]byte(f[0])) || !isRegion([]byte(f[1])):
		return s, 0, false
	case f[2] != KindCalls && f[2] != KindPopulations && !isKind([]byte(f[2])):
		return s, 0, false
	}
	s.Account, s.Region, s.Kind = f[0], f[1], f[2]
	return s, n, true
}

func (s *Shard) group() group { return groupOf(s.Account, s.Region, s.Kind) }
