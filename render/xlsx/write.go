package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// contentType matches one child of [Content_Types].xml.
var contentType = regexp.MustCompile(`<(?:Default|Override) [^>]*?(?:/>|></(?:Default|Override)>)`)

// write saves the workbook with its entries in a fixed order and with a fixed date: excelize takes the order from maps and the
// date from the clock, and the same pack must give the same bytes.
func write(f *excelize.File, w io.Writer) error {
	buf, err := f.WriteToBuffer()
	if err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	zr, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		return fmt.Errorf("reading back the workbook: %w", err)
	}
	entries := slices.Clone(zr.File)
	slices.SortFunc(entries, func(a, b *zip.File) int {
		if d := rank(a.Name) - rank(b.Name); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	zw := zip.NewWriter(w)
	for _, e := range entries {
		if err := copyEntry(zw, e); err != nil {
			return fmt.Errorf("workbook entry %s: %w", e.Name, err)
		}
	}
	return zw.Close()
}

// rank puts the entries that readers look for first in front.
func rank(name string) int {
	switch name {
	case "[Content_Types].xml":
		return 0
	case "_rels/.rels":
		return 1
	}
	return 2
}

// fixedDate is 1980-01-01 in the format of zip, the first day that it knows.
const fixedDate = 0x21

// header is an entry's header with the fixed date.
func header(name string, method uint16) *zip.FileHeader {
	//lint:ignore SA1019 Modified would add an extra field, and a raw entry takes its date from here alone.
	return &zip.FileHeader{Name: name, Method: method, ModifiedDate: fixedDate}
}

func copyEntry(zw *zip.Writer, e *zip.File) error {
	if e.Name == "[Content_Types].xml" {
		return sortContentTypes(zw, e)
	}
	h := header(e.Name, e.Method)
	h.Flags, h.CRC32, h.CompressedSize64, h.UncompressedSize64 = e.Flags, e.CRC32, e.CompressedSize64, e.UncompressedSize64
	out, err := zw.CreateRaw(h)
	if err != nil {
		return err
	}
	in, err := e.OpenRaw()
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return err
}

// sortContentTypes copies [Content_Types].xml with its children sorted.
func sortContentTypes(zw *zip.Writer, e *zip.File) error {
	in, err := e.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	children := contentType.FindAllIndex(b, -1)
	if len(children) == 0 {
		return fmt.Errorf("no content types found")
	}
	parts := make([]string, len(children))
	for i, c := range children {
		parts[i] = string(b[c[0]:c[1]])
	}
	slices.Sort(parts)
	out, err := zw.CreateHeader(header(e.Name, zip.Deflate))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s%s%s", b[:children[0][0]], strings.Join(parts, ""), b[children[len(children)-1][1]:])
	return err
}
