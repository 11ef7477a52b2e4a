package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/auditpack/auditpack/collect/bundle"
)

// trustEnding is added to the name of a key file to name the trust file that knows the key.
const trustEnding = ".allowed_signers"

func keygenCommand(e env) *cobra.Command {
	var out, passphraseFile string
	var unprotected bool
	cmd := &cobra.Command{
		Use:   "keygen --out KEY",
		Short: "Make an Ed25519 key that signs bundles, and the trust file for those who verify",
		Long: `keygen makes an Ed25519 key pair. It writes two files and overwrites neither:

  KEY                   the private key in OpenSSH format, protected by a passphrase: keep it
  KEY.allowed_signers   the trust file: give it to whoever verifies, over a channel that they trust

The name of the file without its ending is the name of the signer: it names the signature inside a bundle and is the principal in
the trust file, so call the file after whoever signs.

The trust file is the allowed_signers format of ssh-keygen, so a bundle can be verified without auditpack.`,
		Example: `  auditpack keygen --out taro.yamada.key`,
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return hint(usagef("keygen needs --out"), "auditpack keygen --out reviewer.key")
			}
			if passphraseFile != "" && unprotected {
				return usagef("keygen takes --passphrase-file FILE or --no-passphrase, not both")
			}
			var passphrase []byte
			if !unprotected {
				var err error
				if passphrase, err = newPassphrase(e, passphraseFile); err != nil {
					return err
				}
			}
			private, line, err := bundle.GenerateKey(signerName(out), passphrase)
			if err != nil {
				return fmt.Errorf("making a key: %w", err)
			}
			if err := writeNew(out, private, 0o600); err != nil {
				return err
			}
			if err := writeNew(out+trustEnding, []byte(strings.TrimRight(line, "\n")+"\n"), 0o644); err != nil {
				os.Remove(out)
				return err
			}
			fmt.Fprintln(e.out, out)
			fmt.Fprintln(e.out, out+trustEnding)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&out, "out", "", "file for the private key")
	f.StringVar(&passphraseFile, "passphrase-file", "", "read the passphrase from the first line of a file instead of the terminal")
	f.BoolVar(&unprotected, "no-passphrase", false, "leave the private key unprotected")
	return cmd
}

// signerName makes the name of a signer from the name of a key file: its base without ending, in the characters of a file name.
func signerName(path string) string {
	name := filepath.Base(path)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	name = strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '.' || r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return r
		}
		return '_'
	}, name)
	if strings.Trim(name, "._-") == "" {
		return "signer"
	}
	return name
}

// writeNew writes a file that must not exist.
func writeNew(path string, data []byte, perm os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if errors.Is(err, os.ErrExist) {
		return hint(fmt.Errorf("%s exists already", path), "name another file; nothing is overwritten")
	}
	if err != nil {
		return fmt.Errorf("writing a new file: %w", err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		os.Remove(path)
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// newPassphrase asks for a passphrase twice, or reads it from a file.
func newPassphrase(e env, file string) ([]byte, error) {
	if file != "" {
		return passphraseFromFile(file)
	}
	first, err := askPassphrase(e, "Passphrase for the new key: ")
	if err != nil {
		return nil, err
	}
	if len(first) == 0 {
		return nil, hint(usagef("the passphrase is empty"), "type one, or say --no-passphrase")
	}
	second, err := askPassphrase(e, "Once more: ")
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(first, second) {
		return nil, usagef("the two passphrases differ; no key was made")
	}
	return first, nil
}

// passphraseFromFile returns the first line of a file.
func passphraseFromFile(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the passphrase: %w", err)
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 0 {
		return nil, usagef("the first line of %s is empty", file)
	}
	return line, nil
}

// askPassphrase reads a line from the terminal without echo.
func askPassphrase(e env, prompt string) ([]byte, error) {
	if e.in == nil || !term.IsTerminal(int(e.in.Fd())) {
		return nil, hint(usagef("a passphrase is needed and there is no terminal to ask for it"), "use --passphrase-file FILE")
	}
	fmt.Fprint(e.err, prompt)
	b, err := term.ReadPassword(int(e.in.Fd()))
	fmt.Fprintln(e.err)
	if err != nil {
		return nil, fmt.Errorf("reading the passphrase: %w", err)
	}
	return b, nil
}

// loadSigner reads a private key and asks for its passphrase if it has one.
func loadSigner(e env, file, passphraseFile string) (bundle.Signer, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return bundle.Signer{}, hint(fmt.Errorf("reading the signing key: %w", err), "auditpack keygen --out %s makes a key", file)
	}
	signer, err := bundle.LoadSigner(signerName(file), b, func() ([]byte, error) {
		if passphraseFile != "" {
			return passphraseFromFile(passphraseFile)
		}
		return askPassphrase(e, "Passphrase for "+file+": ")
	})
	if err != nil {
		return bundle.Signer{}, fmt.Errorf("signing key %s: %w", file, err)
	}
	return signer, nil
}
