package pdf

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/auditpack/auditpack/mapping/pack/packtest"
	"github.com/auditpack/auditpack/render"
)

func TestZZCover(t *testing.T) {
	d, err := newDocument(context.Background(), packtest.Build(t, 1), messages(t), render.Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := filepath.Glob("../../frameworks/*.toml")
	b, _ := filepath.Glob("../../mapping/rules/*.toml")
	c, _ := filepath.Glob("../../templates/messages/*.toml")
	for _, f := range append(append(a, b...), c...) {
		raw, _ := os.ReadFile(f)
		for _, r := range string(raw) {
			if r > ' ' && (!d.sans.Covers(r) || !d.bold.Covers(r)) {
				t.Errorf("%s U+%04X %c", f, r, r)
			}
		}
	}
}

func TestZZBig(t *testing.T) {
	p := packtest.Build(t, 12500)
	at := time.Now()
	var b bytes.Buffer
	if err := Render(context.Background(), p, messages(t), render.Options{Lang: "ja"}, &b); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(at), b.Len())
}
