// Package xlsx renders a pack as an Excel workbook: every requirement, every finding and the evidence behind each, with cells
// that people fill in. It is the only importer of excelize.
//
// One sheet is one file of this package. Findings, evidence and calls are streamed; a sheet rolls to a second one at RowsPerSheet.
// Names that AWS users chose are untrusted: they are written as text (number format 49), never into formulas, sheet
// names, headers or comments, and what a reader cannot see is shown as a token such as <U+202E>.
//
// The same pack and options give the same bytes.
package xlsx

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/auditpack/auditpack/mapping/pack"
	"github.com/auditpack/auditpack/render"
	"github.com/auditpack/auditpack/templates"
)

// RowsPerSheet is where a streamed sheet rolls over to the next one: below Excel's limit of 1,048,576 rows.
const RowsPerSheet = 1_000_000

// book is a workbook that is being written.
type book struct {
	ctx    context.Context
	file   *excelize.File
	pack   *pack.Pack
	reader *pack.Reader
	msgs   *templates.Messages
	lang   string
	style  styles
	say    *render.Words
	rules  map[string]*pack.Rule
	rows   map[string]place // "evidence:<digest>" (of a resource or a population), "requirement:<key>#<id>", "rule:<id>" → where it stands
	first  bool             // no sheet has been made yet
	limit  int              // rows per sheet; tests lower it
}

// place is a cell that other sheets link to.
type place struct {
	sheet string
	row   int
}

// sheets lists the sheets in order. A test compares it with the files of this package.
func sheets() []func(*book) error {
	return []func(*book) error{
		(*book).cover, (*book).legend, (*book).scope, (*book).summary, (*book).requirements, (*book).responsibility,
		(*book).inherited, (*book).findings, (*book).evidence, (*book).populations, (*book).notAssessed,
		(*book).acceptances, (*book).attestations, (*book).ruleList, (*book).calls,
	}
}

// Render writes the workbook of p to w. opts.Lang is "en" or "ja". Errors name the sheet.
func Render(ctx context.Context, p *pack.Reader, msgs *templates.Messages, opts render.Options, w io.Writer) error {
	return renderLimited(ctx, p, msgs, opts, RowsPerSheet, w)
}

func renderLimited(ctx context.Context, p *pack.Reader, msgs *templates.Messages, opts render.Options, limit int, w io.Writer) error {
	opts, err := opts.Checked()
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer f.Close()
	b := &book{
		ctx: ctx, file: f, pack: p.Pack(), reader: p, msgs: msgs, lang: opts.Lang, first: true, limit: limit, say: render.NewWords(msgs, opts.Lang, p.Pack()),
		rules: map[string]*pack.Rule{}, rows: map[string]place{},
	}
	for i := range b.pack.Rules {
		b.rules[b.pack.Rules[i].ID] = &b.pack.Rules[i]
	}
	if err := b.makeStyles(); err != nil {
		return fmt.Errorf("workbook styles: %w", err)
	}
	if err := b.locate(); err != nil {
		return err
	}
	for _, sheet := range sheets() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := sheet(b); err != nil {
			return err
		}
	}
	if err := b.finish(); err != nil {
		return fmt.Errorf("finishing the workbook: %w", err)
	}
	return write(f, w)
}

// finish writes the hidden lists and what Excel shows about the file.
func (b *book) finish() error {
	if err := b.writeLists(); err != nil {
		return err
	}
	at := b.pack.AsOf.UTC().Format(time.RFC3339)
	lang := "en-US"
	if b.lang == "ja" {
		lang = "ja-JP"
	}
	err := b.file.SetDocProps(&excelize.DocProperties{
		Title: b.t("xlsx.title"), Creator: "auditpack", LastModifiedBy: "auditpack", Created: at, Modified: at, Language: lang,
		Identifier: b.pack.ID,
	})
	if err != nil {
		return err
	}
	b.file.SetActiveSheet(0)
	return nil
}

// t is a message in the workbook's language.
func (b *book) t(key string, args ...string) string { return b.msgs.Get(b.lang, key, args...) }

// word is a message, or nothing for an empty value.
func (b *book) word(prefix, value string) string {
	if value == "" {
		return ""
	}
	return b.t(prefix + "." + value)
}

// locate works out, before anything is written, on which row each requirement, rule and artifact record will stand,
// so that links can point forward.
func (b *book) locate() error {
	for i := range b.pack.Frameworks {
		f := &b.pack.Frameworks[i]
		for j, q := range f.Requirements {
			b.rows["requirement:"+f.Key()+"#"+q.ID] = place{b.requirementSheet(f), firstRow + j}
		}
	}
	for i, r := range b.pack.Rules {
		b.rows["rule:"+r.ID] = place{b.t("xlsx.sheet.rules"), firstRow + i}
	}
	n := 0
	for e, err := range b.reader.Evidence() {
		if err != nil {
			return err
		}
		name, row := b.rolled("xlsx.sheet.evidence", n)
		b.rows["evidence:"+e.Record] = place{name, row}
		n++
	}
	n = 0
	for p, err := range b.reader.Populations() {
		if err != nil {
			return err
		}
		if p.Record != "" {
			name, row := b.rolled("xlsx.sheet.populations", n)
			b.rows["evidence:"+p.Record] = place{name, row}
		}
		n++
	}
	return nil
}

// rolled returns the sheet and row of the n-th line (from 0) of a streamed table.
func (b *book) rolled(key string, n int) (sheet string, row int) {
	return b.sheetName(key, n/b.limit), firstRow + n%b.limit
}

// sheetName is the name of the part-th sheet of a table, counted from 0.
func (b *book) sheetName(key string, part int) string {
	name := b.t(key)
	if part > 0 {
		name = fmt.Sprintf("%s (%d)", name, part+1)
	}
	return name
}
