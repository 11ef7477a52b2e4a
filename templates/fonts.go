package templates

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"sync"
)

//go:embed fonts/NotoSansJP-AP-Regular.ttf.gz fonts/NotoSansJP-AP-Bold.ttf.gz fonts/pua.json fonts/OFL.txt
var fontFiles embed.FS

// Fonts are the faces of the PDF packs: Noto Sans JP (SIL Open Font License 1.1, fonts/OFL.txt) in two weights, as TrueType.
type Fonts struct {
	Regular, Bold []byte // shared: who lets a library write into them must copy them first
	// Alias maps kanji beyond the BMP, which the PDF library cannot address, to the private-use code points under which
	// both faces hold their glyphs. The renderer puts the real code points back where text is copied or searched.
	Alias map[rune]rune
	// Licence is the text of the Open Font License, which has to travel with the fonts.
	Licence string
}

// LoadFonts unpacks the embedded fonts once for the life of the program.
func LoadFonts() (*Fonts, error) { return loadFonts() }

var loadFonts = sync.OnceValues(func() (*Fonts, error) {
	f := &Fonts{}
	var err error
	if f.Regular, err = unpack("fonts/NotoSansJP-AP-Regular.ttf.gz"); err != nil {
		return nil, err
	}
	if f.Bold, err = unpack("fonts/NotoSansJP-AP-Bold.ttf.gz"); err != nil {
		return nil, err
	}
	licence, err := fontFiles.ReadFile("fonts/OFL.txt")
	if err != nil {
		return nil, fmt.Errorf("reading the font licence: %w", err)
	}
	f.Licence = string(licence)
	f.Alias, err = aliases("fonts/pua.json")
	return f, err
})

func unpack(name string) ([]byte, error) {
	packed, err := fontFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading font %s: %w", name, err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpacking font %s: %w", name, err)
	}
	ttf, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpacking font %s: %w", name, err)
	}
	return ttf, nil
}

// aliases reads the list of private-use code points and turns it round: real code point → alias.
func aliases(name string) (map[rune]rune, error) {
	b, err := fontFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading font aliases: %w", err)
	}
	var list map[string]string
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, fmt.Errorf("reading font aliases %s: %w", name, err)
	}
	out := make(map[rune]rune, len(list))
	for alias, real := range list {
		a, errA := strconv.ParseInt(alias, 0, 32)
		r, errR := strconv.ParseInt(real, 0, 32)
		if errA != nil || errR != nil || a < 0xe000 || a > 0xf8ff || r <= 0xffff {
			return nil, fmt.Errorf("reading font aliases %s: %q → %q is no alias", name, alias, real)
		}
		out[rune(r)] = rune(a)
	}
	return out, nil
}
