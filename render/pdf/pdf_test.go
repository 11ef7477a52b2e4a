package pdf

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/mapping/pack/packtest"
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/templates"
)

func messages(tb testing.TB) *templates.Messages {
	tb.Helper()
	m, err := templates.Load()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// renderPack renders to memory and to a file for tools to read.
func renderPack(tb testing.TB, p *pack.Reader, lang string) (content []byte, path string) {
	tb.Helper()
	var b bytes.Buffer
	if err := Render(context.Background(), p, messages(tb), render.Options{Lang: lang}, &b); err != nil {
		tb.Fatal(err)
	}
	path = filepath.Join(tb.TempDir(), lang+".pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes(), path
}

func TestRenderDemo(t *testing.T) {
	p := packtest.Build(t, 30)
	for _, lang := range templates.Languages() {
		b, _ := renderPack(t, p, lang)
		os.WriteFile("/tmp/demo-"+lang+".pdf", b, 0o600)
	}
}
