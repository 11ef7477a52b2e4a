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

// callNumber returns n of the call id "cn", or 0 if it is none.
func callNumber(id []byte) int {
	if len(id) < 2 || len(id) > 11 || id[0] != 'c' || id[1] == '0' {
		return 0
	}
	n := 0
	for _, c := range id[1:] {
		if c < '0' || c > '9' {
			return 0
		}
		n = 10*n + int(c-'0')
	}
	if n > MaxCallID {
		return 0
	}
	return n
}

func isAccount(b []byte) bool {
	if len(b) != 12 {
		return false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// isRegion accepts what can be a path component: lower-case words and digits with single hyphens, "us-gov-west-1".
func isRegion(b []byte) bool {
	if len(b) == 0 || len(b) > 32 || b[0] < 'a' || b[0] > 'z' {
		return false
	}
	for i, c := range b {
		if c == '-' && b[i-1] != '-' && i+1 < len(b) || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			continue
		}
		return false
	}
	return true
}

// isKind accepts "service.noun", such as "ec2.ebs-encryption-default": a letter follows every dot and hyphen, so
// that no kind can be taken for a shard number, for KindCalls, KindPopulations or KindRun, or for a device.
func isKind(b []byte) bool {
	if len(b) == 0 || len(b) > 64 {
		return false
	}
	dot, word := 0, true
	for i, c := range b {
		switch {
		case c >= 'a' && c <= 'z':
			word = false
		case c >= '0' && c <= '9' && !word:
		case (c == '-' || c == '.') && !word:
			word = true
			if c == '.' {
				if dot > 0 {
					return false
				}
				dot = i
			}
		default:
			return false
		}
	}
	return dot > 0 && !word && !isDeviceName(string(b[:dot]))
}
