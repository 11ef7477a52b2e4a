package xlsx

import (
	"github.com/xuri/excelize/v2"

	"github.com/auditpack/auditpack/mapping/pack"
)

// calls streams the API calls behind the evidence: an auditor reconciles their request ids with the client's own CloudTrail.
func (b *book) calls() error {
	t := table{
		key: "xlsx.sheet.calls", name: "calls", tab: "6B7280", frozen: 1,
		columns: []column{
			{key: "call", width: 9}, {key: "service", width: 16}, {key: "operation", width: 36}, {key: "account", width: 15}, {key: "region", width: 16},
			{key: "at", width: 20}, {key: "http_status", width: 8}, {key: "request_id", width: 56}, {key: "caller", width: 60}, {key: "input", width: 50, aside: true}, {key: "record", width: 66},
		},
	}
	return b.stream(t, mapRows(b.reader.Calls(), func(c *pack.Call) []any {
		return []any{
			b.mono(c.ID), b.text(c.Service), b.text(c.Operation), b.text(c.Account), b.text(c.Region),
			excelize.Cell{StyleID: b.style.date, Value: c.At.UTC()}, b.number(c.HTTPStatus), b.mono(c.RequestID), b.text(c.Caller), b.text(string(c.Input)), b.mono(c.Record),
		}
	}))
}
