package seed

import "strings"

// Names and values that attack whatever prints them. AWS allows each one where it is used.
const (
	formula    = `=cmd|' /C calc'!A0`                   // a spreadsheet formula that starts a program
	formulaAt  = `@SUM(1+9)*cmd|' /C calc'!A0`          // the same with another leading character
	script     = `<script>alert(1)</script>`            // HTML
	bidi       = "invoice\u202Egpj.exe"                 // right-to-left override: reads as "invoiceexe.jpg"
	pageMacro  = "{nb}"                                 // fpdf replaces its page-count alias anywhere in the text
	emoji      = "🚀 launch 👩‍💻"                         // outside the basic plane, with a joiner
	surrogate  = "𠮷野家"                                  // a kanji outside the basic plane
	personal   = "個人情報"                                 // personal information
	secret     = "機密"                                   // confidential
	newlines   = "first line\r\nsecond line\ttab"       // line breaks in a value
	pathEscape = "../../../../etc/passwd"               // a path
	cdata      = `]]><evil a="1">&amp;</evil><![CDATA[` // XML
)

// long is a tag value of 250 characters.
var long = strings.Repeat("長い値", 83) + "。"
