// Package pdf renders a pack as a PDF report: A4 portrait, in English or Japanese, as an audit firm would hand it over. It
// is the only importer of fpdf.
//
// One section is one file of this package. The layout is a single pass: content is placed once, and what needs final page
// numbers (contents, headers, page references, links) is placed at the end. Findings are streamed; at most
// Options.MaxFindings of them are printed per requirement, and the rest is referred to by number.
//
// Names that AWS users chose are untrusted: package text makes them visible and harmless before they are measured or drawn.
// fpdf's own line breaking, links, bookmarks, metadata, aliases and attachments are not used: they lose characters, panic or
// write invalid files. The finish step writes those structures itself.
//
// The same pack and options give the same bytes.
package pdf

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/templates"
)

// part is one section of the document.
type part struct {
	key    string // of its message pdf.section.<key>, and of its anchor
	number string // before the numbers of its headings
	draw   func(*document)
}

// parts lists the sections in order. A test compares it with the files of this package.
func parts() []part {
	return []part{
		{"summary", "1", (*document).summary},
		{"scope", "2", (*document).scope},
		{"results", "3", (*document).results},
		{"requirements", "4", (*document).requirements},
		{"accepted", "5", (*document).accepted},
		{"remediation", "6", (*document).remediation},
		{"responsibility", "A", (*document).responsibility},
		{"crosswalk", "B", (*document).crosswalk},
		{"evidence", "C", (*document).evidence},
		{"rules", "D", (*document).ruleList},
		{"glossary", "E", (*document).glossary},
		{"verify", "F", (*document).verify},
	}
}

// Render writes the report of p to w. The document stands in memory until it is complete: about 140 kB a page.
func Render(ctx context.Context, p *pack.Reader, msgs *templates.Messages, opts render.Options, w io.Writer) error {
	opts, err := opts.Checked()
	if err != nil {
		return fmt.Errorf("rendering PDF: %w", err)
	}
	d, err := layout(ctx, p, msgs, opts)
	if err != nil {
		return fmt.Errorf("rendering PDF: %w", err)
	}
	var raw bytes.Buffer
	if err := d.file.Output(&raw); err != nil {
		return fmt.Errorf("rendering PDF: %w", err)
	}
	if err := d.finish(raw.Bytes(), w); err != nil {
		return fmt.Errorf("writing PDF: %w", err)
	}
	return nil
}

// layout draws the whole document.
func layout(ctx context.Context, p *pack.Reader, msgs *templates.Messages, opts render.Options) (*document, error) {
	d, err := newDocument(ctx, p, msgs, opts)
	if err != nil {
		return nil, err
	}
	if err := d.makePlan(); err != nil {
		return nil, err
	}
	d.cover()
	d.control()
	d.tocAt = d.number()
	for _, part := range parts() {
		d.section(part.key, part.number, d.t("section."+part.key))
		part.draw(d)
		d.pending = nil
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("section %s: %w", part.key, err)
		}
	}
	d.contents()
	d.furniture()
	return d, nil
}
