package templates

import (
	"strings"
	"testing"
)

func TestFonts(t *testing.T) {
	f, err := LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Regular) < 1<<20 || len(f.Bold) < 1<<20 {
		t.Errorf("faces of %d and %d bytes", len(f.Regular), len(f.Bold))
	}
	if f.Alias['𠮷'] == 0 {
		t.Error("𠮷 has no alias")
	}
	taken := map[rune]rune{}
	for real, alias := range f.Alias {
		if other, twice := taken[alias]; twice {
			t.Errorf("%c and %c share an alias", real, other)
		}
		taken[alias] = real
	}
	if !strings.Contains(f.Licence, "SIL OPEN FONT LICENSE") {
		t.Error("the font licence is missing")
	}
}
