package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// finish turns what fpdf wrote into the document: it puts the pages in order, adds links, bookmarks, metadata and the
// attached pack.json, names the font subsets, maps aliased kanji to their real code points, and writes a trailer
// with an identifier (ISO 32000-1). fpdf's output is simple and regular: objects in the classic cross-reference
// table, page n in object 1+2n, no compression of objects; anything else is an error.
func (d *document) finish(raw []byte, w io.Writer) error {
	f, err := parseFile(raw)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	f.id = hex.EncodeToString(sum[:16])
	if err := d.orderPages(f); err != nil {
		return err
	}
	if err := d.addAnnotations(f); err != nil {
		return err
	}
	if err := d.fixFonts(f); err != nil {
		return err
	}
	outlines := d.addOutline(f)
	d.addCatalog(f, outlines)
	return f.write(w)
}

// file is a PDF as numbered objects, each from after "obj" to before "endobj".
type file struct {
	objects    [][]byte // by number; 0 is unused
	root, info int
	id         string
}

// parseFile reads the cross-reference table and cuts the objects out.
func parseFile(raw []byte) (*file, error) {
	at := bytes.LastIndex(raw, []byte("startxref\n"))
	if at < 0 {
		return nil, fmt.Errorf("the library's output has no startxref")
	}
	table, ok := numberAfter(raw[at:], "startxref\n")
	if !ok || table >= at {
		return nil, fmt.Errorf("the library's output has no cross-reference table")
	}
	var count int
	if _, err := fmt.Sscanf(string(raw[table:min(table+32, at)]), "xref\n0 %d\n", &count); err != nil || count < 2 {
		return nil, fmt.Errorf("reading the library's cross-reference table: %w", err)
	}
	entries := raw[table+len("xref\n0 \n")+len(strconv.Itoa(count)):]
	const width = 20
	if len(entries) < count*width {
		return nil, fmt.Errorf("the library's cross-reference table is cut")
	}
	f := &file{objects: make([][]byte, count)}
	for n := 1; n < count; n++ {
		offset, err := strconv.Atoi(string(entries[n*width : n*width+10]))
		head := fmt.Appendf(nil, "%d 0 obj\n", n)
		if err != nil || offset+len(head) > table || !bytes.HasPrefix(raw[offset:], head) {
			return nil, fmt.Errorf("object %d is not where the library's cross-reference table says", n)
		}
		body := raw[offset+len(head):]
		end, err := objectEnd(body)
		if err != nil {
			return nil, fmt.Errorf("object %d: %w", n, err)
		}
		f.objects[n] = body[:end]
	}
	trailer := raw[table+count*width:]
	root, okRoot := numberAfter(trailer, "/Root ")
	info, okInfo := numberAfter(trailer, "/Info ")
	if !okRoot || !okInfo || root >= count || info >= count {
		return nil, fmt.Errorf("the library's trailer names no catalogue")
	}
	f.root, f.info = root, info
	return f, nil
}

// objectEnd finds the end of an object's body. A stream may hold any bytes, so its length decides.
func objectEnd(body []byte) (int, error) {
	end := bytes.Index(body, []byte("endobj"))
	stream := bytes.Index(body, []byte(">>\nstream\n"))
	if stream < 0 || end >= 0 && end < stream {
		if end < 0 {
			return 0, fmt.Errorf("no end")
		}
		return end, nil
	}
	length, ok := numberAfter(body[:stream], "/Length ")
	start := stream + len(">>\nstream\n")
	if !ok || start+length > len(body) {
		return 0, fmt.Errorf("no length")
	}
	end = bytes.Index(body[start+length:], []byte("endobj"))
	if end < 0 {
		return 0, fmt.Errorf("no end")
	}
	return start + length + end, nil
}

// numberAfter reads the digits after the first occurrence of key.
func numberAfter(b []byte, key string) (int, bool) {
	_, rest, found := bytes.Cut(b, []byte(key))
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	v, err := strconv.Atoi(string(rest[:n]))
	return v, found && err == nil
}

// add appends an object and returns its number.
func (f *file) add(format string, args ...any) int {
	f.objects = append(f.objects, fmt.Appendf(nil, format+"\n", args...))
	return len(f.objects) - 1
}

// stream is a stream object with the given entries in its dictionary.
func stream(entries string, data []byte) []byte {
	b := fmt.Appendf(nil, "<<%s/Length %d>>\nstream\n", entries, len(data))
	b = append(b, data...)
	return append(b, "\nendstream\n"...)
}

func (f *file) addStream(entries string, data []byte) int {
	f.objects = append(f.objects, stream(entries, data))
	return len(f.objects) - 1
}

// write writes the file with a classic cross-reference table.
func (f *file) write(w io.Writer) error {
	out := &counter{w: w}
	fmt.Fprint(out, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(f.objects))
	for n := 1; n < len(f.objects); n++ {
		offsets[n] = out.n
		fmt.Fprintf(out, "%d 0 obj\n", n)
		out.Write(f.objects[n])
		fmt.Fprint(out, "endobj\n")
	}
	table := out.n
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(f.objects))
	for _, offset := range offsets[1:] {
		fmt.Fprintf(out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(out, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n", len(f.objects), f.root, f.info, f.id, f.id, table)
	return out.err
}

// counter counts the bytes written and keeps the first error.
type counter struct {
	w   io.Writer
	n   int
	err error
}

func (c *counter) Write(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.w.Write(p)
	c.n += n
	c.err = err
	return n, err
}

// pageObject is the object of the page with the given number in the order of layout.
func pageObject(page int) int { return 1 + 2*page }

// orderPages moves the table of contents behind the document control.
func (d *document) orderPages(f *file) error {
	total, shift := d.number(), d.tocPages()
	kids := make([]int, total)
	for n := 1; n <= total; n++ {
		o := pageObject(n)
		if o >= len(f.objects) || !bytes.HasPrefix(f.objects[o], []byte("<</Type /Page\n")) {
			return fmt.Errorf("object %d is not page %d", o, n)
		}
		kids[d.final(n, shift)-1] = o
	}
	var b strings.Builder
	for _, k := range kids {
		fmt.Fprintf(&b, "%d 0 R ", k)
	}
	f.objects[1] = fmt.Appendf(nil, "<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595.28 841.89]>>\n", strings.TrimSpace(b.String()), total)
	return nil
}

// points turns millimetres from the left or the top of the page into PDF units.
func across(mm float64) string { return strconv.FormatFloat(mm/point, 'f', 2, 64) }
func upward(mm float64) string { return strconv.FormatFloat((pageHeight-mm)/point, 'f', 2, 64) }

// target is a destination a little above a position.
func target(a anchor) string {
	return fmt.Sprintf("[%d 0 R/XYZ 0 %s null]", pageObject(a.page), upward(max(0, a.y-4)))
}

// addAnnotations adds the links to their pages. A link to an anchor that was never placed is left out.
func (d *document) addAnnotations(f *file) error {
	byPage := make([][]int, d.number()+1)
	for _, l := range d.links {
		action, ok := d.action(l.to)
		if !ok || l.page >= len(byPage) {
			continue
		}
		n := f.add("<</Type/Annot/Subtype/Link/F 4/P %d 0 R/Rect[%s %s %s %s]/Border[0 0 0]%s>>", pageObject(l.page), across(l.x), upward(l.y+l.h), across(l.x+l.w), upward(l.y), action)
		byPage[l.page] = append(byPage[l.page], n)
	}
	for page, list := range byPage {
		if len(list) == 0 {
			continue
		}
		var refs strings.Builder
		for _, n := range list {
			fmt.Fprintf(&refs, "%d 0 R ", n)
		}
		o := pageObject(page)
		head, rest, found := bytes.Cut(f.objects[o], []byte("/Resources 2 0 R\n"))
		if !found {
			return fmt.Errorf("page %d has no resources", page)
		}
		f.objects[o] = slices.Concat(head, []byte("/Resources 2 0 R\n/Annots["+strings.TrimSpace(refs.String())+"]\n"), rest)
	}
	return nil
}

// action is the entry of a link annotation that leads to an anchor, a position ("@page,y") or a web address.
func (d *document) action(to string) (string, bool) {
	if position, ok := strings.CutPrefix(to, "@"); ok {
		page, y, _ := strings.Cut(position, ",")
		n, errPage := strconv.Atoi(page)
		h, errY := strconv.ParseFloat(y, 64)
		return "/Dest" + target(anchor{n, h}), errPage == nil && errY == nil
	}
	if strings.HasPrefix(to, "https://") {
		for _, r := range to {
			if r <= ' ' || r > '~' || r == '(' || r == ')' || r == '\\' {
				return "", false
			}
		}
		return "/A<</S/URI/URI(" + to + ")>>", true
	}
	a, ok := d.anchors[to]
	return "/Dest" + target(a), ok
}
