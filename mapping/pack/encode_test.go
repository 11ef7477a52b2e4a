package pack

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"
)

// texts are strings in which encoding/json escapes something, and some in which it does not.
var texts = []string{
	"", "plain", "arn:aws:s3:::b", `a "quoted" \ word`, "<script>&amp;</script>", "line\nbreak\ttab\r\b\f", "\x00\x1f\x7f", "機密データ", "\u2028\u2029", "\xff\xc0 not UTF-8", "\xe2\x80", "😀", "e\u0301",
}

var raws = []string{
	`null`, `true`, `-1.5e-7`, `"plain"`, `{}`, `[]`, `{"a":[1,2,{"b":"c d"}],"e":"<&>"}`, " { \"a\" : [ 1 ,\n\t2 ] , \"b c\" : \" d \" } ", `"\"\\\/\b\u003c <"`, "\"\u2028 \u2029 \u2027 \u202a 機密\"", `"\\"`, `{"<":"\\\""}`,
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// listOf makes a list of up to two elements, or none at all.
func listOf[T any](r *rand.Rand, element func() T) []T {
	n := r.IntN(4) - 1
	if n < 0 {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = element()
	}
	return out
}

// TestAppendJSON holds the encoding of lines against json.Marshal, which is what the reader and everybody else expect.
func TestAppendJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text := func() string { return pick(r, texts) }
	raw := func() json.RawMessage {
		if r.IntN(8) == 0 {
			return nil
		}
		return json.RawMessage(pick(r, raws))
	}
	reason := func() Reason {
		out := Reason{Code: text()}
		for range r.IntN(3) {
			if out.Args == nil {
				out.Args = map[string]string{}
			}
			out.Args[text()] = text()
		}
		return out
	}
	for range 3000 {
		f := Finding{
			N: r.IntN(1 << 20), Fingerprint: text(), Rule: text(), Severity: Severity(text()), Result: Result(text()), Reasons: listOf(r, reason), Kind: text(), Account: text(),
			Region: text(), ID: text(), ARN: text(), Acceptance: text(), Gaps: listOf(r, func() int { return r.IntN(100) - 5 }),
			Facts:    listOf(r, func() Fact { return Fact{Record: text(), Pointer: text(), Value: raw()} }),
			Evidence: listOf(r, func() Ref { return Ref{Record: text(), Part: text(), Calls: listOf(r, text)} }),
		}
		same(t, &f, f.AppendJSON([]byte("x")))
		e := Evidence{
			Record: text(), Path: text(), Line: r.IntN(1000), Kind: text(), Account: text(), Region: text(), ID: text(), ARN: text(), InScope: r.IntN(2) == 0,
			Parts: listOf(r, func() EvidencePart {
				return EvidencePart{Name: text(), State: text(), Code: text(), Calls: listOf(r, text)}
			}),
		}
		same(t, &e, e.AppendJSON([]byte("x")))
		c := Call{
			Record: text(), ID: text(), Account: text(), Region: text(), Caller: text(), Service: text(), Operation: text(), Input: raw(), RequestID: text(),
			At: time.Unix(r.Int64N(1<<32), r.Int64N(2)*r.Int64N(1e9)).UTC(), HTTPStatus: r.IntN(600),
		}
		same(t, &c, c.AppendJSON([]byte("x")))
	}
}

func same(t *testing.T, v any, got []byte) {
	t.Helper()
	want, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != "x"+string(want) {
		t.Fatalf("got  %s\nwant x%s", got, want)
	}
}

// FuzzAppendRaw holds the encoding of values and strings against json.Marshal.
func FuzzAppendRaw(f *testing.F) {
	for _, s := range raws {
		f.Add([]byte(s))
	}
	for _, s := range texts {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if want, err := json.Marshal(json.RawMessage(in)); err == nil && len(in) > 0 {
			if got := appendRaw(nil, in); !bytes.Equal(got, want) {
				t.Errorf("%q: got %s, want %s", in, got, want)
			}
		}
		if got, want := AppendString(nil, string(in)), marshal(string(in)); !bytes.Equal(got, want) {
			t.Errorf("string %q: got %s, want %s", in, got, want)
		}
	})
}
