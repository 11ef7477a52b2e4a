package bundle

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"

	"golang.org/x/crypto/ssh"
)

// Namespace is the SSHSIG namespace of a signature over SEAL. It keeps a signature that was made for another
// purpose from passing as one.
const Namespace = "auditpack-seal-v1"

// The armour of a signature, see PROTOCOL.sshsig of OpenSSH.
const (
	armorBegin = "-----BEGIN SSH SIGNATURE-----\n"
	armorEnd   = "-----END SSH SIGNATURE-----\n"
	armorWidth = 70
	sigMagic   = "SSHSIG"
	sigVersion = 1
)

// sigBlob is what the armour holds.
type sigBlob struct {
	Magic     [6]byte
	Version   uint32
	PublicKey string
	Namespace string
	Reserved  string
	Hash      string
	Signature string
}

// signedData is what the key signs.
type signedData struct {
	Magic     [6]byte
	Namespace string
	Reserved  string
	Hash      string
	Digest    string
}

func newSignedData(namespace, hash string, message []byte) []byte {
	d := signedData{Namespace: namespace, Hash: hash}
	copy(d.Magic[:], sigMagic)
	switch hash {
	case "sha256":
		h := sha256.Sum256(message)
		d.Digest = string(h[:])
	default:
		h := sha512.Sum512(message)
		d.Digest = string(h[:])
	}
	return ssh.Marshal(d)
}

// Signer makes signatures. Key is an Ed25519 or ECDSA P-256 key, in memory or elsewhere.
type Signer struct {
	Name string        // names the file signatures/<Name>.sshsig: letters, digits, dot, underscore, hyphen
	Key  crypto.Signer // an ECDSA key is handed the SHA-256 digest and answers with an ASN.1 signature, as crypto.Signer says
}

// acceptedKey says whether the key's algorithm is on the list: Ed25519 and ECDSA P-256, nothing else.
func acceptedKey(k ssh.PublicKey) bool {
	return k.Type() == ssh.KeyAlgoED25519 || k.Type() == ssh.KeyAlgoECDSA256
}

// PublicKey returns the key as OpenSSH knows it, or an error if its algorithm is not accepted.
func (s Signer) PublicKey() (ssh.PublicKey, error) {
	if s.Key == nil {
		return nil, errors.New("signer without a key")
	}
	switch k := s.Key.Public().(type) {
	case ed25519.PublicKey:
		return ssh.NewPublicKey(k)
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return ssh.NewPublicKey(k)
		}
		return nil, fmt.Errorf("signer %q: ECDSA on curve %s, want P-256", s.Name, k.Curve.Params().Name)
	default:
		return nil, fmt.Errorf("signer %q: %T is neither Ed25519 nor ECDSA P-256", s.Name, k)
	}
}

// sign returns the armoured SSHSIG over message.
func (s Signer) sign(namespace string, message []byte) ([]byte, error) {
	public, err := s.PublicKey()
	if err != nil {
		return nil, err
	}
	signer, err := ssh.NewSignerFromSigner(s.Key)
	if err != nil {
		return nil, fmt.Errorf("signer %q: %w", s.Name, err)
	}
	sig, err := signer.Sign(rand.Reader, newSignedData(namespace, "sha512", message))
	if err != nil {
		return nil, fmt.Errorf("signing as %q: %w", s.Name, err)
	}
	b := sigBlob{Version: sigVersion, PublicKey: string(public.Marshal()), Namespace: namespace, Hash: "sha512", Signature: string(ssh.Marshal(sig))}
	copy(b.Magic[:], sigMagic)
	return armor(ssh.Marshal(b)), nil
}

func armor(blob []byte) []byte {
	text := base64.StdEncoding.EncodeToString(blob)
	out := []byte(armorBegin)
	for len(text) > 0 {
		n := min(armorWidth, len(text))
		out = append(append(out, text[:n]...), '\n')
		text = text[n:]
	}
	return append(out, armorEnd...)
}

// dearmor is the inverse of armor. It allows another width, but no other liberty.
func dearmor(text []byte) ([]byte, error) {
	body, ok1 := bytes.CutPrefix(text, []byte(armorBegin))
	body, ok2 := bytes.CutSuffix(body, []byte("\n"+armorEnd))
	if !ok1 || !ok2 {
		return nil, errors.New("not an armoured SSH signature")
	}
	lines := bytes.Split(body, []byte("\n"))
	for i, l := range lines {
		if len(l) == 0 || len(l) > len(lines[0]) || i < len(lines)-1 && len(l) != len(lines[0]) || bytes.IndexByte(l, '\r') >= 0 {
			return nil, fmt.Errorf("line %d of the signature is out of shape", i+2)
		}
	}
	return base64.StdEncoding.Strict().DecodeString(string(bytes.Join(lines, nil)))
}

// verifySig checks an armoured SSHSIG over message and returns the key that made it. It says nothing about trust.
func verifySig(text []byte, namespace string, message []byte) (ssh.PublicKey, error) {
	blob, err := dearmor(text)
	if err != nil {
		return nil, err
	}
	var b sigBlob
	if err := ssh.Unmarshal(blob, &b); err != nil {
		return nil, fmt.Errorf("not an SSH signature: %w", err)
	}
	if string(b.Magic[:]) != sigMagic || b.Version != sigVersion || b.Reserved != "" {
		return nil, errors.New("not an SSH signature of version 1")
	}
	if b.Namespace != namespace {
		return nil, fmt.Errorf("made for namespace %.100q, want %q", b.Namespace, namespace)
	}
	if b.Hash != "sha256" && b.Hash != "sha512" {
		return nil, fmt.Errorf("hash algorithm %.100q is not accepted", b.Hash)
	}
	key, err := ssh.ParsePublicKey([]byte(b.PublicKey))
	if err != nil {
		return nil, fmt.Errorf("public key: %w", err)
	}
	if !acceptedKey(key) {
		return nil, fmt.Errorf("key algorithm %.100q is not accepted, only Ed25519 and ECDSA P-256 are", key.Type())
	}
	var sig ssh.Signature
	if err := ssh.Unmarshal([]byte(b.Signature), &sig); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	if sig.Format != key.Type() || len(sig.Rest) != 0 {
		return nil, fmt.Errorf("signature algorithm %.100q is not the key's, %s", sig.Format, key.Type())
	}
	if err := key.Verify(newSignedData(namespace, b.Hash, message), &sig); err != nil {
		return nil, errors.New("the signature is not over this SEAL by this key")
	}
	return key, nil
}
