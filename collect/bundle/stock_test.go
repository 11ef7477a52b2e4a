package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tool returns a command's path. Without the command the test is skipped; with CI=true that is a failure.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// unpack writes the files of a zip file into a new folder, by another zip reader than ours.
func unpack(t *testing.T, b []byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runIn runs a command with stdin from a file of dir.
func runIn(dir, stdin, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if stdin != "" {
		f, err := os.Open(filepath.Join(dir, stdin))
		if err != nil {
			return "", err
		}
		defer f.Close()
		cmd.Stdin = f
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestStockTools pins that ssh-keygen and sha256sum verify a bundle as README.txt says, and notice a change.
func TestStockTools(t *testing.T) {
	keygen, sums := tool(t, "ssh-keygen"), tool(t, "sha256sum")
	dir := unpack(t, seal(t, testRecords()...))
	line, err := TrustLine("alice", testSigner("alice").Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "allowed_signers"), []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	verify := func() (string, error) {
		return runIn(dir, fileSeal, keygen, "-Y", "verify", "-f", "allowed_signers", "-I", "alice", "-n", Namespace, "-s", "signatures/alice.sshsig")
	}
	check := func(list string) (string, error) { return runIn(dir, "", sums, "--strict", "-c", list) }
	if out, err := verify(); err != nil || !strings.HasPrefix(out, `Good "auditpack-seal-v1" signature for alice`) {
		t.Errorf("ssh-keygen: %v\n%s", err, out)
	}
	for _, list := range []string{fileSeal, fileSums} {
		if out, err := check(list); err != nil {
			t.Errorf("sha256sum -c %s: %v\n%s", list, err, out)
		}
	}
	shard := filepath.Join(dir, filepath.FromSlash(shardBuckets))
	if err := os.WriteFile(shard, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := check(fileSums); err == nil {
		t.Errorf("sha256sum takes a changed shard:\n%s", out)
	}
	if err := os.WriteFile(filepath.Join(dir, fileSeal), []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := verify(); err == nil {
		t.Errorf("ssh-keygen takes a changed SEAL:\n%s", out)
	}
}

// TestUnzip pins that the common unzip program finds nothing to complain about.
func TestUnzip(t *testing.T) {
	unzip := tool(t, "unzip")
	path := filepath.Join(t.TempDir(), "bundle.zip")
	if err := os.WriteFile(path, seal(t, testRecords()...), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(unzip, "-tq", path).CombinedOutput(); err != nil || !strings.Contains(string(out), "No errors") {
		t.Errorf("unzip -t: %v\n%s", err, out)
	}
}

// TestStockKeys pins that ssh-keygen reads our private keys and signs with them what we verify, and that we read its.
func TestStockKeys(t *testing.T) {
	keygen := tool(t, "ssh-keygen")
	dir := t.TempDir()
	private, line, err := GenerateKey("alice", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"ours": string(private), "SEAL": "message"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"-q", "-t", "ed25519", "-N", "secret", "-f", "ed25519"}, {"-q", "-t", "ecdsa", "-b", "256", "-N", "", "-f", "p256"},
		{"-q", "-t", "ecdsa", "-b", "384", "-N", "", "-f", "p384"}, {"-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", "rsa"},
	} {
		if out, err := runIn(dir, "", keygen, args...); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	for _, key := range []string{"ours", "p256", "p384", "rsa"} {
		if out, err := runIn(dir, "", keygen, "-Y", "sign", "-q", "-n", Namespace, "-f", key, "SEAL"); err != nil {
			t.Fatalf("signing with %s: %v\n%s", key, err, out)
		}
		sig, err := os.ReadFile(filepath.Join(dir, "SEAL.sig"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, "SEAL.sig")); err != nil {
			t.Fatal(err)
		}
		accepted := key == "ours" || key == "p256"
		if _, err := verifySig(sig, Namespace, []byte("message")); (err == nil) != accepted {
			t.Errorf("signature by %s: got %v, want accepted %v", key, err, accepted)
		}
		data, err := os.ReadFile(filepath.Join(dir, key))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := LoadSigner("x", data, nil); (err == nil) != accepted {
			t.Errorf("loading %s: got %v, want accepted %v", key, err, accepted)
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "ed25519"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := LoadSigner("x", data, func() ([]byte, error) { return []byte("secret"), nil }); err != nil {
		t.Error(err)
	}
	if !strings.HasPrefix(line, `alice namespaces="auditpack-seal-v1" ssh-ed25519 `) {
		t.Errorf("trust line %q", line)
	}
}

// TestTrustAgreesWithStock judges signatures by the same trust files as ssh-keygen does.
func TestTrustAgreesWithStock(t *testing.T) {
	keygen := tool(t, "ssh-keygen")
	dir := t.TempDir()
	sig, err := testSigner("alice").sign(Namespace, []byte("message"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := testSigner("alice").PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	line, err := TrustLine("alice", testSigner("alice").Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := line[strings.Index(line, "ssh-ed25519"):]
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("SEAL", "message")
	write("sig", string(sig))
	for _, c := range []struct {
		file string
		want Reason
	}{
		{"alice " + public, ""},
		{"alice,bob " + public, ""},
		{`"alice" ` + public, ""},
		{"# comment\n\n  alice " + strings.TrimSpace(public) + " a comment\n", ""},
		{`alice namespaces="auditpack-seal-v1" ` + public, ""},
		{`alice NAMESPACES="auditpack-*" ` + public, ""},
		{`alice namespaces="git,auditpack-seal-v?" ` + public, ""},
		{`alice namespaces="git" ` + public, ReasonKeyWrongRole},
		{`alice namespaces="*,!auditpack-seal-v1" ` + public, ReasonKeyWrongRole},
		{`alice valid-before="20260304050607Z" ` + public, ""},
		{`alice valid-before="20260304050606Z" ` + public, ReasonKeyExpired},
		{`alice valid-after="20260304050607Z" ` + public, ""},
		{`alice valid-after="202603040507Z" ` + public, ReasonKeyNotYetValid},
		{`alice valid-after="20260304Z",valid-before="20260305Z",namespaces="auditpack-seal-v1" ` + public, ""},
	} {
		write("allowed_signers", c.file)
		trust, err := ParseTrust("allowed_signers", []byte(c.file))
		if err != nil {
			t.Errorf("%q: %v", c.file, err)
			continue
		}
		principals, got := trust.judge(key, Namespace, testTime)
		if got != c.want || !strings.Contains(principals, "alice") {
			t.Errorf("%q: got %q for %q, want %q", c.file, got, principals, c.want)
		}
		out, err := runIn(dir, "SEAL", keygen, "-Y", "verify", "-f", "allowed_signers", "-I", "alice", "-n", Namespace, "-s", "sig", "-O", "verify-time="+testTime.Format("20060102150405Z"))
		if (err == nil) != (c.want == "") {
			t.Errorf("%q: we say %q, ssh-keygen says %v\n%s", c.file, got, err, out)
		}
	}
}

// TestParseTrustRefuses pins that what is not understood is an error with file and line, and that all are reported.
func TestParseTrustRefuses(t *testing.T) {
	line, err := TrustLine("alice", testSigner("alice").Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := strings.TrimSpace(line[strings.Index(line, "ssh-ed25519"):])
	for text, want := range map[string]string{
		"":                               "no signer",
		"# only this\n":                  "no signer",
		"alice":                          "f:1: want a key type",
		"alice cert-authority " + public: "certificate authorities",
		"alice ssh-ed25519 AAAA":         "f:1: key:",
		"alice ssh-ed25519 !":            "f:1: key:",
		"alice ecdsa-sha2-nistp256" + public[len("ssh-ed25519"):]:          "key of type ssh-ed25519",
		`alice color="red" ` + public:                                      `unknown option "color"`,
		`alice namespaces=git ` + public:                                   `want namespaces=`,
		`alice namespaces="" ` + public:                                    "empty",
		`alice namespaces="a",namespaces="b" ` + public:                    "twice",
		`alice valid-after="2026" ` + public:                               "want YYYYMMDD",
		`alice valid-after="20261301Z" ` + public:                          "out of range",
		`alice valid-after="20260101Z",valid-before="20260101Z" ` + public: "not before",
		`alice valid-after="20260101Z",valid-after="20260101Z" ` + public:  "twice",
		`alice "x ` + public:                                               "quote without end",
		`"" ` + public:                                                     "no principal",
		line + "x\n" + line + "alice sk-ssh-ed25519@openssh.com AAAA":      "f:2: want a key type and a key\nf:4: key:",
		"alice ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC3sW0Y1v0y1mZ1fGZ7nC1vN1XUQ3mW2m0xJ8z0QqfYwz1yqf5JmCqA6E8cGZ0mBwqQm9C0j1oZ3yZcJ5qQmY0cVw==": "f:1: key",
	} {
		if _, err := ParseTrust("f", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
	trust := testTrust(t, "", "alice")
	if err := trust.Revoke("krl", []byte("SSHKRL\n\x00")); err == nil {
		t.Error("a binary revocation list is accepted")
	}
	if err := trust.Revoke("list", []byte("# none\nnonsense\n")); err == nil || !strings.Contains(err.Error(), "list:2") {
		t.Errorf("got %v, want list:2", err)
	}
}

// TestKeys pins what LoadSigner takes, and that it asks for a passphrase only if there is one.
func TestKeys(t *testing.T) {
	private, line, err := GenerateKey("alice", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	ask := func(answer string) func() ([]byte, error) {
		return func() ([]byte, error) { asked++; return []byte(answer), nil }
	}
	if _, err := LoadSigner("alice", private, nil); err == nil || !strings.Contains(err.Error(), "a passphrase is needed") {
		t.Errorf("without a passphrase: got %v", err)
	}
	if _, err := LoadSigner("alice", private, ask("wrong")); err == nil {
		t.Error("a wrong passphrase is accepted")
	}
	s, err := LoadSigner("alice", private, ask("secret"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := TrustLine("alice", s.Key.Public()); err != nil || again != line {
		t.Errorf("got key %q, %v, want %q", again, err, line)
	}
	if f, err := s.Fingerprint(); err != nil || !strings.HasPrefix(f, "SHA256:") {
		t.Errorf("fingerprint %q, %v", f, err)
	}
	if asked != 2 {
		t.Errorf("asked %d times, want 2", asked)
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(p256)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := LoadSigner("ec", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), ask(""))
	if err != nil || asked != 2 {
		t.Fatalf("PKCS #8: %v, asked %d times", err, asked)
	}
	sig, err := ec.sign(Namespace, []byte("message"))
	if err != nil {
		t.Fatal(err)
	}
	if k, err := verifySig(sig, Namespace, []byte("message")); err != nil || k.Type() != "ecdsa-sha2-nistp256" {
		t.Errorf("ECDSA: got %v, %v", k, err)
	}
	for _, name := range []string{"", "a/b", ".x", "a b"} {
		if _, _, err := GenerateKey(name, nil); err == nil {
			t.Errorf("name %q is accepted", name)
		}
		if _, err := LoadSigner(name, private, ask("secret")); err == nil {
			t.Errorf("name %q is accepted", name)
		}
	}
	if _, err := TrustLine("a b", s.Key.Public()); err == nil {
		t.Error("a principal with a space is accepted")
	}
	if _, err := LoadSigner("x", []byte("x"), nil); err == nil {
		t.Error("a file that is no key is accepted")
	}
}

// TestSystemClock pins that a policy without a time takes the clock's.
func TestSystemClock(t *testing.T) {
	good := seal(t, testRun())
	for days, want := range map[int]bool{-1: false, 1: true} {
		option := fmt.Sprintf(`valid-before="%sZ"`, time.Now().UTC().AddDate(0, 0, days).Format("20060102"))
		_, err := Verify(t.Context(), bytes.NewReader(good), int64(len(good)), Policy{Trust: testTrust(t, option, "alice")})
		if (err == nil) != want {
			t.Errorf("a key valid until %d days from now: %v", days, err)
		}
	}
}
