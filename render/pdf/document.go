package pdf

import (
	"context"
	"fmt"
	"time"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gomono"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/render/text"
	"github.com/auditpack/auditpack/templates"
)

// The page, in millimetres: A4 portrait with the frame in which content stands.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	frameLeft  = 20.0
	frameRight = 190.0
	frameTop   = 28.0
	frameEnd   = 270.0
	frameWidth = frameRight - frameLeft
)

// point is one typographic point in millimetres.
const point = 25.4 / 72

// document is a PDF that is being laid out. Content is placed once, from the first page to the last; what needs the
// final page numbers (contents, headers and footers, page references, links) is recorded and placed at the end.
type document struct {
	ctx    context.Context
	file   *fpdf.Fpdf
	reader *pack.Reader
	pack   *pack.Pack
	msgs   *templates.Messages
	opts   render.Options
	say    *render.Words
	rules  map[string]*pack.Rule
	plan   *plan

	sans, bold, mono *font
	font             fontState
	y                float64 // where the next content goes

	part     string            // number of the current section, "" or "4" or "A"
	headings int               // headings of level 1 in it so far
	pages    []string          // section of each page, from page 1
	tocAt    int               // number of pages before the table of contents
	pending  []pending         // headings that wait for the content they introduce
	anchors  map[string]anchor // what links point to
	links    []link
	outline  []heading
	lateText []lateText
}

// font is a text.Font with the names under which fpdf knows its faces.
type font struct {
	*text.Font
	faces []faceName
}

type faceName struct{ family, style string }

// fontState is the font that is selected on the current page.
type fontState struct {
	faceName
	size float64
}

type anchor struct {
	page int // physical: in the order of layout
	y    float64
}

// link is a rectangle of a page that leads to an anchor or, with a scheme, to an address.
type link struct {
	page       int
	x, y, w, h float64
	to         string
}

type heading struct {
	level int
	title string
	anchor
}

// pending is something that must not be parted from what follows it.
type pending struct {
	height float64
	draw   func()
}

// lateText is the number of a page, known only at the end.
type lateText struct {
	page    int
	x, base float64
	style   style
	to      string
}

func newDocument(ctx context.Context, r *pack.Reader, msgs *templates.Messages, opts render.Options) (*document, error) {
	d := &document{ctx: ctx, reader: r, pack: r.Pack(), msgs: msgs, opts: opts, say: render.NewWords(msgs, opts.Lang, r.Pack()), rules: map[string]*pack.Rule{}, anchors: map[string]anchor{}}
	for i := range d.pack.Rules {
		d.rules[d.pack.Rules[i].ID] = &d.pack.Rules[i]
	}
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCompression(true)
	f.SetCatalogSort(true)
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	epoch := d.pack.AsOf.UTC().Truncate(time.Second)
	if epoch.IsZero() {
		epoch = time.Unix(0, 0).UTC() // fpdf takes a zero time for now
	}
	f.SetCreationDate(epoch)
	f.SetModificationDate(epoch)
	d.file = f
	if err := d.loadFonts(); err != nil {
		return nil, err
	}
	return d, nil
}

// loadFonts registers the faces. fpdf writes into the bytes that it is given, so each document gets its own copy.
func (d *document) loadFonts() error {
	fonts, err := templates.LoadFonts()
	if err != nil {
		return err
	}
	regular, bold, mono := faceName{"sans", ""}, faceName{"sans", "B"}, faceName{"mono", ""}
	for _, f := range []struct {
		name faceName
		ttf  []byte
	}{{regular, fonts.Regular}, {bold, fonts.Bold}, {mono, gomono.TTF}} {
		d.file.AddUTF8FontFromBytes(f.name.family, f.name.style, append([]byte(nil), f.ttf...))
	}
	if err := d.file.Error(); err != nil {
		return fmt.Errorf("registering fonts: %w", err)
	}
	measure := func(names []faceName, faces ...[]byte) *font {
		var f *text.Font
		if err == nil {
			f, err = text.NewFont(fonts.Alias, faces...)
		}
		return &font{f, names}
	}
	d.sans = measure([]faceName{regular}, fonts.Regular)
	d.bold = measure([]faceName{bold}, fonts.Bold)
	d.mono = measure([]faceName{mono, regular}, gomono.TTF, fonts.Regular)
	return err
}

// t returns a message of this package: pdf.<key>.
func (d *document) t(key string, args ...string) string {
	return d.msgs.Get(d.opts.Lang, "pdf."+key, args...)
}

// m returns a message that all renderers share.
func (d *document) m(key string, args ...string) string { return d.msgs.Get(d.opts.Lang, key, args...) }

// in picks the language of a text.
func (d *document) in(t pack.Text) string { return t.In(d.opts.Lang) }

func (d *document) ja() bool { return d.opts.Lang == "ja" }

// ---- pages

// page starts a new page of the current section.
func (d *document) page() {
	section := ""
	if n := len(d.pages); n > 0 {
		section = d.pages[n-1]
	}
	d.newPage(section)
}

func (d *document) newPage(section string) {
	d.file.AddPage()
	d.pages = append(d.pages, section)
	d.font = fontState{}
	d.y = frameTop
}

// number is the physical number of the current page.
func (d *document) number() int { return len(d.pages) }

// reserve makes room for content of height h: it goes to the next page if the content and the headings before it do not
// fit, and draws those headings. Content higher than a page starts where it is.
func (d *document) reserve(h float64) {
	total := h
	for _, p := range d.pending {
		total += p.height
	}
	if d.y+total > frameEnd && d.y > frameTop+0.1 {
		d.page()
	}
	d.flush()
}

func (d *document) flush() {
	waiting := d.pending
	d.pending = nil
	for _, p := range waiting {
		p.draw()
	}
}

// space leaves a gap, unless at the top of a page.
func (d *document) space(h float64) {
	if len(d.pending) == 0 && d.y > frameTop {
		d.y += h
	}
}

// ---- anchors and links

// anchorHere lets links lead to the current height.
func (d *document) anchorHere(key string) {
	if _, taken := d.anchors[key]; !taken {
		d.anchors[key] = anchor{d.number(), d.y}
	}
}

// linkTo makes a rectangle of the current page lead to an anchor, which may come later.
func (d *document) linkTo(x, y, w, h float64, to string) {
	if to != "" {
		d.links = append(d.links, link{d.number(), x, y, w, h, to})
	}
}

// ---- drawing

func (d *document) ink(c render.Colour)  { d.file.SetTextColor(int(c[0]), int(c[1]), int(c[2])) }
func (d *document) fill(c render.Colour) { d.file.SetFillColor(int(c[0]), int(c[1]), int(c[2])) }

// line draws a straight line of the given width.
func (d *document) line(x1, y1, x2, y2, width float64, c render.Colour) {
	d.file.SetDrawColor(int(c[0]), int(c[1]), int(c[2]))
	d.file.SetLineWidth(width)
	d.file.Line(x1, y1, x2, y2)
}

// box fills a rectangle.
func (d *document) box(x, y, w, h float64, c render.Colour) {
	d.fill(c)
	d.file.Rect(x, y, w, h, "F")
}

// frame draws the outline of a rectangle.
func (d *document) frame(x, y, w, h, width float64, c render.Colour) {
	d.file.SetDrawColor(int(c[0]), int(c[1]), int(c[2]))
	d.file.SetLineWidth(width)
	d.file.Rect(x, y, w, h, "D")
}
