package bundle

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestCanonical pins the canonical form: the examples of RFC 8785 and where this format differs from it.
func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		` { "b" : 1 , "a" : [ true , null ] } `:                                         `{"a":[true,null],"b":1}`,
		`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]}`: `{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}`,
		`"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"`:                               `"€$\u000f\nA'B\"\\\\\"/"`,
		`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`:   "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}",
		`"\b\f\n\r\t\u0008\u001f\u007f"`:                                                "\"\\b\\f\\n\\r\\t\\b\\u001f\u007f\"",
		`9007199254740993`:                                                              `9007199254740993`, // beyond 2^53: not through float64
		`-0`:                                                                            `0`,
		`-0.0`:                                                                          `0`,
		`1.0`:                                                                           `1`,
		`1e2`:                                                                           `100`,
		`1e21`:                                                                          `1e+21`,
		`1e-7`:                                                                          `1e-7`,
		`1e-6`:                                                                          `0.000001`,
		`1.5e300`:                                                                       `1.5e+300`,
		`123456789012345678901`:                                                         `123456789012345678901`,
		`{}`:                                                                            `{}`,
		`[]`:                                                                            `[]`,
		`""`:                                                                            `""`,
		`{"":{"":[]}}`:                                                                  `{"":{"":[]}}`,
		`[[],[{}],"a",-1]`:                                                              `[[],[{}],"a",-1]`,
		strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth): strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth),
		strings.Repeat("9", MaxNumber):                                strings.Repeat("9", MaxNumber),
	} {
		got, err := Canonical([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v, want %s", in, got, err, want)
		}
		if err := checkJSON([]byte(want)); err != nil {
			t.Errorf("%s is not accepted: %v", want, err)
		}
		if in != want && checkJSON([]byte(in)) == nil {
			t.Errorf("%s is accepted, but is not canonical", in)
		}
	}
}

// TestNotJSON pins what neither the writer nor the reader takes.
func TestNotJSON(t *testing.T) {
	for _, in := range []string{
		``, ` `, `nul`, `True`, `'a'`, `"`, `"a`, `"\`, `"\x"`, `"\u12"`, `"\u12G4"`, `"\u+123"`, "\"\n\"", "\"\x00\"", `[`, `[1`, `[1,`, `[1,]`, `[,1]`,
		`[1 2]`, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{a:1}`, `{1:1}`, `{"a" 1}`, `{"a":1 "b":2}`, `]`, `}`, `,`, `:`,
		`01`, `-`, `+1`, `.5`, `1.`, `1.e1`, `1e`, `1e+`, `0x1`, `1_0`, `NaN`, `Infinity`, `-Infinity`, `1e400`, `--1`,
		`1 2`, `{}{}`, `null x`, `/**/1`, "\ufeff1",
		`{"a":1,"a":1}`, `{"a":1,"\u0061":1}`, `{"x":{"a":1,"b":2,"a":3}}`,
		"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xe6\xa9\"",
		`"\ud800"`, `"\udc00"`, `"\ud800\u0041"`, `"\ud800x"`, `"\ud800\ud800"`, `"\ud800`,
		strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1),
		strings.Repeat(`{"a":`, MaxDepth+1) + "1" + strings.Repeat("}", MaxDepth+1),
		strings.Repeat("9", MaxNumber+1), "0." + strings.Repeat("9", MaxNumber),
	} {
		if out, err := Canonical([]byte(in)); err == nil {
			t.Errorf("Canonical(%q) = %q, want an error", in, out)
		}
		if checkJSON([]byte(in)) == nil {
			t.Errorf("%q is accepted", in)
		}
	}
}

// TestStringScan pins the scan by eight bytes: each special byte is found at each place, and no other is.
func TestStringScan(t *testing.T) {
	for length := range 20 {
		for at := range length {
			for c := range 256 {
				text := bytes.Repeat([]byte("a"), length)
				text[at] = byte(c)
				in := append(append([]byte(`"`), text...), '"')
				want := c >= 0x20 && c < 0x80 && c != '"' && c != '\\'
				if got := checkJSON(in) == nil; got != want {
					t.Fatalf("%q: accepted %v, want %v", in, got, want)
				}
			}
		}
	}
}

// TestTimes checks the reading of times against package time.
func TestTimes(t *testing.T) {
	for _, in := range []string{
		"2026-03-04T05:06:07Z", "2026-03-04T05:06:07.1Z", "2026-03-04T05:06:07.012Z", "2024-02-29T00:00:00Z", "0000-01-01T23:59:59Z", "2026-12-31T00:00:00Z",
		"2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z",
		"2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00z",
		"2026-01-01 00:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.10Z", "2026-01-01T00:00:00.0Z", "2026-01-01T00:00:00,1Z", "2026-01-01T00:00:00.1234Z",
		"2026-01-01T00:00:00.1xZ", "2026-01-01T00:00:00+00:00", "26-01-01T00:00:00Z", "2026-1-01T00:00:00Z", "", "Z", "2026-01-01T00:00:00ZZ",
	} {
		p, err := time.Parse(time.RFC3339Nano, in)
		want := err == nil && wireTime(p).Format(time.RFC3339Nano) == in
		if got := isTime([]byte(in)); got != want {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

// FuzzJSON checks the reader against the writer, and both against encoding/json: a text is accepted if and only if
// it is its own canonical form, and the canonical form has the meaning of the text.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,"x\n"],"b":{"c":null}}`, `{"b":1,"a":1}`, `"\ud83d\ude00"`, `1e21`, `-0`, `{"a":1,"a":2}`, `"\u001f"`, "\"\xed\xa0\x80\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		accepted := checkJSON(in) == nil
		out, err := Canonical(in)
		if accepted != (err == nil && bytes.Equal(in, out)) {
			t.Fatalf("%q: accepted %v, canonical form %q, %v", in, accepted, out, err)
		}
		if err != nil {
			return
		}
		if err := checkJSON(out); err != nil {
			t.Fatalf("%q: its canonical form %q: %v", in, out, err)
		}
		var a, b any
		if err := json.Unmarshal(in, &a); err != nil {
			t.Fatalf("%q: accepted, but encoding/json says %v", in, err)
		}
		if err := json.Unmarshal(out, &b); err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if string(x) != string(y) && !bytes.Contains(x, []byte("-0")) { // minus zero is written as zero
			t.Fatalf("%q means %s, its canonical form %s", in, x, y)
		}
	})
}

// FuzzRecord checks that whatever is accepted as a record decodes, and encodes to the same text.
func FuzzRecord(f *testing.F) {
	for _, r := range testRecords() {
		body, err := encodeRecord(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) == 0 {
			return
		}
		line := appendLine(nil, [saltText]byte(bytes.Repeat([]byte("A"), saltText)), body)
		r, err := DecodeRecord(line[:len(line)-1])
		if err != nil {
			return
		}
		again, err := encodeRecord(value(r))
		if err != nil {
			t.Fatal(err)
		}
		if string(again[1:]) != string(body[1:]) {
			t.Fatalf("got %s, want %s", again, body)
		}
	})
}

// FuzzArchive checks that no file makes the zip reader panic or give data that are not there.
func FuzzArchive(f *testing.F) {
	f.Add(seal(f, testRun()))
	f.Add(endRecords(0, 0, 0))
	f.Add(endRecords(MaxEntries, 1<<33, 1<<33))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := openArchive(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		var inflate inflater
		end := int64(0)
		for i, e := range a.entries {
			if e.data < end || e.data+e.csize > int64(len(b)) {
				t.Fatalf("entry %d at %d of %d bytes, after %d, in a file of %d", i, e.data, e.csize, end, len(b))
			}
			end = e.data + e.csize
			if e.usize > 1<<20 {
				continue
			}
			if data, err := inflate.read(a, i, MaxEntry); err == nil && int64(len(data)) != e.usize {
				t.Fatalf("entry %d: %d bytes, want %d", i, len(data), e.usize)
			}
		}
	})
}

// FuzzTrust checks that no trust file makes the parser panic, and that what it accepts it can judge by.
func FuzzTrust(f *testing.F) {
	line, err := TrustLine("alice", testSigner("alice").Key.Public())
	if err != nil {
		f.Fatal(err)
	}
	key, err := testSigner("alice").PublicKey()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(line))
	f.Add([]byte(strings.Replace(line, "namespaces=", `valid-after="20260101Z",valid-before="20270101Z",namespaces=`, 1)))
	f.Add([]byte(`a cert-authority,namespaces="x" ssh-ed25519 AAAA`))
	f.Fuzz(func(_ *testing.T, b []byte) {
		if trust, err := ParseTrust("f", b); err == nil {
			trust.judge(key, Namespace, testTime)
		}
	})
}

// FuzzSignature checks that no text passes as a signature but one over the message, and that none makes it panic.
func FuzzSignature(f *testing.F) {
	sig, err := testSigner("alice").sign(Namespace, []byte("message"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sig)
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := verifySig(b, Namespace, []byte("another message")); err == nil {
			t.Fatal("accepted")
		}
		_, _ = verifySig(b, Namespace, []byte("message"))
	})
}
