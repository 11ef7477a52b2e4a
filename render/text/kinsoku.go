package text

import "unicode/utf8"

// Characters that must not start a line: closing brackets, hyphens, dividing and closing punctuation, middle dots, iteration
// marks, the prolonged sound mark, small kana, units after a number (JIS X 4051, classes cl-02 to cl-07, cl-09 to cl-11).
const noStart = ")]}" + `’”）〕］｝〉》」』】｠〙〗»` + "‐–〜゠" + "!?！？‼⁇⁈⁉" + "・:;：；" + ",.、。，．" + "ヽヾゝゞ々〻" + "ー" +
	"ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ" + "％%‰°′″℃￠" + "｡｣､･ｰﾞﾟｧｨｩｪｫｬｭｮｯ"

// Characters that must not end a line: opening brackets and signs before a number (cl-01, cl-12).
const noEnd = "([{" + "‘“（〔［｛〈《「『【｟〘〖«｢" + "￥¥＄$￡£＃№"

// classes of the characters below U+10000.
const (
	classNoStart = 1 << iota
	classNoEnd
	classWide
	classSeparator
	classPair // … and ―, which stay with their like
)

var class = func() (c [bmp]uint8) {
	for _, r := range noStart {
		c[r] |= classNoStart
	}
	for _, r := range noEnd {
		c[r] |= classNoEnd
	}
	for r := 0x2e80; r < 0xa000; r++ {
		c[r] |= classWide
	}
	for r := 0xe000; r < 0xfb00; r++ { // private use (aliases of rare kanji) and compatibility ideographs
		c[r] |= classWide
	}
	for r := 0xff00; r < 0xffef; r++ {
		c[r] |= classWide
	}
	for _, r := range "、。→←↑↓●○◎◇◆□■△▲▽▼☆★※〒" {
		c[r] |= classWide
	}
	for _, r := range ":/-_.,=&?|@+;#" {
		c[r] |= classSeparator
	}
	for _, r := range "…‥―—" {
		c[r] |= classPair
	}
	return c
}()

func classOf(r rune) uint8 {
	if r < 0 || r >= bmp {
		return 0
	}
	return class[r]
}

func startsNoLine(r rune) bool { return classOf(r)&classNoStart != 0 }
func endsNoLine(r rune) bool   { return classOf(r)&classNoEnd != 0 }

// between says how well a line may be broken between two characters that stand outside of tokens.
func between(a, b rune) int {
	ca, cb := classOf(a), classOf(b)
	switch {
	case a == ' ':
		if b == ' ' {
			return never
		}
		return normal
	case b == ' ', a == '\u00a0', b == '\u00a0':
		return never
	case ca&classSeparator != 0 && (ca|cb)&classWide == 0:
		// Inside an identifier separators may meet (":::", "?x="), and one may end a line but never start it.
		if cb&(classSeparator|classNoStart) != 0 {
			return never
		}
		return inside
	case cb&classNoStart != 0, ca&classNoEnd != 0:
		return never
	case ca&classPair != 0 && a == b:
		return never
	case (ca|cb)&classWide != 0:
		return normal
	}
	return never
}

// hyphen says how well a line may be broken after a hyphen between before and after: well in prose ("point-in-time"), not at
// all before an option (" -x"), as after any separator in an identifier ("us-east-1").
func hyphen(before, after rune, prose bool) int {
	switch {
	case before == ' ':
		return never
	case prose && letter(before) && letter(after):
		return normal
	}
	return inside
}

func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func lastRune(s string) (rune, int) {
	return utf8.DecodeLastRuneInString(s)
}
