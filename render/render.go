// Package render holds what the renderers share. Renderers are pure: the same pack and options give the same bytes.
package render

// Options say how a pack is rendered.
type Options struct {
	Lang        string // "en" or "ja"
	MaxFindings int    // findings printed per requirement in the PDF; the workbook always has all
}
