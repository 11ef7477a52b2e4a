package pdf

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
)

// hexText is a PDF text string in UTF-16BE.
func hexText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}

// real cleans a string for places without tokens in another colour: titles, bookmarks, metadata.
func (d *document) real(s string) string { return d.sans.Real(d.sans.Clean(s).S) }

// addOutline writes the bookmarks and returns the number of their root, or 0.
func (d *document) addOutline(f *file) int {
	if len(d.outline) == 0 {
		return 0
	}
	type item struct{ parent, first, last, prev, next, kids int } // indices into d.outline + 1; 0: none
	items := make([]item, len(d.outline)+1)
	var path []int // open items, one for each depth
	depthOf := func(i int) int { return d.outline[i-1].level }
	for i := 1; i < len(items); i++ {
		for len(path) > 0 && depthOf(path[len(path)-1]) >= depthOf(i) {
			path = path[:len(path)-1]
		}
		if len(path) > 0 {
			items[i].parent = path[len(path)-1]
		}
		up := &items[items[i].parent]
		if up.first == 0 {
			up.first = i
		} else {
			items[i].prev = up.last
			items[up.last].next = i
		}
		up.last = i
		up.kids++
		path = append(path, i)
	}
	root := len(f.objects)
	number := func(i int) int { return root + i }
	f.add("<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", number(items[0].first), number(items[0].last), items[0].kids)
	for i := 1; i < len(items); i++ {
		it, h := items[i], d.outline[i-1]
		var b strings.Builder
		fmt.Fprintf(&b, "<</Title%s/Parent %d 0 R/Dest%s", hexText(d.real(h.title)), number(it.parent), target(h.anchor))
		for _, ref := range []struct {
			key string
			to  int
		}{{"Prev", it.prev}, {"Next", it.next}, {"First", it.first}, {"Last", it.last}} {
			if ref.to != 0 {
				fmt.Fprintf(&b, "/%s %d 0 R", ref.key, number(ref.to))
			}
		}
		if it.kids > 0 {
			fmt.Fprintf(&b, "/Count -%d", it.kids) // closed
		}
		f.add("%s>>", b.String())
	}
	return root
}

// psNames are the PostScript names of the faces.
var psNames = map[string]string{"utf8sans": "NotoSansJP-Regular", "utf8sansB": "NotoSansJP-Bold", "utf8mono": "GoMono"}

// fixFonts gives the embedded subsets their names and tags, declares the codes as what they are (Identity), and replaces
// fpdf's ToUnicode map, which is invalid and knows nothing of aliases.
func (d *document) fixFonts(f *file) error {
	cmap := deflate([]byte(toUnicode(d.sans.Aliases())))
	found := 0
	for n := 1; n < len(f.objects); n++ {
		b := f.objects[n]
		if len(b) > 64<<10 || !bytes.HasPrefix(b, []byte("<<")) {
			continue
		}
		if bytes.HasPrefix(b, []byte("<</Registry (Adobe)\n/Ordering (UCS)")) {
			f.objects[n] = []byte("<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\n")
			continue
		}
		if bytes.Contains(b[:min(len(b), 80)], []byte("/Subtype /Type0")) {
			to, ok := numberAfter(b, "/ToUnicode ")
			if !ok || to >= len(f.objects) {
				return fmt.Errorf("font object %d has no ToUnicode map", n)
			}
			f.objects[to] = stream("/Filter/FlateDecode", cmap)
			found++
		}
		for _, name := range slices.Sorted(maps.Keys(psNames)) {
			sum := sha256.Sum256([]byte(f.id + name))
			tag := make([]byte, 6)
			for i := range tag {
				tag[i] = 'A' + sum[i]%26
			}
			f.objects[n] = bytes.ReplaceAll(f.objects[n], []byte("/"+name+"\n"), []byte("/"+string(tag)+"+"+psNames[name]+"\n"))
		}
	}
	if found != len(psNames) {
		return fmt.Errorf("%d fonts are embedded, not %d", found, len(psNames))
	}
	return nil
}

// toUnicode maps codes, which are UTF-16 units, to text: to themselves, but an alias to the kanji that it stands for. A range
// must not run over the end of a row of 256 codes, and a block holds at most 100 entries (Adobe Technical Note 5411).
func toUnicode(aliases map[rune]rune) string {
	var ranges, chars []string
	for high := range 0x100 {
		if high >= 0xd8 && high <= 0xdf {
			continue
		}
		start := high << 8
		for code := start; code <= start|0xff; code++ {
			if real, ok := aliases[rune(code)]; ok {
				if code > start {
					ranges = append(ranges, fmt.Sprintf("<%04X> <%04X> <%04X>", start, code-1, start))
				}
				start = code + 1
				units := utf16.Encode([]rune{real})
				var to strings.Builder
				for _, u := range units {
					fmt.Fprintf(&to, "%04X", u)
				}
				chars = append(chars, fmt.Sprintf("<%04X> <%s>", code, to.String()))
			}
		}
		if end := high<<8 | 0xff; start <= end {
			ranges = append(ranges, fmt.Sprintf("<%04X> <%04X> <%04X>", start, end, start))
		}
	}
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for _, part := range []struct {
		word string
		list []string
	}{{"bfrange", ranges}, {"bfchar", chars}} {
		for block := range slices.Chunk(part.list, 100) {
			fmt.Fprintf(&b, "%d begin%s\n%s\nend%s\n", len(block), part.word, strings.Join(block, "\n"), part.word)
		}
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
	return b.String()
}

// addCatalog replaces the catalogue and the document information and attaches pack.json.
func (d *document) addCatalog(f *file, outlines int) {
	date := "D:" + d.pack.AsOf.UTC().Format("20060102150405") + "Z"
	title := d.real(d.title())
	author := d.real(cmp.Or(d.in(d.pack.Engagement.AssessorOrg), d.pack.Engagement.Assessor, d.pack.Tool.Name))
	creator := d.real(d.pack.Tool.Name + " " + d.pack.Tool.Version)
	f.objects[f.info] = fmt.Appendf(nil, "<</Title%s/Author%s/Creator%s/Producer%s/CreationDate(%s)/ModDate(%s)>>\n", hexText(title), hexText(author), hexText(creator), hexText(creator), date, date)
	xmp := f.addStream("/Type/Metadata/Subtype/XML", []byte(d.xmp(title, author, creator)))
	data := d.reader.JSON()
	sum := sha256.Sum256(data)
	body := f.addStream(fmt.Sprintf("/Type/EmbeddedFile/Subtype/application#2Fjson/Params<</Size %d/ModDate(%s)>>/Filter/FlateDecode", len(data), date), deflate(data))
	spec := f.add("<</Type/Filespec/F(pack.json)/UF(pack.json)/Desc%s/AFRelationship/Source/EF<</F %d 0 R/UF %d 0 R>>>>", hexText(d.t("attachment", "digest", hex.EncodeToString(sum[:]))), body, body)
	lang := "en"
	if d.ja() {
		lang = "ja-JP"
	}
	f.objects[f.root] = fmt.Appendf(nil, "<</Type/Catalog/Pages 1 0 R/Lang(%s)/Metadata %d 0 R/Outlines %d 0 R/PageMode/UseOutlines/ViewerPreferences<</DisplayDocTitle true>>/Names<</EmbeddedFiles<</Names[(pack.json) %d 0 R]>>>>/AF[%d 0 R]>>\n", lang, xmp, outlines, spec, spec)
}

// xmp is the metadata packet (ISO 16684-1). Nothing in it claims conformance to a profile that no validator has confirmed.
func (d *document) xmp(title, author, creator string) string {
	esc := func(s string) string {
		var b bytes.Buffer
		_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer takes everything
		return b.String()
	}
	date := d.pack.AsOf.UTC().Format("2006-01-02T15:04:05Z")
	return "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">` +
		"<dc:format>application/pdf</dc:format>" +
		`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + esc(title) + "</rdf:li></rdf:Alt></dc:title>" +
		"<dc:creator><rdf:Seq><rdf:li>" + esc(author) + "</rdf:li></rdf:Seq></dc:creator>" +
		"<dc:identifier>" + esc(d.pack.ID) + "</dc:identifier>" +
		"<xmp:CreatorTool>" + esc(creator) + "</xmp:CreatorTool>" +
		"<xmp:CreateDate>" + date + "</xmp:CreateDate><xmp:ModifyDate>" + date + "</xmp:ModifyDate>" +
		"<pdf:Producer>" + esc(creator) + "</pdf:Producer>" +
		"</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
}

// deflate compresses for the FlateDecode filter.
func deflate(data []byte) []byte {
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err == nil {
		_, err = z.Write(data)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic("pdf: compressing to memory: " + err.Error()) // cannot happen: the level is valid and memory takes everything
	}
	return b.Bytes()
}
