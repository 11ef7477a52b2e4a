package services

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/auditpack/auditpack/collect"
)

// pageMember matches the members by which the APIs of these services say that there is another page.
var pageMember = regexp.MustCompile(`^(NextToken|NextMarker|NextPageToken|NextToken\w*|PaginationToken|Marker|NextPageMarker|Position|` +
	`LastEvaluatedTableName|ContinuationToken|NextContinuationToken|IsTruncated|Truncated|HasMore\w*)$`)

// onePage are operations whose answer has such a member and that are not read as pages, and why that loses nothing.
var onePage = map[string]string{
	"guardduty:GetFindingsStatistics": "the input takes no token, and it asks for as many groups as there can be severities",
	"wafv2:ListTagsForResource":       "the part reads the pages itself, as the tags do not stand in the answer itself",
}

// TestPagesAreRead fails for an operation whose answer can name a next page while its table entry does not say how to get it: the
// first page would pass for the whole list.
func TestPagesAreRead(t *testing.T) {
	excused := map[string]bool{}
	paged := 0
	for _, op := range collect.Operations(All()) {
		member := tellsOfMore(op.Output)
		switch {
		case op.Paged:
			paged++
		case member == "":
		case onePage[op.String()] != "":
			excused[op.String()] = true
		default:
			t.Errorf("%s answers with %s and is not Paged", op, member)
		}
	}
	for op := range onePage {
		if !excused[op] {
			t.Errorf("onePage names %s, which needs no excuse", op)
		}
	}
	if paged < 100 {
		t.Errorf("%d operations are Paged: the table was not read", paged)
	}
}

// tellsOfMore returns the name of a member by which an answer says that it is not the last, or "". A few APIs put it into the one
// structure that is the answer.
func tellsOfMore(output reflect.Type) string {
	for i := range output.NumField() {
		f := output.Field(i)
		if isPageMember(f) {
			return f.Name
		}
		if f.Type.Kind() != reflect.Pointer || f.Type.Elem().Kind() != reflect.Struct {
			continue
		}
		for j := range f.Type.Elem().NumField() {
			if inner := f.Type.Elem().Field(j); isPageMember(inner) {
				return f.Name + "." + inner.Name
			}
		}
	}
	return ""
}

func isPageMember(f reflect.StructField) bool {
	kind := f.Type.Kind()
	if kind == reflect.Pointer {
		kind = f.Type.Elem().Kind()
	}
	return f.IsExported() && (kind == reflect.String || kind == reflect.Bool) && pageMember.MatchString(f.Name)
}
