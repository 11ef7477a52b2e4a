package seed

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// The emulator must never be confused with AWS: Run creates users and opens ports.
func TestRunRefusesWhatIsNotLoopback(t *testing.T) {
	for _, endpoint := range []string{"https://iam.amazonaws.com", "http://10.0.0.1:5000", "http://localhost:5000", "", "http://127.0.0.1.example.com", "http://[::", "127.0.0.1"} {
		if _, err := Run(t.Context(), endpoint, nil); err == nil {
			t.Errorf("Run accepted the endpoint %q", endpoint)
		}
	}
	for _, endpoint := range []string{"http://127.0.0.1:5000", "http://[::1]:5000"} {
		if err := onlyLoopback(endpoint); err != nil {
			t.Error(err)
		}
	}
}

// AWS limits a tag value to 256 characters, counted in UTF-16 units.
func TestHostileValuesFitAWS(t *testing.T) {
	if n := utf8.RuneCountInString(long); n != 250 {
		t.Errorf("the long value has %d characters, want 250", n)
	}
	for _, v := range []string{formula, formulaAt, script, bidi, pageMacro, emoji, surrogate, personal, secret, newlines, pathEscape, cdata, long} {
		if n := len(utf16.Encode([]rune(v))); n > 256 || !utf8.ValidString(v) {
			t.Errorf("value %q has %d UTF-16 units or is not UTF-8", v, n)
		}
	}
	if !strings.Contains(bidi, "\u202e") || len(utf16.Encode([]rune(surrogate))) == utf8.RuneCountInString(surrogate) {
		t.Error("the bidi or the surrogate value lost what makes it hostile")
	}
}
