package expr

import (
	"fmt"
	"slices"
)

// Digest is the digest of a bundle record: the leaf hash of its line.
type Digest = [32]byte

// Doc is one artifact record of a bundle: what it is, and its parts.
type Doc struct {
	Digest    Digest
	Kind      string
	Partition string
	Account   string
	Region    string
	ID        string
	ARN       string

	tree
	parts []part

	origin *Doc   // of a documented default: the artifact that it stands in for,
	name   string // and the part
}

// part is one part of an artifact.
type part struct {
	name  string
	state string // ok, absent, gap
	node  uint32
	data  uint32 // valid where state is ok
}

// The states of a part, as BUNDLE.md names them.
const (
	stateOK     = "ok"
	stateAbsent = "absent"
	stateGap    = "gap"
)

// PartInfo says what became of one part of an artifact.
type PartInfo struct {
	Name   string
	State  string // ok, absent, gap
	Calls  []string
	Code   string // of an absent part and of a gap, as AWS or the collector named it
	Reason string // message of a gap
	Action string // IAM action that would open a gap
}

// ParseArtifact reads the line of an artifact record. The line is copied.
func ParseArtifact(line []byte, digest Digest) (*Doc, error) {
	d := &Doc{}
	if err := d.Reset(line, digest); err != nil {
		return nil, err
	}
	return d, nil
}

// Reset reads another line into d, whose memory is reused. Strings that were taken from it stay valid; facts that
// point into it do not: render them before.
func (d *Doc) Reset(line []byte, digest Digest) error {
	t, parts := d.tree, d.parts[:0]
	*d = Doc{Digest: digest, tree: t, parts: parts}
	if err := d.parse(string(line)); err != nil {
		return fmt.Errorf("reading an artifact record: %w", err)
	}
	if d.nodes[0].kind != nodeObject {
		return fmt.Errorf("reading an artifact record: not a JSON object")
	}
	for _, f := range []struct {
		name string
		to   *string
	}{{"kind", &d.Kind}, {"partition", &d.Partition}, {"account", &d.Account}, {"region", &d.Region}, {"id", &d.ID}, {"arn", &d.ARN}} {
		if i, ok := d.member(0, f.name); ok {
			s, ok := d.stringAt(i)
			if !ok {
				return fmt.Errorf("reading an artifact record: member %s is not a string", f.name)
			}
			*f.to = s
		}
	}
	if d.Kind == "" {
		return fmt.Errorf("reading an artifact record: no kind")
	}
	i, ok := d.member(0, "parts")
	if !ok || d.nodes[i].kind != nodeObject {
		return fmt.Errorf("reading %s %q: no parts", d.Kind, d.ID)
	}
	return d.readParts(i)
}

func (d *Doc) readParts(at uint32) error {
	for i := at + 1; i < d.nodes[at].next; i = d.nodes[i+1].next {
		p := part{name: d.str(i), node: i + 1}
		state, ok := d.member(p.node, "state")
		if ok {
			p.state, ok = d.stringAt(state)
		}
		if !ok {
			return fmt.Errorf("reading %s %q: part %s has no state", d.Kind, d.ID, p.name)
		}
		switch p.state {
		case stateOK:
			if p.data, ok = d.member(p.node, "data"); !ok {
				return fmt.Errorf("reading %s %q: part %s is ok and has no data", d.Kind, d.ID, p.name)
			}
		case stateAbsent, stateGap:
		default:
			return fmt.Errorf("reading %s %q: part %s has the unknown state %q", d.Kind, d.ID, p.name, p.state)
		}
		d.parts = append(d.parts, p)
	}
	return nil
}

// stringAt returns the string at index i.
func (d *Doc) stringAt(i uint32) (string, bool) {
	if k := d.nodes[i].kind; k != nodeString && k != nodeEscaped {
		return "", false
	}
	return d.str(i), true
}

// Parts returns the parts that the record holds, in its order.
func (d *Doc) Parts() []PartInfo {
	out := make([]PartInfo, len(d.parts))
	for i := range d.parts {
		out[i] = d.info(&d.parts[i])
	}
	return out
}

// Part returns what became of one part, and whether the record holds it.
func (d *Doc) Part(name string) (PartInfo, bool) {
	p := d.part(name)
	if p == nil {
		return PartInfo{}, false
	}
	return d.info(p), true
}

func (d *Doc) info(p *part) PartInfo {
	in := PartInfo{Name: p.name, State: p.state}
	for name, to := range map[string]*string{"code": &in.Code, "message": &in.Reason, "action": &in.Action} {
		if i, ok := d.member(p.node, name); ok {
			*to, _ = d.stringAt(i)
		}
	}
	if i, ok := d.member(p.node, "calls"); ok && d.nodes[i].kind == nodeArray {
		d.elements(i, func(c uint32) bool {
			if s, ok := d.stringAt(c); ok {
				in.Calls = append(in.Calls, s)
			}
			return true
		})
	}
	return in
}

func (d *Doc) part(name string) *part {
	i := slices.IndexFunc(d.parts, func(p part) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return &d.parts[i]
}

// Data returns the JSON text of a part's data, or "" where the part is not ok.
func (d *Doc) Data(name string) string {
	if p := d.part(name); p != nil && p.state == stateOK {
		return d.raw(p.data)
	}
	return ""
}
