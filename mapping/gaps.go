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
