package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadTrust pins that a trust file may begin with a byte order mark and is not read without a bound.
func TestReadTrust(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allowed_signers")
	for _, c := range []struct{ content, want, err string }{
		{"a b c\n", "a b c\n", ""},
		{"\ufeffa b c\r\n", "a b c\r\n", ""},
		{strings.Repeat("#", maxTrust+1), "", "is larger than"},
	} {
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readTrust(path)
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q", err, c.err)
			}
		case err != nil || string(got) != c.want:
			t.Errorf("got %q, error %v; want %q", got, err, c.want)
		}
	}
}
