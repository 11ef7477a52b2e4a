package bundle

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// Trust says who may sign: a parsed allowed_signers file as ssh-keygen(1) describes it under ALLOWED SIGNERS.
type Trust struct {
	keys    []trustedKey
	revoked map[string]bool // by marshalled key
}

type trustedKey struct {
	principals string
	key        string // marshalled
	namespaces string // pattern list; empty: all
	after      time.Time
	before     time.Time
}

// maxTrustFile bounds a trust file and a revocation list, in bytes.
const maxTrustFile = 4 << 20

// ParseTrust reads an allowed_signers file. file names it in errors. Every line that is not understood is an error,
// all of them are reported; so are certificate authorities and keys of other algorithms than Ed25519 and ECDSA
// P-256. As in OpenSSH, a key without namespaces= may sign everything, and a time without Z is local.
func ParseTrust(file string, data []byte) (*Trust, error) {
	t := &Trust{revoked: make(map[string]bool)}
	err := eachLine(file, data, func(line string) error {
		k, err := parseTrustLine(line)
		if err == nil {
			t.keys = append(t.keys, k)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(t.keys) == 0 {
		return nil, fmt.Errorf("%s: no signer in it", file)
	}
	return t, nil
}

// Revoke adds a revocation list: public keys, one a line, as `ssh-keygen -Y verify -r` takes it. OpenSSH's binary
// key revocation lists are not understood and refused.
func (t *Trust) Revoke(file string, data []byte) error {
	if bytes.HasPrefix(data, []byte("SSHKRL")) {
		return fmt.Errorf("%s: a binary key revocation list; want public keys, one a line", file)
	}
	return eachLine(file, data, func(line string) error {
		k, err := parseKey(line)
		if err == nil {
			t.revoked[k] = true
		}
		return err
	})
}

// eachLine calls do for each line that is neither empty nor a comment and collects the errors with file and line.
func eachLine(file string, data []byte, do func(line string) error) error {
	if len(data) > maxTrustFile {
		return fmt.Errorf("%s: %d bytes, at most %d", file, len(data), maxTrustFile)
	}
	var errs []error
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.Trim(line, " \t\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if err := do(line); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", file, n, err))
		}
	}
	return errors.Join(errs...)
}

func parseTrustLine(line string) (k trustedKey, err error) {
	var rest string
	if k.principals, rest, err = word(line); err != nil {
		return k, err
	}
	k.principals = strings.ReplaceAll(k.principals, `"`, "")
	if k.principals == "" {
		return k, errors.New("no principal")
	}
	if k.key, err = parseKey(rest); err == nil || !mayHaveOptions(rest) {
		return k, err
	}
	options, rest, err := word(rest)
	if err != nil {
		return k, err
	}
	for o := range splitOptions(options) {
		if err := k.option(o); err != nil {
			return k, err
		}
	}
	if !k.after.IsZero() && !k.before.IsZero() && !k.after.Before(k.before) {
		return k, errors.New("valid-after is not before valid-before")
	}
	k.key, err = parseKey(rest)
	return k, err
}

// mayHaveOptions reports whether rest begins with options and not with a key type.
func mayHaveOptions(rest string) bool {
	return rest != "" && !strings.HasPrefix(rest, "ssh-") && !strings.HasPrefix(rest, "ecdsa-") && !strings.HasPrefix(rest, "sk-")
}

// word cuts the first field off, in which quotes protect spaces.
func word(s string) (first, rest string, err error) {
	quoted := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ' ' || c == '\t'):
			return s[:i], strings.TrimLeft(s[i:], " \t"), nil
		}
	}
	if quoted {
		return "", "", errors.New("quote without end")
	}
	return s, "", nil
}

// splitOptions splits at the commas outside quotes.
func splitOptions(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := range len(s) {
			if s[i] == '"' {
				quoted = !quoted
			}
			if s[i] == ',' && !quoted {
				if !yield(s[start:i]) {
					return
				}
				start = i + 1
			}
		}
		yield(s[start:])
	}
}

func (k *trustedKey) option(o string) error {
	name, value, _ := strings.Cut(o, "=")
	name = strings.ToLower(name)
	if name == "cert-authority" {
		return errors.New("certificate authorities are not accepted, name the keys")
	}
	text, ok := strings.CutPrefix(value, `"`)
	text, ok2 := strings.CutSuffix(text, `"`)
	if value != "" && (!ok || !ok2 || strings.Contains(text, `"`)) {
		return fmt.Errorf("option %q: want %s=\"…\"", o, name)
	}
	var err error
	switch name {
	case "namespaces":
		if k.namespaces != "" || text == "" {
			return errors.New("namespaces twice or empty")
		}
		k.namespaces = text
	case "valid-after":
		if !k.after.IsZero() {
			return errors.New("valid-after twice")
		}
		k.after, err = trustTime(text)
	case "valid-before":
		if !k.before.IsZero() {
			return errors.New("valid-before twice")
		}
		k.before, err = trustTime(text)
	default:
		return fmt.Errorf("unknown option %q", name)
	}
	if err != nil {
		return fmt.Errorf("option %q: %w", name, err)
	}
	return nil
}

// trustTime reads YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, in local time or, with Z behind, in UTC.
func trustTime(s string) (time.Time, error) {
	digits, utc := strings.CutSuffix(s, "Z")
	zone := time.Local
	if utc {
		zone = time.UTC
	}
	for _, layout := range []string{"20060102", "200601021504", "20060102150405"} {
		if len(layout) == len(digits) {
			return time.ParseInLocation(layout, digits, zone)
		}
	}
	return time.Time{}, fmt.Errorf("time %q: want YYYYMMDD[HHMM[SS]][Z]", s)
}

// parseKey reads "type base64 comment" and returns the marshalled key.
func parseKey(s string) (string, error) {
	f := strings.Fields(s)
	if len(f) < 2 {
		return "", errors.New("want a key type and a key")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(f[1])
	if err != nil {
		return "", fmt.Errorf("key: %w", err)
	}
	k, err := ssh.ParsePublicKey(raw)
	if err != nil {
		return "", fmt.Errorf("key: %w", err)
	}
	if k.Type() != f[0] {
		return "", fmt.Errorf("key of type %s where %.40q is said", k.Type(), f[0])
	}
	if !acceptedKey(k) {
		return "", fmt.Errorf("key algorithm %s is not accepted, only Ed25519 and ECDSA P-256 are", k.Type())
	}
	return string(raw), nil
}

// judge says whether the key may sign for the namespace at that time: the principals that it speaks for, or why not.
func (t *Trust) judge(key ssh.PublicKey, namespace string, now time.Time) (principals string, reason Reason) {
	raw := string(key.Marshal())
	reason = ReasonSigUntrusted
	for _, k := range t.keys {
		if k.key != raw {
			continue
		}
		switch {
		case t.revoked[raw]:
			return k.principals, ReasonKeyRevoked
		case k.namespaces != "" && !matchList(namespace, k.namespaces):
			principals, reason = k.principals, ReasonKeyWrongRole
		case !k.before.IsZero() && now.After(k.before):
			principals, reason = k.principals, ReasonKeyExpired
		case !k.after.IsZero() && now.Before(k.after):
			principals, reason = k.principals, ReasonKeyNotYetValid
		default:
			return k.principals, ""
		}
	}
	if t.revoked[raw] {
		reason = ReasonKeyRevoked
	}
	return principals, reason
}

// matchList matches s against a comma-separated list of patterns as ssh_config(5) describes them under PATTERNS:
// * and ? are wildcards, and a match with a pattern behind ! refuses.
func matchList(s, list string) bool {
	found := false
	for p := range strings.SplitSeq(list, ",") {
		p, not := strings.CutPrefix(p, "!")
		if matchPattern(s, p) {
			if not {
				return false
			}
			found = true
		}
	}
	return found
}

func matchPattern(s, p string) bool {
	// star and mark are where the last * stands and up to where it has eaten.
	i, j, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case j < len(p) && p[j] == '*':
			star, mark = j, i
			j++
		case j < len(p) && (p[j] == '?' || p[j] == s[i]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	return strings.Trim(p[j:], "*") == ""
}
