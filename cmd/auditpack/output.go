package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/render/pdf"
	"github.com/auditpack/auditpack/render/xlsx"
	"github.com/auditpack/auditpack/templates"
)

// formats lists the renderers by the name that --format takes; the name is the file ending too.
var formats = []string{"pdf", "xlsx"}

// renderOptions are the flags that render and pack share.
type renderOptions struct {
	formats, langs []string
	maxFindings    int
	force          bool
}

func (o *renderOptions) check() error {
	for _, f := range o.formats {
		if !slices.Contains(formats, f) {
			return hint(usagef("there is no format %q", f), "formats: %s", strings.Join(formats, ", "))
		}
	}
	for _, l := range o.langs {
		if !slices.Contains(templates.Languages(), l) {
			return hint(usagef("there is no language %q", l), "languages: %s", strings.Join(templates.Languages(), ", "))
		}
	}
	if len(o.formats) == 0 || len(o.langs) == 0 {
		return usagef("--format and --lang must not be empty")
	}
	if o.maxFindings < 1 {
		return usagef("--max-findings must be 1 or more")
	}
	return nil
}

// renderedPath names what is rendered into a folder.
func renderedPath(dir, lang, format string) string {
	return filepath.Join(dir, "audit-pack-"+lang+"."+format)
}

// renderAll renders every format in every language into dir and prints the path of each file.
func renderAll(ctx context.Context, e env, r *pack.Reader, dir string, o renderOptions) error {
	messages, err := templates.Load()
	if err != nil {
		return fmt.Errorf("loading messages: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("creating the output folder: %w", err)
	}
	for _, lang := range o.langs {
		for _, format := range o.formats {
			path := renderedPath(dir, lang, format)
			opts := render.Options{Lang: lang, MaxFindings: o.maxFindings}
			err := writeFile(path, o.force, func(w io.Writer) error {
				if format == "xlsx" {
					return xlsx.Render(ctx, r, messages, opts, w)
				}
				return pdf.Render(ctx, r, messages, opts, w)
			})
			if err != nil {
				return err
			}
			fmt.Fprintln(e.out, path)
		}
	}
	return nil
}

// writeFile lets write fill a file that gets its name only when it is complete. An existing file is replaced only with force.
func writeFile(path string, force bool, write func(io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil && !force {
		return hint(fmt.Errorf("%s exists already", path), "name another folder with --out, or say --force to replace it")
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".auditpack-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	buf := bufio.NewWriterSize(f, 256<<10)
	if err := write(buf); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := errors.Join(buf.Flush(), f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("naming %s: %w", path, err)
	}
	return nil
}
