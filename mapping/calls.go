package mapping

import (
	"context"
	"fmt"
	"strings"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping/pack"
)

// readCalls writes the calls to the pack and notes the operations of those that did not succeed.
func (m *mapper) readCalls(ctx context.Context) error {
	type result struct {
		lines  lines
		failed [][3]string // id, service, operation
	}
	work := func(_ context.Context, s bundle.Shard) (result, error) {
		out := result{lines: newLines(s.Count)}
		for line, err := range m.in.Bundle.Lines(s) {
			if err != nil {
				return out, err
			}
			r, err := bundle.DecodeRecord(line.Raw)
			c, ok := r.(*bundle.Call)
			if err != nil || !ok {
				return out, fmt.Errorf("%s line %d: not the record of a call: %w", s.Path, line.N, err)
			}
			if c.HTTPStatus < 200 || c.HTTPStatus > 299 {
				out.failed = append(out.failed, [3]string{c.ID, c.Service, c.Operation})
			}
			call := pack.Call{
				Record: line.Digest.String(), ID: c.ID, Account: c.Account, Region: c.Region, Caller: c.Caller, Service: c.Service,
				Operation: c.Operation, Input: c.Input, RequestID: c.RequestID, At: c.At.UTC(), HTTPStatus: c.HTTPStatus,
			}
			out.lines.text = call.AppendJSON(out.lines.text)
			out.lines.end()
		}
		return out, nil
	}
	return ordered(ctx, m.in.Workers, m.shards(func(k string) bool { return k == bundle.KindCalls }), work, func(r result) error {
		for _, f := range r.failed {
			m.calls.add(f[0], f[1], f[2])
		}
		return r.lines.each(m.w.CallJSON)
	})
}

// callIndex knows the operations of calls that AWS did not answer with success.
type callIndex struct {
	names   [][2]string // service, operation
	numbers map[[2]string]uint16
	byID    map[string]uint16
}

func (c *callIndex) add(id, service, operation string) {
	if c.byID == nil {
		c.byID, c.numbers = map[string]uint16{}, map[[2]string]uint16{}
	}
	name := [2]string{service, operation}
	n, ok := c.numbers[name]
	if !ok {
		if len(c.names) > 1<<16-1 {
			return // more operations than AWS has: the shape of the part says what was called
		}
		n = uint16(len(c.names))
		c.names, c.numbers[name] = append(c.names, name), n
	}
	c.byID[id] = n
}

// blamed names the call that left a part unseen: the last one that was made and did not succeed, else the one that the
// missing action stands for, else the one that would have been made first.
func (c *callIndex) blamed(made, want []string, action, service string) (string, string) {
	for i := len(made) - 1; i >= 0; i-- {
		if n, ok := c.byID[made[i]]; ok {
			return c.names[n][0], c.names[n][1]
		}
	}
	if len(want) == 0 {
		return service, ""
	}
	call := want[0]
	for _, w := range want {
		if w == action {
			call = w
		}
	}
	s, op, _ := strings.Cut(call, ":")
	return s, op
}
