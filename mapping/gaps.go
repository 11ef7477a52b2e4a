package mapping

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"sync"

	"github.com/auditpack/auditpack/collect/bundle"
	"github.com/auditpack/auditpack/mapping/expr"
	"github.com/auditpack/auditpack/mapping/pack"
)

// unseen is a gap together with the reason that it gives a finding. Until all gaps are known, they have handles; their
// numbers follow from their order in the pack.
type unseen struct {
	gap    int // handle
	reason pack.Reason
}

// gaps collects everything that could not be seen.
type gaps struct {
	mu       sync.Mutex
	sorter   *sorter
	findings []int32 // by handle: findings that are not assessed because of it
	numbers  []int32 // by handle, once written
}

func newGaps(dir string) (*gaps, error) {
	s, err := newSorter(dir)
	if err != nil {
		return nil, err
	}
	return &gaps{sorter: s}, nil
}

func (g *gaps) close() error { return g.sorter.close() }

// add takes a gap and returns its handle. order tells gaps of the same record apart.
func (g *gaps) add(gap pack.Gap, order int) (int, error) {
	gap.Calls = list(gap.Calls)
	key := []byte(strings.Join([]string{gap.Service, gap.Operation, gap.Account, gap.Region, gap.Subject, gap.Kind, gap.Part, gap.Record}, "\x00"))
	key = binary.BigEndian.AppendUint32(key, uint32(order))
	g.mu.Lock()
	defer g.mu.Unlock()
	handle := len(g.findings)
	value, err := json.Marshal(gap)
	if err != nil {
		return 0, err
	}
	g.findings = append(g.findings, 0)
	return handle, g.sorter.add(key, append(binary.BigEndian.AppendUint32(nil, uint32(handle)), value...))
}

// blame counts a finding that is not assessed because of these gaps.
func (g *gaps) blame(handles []int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, h := range handles {
		g.findings[h]++
	}
}

// write writes the gaps in order and thereby numbers them.
func (g *gaps) write(w *pack.Writer) error {
	g.numbers = make([]int32, len(g.findings))
	n := 0
	return g.sorter.each(func(_, value []byte) error {
		handle := binary.BigEndian.Uint32(value)
		var gap pack.Gap
		if err := json.Unmarshal(value[4:], &gap); err != nil {
			return err
		}
		n++
		g.numbers[handle] = int32(n)
		gap.N, gap.Findings = n, int(g.findings[handle])
		return w.Gap(&gap)
	})
}

// codeNotCollected is the code of a gap for which the bundle has no record at all.
const codeNotCollected = "NotCollected"

// codeRegionDenied is the collector's code for a region that a service control policy closes.
const codeRegionDenied = "region_denied"

// controlPolicy is how AWS words the denial of a service control policy.
const controlPolicy = "explicit deny in a service control policy"

// reasonOf says in the words of a finding why something was not seen.
func (m *mapper) reasonOf(g pack.Gap) pack.Reason {
	args := func(kv ...string) map[string]string {
		out := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			out[kv[i]] = kv[i+1]
		}
		return out
	}
	denied := isDenied(g)
	switch {
	case g.Code == codeNotCollected:
		return pack.Reason{Code: pack.ReasonNotCollected, Args: args("kind", g.Kind)}
	case g.Code == codeRegionDenied, denied && g.Region != bundle.Global && strings.Contains(g.Message, controlPolicy):
		return pack.Reason{Code: pack.ReasonRegionDenied, Args: args("region", g.Region)}
	case denied:
		return pack.Reason{Code: pack.ReasonCallDenied, Args: args("service", g.Service, "operation", g.Operation, "code", g.Code, "action", g.Action)}
	}
	return pack.Reason{Code: pack.ReasonCallFailed, Args: args("service", g.Service, "operation", g.Operation, "code", g.Code)}
}

// isDenied reports whether a permission is missing. The collector names the action that would open such a gap.
func isDenied(g pack.Gap) bool {
	if g.Action != "" {
		return true
	}
	for _, s := range []string{"AccessDenied", "Unauthorized", "NotAuthorized", "AuthorizationError", "Forbidden"} {
		if strings.Contains(g.Code, s) {
			return true
		}
	}
	return false
}

// partGap registers the gap that a part is in.
func (m *mapper) partGap(d artifact, k kind, p expr.PartInfo, record string) (unseen, error) {
	g := pack.Gap{
		Account: d.Account, Region: d.Region, Kind: d.Kind, Subject: d.ARN, Part: p.Name, Code: p.Code, Message: p.Reason, Action: p.Action, Record: record, Calls: p.Calls,
	}
	if g.Subject == "" {
		g.Subject = d.ID
	}
	var want, actions []string
	if k.shape != nil {
		want, actions = k.shape.Parts[p.Name].Calls, k.shape.Parts[p.Name].Actions
	}
	g.Service, g.Operation = m.calls.blamed(p.Calls, want, p.Action, k.service)
	if g.Action == "" && len(actions) == 1 && isDenied(g) {
		g.Action = actions[0]
	}
	handle, err := m.gaps.add(g, 0)
	return unseen{handle, m.reasonOf(g)}, err
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
