package bundle

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"

	"golang.org/x/crypto/ssh"
)

// GenerateKey makes an Ed25519 key. private is an OpenSSH private key file, encrypted with the passphrase (bcrypt and
// AES-256) unless that is empty; trustLine is the line of an allowed_signers file that lets name sign bundles with it.
// The name must also be fit for Signer.Name.
func GenerateKey(name string, passphrase []byte) (private []byte, trustLine string, err error) {
	if what := checkComponent(name); what != "" {
		return nil, "", fmt.Errorf("signer name %q: %s", name, what)
	}
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, "", err
	}
	var block *pem.Block
	if len(passphrase) == 0 {
		block, err = ssh.MarshalPrivateKey(key, name)
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, name, passphrase)
	}
	if err != nil {
		return nil, "", fmt.Errorf("writing the private key: %w", err)
	}
	trustLine, err = TrustLine(name, public)
	return pem.EncodeToMemory(block), trustLine, err
}

// TrustLine returns the line of an allowed_signers file, with its LF, that lets principal sign bundles with the key.
func TrustLine(principal string, key crypto.PublicKey) (string, error) {
	if what := checkPrincipal(principal); what != "" {
		return "", fmt.Errorf("principal %q: %s", principal, what)
	}
	k, err := ssh.NewPublicKey(key)
	if err != nil {
		return "", err
	}
	if !acceptedKey(k) {
		return "", fmt.Errorf("key algorithm %s is not accepted, only Ed25519 and ECDSA P-256 are", k.Type())
	}
	return fmt.Sprintf("%s namespaces=%q %s %s\n", principal, Namespace, k.Type(), base64.StdEncoding.EncodeToString(k.Marshal())), nil
}

// checkPrincipal returns what is wrong with a principal that is no pattern, or "".
func checkPrincipal(p string) string {
	if p == "" {
		return "empty"
	}
	for _, c := range []byte(p) {
		if c <= ' ' || c > '~' || c == '"' || c == ',' || c == '*' || c == '?' || c == '!' || c == '#' {
			return fmt.Sprintf("byte %#02x", c)
		}
	}
	return ""
}

// Fingerprint returns the SHA256:… fingerprint of a signer's key, as ssh-keygen prints it.
func (s Signer) Fingerprint() (string, error) {
	k, err := s.PublicKey()
	if err != nil {
		return "", err
	}
	return ssh.FingerprintSHA256(k), nil
}

// LoadSigner reads a private key file: OpenSSH, PKCS #8 or SEC 1 PEM, Ed25519 or ECDSA P-256; only an OpenSSH file
// may be encrypted. passphrase is called only if the key needs one, and may be nil.
func LoadSigner(name string, file []byte, passphrase func() ([]byte, error)) (Signer, error) {
	if what := checkComponent(name); what != "" {
		return Signer{}, fmt.Errorf("signer name %q: %s", name, what)
	}
	raw, err := ssh.ParseRawPrivateKey(file)
	var missing *ssh.PassphraseMissingError
	if errors.As(err, &missing) {
		if passphrase == nil {
			return Signer{}, fmt.Errorf("private key of %q: a passphrase is needed", name)
		}
		var p []byte
		if p, err = passphrase(); err != nil {
			return Signer{}, fmt.Errorf("private key of %q: %w", name, err)
		}
		raw, err = ssh.ParseRawPrivateKeyWithPassphrase(file, p)
	}
	if err != nil {
		return Signer{}, fmt.Errorf("private key of %q: %w", name, err)
	}
	if p, ok := raw.(*ed25519.PrivateKey); ok {
		raw = *p
	}
	key, ok := raw.(crypto.Signer)
	if !ok {
		return Signer{}, fmt.Errorf("private key of %q: %T cannot sign", name, raw)
	}
	s := Signer{Name: name, Key: key}
	if _, err := s.PublicKey(); err != nil {
		return Signer{}, err
	}
	return s, nil
}
