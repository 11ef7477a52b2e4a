package pdf

// glossaryTerms are the words of the document, in the order in which they build on each other.
var glossaryTerms = []string{
	"call", "artifact", "part", "population", "gap", "bundle", "seal", "rule", "finding", "requirement", "link", "verdict",
	"attestation", "acceptance", "inherited", "responsibility", "design", "pack",
}

// glossary draws each term in both languages with its meaning.
func (d *document) glossary() {
	first, second := "en", "ja"
	if d.ja() {
		first, second = second, first
	}
	t := d.table(column{title: d.t("col.term"), width: 34}, column{title: d.t("col.term_other"), width: 36}, column{title: d.t("col.meaning"), width: 100})
	for _, term := range glossaryTerms {
		t.row("", d.bold1(d.msgs.Get(first, "pdf.glossary."+term+".term")), d.txt(d.msgs.Get(second, "pdf.glossary."+term+".term")), d.words(d.t("glossary."+term+".meaning")))
	}
	t.end()
}
